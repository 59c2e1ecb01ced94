/**
 * What prove rounds catch, by locks that fail on purpose: loaded by their own files' URLs, they are no strategies of the
 * catalogue.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { LEAST_HANDOFFS } from '../../../bench/measure/verdict/exclusion.js';
import { openLockSite } from '../../../bench/measure/worker/lock-site.js';
import { NUMBER_NAME } from '../../../bench/measure/worker/number-file.js';
import { loadStrategy } from '../../../strategies/index.js';
import { conclusive } from '../../support/limit.js';
import { prove, runRound, specOf } from '../../support/one-round.js';

const leaky = (oneIn: number): string =>
  `${new URL('../../../bench/dev/detection/leaky.js', import.meta.url).href}?oneIn=${oneIn}`;
const oneSided = new URL('../../fixtures/one-sided.js', import.meta.url).href;

test('a lock that leaks once in five acquisitions is caught in one round', async () => {
  await conclusive(async () => {
    const { exclusion, workers } = await prove(leaky(5));
    if (exclusion.violations === 0) return 'inconclusive';
    const { worker, beside, turn, atNs } = exclusion.first ?? assert.fail('a first case was expected');
    assert.deepEqual([worker, beside].sort(), [0, 1]);
    assert.ok(turn < (workers[worker]?.turns ?? 0));
    assert.ok(atNs <= (workers[worker]?.endNs ?? 0), 'it happened while that worker ran');
    return 'caught';
  });
});

test('one who leaked in does not let the others in as well: each leak is one failure', async (t) => {
  const strategy = await loadStrategy(leaky(1));
  assert.ok(strategy.calls === 'synchronous');
  const roundDirectory = makeRoundDirectory(memoryDirectory(), 3, strategy, null);
  t.after(() => roundDirectory.destroy());
  const [holder, leaking, third] = [0, 1, 2].map((i) =>
    strategy.open(openLockSite(roundDirectory.job, i, NUMBER_NAME)),
  );
  assert.equal(holder?.tryLock?.(), true);
  assert.equal(leaking?.tryLock?.(), false, 'it leaks after it has arrived, not before');
  leaking?.beginAcquire?.();
  assert.equal(leaking?.tryLock?.(), true);
  leaking?.unlock();
  assert.equal(third?.tryLock?.(), false, 'the holder still holds it');
  holder?.unlock();
  assert.equal(third?.tryLock?.(), true);
});

test('the same lock with its leak closed is not caught', async () => {
  const { exclusion, sequence, lost } = await prove(leaky(0));
  assert.deepEqual([exclusion.violations, exclusion.first, sequence, lost], [0, null, 'intact', 0]);
  assert.ok(exclusion.handoffs >= LEAST_HANDOFFS, `${exclusion.handoffs} hand-offs prove nothing`);
});

test('a round ends when it has come to its hand-offs, and a turn or two later', async () => {
  const { exclusion, turns } = await prove(leaky(0), { enoughHandoffs: 300 });
  assert.ok(exclusion.handoffs >= 300 && exclusion.handoffs <= 302, `${exclusion.handoffs} hand-offs`);
  assert.ok(turns > 300);
});

test('a lock whose shared mode does not exclude is caught from both sides', async () => {
  const mix = { conditions: { processes: 3, readers: 2 }, enoughHandoffs: 2_000 };
  await conclusive(async () => {
    const { roles, workers } = await runRound(await specOf(oneSided, mix));
    assert.deepEqual(roles, ['locker', 'reader', 'reader']);
    const found = workers.map(({ exclusion }) =>
      exclusion === null || exclusion === 'intervals' ? assert.fail('nobody looked') : exclusion,
    );
    // One that had to wait for a processor until the round was over met nobody.
    if (found.some(({ violations }) => violations === 0)) return 'inconclusive';
    const [writer, ...readers] = found;
    assert.equal(writer?.first?.beside, null, 'the writer found a reader there');
    for (const reader of readers) assert.equal(reader.first?.beside, 0, 'the reader found the writer there');
    return 'caught';
  });
});

test('a reader under whom the number changes is seen by the number too', async () => {
  await conclusive(async () => {
    const { changedReads, workers } = await prove(oneSided, { conditions: { readers: 1 } });
    if (changedReads === 0) return 'inconclusive';
    assert.equal(workers[1]?.changedReads, changedReads);
    assert.equal(workers[0]?.changedReads, 0, 'who takes numbers changes them');
    return 'seen';
  });
});

test('its exclusive mode is sound, so that it is the readers who are caught', async () => {
  const { exclusion, sequence } = await prove(oneSided, { conditions: { processes: 2 } });
  assert.equal(exclusion.violations, 0);
  assert.equal(sequence, 'intact');
  assert.ok(exclusion.handoffs >= LEAST_HANDOFFS);
});
