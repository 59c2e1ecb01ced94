/**
 * The verdicts on scenarios, from stamps made by hand: each test names what a wrong verdict would let pass.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenClaim } from '../../../bench/crash/crash-case.js';
import type { CrashEvent } from '../../../bench/crash/crash-events.js';
import { judgeCrash } from '../../../bench/crash/crash-verdict.js';
import { judgeOrder } from '../../../bench/order/order-case.js';
import { intervalsOf, timeHeldTwice } from '../../../bench/scenario/intervals.js';
import { judgeNumber, overtakers } from '../../../bench/scenario/overtaking.js';
import type { Step, What } from '../../../bench/scenario/steps-schema.js';
import type { Claims } from '../../../strategies/strategy.js';

const step = (atNs: number, participant: string, what: What, more: Partial<Step> = {}): Step => ({
  participant,
  what,
  atNs,
  ...more,
});

/** A turn inside from `from` to `to`, which reads a number and writes the next. */
const turn = (participant: string, from: number, to: number, number: number): Step[] => [
  step(from, participant, 'got-in'),
  step(from, participant, 'read', { number }),
  step(to, participant, 'wrote', { number: number + 1 }),
  step(to, participant, 'leaves'),
  step(to + 1, participant, 'unlocked'),
];

const byTime = (...steps: Step[]): Step[] => steps.sort((a, b) => a.atNs - b.atNs);

const claims: Claims = {
  excludes: true,
  excludesAsRoot: true,
  excludesAcrossNfs: 'not applicable',
  holderDies: 'released',
  owner: 'process',
};

const broken = (event: CrashEvent, steps: Step[], final: number, of: Partial<Claims> = {}) =>
  brokenClaim(
    {
      ...{ strategy: 'x', wait: 'block', event, state: 'played', alone: true, timeline: steps },
      ...judgeCrash(event, steps, final),
    },
    { ...claims, ...of },
    false,
  );

const killed = [step(0, 'holder', 'got-in'), step(100, 'holder', 'killed')];

test('a number that two wrote is lost, though the file ends as if none were', () => {
  const written = (...numbers: number[]): Step[] =>
    numbers.map((number, i) => step(i, `p${i}`, 'wrote', { number }));
  assert.equal(judgeNumber(written(2, 3, 4), 4).sequence, 'intact');
  assert.deepEqual(judgeNumber(written(2, 2, 4), 4), {
    ...{ sequence: 'lost-updates', final: 4, writes: 3, lost: 1 },
  });
});

test('nobody overtakes a holder before what happened to it, or once it has left', () => {
  const overtakingAt = (atNs: number): number =>
    overtakers(
      [step(0, 'holder', 'got-in'), step(atNs, 'waiter 1', 'got-in'), step(200, 'holder', 'leaves')],
      100,
    ).length;
  assert.deepEqual([99, 100, 199, 200].map(overtakingAt), [0, 1, 1, 0]);
});

test('a lock with a lease is not released if nobody gets in before it has run out, though nobody says to have taken over', () => {
  const leased: Partial<Claims> = { holderDies: 'taken-over', owner: 'holder', leaseNs: 500 };
  const kill = (inAt: number) =>
    broken('kill', [...killed, ...turn('waiter 1', inAt, inAt + 10, 1)], 2, leased);
  assert.equal(kill(500), null);
  assert.equal(kill(499)?.observed, 'released', 'the lease was not over yet');
  const endless = { holderDies: 'taken-over', owner: 'holder' } as const;
  const late = broken('kill', [...killed, ...turn('waiter 1', 900, 910, 1)], 2, endless);
  assert.equal(late?.observed, 'released', 'there is no lease that could have run out');
});

test('two that meet at one instant did not hold it together; one nanosecond did', () => {
  const overlap = (until: number): number =>
    timeHeldTwice(intervalsOf([...turn('a', 0, until, 1), ...turn('b', 10, 20, 2)]));
  assert.equal(overlap(10), 0);
  assert.equal(overlap(11), 1);
  assert.equal(overlap(30), 10, 'the one within the other');
});

test('time that three are inside together is counted once', () => {
  const steps = [...turn('a', 0, 30, 1), ...turn('b', 10, 40, 1), ...turn('c', 20, 50, 1)];
  assert.equal(timeHeldTwice(intervalsOf(steps)), 30);
});

test('readers may be in together, a writer beside a reader may not', () => {
  const reader = (name: string, from: number, to: number): Step[] => [
    step(from, name, 'got-in', { shared: true }),
    step(to, name, 'leaves'),
  ];
  const readers = [...reader('r', 0, 30), ...reader('s', 10, 40)];
  assert.equal(timeHeldTwice(intervalsOf(readers)), 0);
  assert.equal(timeHeldTwice(intervalsOf([...readers, ...turn('w', 35, 50, 1)])), 5);
});

test('who never left was inside until the last step', () => {
  const steps = [step(0, 'a', 'got-in'), ...turn('b', 10, 20, 1), step(50, 'parent', 'ended')];
  assert.equal(intervalsOf(steps)[0]?.toNs, 50);
  assert.equal(timeHeldTwice(intervalsOf(steps)), 10);
});

test('after a death: released, or what the lock inherited, or stuck; afterwards is told from the event', () => {
  const after = (more: Partial<Step>): Step[] => [...killed, step(130, 'waiter 1', 'got-in', more)];
  const { outcome, afterNs, firstIn, heldTwiceNs } = judgeCrash('kill', after({}), 1);
  assert.deepEqual([outcome, afterNs, firstIn, heldTwiceNs], ['released', 30, 'waiter 1', 0]);
  assert.equal(judgeCrash('kill', after({ recovery: 'owner-died' }), 1).outcome, 'owner-died');
  assert.equal(judgeCrash('kill', after({ recovery: 'taken-over' }), 1).outcome, 'taken-over');
  assert.deepEqual(
    [judgeCrash('kill', killed, 1).outcome, judgeCrash('kill', killed, 1).afterNs],
    ['stuck', null],
  );
});

test('somebody inside before the event is not the event’s doing', () => {
  const steps = byTime(...killed, ...turn('waiter 1', 50, 60, 1));
  assert.equal(judgeCrash('kill', steps, 2).outcome, 'not-excluded');
  assert.equal(broken('kill', steps, 2)?.claim, 'excludes');
  assert.equal(broken('kill', steps, 2, { excludes: false }), null);
});

const stopped = (waiterFrom: number, holderWrites: number): Step[] =>
  byTime(
    ...[step(0, 'holder', 'got-in'), step(1, 'holder', 'read', { number: 1 })],
    ...[step(100, 'holder', 'stopped'), step(200, 'holder', 'continued')],
    ...[step(210, 'holder', 'wrote', { number: holderWrites }), step(220, 'holder', 'leaves')],
    ...turn('waiter 1', waiterFrom, waiterFrom + 20, waiterFrom < 220 ? 1 : 2),
  );

test('a stopped holder keeps its lock, or is overtaken, and then an update is lost', () => {
  const kept = judgeCrash('stop', stopped(230, 2), 3);
  assert.deepEqual([kept.outcome, kept.heldTwiceNs, kept.number.sequence], ['kept', 0, 'intact']);
  const overtaken = judgeCrash('stop', stopped(150, 2), 2);
  assert.deepEqual([overtaken.outcome, overtaken.heldTwiceNs], ['overtaken', 20]);
  assert.deepEqual(overtaken.number, { sequence: 'lost-updates', final: 2, writes: 2, lost: 1 });
});

test('numbers that differ but do not add up to the final one are no intact sequence', () => {
  assert.equal(judgeCrash('stop', stopped(230, 2), 2).number.sequence, 'lost-updates');
});

test('claims are broken by another outcome of kill, and by two at a time while stopped; by nothing else', () => {
  assert.deepEqual(broken('kill', killed, 1), {
    strategy: 'x',
    claim: 'holderDies',
    claimed: 'released',
    observed: 'stuck',
  });
  assert.equal(broken('kill', killed, 1, { holderDies: 'stuck' }), null);
  assert.equal(broken('stop', stopped(150, 2), 2)?.claim, 'excludes');
  assert.equal(broken('stop', stopped(230, 2), 3), null);
  assert.equal(broken('stop', stopped(150, 2), 2, { excludes: false }), null);
});

test('an event that did not take place is no verdict', () => {
  assert.throws(() => judgeCrash('stop', killed, 1), /the event was expected/);
});

test('readers and writers: the answers, from who got in when', () => {
  const reader = (name: string, from: number, to: number): Step[] => [
    step(from, name, 'got-in', { shared: true }),
    step(to, name, 'leaves'),
  ];
  const answer = (question: Parameters<typeof judgeOrder>[0], ...steps: Step[]): string =>
    judgeOrder(question, byTime(...steps)).answer;
  assert.equal(
    answer('two-readers', ...reader('reader 1', 0, 50), ...reader('reader 2', 10, 30)),
    'together',
  );
  assert.equal(
    answer('two-readers', ...reader('reader 1', 0, 50), ...reader('reader 2', 60, 70)),
    'one by one',
  );
  const past = (from: number): Step[] => [
    ...reader('reader 1', 0, 50),
    ...turn('writer 1', 80, 90, 1),
    ...reader('reader 2', from, from + 10),
  ];
  assert.equal(answer('reader-past-writer', ...past(20)), 'let in');
  assert.equal(answer('reader-past-writer', ...past(60)), 'queues');
  const both = (from: number): Step[] => [
    ...turn('writer 1', 0, 50, 1),
    ...reader('reader 1', from, from + 10),
    ...turn('writer 2', 80, 90, 2),
  ];
  for (const question of ['reader-asked-first', 'writer-asked-first'] as const) {
    assert.equal(answer(question, ...both(60)), 'reader first');
    assert.equal(answer(question, ...both(95)), 'writer first');
  }
  assert.equal(judgeOrder('reader-asked-first', byTime(...both(75))).heldTwiceNs, 5);
});
