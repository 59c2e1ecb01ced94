/**
 * From what came out of a round to what is kept of it, on figures made by hand: a writer, two readers and a rogue.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoundFigures } from '../../../bench/measure/parent/round.js';
import { record } from '../../../bench/measure/parent/round-record.js';
import type { Role, WorkerFigures } from '../../../bench/measure/worker/job.js';

const GATE = 5_000_000n;

const worker = (endNs: number, turns: number, more: Partial<WorkerFigures> = {}): WorkerFigures => ({
  startNs: 0,
  endNs,
  turns,
  changedReads: 0,
  exclusion: { violations: 0, first: null },
  failedTries: 0,
  userNs: 0,
  systemNs: 0,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
  migrations: null,
  ...more,
});

/** Stamps of turns that were acquired then, asked 1 before and released 1 after. */
const acquiredAt = (...times: readonly number[]): BigInt64Array =>
  BigInt64Array.from(times.flatMap((ns) => [ns - 1, ns, ns + 1].map((at) => GATE + BigInt(at))));

const roles: readonly Role[] = ['locker', 'reader', 'reader', 'rogue'];

const figures: RoundFigures = {
  wallNs: 100,
  final: 5,
  roles,
  workers: [
    worker(90, 3),
    worker(100, 2, { changedReads: 1 }),
    worker(40, 1, { changedReads: 2 }),
    worker(80, 1, { exclusion: { violations: 1, first: { atNs: 30, turn: 0, beside: 0 } } }),
  ],
  ledgers: [Int32Array.of(2, 3, 5), Int32Array.of(1, 3), Int32Array.of(3), Int32Array.of(4)],
  handoffs: 7,
  gateNs: GATE,
  parentCpuNs: 0,
  rpcs: null,
  // In time: the writer, a reader, the other one, the writer, the rogue, the first reader, the writer.
  stamps: [acquiredAt(10, 40, 70), acquiredAt(20, 60), acquiredAt(30), acquiredAt(50)],
};

test('turns are everybody’s, numbers those of who takes them: what a reader saw is not taken', () => {
  for (const kind of ['timing', 'prove', 'trace'] as const) {
    const kept = record(kind, figures, 3, 2);
    assert.deepEqual([kept.kind, kept.block, kept.order, kept.wallNs], [kind, 3, 2, 100]);
    assert.deepEqual([kept.turns, kept.final, kept.expected, kept.lost], [7, 5, 5, 0], kind);
    assert.equal(kept.sequence, 'intact');
  }
});

test('a reader’s number in the place of a lost one does not hide the loss', () => {
  const ledgers = [Int32Array.of(2, 3, 3), Int32Array.of(1, 5), Int32Array.of(4), Int32Array.of(4)];
  const { sequence, lost } = record('prove', { ...figures, ledgers }, 0, 0);
  assert.deepEqual([sequence, lost], ['lost-updates', 1]);
});

test('changed reads are summed, and each worker has its role', () => {
  const { changedReads, workers } = record('timing', figures, 0, 0);
  assert.equal(changedReads, 3);
  assert.deepEqual(
    workers.map(({ role }) => role),
    roles,
  );
  for (const one of workers) assert.ok(!('exclusion' in one), 'what the workers found is told of the round');
});

test('how a lock was shared is told of those who took numbers, until the first of them finished', () => {
  const kept = record('timing', figures, 0, 0);
  assert.ok(kept.kind === 'timing');
  // The rogue finished first, with number 4: three turns of four by then, of which two were the writer's.
  assert.deepEqual(kept.contention, {
    ownerChanges: 2,
    longestRun: 2,
    jain: 9 / 10,
    shareBeforeFirstFinisher: 3 / 4,
  });
  const losing = record('timing', { ...figures, final: 9 }, 0, 0);
  assert.ok(losing.kind === 'timing');
  assert.equal(losing.contention, null);
});

test('a prove round’s hand-offs are those that its workers counted', () => {
  const kept = record('prove', figures, 0, 0);
  assert.ok(kept.kind === 'prove');
  const first = { worker: 3, atNs: 30, turn: 0, beside: 0 };
  assert.deepEqual(kept.exclusion, { violations: 1, handoffs: 7, first });
});

test('a trace round’s hand-offs are those of its log, from reader to reader being none', () => {
  const kept = record('trace', figures, 0, 0);
  assert.ok(kept.kind === 'trace');
  // Writer, readers, writer, rogue, reader, writer.
  assert.equal(kept.exclusion.handoffs, 5);
  assert.deepEqual([kept.acquireNs?.samples, kept.acquireNs?.max], [7, 1]);
  assert.equal(kept.handoffNs, null, 'nobody waited for another one’s release');
});
