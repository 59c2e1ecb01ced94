/**
 * Polling: what is measured is of the kind that it is said to be, and the verdict turns when somebody plays the part of
 * another. How much processor time a spinning waiter gets is a matter of who else wants it, and so none of this test's.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { z } from 'zod';
import type { MeasuredCell } from '../../../bench/measure/result/result-schema.js';
import { experiment } from '../../../bench/reproduce/polling/polling.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';

type Evidence = z.infer<typeof experiment.evidence>;

let measured: Evidence;
before(async () => {
  // That they wait for one another is for the machine to bring about: until they do, nothing is known.
  measured = await conclusive(async () => {
    const evidence = await experiment.measure(smallSetting(), experiment.roles);
    const met = evidence.sleeping.failedTries > 0 && evidence.spinning.failedTries > 0;
    return met ? experiment.evidence.parse(JSON.parse(JSON.stringify(evidence))) : 'inconclusive';
  });
});

/** The cell, with so much processor time for each turn of a worker. */
const burning = (cell: MeasuredCell, nsPerTurn: number): MeasuredCell => ({
  ...cell,
  rounds: cell.rounds.map((round) => ({
    ...round,
    workers: round.workers.map((worker) => ({ ...worker, userNs: nsPerTurn * worker.turns, systemNs: 0 })),
  })),
});

/** The evidence, with a spinning waiter that burns this many times what a blocking and a sleeping one do. */
const spinningAt = (factor: number): Evidence => ({
  ...measured,
  blocking: burning(measured.blocking, 1e5),
  sleeping: burning(measured.sleeping, 1e5),
  spinning: burning(measured.spinning, factor * 1e5),
});

const answerOf = (evidence: Evidence): string => experiment.judge(evidence).answer;

test('who spins tries again and again, who blocks never does, who sleeps for a second waits for one', async () => {
  const { blocking, spinning, sleeping } = measured;
  assert.equal(blocking.failedTries, 0);
  assert.ok(spinning.failedTries > sleeping.failedTries && sleeping.failedTries > 0);
  assert.ok((sleeping.acquireNs?.max ?? 0) >= 1e9);
  for (const cell of [blocking, spinning, sleeping]) {
    for (const { workers } of cell.rounds) {
      assert.ok(
        workers.every(({ userNs, systemNs }) => userNs + systemNs > 0),
        cell.strategy,
      );
    }
  }
  const drawn = (await experiment.drawing?.(measured)) ?? '';
  for (const way of ['fcntl/block', 'excl/spin', 'excl/sleep:1s']) assert.match(drawn, new RegExp(way));
});

test('the claim holds if who spins burns far more than the others, and falls if it does not', () => {
  assert.equal(answerOf(spinningAt(6)), 'holds');
  assert.equal(answerOf(spinningAt(2)), 'does not hold');
});

test('the claim falls if who should sleep between tries does not', () => {
  assert.equal(answerOf({ ...spinningAt(6), sleeping: burning(measured.yielding, 1e5) }), 'does not hold');
});

test('the claim falls if who should sleep has the lock as soon as it is free', () => {
  const evidence = spinningAt(6);
  const { answer, why } = experiment.judge({ ...evidence, sleeping: evidence.blocking });
  assert.equal(answer, 'does not hold');
  assert.match(why, /should sleep between tries/);
});

test('the claim falls if who should spin is made to wait by the kernel', () => {
  const evidence = spinningAt(6);
  assert.equal(answerOf({ ...evidence, spinning: evidence.blocking }), 'does not hold');
});
