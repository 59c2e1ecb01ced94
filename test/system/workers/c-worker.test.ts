/**
 * Workers in C: made once, whole or not at all; and caught and cleared by the same rounds as those of Node.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cProgram } from '../../../bench/measure/parent/c-worker.js';
import { record } from '../../../bench/measure/parent/round-record.js';
import { workerOf } from '../../../bench/measure/parent/worker-of.js';
import { needsCompiler, withOwnCache } from '../../support/c-compiler.js';
import { foreignWorker } from '../../support/foreign-round.js';
import { conclusive } from '../../support/limit.js';
import { prove, runRound, specOf } from '../../support/one-round.js';
import { temporaryDirectory } from '../../support/support.js';

withOwnCache();

const cache = (): string => join(process.env.XDG_CACHE_HOME ?? '', 'lockbench', 'workers');

test('a program is made when it is first needed, and found from then on', (t) => {
  if (!needsCompiler(t)) return;
  const program = cProgram('fcntl');
  assert.ok(typeof program === 'string', JSON.stringify(program));
  const made = statSync(program);
  assert.equal(cProgram('fcntl'), program);
  assert.equal(statSync(program).ino, made.ino);
  assert.deepEqual(
    readdirSync(cache()).map((name) => join(cache(), name)),
    [program],
  );
});

test('a strategy that is not written in C has no program, and a reason', () => {
  assert.deepEqual(cProgram('sqlite'), {
    reason: 'it is not written in C: there is no strategies/c/sqlite.c',
  });
});

test('a cache to which others may write is not used', (t) => {
  if (!needsCompiler(t)) return;
  const was = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = temporaryDirectory(t);
  t.after(() => {
    process.env.XDG_CACHE_HOME = was;
  });
  mkdirSync(cache(), { recursive: true });
  chmodSync(cache(), 0o777);
  const found = cProgram('none');
  assert.ok(typeof found === 'object');
  assert.match(found.reason, /to which no other can write was expected/);
  assert.deepEqual(readdirSync(cache()), []);
});

test('without a compiler, and with one that fails, there is a reason and no half-made program', (t) => {
  const { PATH: path, XDG_CACHE_HOME: was } = process.env;
  t.after(() => {
    process.env.PATH = path;
    process.env.XDG_CACHE_HOME = was;
  });
  const bin = temporaryDirectory(t);
  process.env.XDG_CACHE_HOME = temporaryDirectory(t);
  process.env.PATH = bin;
  const without = workerOf('fcntl', 'c');
  assert.ok(without !== null && 'reason' in without);
  assert.match(without.reason, /no C compiler "cc"; install one, for example with "apt-get install gcc/);

  const failing = `#!/bin/sh\n[ "$1" = --version ] && echo one && exit 0\necho 'x.c:1: error: no such lock' >&2\nexit 1\n`;
  writeFileSync(join(bin, 'cc'), failing, { mode: 0o755 });
  const failed = workerOf('fcntl', 'c');
  assert.ok(failed !== null && 'reason' in failed);
  assert.equal(failed.reason, 'the C compiler failed: x.c:1: error: no such lock');
  assert.deepEqual(readdirSync(cache()), []);
});

test('a lock in C excludes in a prove round, and its numbers are all there', async (t) => {
  if (!needsCompiler(t)) return;
  const { exclusion, sequence, turns } = await prove('fcntl', {
    policy: { kind: 'block' },
    foreign: foreignWorker('fcntl', 'c'),
    enoughHandoffs: 100,
  });
  assert.deepEqual([exclusion.violations, sequence], [0, 'intact']);
  assert.ok(exclusion.handoffs > 0);
  assert.ok(turns > exclusion.handoffs);
});

test('a lock in C that lets two in is caught', async (t) => {
  if (!needsCompiler(t)) return;
  const foreign = foreignWorker('broken', 'c');
  await conclusive(async () => {
    const { exclusion } = await prove('broken', { foreign });
    return exclusion.violations > 0 ? 'caught' : 'inconclusive';
  });
});

test('readers in C are beside each other, and never beside a writer', async (t) => {
  if (!needsCompiler(t)) return;
  const conditions = { processes: 3, readers: 2 };
  const { exclusion, changedReads } = await prove('fcntl', {
    policy: { kind: 'block' },
    foreign: foreignWorker('fcntl', 'c'),
    conditions,
  });
  assert.deepEqual([exclusion.violations, changedReads], [0, 0]);
});

test('a traced round in C has stamps in their order, and a timed one counts all turns', async (t) => {
  if (!needsCompiler(t)) return;
  const foreign = foreignWorker('fcntl', 'c');
  const shared = { policy: { kind: 'block' } as const, foreign, conditions: { increments: 300 } };
  const traced = record('trace', await runRound(await specOf('fcntl', { ...shared, kind: 'trace' })), 0, 0);
  assert.ok(traced.kind === 'trace');
  assert.deepEqual(
    [traced.sequence, traced.exclusion.violations, traced.acquireNs?.samples],
    ['intact', 0, 600],
  );
  const timed = record('timing', await runRound(await specOf('fcntl', { ...shared, kind: 'timing' })), 0, 0);
  assert.deepEqual([timed.turns, timed.final, timed.sequence], [600, 601, 'intact']);
});
