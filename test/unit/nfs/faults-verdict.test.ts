/**
 * Faults of NFS: the verdicts, from stamps made by hand, and what is said of them.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FaultName } from '../../../bench/nfs/faults/fault-names.js';
import { BYSTANDER, judgeFault } from '../../../bench/nfs/faults/fault-verdict.js';
import type { FaultsResult, PlayedFault } from '../../../bench/nfs/faults/faults-schema.js';
import { faultFindings, faultSentence } from '../../../bench/nfs/faults/faults-sentences.js';
import { faultsTable } from '../../../bench/nfs/faults/faults-table.js';
import type { Step, What } from '../../../bench/scenario/steps-schema.js';
import { assertNoWider } from '../../support/printed.js';

const step = (atNs: number, participant: string, what: What, more: Partial<Step> = {}): Step => ({
  participant,
  what,
  atNs,
  ...more,
});

const byTime = (...steps: Step[]): Step[] => steps.sort((a, b) => a.atNs - b.atNs);

/** A turn of `waiter`, which writes the number after the one it reads. */
const turn = (from: number, to: number, number: number): Step[] => [
  step(from, 'waiter', 'got-in'),
  step(from + 1, 'waiter', 'read', { number }),
  step(to - 1, 'waiter', 'wrote', { number: number + 1 }),
  step(to, 'waiter', 'leaves'),
  step(to + 1, 'waiter', 'unlocked'),
];

const holderIn: readonly Step[] = [
  step(0, 'holder', 'asked'),
  step(10, 'holder', 'got-in'),
  step(20, 'holder', 'read', { number: 1 }),
];
const over = step(1000, 'parent', 'ended');

/** A cut from 100 to 500, after which the holder writes and unlocks. */
const cut = (end: readonly Step[], ...others: Step[]): Step[] =>
  byTime(
    ...[...holderIn, step(100, 'network', 'cut'), step(500, 'network', 'healed')],
    ...[...end, ...others, over],
  );
const goesOn = [
  step(510, 'holder', 'wrote', { number: 2 }),
  step(520, 'holder', 'leaves'),
  step(540, 'holder', 'unlocked'),
];
const isTold = [
  step(510, 'holder', 'failed', { error: 'write: EIO: i/o error, fsync' }),
  step(520, 'holder', 'leaves'),
  step(540, 'holder', 'unlocked'),
];

describe('the verdict on a fault', () => {
  test('a dead holder: released when another got in, stuck if none did; times are told from the fault', () => {
    const dead = [...holderIn, step(100, 'network', 'cut'), step(101, 'holder', 'killed')];
    const stuck = judgeFault('client-dies', [...dead, over], 1);
    assert.deepEqual([stuck.outcome, stuck.afterNs, stuck.watchedNs], ['stuck', null, 900]);
    const released = judgeFault('client-dies', byTime(...dead, ...turn(700, 720, 1), over), 2);
    assert.deepEqual([released.outcome, released.afterNs, released.firstIn], ['released', 600, 'waiter']);
    assert.equal(released.heldTwiceNs, 0);
    assert.equal(released.number.sequence, 'intact');
  });

  test('a holder that lives keeps its lock until it unlocks, or is overtaken', () => {
    const kept = judgeFault('cut-short', cut(goesOn, ...turn(560, 580, 2)), 3);
    assert.deepEqual([kept.outcome, kept.heldTwiceNs, kept.afterNs], ['kept', 0, 460]);
    assert.deepEqual([kept.recoveredNs, kept.mendedNs, kept.freeLockNs], [40, 500, null]);
    const overtaken = judgeFault('cut-long', cut(isTold, ...turn(300, 330, 1)), 2);
    assert.deepEqual([overtaken.outcome, overtaken.heldTwiceNs], ['overtaken', 30]);
  });

  test('a write that failed and said so loses nothing; one that did not loses an update', () => {
    const told = judgeFault('cut-long', cut(isTold, ...turn(300, 330, 1)), 2);
    assert.deepEqual(told.number, { sequence: 'intact', final: 2, writes: 1, lost: 0 });
    assert.deepEqual(told.errors, [{ participant: 'holder', error: 'write: EIO: i/o error, fsync' }]);
    const untold = judgeFault('cut-long', cut(goesOn, ...turn(300, 330, 1)), 2);
    assert.deepEqual(untold.number, { sequence: 'lost-updates', final: 2, writes: 2, lost: 1 });
  });

  test('who waits for a lock that nobody holds is no holder of this one', () => {
    const steps = byTime(
      ...holderIn,
      step(100, 'server', 'server-stopped'),
      step(110, BYSTANDER, 'asked'),
      step(200, 'server', 'server-started'),
      step(410, BYSTANDER, 'got-in'),
      ...goesOn,
      over,
    );
    const verdict = judgeFault('server-restart', steps, 2);
    assert.deepEqual(
      [verdict.outcome, verdict.freeLockNs, verdict.heldTwiceNs, verdict.served],
      ['kept', 300, 0, 0],
    );
  });

  test('somebody inside before the fault is not its doing, and a fault that did not strike has no verdict', () => {
    assert.equal(judgeFault('cut-long', cut(goesOn, ...turn(50, 80, 1)), 2).outcome, 'not-excluded');
    assert.throws(() => judgeFault('server-restart', cut(goesOn), 2), /the fault was expected/);
  });
});

const played = (
  strategy: string,
  version: 'v3' | 'v4.2',
  fault: FaultName,
  steps: readonly Step[],
  final: number,
): PlayedFault => ({
  ...{ strategy, wait: 'block', version, fault, state: 'played', timeline: [...steps] },
  ...judgeFault(fault, steps, final),
});

const kept = cut(goesOn, ...turn(560, 580, 2));
const overtaken = cut(isTold, ...turn(300, 330, 1));
const unnoticed = cut(goesOn, ...turn(300, 330, 1));

test('locks with one ending share a clause; who was overtaken, for how long, and what it was told, is said', () => {
  const scenarios = [
    played('a', 'v3', 'cut-long', kept, 3),
    played('b', 'v3', 'cut-long', kept, 3),
    played('b', 'v4.2', 'cut-long', kept, 3),
    played('a', 'v4.2', 'cut-long', overtaken, 2),
  ];
  assert.equal(
    faultSentence(scenarios, 'cut-long'),
    "When the holder's network was cut for longer than the lease: a over v3 and b over v3 and v4.2: the holder kept it, " +
      'and had unlocked it 40.0 ns after the network was whole; a over v4.2: another was in 200 ns later, and two were in ' +
      'for 30.0 ns; the holder was told by EIO when it wrote.',
  );
  assert.match(
    faultSentence([played('a', 'v4.2', 'cut-long', unnoticed, 2)], 'cut-long') ?? '',
    /the holder was told nothing; 1 update was lost\.$/,
  );
  assert.equal(faultSentence(scenarios, 'server-restart'), null);
});

test('how long a free lock is waited for after a restart is told of each strategy', () => {
  const restart = (inNs: number): Step[] =>
    byTime(
      ...[...holderIn, step(100, 'server', 'server-stopped'), step(110, BYSTANDER, 'asked')],
      ...[step(200, 'server', 'server-started'), step(inNs, BYSTANDER, 'got-in'), ...goesOn, over],
    );
  const scenarios = [
    played('a', 'v3', 'server-restart', restart(410), 2),
    played('b', 'v3', 'server-restart', restart(210), 2),
  ];
  assert.equal(
    faultSentence(scenarios, 'server-restart'),
    'When the server was restarted: a over v3: the holder kept it, and a lock that nobody held was given after 300 ns; ' +
      'b over v3: the holder kept it, and a lock that nobody held was given after 100 ns.',
  );
});

test('the table has a row a fault and a column a lock and version, and marks what was lost', () => {
  const result: Pick<FaultsResult, 'scenarios'> = {
    scenarios: [
      played('a', 'v3', 'cut-long', kept, 3),
      played('a', 'v4.2', 'cut-long', unnoticed, 2),
      ...(['v3', 'v4.2'] as const).map((version) => ({
        ...{ strategy: 'a', wait: 'block', version, fault: 'client-dies' as const },
        ...{ state: 'not-played' as const, reason: 'it broke' },
      })),
    ],
  };
  const text = faultsTable(result as FaultsResult);
  assertNoWider(text, 80);
  assert.match(text, /│ client-dies │ not played │ +not played │/);
  assert.match(text, /│ cut-long +│ +kept │ NOT EXCLUSIVE \* │/);
  assert.match(text, /^\* an update was lost/m);
  const findings = faultFindings({
    ...result,
    unavailable: [],
    interruptedBy: null,
  } as unknown as FaultsResult);
  assert.equal(findings.at(-1), 'client-dies could not be played: it broke.');
});
