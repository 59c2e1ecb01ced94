/**
 * Faults of NFS: the verdicts, from stamps made by hand; what is said of them; refusals; and one fault for real, in the
 * lab, which shows that the network is cut and that a lease runs out.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeMissing, kernelOrNull, missingFor } from '../../../bench/lab/requirements.js';
import { projectRoot } from '../../../bench/machine/host.js';
import type { FaultName } from '../../../bench/nfs/faults/fault-names.js';
import { BYSTANDER, judgeFault } from '../../../bench/nfs/faults/fault-verdict.js';
import {
  type FaultsResult,
  faultsJsonSchema,
  faultsSchema,
  type PlayedFault,
} from '../../../bench/nfs/faults/faults-schema.js';
import { faultFindings, faultSentence } from '../../../bench/nfs/faults/faults-sentences.js';
import { faultsTable } from '../../../bench/nfs/faults/faults-table.js';
import type { Step, What } from '../../../bench/scenario/steps-schema.js';
import { assertNoWider, plainEnv } from '../../support/printed.js';
import { assertRefused, sandbox } from '../../support/refusal.js';
import { lockbench, needs } from '../../support/support.js';

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

test('the published schema is that of the program', () => {
  const published = readFileSync(join(projectRoot, 'docs', 'faults.schema.json'), 'utf8');
  assert.deepEqual(JSON.parse(published), faultsJsonSchema());
});

describe('lockbench nfs faults refuses', () => {
  for (const [title, args, refusal] of [
    [
      'an unknown fault',
      ['--faults', 'cut-lang'],
      { expected: /one of cut-short.* was expected/, came: '"cut-lang"', hint: /"cut-long"\?/ },
    ],
    [
      'an unknown version',
      ['--versions', 'v5'],
      { expected: /one of v3, v4\.2 was expected/, came: '"v5"', hint: /for example|did you mean/ },
    ],
    [
      'a lease that Linux does not allow',
      ['--lease', '5s'],
      { expected: /from 10s to 3600s/, came: '"5s"', hint: /--lease 10s/ },
    ],
    [
      'a lock of one host',
      ['shm-flag'],
      { expected: /locks by files was expected/, came: '"shm-flag"', hint: /for example fcntl/ },
    ],
    [
      'no patience',
      ['--patience', '0s'],
      { expected: /more than 0 was expected/, came: '"0s"', hint: /--patience 45s/ },
    ],
  ] as const) {
    test(title, (t) => assertRefused(sandbox(t), ['nfs', 'faults', ...args], refusal));
  }
});

test('in the lab: a cut longer than the lease lets two in over v4.2, one over v3, and the number survives', async (t) => {
  const missing = missingFor('vm', kernelOrNull());
  if (!needs(t, missing.reasons.length === 0, `the lab needs ${describeMissing(missing)}`)) return;
  const args = ['nfs', 'faults', 'fcntl', '--faults', 'cut-long', '--quiet', '--json', '-'];
  const { code, stdout, stderr } = await lockbench(args, { env: plainEnv });
  assert.equal(code, 0, stderr + stdout);
  const { scenarios, leaseNs, command } = faultsSchema.parse(JSON.parse(stdout));
  assert.equal(command, `lockbench ${args.join(' ')}`);
  const seen = scenarios.map((one) => {
    assert.ok(one.state === 'played', JSON.stringify(one));
    const { version, outcome, heldTwiceNs, number, errors } = one;
    return [version, outcome, heldTwiceNs > 0, number.sequence, errors.length > 0];
  });
  assert.deepEqual(seen, [
    ['v3', 'kept', false, 'intact', false],
    ['v4.2', 'overtaken', true, 'intact', true],
  ]);
  const [, over4] = scenarios;
  // The server believed in a client that it did not hear of for a lease: nobody may be let in before.
  assert.ok(over4?.state === 'played' && (over4.afterNs ?? 0) > leaseNs / 2, JSON.stringify(over4));
});
