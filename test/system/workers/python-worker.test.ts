/**
 * Workers in Python, which have no atomic instructions: caught and cleared by when each was inside.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { lookEverywhere } from '../../../bench/measure/parent/look-everywhere.js';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import { record } from '../../../bench/measure/parent/round-record.js';
import { foreignWorker, needsPython } from '../../support/foreign-round.js';
import { conclusive } from '../../support/limit.js';
import { prove, runRound, specOf } from '../../support/one-round.js';

const block = { kind: 'block' } as const;

test('a lock in Python excludes in a prove round, which ends after its hand-offs', async (t) => {
  if (!needsPython(t)) return;
  const foreign = foreignWorker('flock', 'python');
  const { exclusion, sequence } = await prove('flock', { policy: block, foreign, enoughHandoffs: 50 });
  assert.deepEqual([exclusion.violations, sequence], [0, 'intact']);
  assert.ok(exclusion.handoffs > 0);
});

test('a lock in Python that lets two in is caught, though its count of hand-offs may be spoiled', async (t) => {
  if (!needsPython(t)) return;
  const foreign = foreignWorker('broken', 'python');
  await conclusive(async () => {
    const { exclusion } = await prove('broken', { foreign });
    return exclusion.violations > 0 ? 'caught' : 'inconclusive';
  });
});

test('readers in Python are beside each other, and never beside a writer', async (t) => {
  if (!needsPython(t)) return;
  const conditions = { processes: 3, readers: 2 };
  const foreign = foreignWorker('fcntl', 'python');
  const mix = { policy: block, foreign, conditions, enoughHandoffs: 50 };
  const { exclusion, changedReads } = await prove('fcntl', mix);
  assert.deepEqual([exclusion.violations, changedReads], [0, 0]);
});

test('a traced round in Python has stamps in their order, and a timed one counts all turns', async (t) => {
  if (!needsPython(t)) return;
  const shared = {
    policy: block,
    foreign: foreignWorker('fcntl', 'python'),
    conditions: { increments: 100 },
  };
  const traced = record('trace', await runRound(await specOf('fcntl', { ...shared, kind: 'trace' })), 0, 0);
  assert.ok(traced.kind === 'trace');
  assert.deepEqual(
    [traced.sequence, traced.exclusion.violations, traced.acquireNs?.samples],
    ['intact', 0, 200],
  );
  const timed = record('timing', await runRound(await specOf('fcntl', { ...shared, kind: 'timing' })), 0, 0);
  assert.deepEqual([timed.turns, timed.final, timed.sequence], [200, 201, 'intact']);
});

test('a lock that is not written in Python is unavailable, with the reason', async (t) => {
  if (!needsPython(t)) return;
  const directory = memoryDirectory();
  const spec = { strategy: 'futex', policy: null, named: true, runtime: 'python' } as const;
  const { findings } = await lookEverywhere([spec], [directory], unprivilegedIdentity());
  assert.deepEqual(findings['futex [python]']?.[directory], {
    available: false,
    reason: 'it is not written in Python: see bench/workers/python/catalogue.py',
  });
});
