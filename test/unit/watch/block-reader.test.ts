/**
 * A control block is read from outside as its workers wrote it: how many turns, which are the latest, and who is where.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlBlock, placeOf } from '../../../bench/measure/worker/control-block.js';
import { tracing } from '../../../bench/measure/worker/instruments.js';
import { watchWriter } from '../../../bench/measure/worker/owner-word.js';
import { TALLIES } from '../../../bench/measure/worker/tallies.js';
import { ownerIn, readWorker } from '../../../bench/watch/block-reader.js';
import type { SeenJob, SeenWorker } from '../../../bench/watch/seen-workers.js';
import { fc } from '../../support/properties.js';

/** A worker as it is seen from outside, without a process. */
function seenWorker(block: ControlBlock, kind: 'timing' | 'trace', workerIndex: number): SeenWorker {
  const { layout } = block;
  const job: SeenJob = {
    ...({ protocol: 1, task: 'round', parentPid: process.pid, kind, role: 'locker' } as const),
    ...({ strategy: 'fcntl', policy: { kind: 'block' }, workerIndex, capacity: layout.capacity } as const),
    conditions: { processes: layout.workers, hold: null, think: null, directory: { path: '/dev/shm' } },
    control: placeOf(layout, workerIndex),
  };
  return { pid: 1, fd: block.fd, inode: 1, job };
}

test('as many turns are told as numbers stand in the ledger, however many were known before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (capacity, filledShare, knownShare) => {
        const block = ControlBlock.create({ workers: 2, capacity, traced: false });
        try {
          const taken = Math.floor(capacity * filledShare);
          block.ledger(1).forEach((_, i, ledger) => {
            if (i < taken) ledger[i] = i + 7;
          });
          const worker = seenWorker(block, 'timing', 1);
          const before = { ...readWorker(worker, null), turns: Math.floor(taken * knownShare) };
          for (const reading of [readWorker(worker, null), readWorker(worker, before)]) {
            assert.equal(reading.turns, taken);
            assert.equal(reading.numbers?.at(-1), taken === 0 ? undefined : taken + 6);
            assert.equal(reading.stamped, null);
          }
          assert.equal(readWorker(seenWorker(block, 'timing', 0), null).turns, 0);
        } finally {
          block.release();
        }
      },
    ),
  );
});

test('a worker that counts nothing has no failed tries, and one that does has its own', (t) => {
  const block = ControlBlock.create({ workers: 2, capacity: 10, traced: false });
  t.after(() => block.release());
  const [one, other] = [0, 1].map((index) => seenWorker(block, 'timing', index)) as [SeenWorker, SeenWorker];
  assert.equal(readWorker(one, null).failedTries, null);
  block.tallies(0)[TALLIES.counts] = 1;
  block.tallies(0)[TALLIES.failedTries] = 12;
  assert.equal(readWorker(one, null).failedTries, 12);
  assert.equal(readWorker(other, null).failedTries, null);
});

test('of stamped turns the latest are told, while the ring of stamps is written over again', (t) => {
  const block = ControlBlock.create({ workers: 1, capacity: 4, traced: true });
  t.after(() => block.release());
  const tallies = block.tallies(0);
  tallies[TALLIES.counts] = 1;
  const worker = seenWorker(block, 'trace', 0);
  /** What it is at, by its latest turn. */
  const doing = (): string => {
    const { askedNs = 0, gotNs, leftNs } = readWorker(worker, null).stamped?.at(-1) ?? {};
    assert.ok(askedNs > 0);
    return gotNs === null ? 'waiting' : leftNs === null ? 'inside' : 'between';
  };
  const seen: string[] = [];
  const { work, begin } = tracing(
    { take: () => seen.push(doing()), hold: () => {}, think: () => void seen.push(doing()) },
    watchWriter(block.ownerWords, 0, false, tallies),
    block.stamps(0),
    tallies,
  );
  begin();
  for (let turn = 0; turn < 11; turn++) {
    const { turns, stamped } = readWorker(worker, null);
    assert.equal(turns, turn);
    // The ring has room for five.
    assert.equal(stamped?.length, Math.min(turn + 1, 5));
    assert.ok(stamped?.slice(0, -1).every(({ leftNs }) => leftNs !== null));
    assert.equal(doing(), 'waiting');
    work.take();
    assert.equal(ownerIn(block.fd), 1);
    work.hold();
    assert.equal(ownerIn(block.fd), 0);
    work.think();
  }
  assert.deepEqual(seen, Array(11).fill(['inside', 'between']).flat());
  assert.equal(readWorker(worker, null).violations, 0);
});

test('two inside are counted where they can be seen', (t) => {
  const block = ControlBlock.create({ workers: 2, capacity: 4, traced: true });
  t.after(() => block.release());
  block.tallies(1)[TALLIES.counts] = 1;
  const [one, other] = [0, 1].map((i) => watchWriter(block.ownerWords, i, false, block.tallies(i)));
  one?.enter();
  other?.enter();
  assert.equal(readWorker(seenWorker(block, 'trace', 1), null).violations, 1);
});
