/**
 * What is said of mount options, on results made by hand: the verdict over a run, the tables and the sentences.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { describeEnvironment } from '../../../bench/machine/host.js';
import { exitCode } from '../../../bench/measure/verdict/judgement.js';
import {
  type MountOptionsResult,
  mountOptionsSchema,
  type OptionCell,
  type OptionMount,
} from '../../../bench/nfs/options/mount-options-schema.js';
import { mountOptionsFindings } from '../../../bench/nfs/options/mount-options-sentences.js';
import { mountOptionsTables } from '../../../bench/nfs/options/mount-options-table.js';
import { judgeMountOptions } from '../../../bench/nfs/options/mount-options-verdict.js';
import { MOUNT_OPTIONS_SCHEMA_VERSION } from '../../../bench/nfs/options/mount-options-version.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';

const strategies = new Map(
  await Promise.all(strategyNames.map(async (name) => [name, await loadStrategy(name)] as const)),
);

type Outcome = 'safe' | 'violated' | 'stale' | 'unchecked';
const TURNS = 200;
const VERDICTS = {
  safe: { exclusion: 'held', violations: 0, handoffs: 120, sequence: 'intact', lost: 0, changedReads: 0 },
  violated: {
    exclusion: 'violated',
    violations: 9,
    handoffs: 120,
    sequence: 'lost-updates',
    lost: 50,
    changedReads: 0,
  },
  stale: {
    exclusion: 'held',
    violations: 0,
    handoffs: 120,
    sequence: 'lost-updates',
    lost: 50,
    changedReads: 0,
  },
  unchecked: {
    exclusion: 'unchecked',
    violations: 0,
    handoffs: 3,
    sequence: 'intact',
    lost: 0,
    changedReads: 0,
  },
} as const;

const cell = (
  strategy: string,
  clients: number,
  outcome: Outcome,
  number: OptionCell['number'] = 'kept-open',
) =>
  ({
    ...{ strategy, wait: 'block', clients, processes: 3, number, state: 'proven' },
    ...{ turns: TURNS, wallNs: 1e9, verdict: VERDICTS[outcome] },
  }) satisfies OptionCell;

const mounted = (
  option: string,
  inForce: readonly string[],
  cells: readonly OptionCell[],
  version: OptionMount['version'] = 'v3',
): OptionMount => ({
  ...{ version, option, state: 'mounted', filesystem: version === 'v3' ? 'nfs' : 'nfs4' },
  ...{ inForce: [`vers=${version.slice(1)}`, ...inForce], cells: [...cells] },
});

const resultOf = (...mounts: readonly OptionMount[]): MountOptionsResult => ({
  schemaVersion: MOUNT_OPTIONS_SCHEMA_VERSION,
  ...{ command: 'lockbench nfs options', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null },
  ...{ interruptedBy: null, environment: describeEnvironment(null), machine: 'tcg', roundTripNs: 0 },
  ...{ export: 'ext4', handoffs: 120, mounts: [...mounts] },
});

const judged = (...mounts: readonly OptionMount[]) => judgeMountOptions(resultOf(...mounts), strategies);
const sentences = (...mounts: readonly OptionMount[]): string =>
  mountOptionsFindings(resultOf(...mounts), judged(...mounts)).join('\n');

const pair = (strategy: string, inside: Outcome, outside: Outcome): OptionCell[] => [
  cell(strategy, 1, inside),
  cell(strategy, 3, outside),
];
const NOLOCK = ['nolock', 'local_lock=all'];
const nolock = mounted('nolock', NOLOCK, [
  ...pair('fcntl', 'safe', 'violated'),
  ...pair('excl', 'safe', 'stale'),
]);

describe('the verdict over mount options', () => {
  test('what the kernel keeps from the server must be caught between clients, by the kind of lock', () => {
    const cases: readonly [readonly string[], string, boolean][] = [
      [NOLOCK, 'fcntl', true],
      [['local_lock=all'], 'flock', true],
      [['local_lock=posix'], 'fcntl', true],
      [['local_lock=posix'], 'flock', false],
      [['local_lock=flock'], 'fcntl', false],
      [['local_lock=flock'], 'flock', true],
      [['local_lock=none'], 'fcntl', false],
      [NOLOCK, 'excl', false],
    ];
    for (const [inForce, strategy, mustFail] of cases) {
      const what = `${strategy} under ${inForce.join()}`;
      const held = judged(mounted('x', inForce, pair(strategy, 'safe', 'safe')));
      assert.equal(held.uncaughtControls.length, mustFail ? 1 : 0, what);
      assert.equal(exitCode(held), mustFail ? 3 : 0, what);
      const failed = judged(mounted('x', inForce, pair(strategy, 'safe', 'violated')));
      assert.equal(failed.brokenClaims.length, mustFail ? 0 : 1, what);
      assert.equal(exitCode(failed), mustFail ? 0 : 1, what);
    }
  });

  test('every kernel lock of the catalogue has a kind', () => {
    for (const [name, { family }] of strategies) {
      if (family !== 'kernel file lock') continue;
      const found = judged(mounted('x', NOLOCK, pair(name, 'safe', 'safe')));
      assert.equal(found.uncaughtControls.length, 1, name);
    }
  });

  test('within one client a claim is a claim, whatever is kept local', () => {
    assert.equal(judged(mounted('x', NOLOCK, pair('fcntl', 'violated', 'violated'))).brokenClaims.length, 1);
  });

  test('an update that is lost to a cache breaks no claim to exclude', () => {
    assert.equal(exitCode(judged(mounted('x', [], pair('excl', 'safe', 'stale')))), 0);
  });

  test('the control must be caught on one client and on three', () => {
    const found = judged(mounted('default', [], [cell('none', 1, 'safe'), cell('none', 3, 'violated')]));
    assert.equal(found.uncaughtControls.length, 1);
    assert.match(found.uncaughtControls.join(), /none.*1 client/);
  });

  test('what mount refused, and what did not finish, is incomplete', () => {
    const refused = { version: 'v3', option: 'x', state: 'refused', reason: 'an incorrect option' } as const;
    const { wait, clients, processes, number } = cell('fcntl', 3, 'safe');
    const late = {
      strategy: 'fcntl',
      wait,
      clients,
      processes,
      number,
      state: 'timed-out',
      reason: 'late',
    } as const;
    const found = judged(refused, mounted('y', [], [late]));
    assert.equal(found.incomplete.length, 2);
    assert.equal(exitCode(found), 3);
  });
});

describe('the sentences', () => {
  test('say what looks perfect from one client, and is none', () => {
    const text = sentences(nolock);
    assert.match(
      text,
      /^nolock: On v3, fcntl looked perfect from one client, and let two in between clients; excl held/m,
    );
    assert.match(text, /25\.0% of its updates were lost/);
    assert.match(text, /From one client 2 locks looked safe\. 1 of them let two in.*120 hand-offs/);
  });

  test('say what reopening the number helps', () => {
    const again = (outcome: Outcome) =>
      sentences(
        mounted('noac', [], [...pair('excl', 'safe', 'stale'), cell('excl', 3, outcome, 'reopened')]),
      );
    assert.match(again('safe'), /lost to a cache, none with the number reopened/);
    assert.match(again('stale'), /lost to a cache, 25\.0% with the number reopened/);
  });

  test('say of which mount an option made no other', () => {
    const same = { version: 'v4.2', option: 'nolock', state: 'same', as: 'default' } as const;
    assert.match(sentences(same), /^nolock: On v4\.2, it was taken, and the mount is that of default\.$/m);
    assert.deepEqual(judged(same), { brokenClaims: [], uncaughtControls: [], incomplete: [] });
    const text = mountOptionsTables(resultOf(nolock, { ...same, version: 'v3', option: 'x' }));
    assert.match(stripVTControlCharacters(text), /x +│ +as default │/);
  });

  test('tell of the control, which has no columns', () => {
    const control = mounted(
      'default',
      [],
      [...pair('none', 'violated', 'violated'), ...pair('fcntl', 'safe', 'safe')],
    );
    assert.match(sentences(control), /control.*let two in: v3 on 1 client and v3 between 3\./);
    assert.doesNotMatch(mountOptionsTables(resultOf(control)), /none/);
  });

  test('tell the versions of an option apart, in one line', () => {
    const lines = sentences(
      nolock,
      mounted('soft', ['soft'], pair('fcntl', 'safe', 'safe')),
      mounted('soft', ['soft'], pair('fcntl', 'safe', 'unchecked'), 'v4.2'),
    );
    assert.match(lines, /^soft: On v3, fcntl is safe\. On v4\.2, fcntl changed hands too rarely/m);
  });
});

describe('the tables', () => {
  test('have what one client sees beside what happens, and the reopened number below', () => {
    const noac = mounted(
      'noac',
      [],
      [...pair('excl', 'safe', 'stale'), cell('excl', 3, 'safe', 'reopened')],
      'v4.2',
    );
    const text = stripVTControlCharacters(mountOptionsTables(resultOf(nolock, noac)));
    assert.match(text, /NFSv3[\s\S]*NFSv4\.2/);
    assert.match(text, /nolock +│ +safe │ +TWO INSIDE │ +safe │ +LOSES 25\.0% │/);
    assert.match(text, /noac +│ +safe │ +LOSES 25\.0% │[\s\S]*reopened:[\s\S]*safe/);
  });
});

test('the schema takes such a result', () => {
  const refused = { version: 'v4.2', option: 'x', state: 'refused', reason: 'why' } as const;
  const same = { version: 'v4.2', option: 'y', state: 'same', as: 'default' } as const;
  assert.doesNotThrow(() => mountOptionsSchema.parse(resultOf(nolock, refused, same)));
});
