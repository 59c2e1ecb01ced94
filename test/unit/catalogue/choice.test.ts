/**
 * The choice: by claims and members, the cheapest of a run first, on strategies and cells made by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, decisiveConditions } from '../../../bench/catalogue/choice.js';
import { choiceLines } from '../../../bench/catalogue/choice-text.js';
import { languageNeed } from '../../../bench/catalogue/language-need.js';
import { type Candidate, NEEDS, type Need, unmetBy } from '../../../bench/catalogue/needs.js';
import { failuresOverNfs } from '../../../bench/catalogue/nfs-evidence.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { recordedRun } from '../../../bench/measure/result/recorded-run.js';
import type { Members } from '../../../bench/measure/worker/policy.js';
import type { Claims, SyncStrategy } from '../../../strategies/strategy.js';
import { conditions, losing, measuredCell, unmeasuredCell } from '../../support/made-cells.js';

const GOOD: Claims = {
  excludes: true,
  excludesAsRoot: true,
  excludesAcrossNfs: { v3: true, v4: true },
  holderDies: 'released',
  owner: 'process',
};

const MEMBERS: Members = { lock: true, tryLock: true, shared: true, fifo: false };

interface Differences {
  readonly claims?: Partial<Claims>;
  readonly members?: Partial<Members>;
  readonly closedToOthers?: string;
}

/** A strategy that meets every need but where it differs. */
function candidate(name: string, { claims, members, ...facts }: Differences = {}): Candidate {
  const strategy: SyncStrategy = {
    ...{ name, title: name, family: 'kernel file lock', source: 'none', calls: 'synchronous' },
    ...facts,
    claims: { ...GOOD, ...claims },
    open: () => ({ lock() {}, unlock() {}, close() {} }),
  };
  return { strategy, finding: { available: true, members: { ...MEMBERS, ...members } } };
}

const need = (option: string): Need => {
  const found = NEEDS.find((one) => one.option === option);
  assert.ok(found !== undefined, option);
  return found;
};

const names = (candidates: readonly Candidate[]): string[] => candidates.map(({ strategy }) => strategy.name);

/** For each option the one difference that makes a candidate fail it, and it alone. */
const LACKS: Readonly<Record<string, Differences>> = {
  '--nfs': { claims: { excludesAcrossNfs: 'not applicable' } },
  '--crash': { claims: { holderDies: 'stuck' } },
  '--no-block': { members: { tryLock: false } },
  '--as-root': { claims: { excludesAsRoot: false } },
  '--other-languages': { closedToOthers: 'for a test' },
  '--readers': { members: { shared: false } },
};

test('each need is met by what claims it, and unmet for one reason by what lacks it', () => {
  assert.deepEqual(Object.keys(LACKS).sort(), NEEDS.map(({ option }) => option).sort());
  for (const [option, differences] of Object.entries(LACKS)) {
    assert.deepEqual(unmetBy(candidate('good'), NEEDS), []);
    assert.equal(unmetBy(candidate('bad', differences), NEEDS).length, 1, option);
    assert.equal(unmetBy(candidate('bad', differences), [need(option)]).length, 1, option);
    assert.deepEqual(unmetBy(candidate('bad', differences), []), [], option);
  }
});

test('over NFS the version that does not exclude is named', () => {
  const [why = ''] = unmetBy(candidate('half', { claims: { excludesAcrossNfs: { v3: false, v4: true } } }), [
    need('--nfs'),
  ]);
  assert.match(why, /NFS v3$/);
});

test('what does not exclude, or does not work here, never fits', () => {
  assert.equal(unmetBy(candidate('flawed', { claims: { excludes: false } }), []).length, 1);
  const absent: Candidate = { ...candidate('absent'), finding: { available: false, reason: 'no disk' } };
  assert.match(unmetBy(absent, NEEDS).join(), /no disk/);
});

test('the cheapest of the decisive conditions comes first, ties are told, the unmeasured stand apart', () => {
  const alone = { processes: 1 };
  const memory = { directory: { path: '/dev/shm', filesystem: 'tmpfs', options: [] } };
  const SIX = [1, 1, 1, 1, 1, 1];
  const costs = (ns: number): readonly number[] => SIX.map((one) => one * ns);
  const run = {
    cells: [
      // Alone and in memory "expensive" would win.
      measuredCell('expensive', { conditions: alone, costsNs: costs(1) }),
      measuredCell('expensive', { conditions: memory, costsNs: costs(1) }),
      measuredCell('expensive', { costsNs: costs(300) }),
      measuredCell('cheap', { wait: 'spin', costsNs: costs(500) }),
      measuredCell('cheap', { wait: 'yield', costsNs: costs(100) }),
      measuredCell('as-cheap', { costsNs: [99, 101, 99, 101, 101, 101] }),
      losing('loser', 3, { costsNs: costs(2) }),
      unmeasuredCell('late', 'timed-out'),
    ],
  };
  const candidates = ['expensive', 'as-cheap', 'cheap', 'loser', 'late', 'new'].map((name) =>
    candidate(name),
  );
  assert.deepEqual(decisiveConditions(run), conditions);
  const { fits, unmeasured, nearMisses, others } = choice(candidates, [], run);
  assert.deepEqual(
    fits.map(({ cell, tiesWithFirst }) => [cell.strategy, cell.wait, tiesWithFirst]),
    [
      ['cheap', 'yield', false],
      ['as-cheap', 'spin', true],
      ['expensive', 'spin', false],
    ],
  );
  assert.deepEqual(names(unmeasured), ['loser', 'late', 'new']);
  assert.deepEqual([nearMisses, others], [[], []]);
});

test('who lacks one thing is a near miss with its reason, who lacks more is not', () => {
  const stuck = candidate('stuck', LACKS['--crash']);
  const hopeless = candidate('hopeless', { ...LACKS['--crash'], ...LACKS['--readers'] });
  const { fits, nearMisses, others } = choice([stuck, hopeless], [need('--crash'), need('--readers')], {
    cells: [measuredCell('stuck'), measuredCell('hopeless')],
  });
  assert.deepEqual(fits, []);
  assert.deepEqual(
    nearMisses.map(({ candidate: { strategy }, why }) => [strategy.name, why]),
    [['stuck', 'if its holder is killed, everybody is stuck']],
  );
  assert.deepEqual(names(others), ['hopeless']);
});

test('who takes it in one language is offered what a program shows in it, and is shown that alone', () => {
  const need = languageNeed('Shell') ?? assert.fail('the shell is one');
  const [open, closed] = [candidate('flock'), candidate('fcntl')];
  assert.deepEqual(unmetBy(open, [need]), []);
  assert.deepEqual(unmetBy(closed, [need]), ['it cannot be taken in shell: no command takes it']);
  const chosen = choice([open, closed], [need], { cells: [measuredCell('flock', { costsNs: [1, 1, 1] })] });
  const text = choiceLines(chosen, {
    run: recordedRun('default-2-cpus', projectRoot),
    ...{ source: 'a test', isOwn: true, whyNotOwn: null },
  }).join('\n');
  assert.match(text, /^You need a lock that excludes on one host and can be taken in shell\.$/m);
  assert.match(text, /^ {7}shell {3}flock 9$/m);
  assert.doesNotMatch(text, /Python/);
  assert.equal(languageNeed('cobol'), undefined);
});

test('a lock that is stuck when its holder dies comes after all others, however cheap', () => {
  const { fits } = choice([candidate('stuck', LACKS['--crash']), candidate('good')], [], {
    cells: [measuredCell('stuck', { costsNs: [1, 1, 1] }), measuredCell('good', { costsNs: [9, 9, 9] })],
  });
  assert.deepEqual(
    fits.map(({ cell }) => cell.strategy),
    ['good', 'stuck'],
  );
});

test('of locks that cannot be told apart, one that lets its waiters sleep comes first', () => {
  const { fits } = choice([candidate('polls', { members: { lock: false } }), candidate('sleeps')], [], {
    cells: [
      measuredCell('polls', { costsNs: [99, 100, 101, 99, 100, 101] }),
      measuredCell('sleeps', { costsNs: [100, 99, 102, 101, 99, 103] }),
    ],
  });
  assert.deepEqual(
    fits.map(({ cell, tiesWithFirst }) => [cell.strategy, tiesWithFirst]),
    [
      ['sleeps', false],
      ['polls', true],
    ],
  );
});

test('a lock whose ratio to the first may be 1 is not said to cost more', () => {
  const first = [100, 100, 100, 100, 100, 100];
  const { fits } = choice([candidate('first'), candidate('told'), candidate('scattered')], [], {
    cells: [
      measuredCell('first', { costsNs: first }),
      measuredCell('told', { costsNs: first.map((ns) => ns * 1.1) }),
      measuredCell('scattered', { costsNs: [96, 130, 125, 120, 128, 122] }),
    ],
  });
  assert.deepEqual(
    fits.map(({ cell, tiesWithFirst }) => [cell.strategy, tiesWithFirst]),
    [
      ['first', false],
      ['told', false],
      ['scattered', true],
    ],
  );
});

test('strategies that take the same lock are one, under the name of the lock', () => {
  const [plain, twin] = [candidate('plain'), candidate('twin')];
  const same: Candidate = { ...twin, strategy: { ...twin.strategy, sameLockAs: 'plain' } };
  const { fits } = choice([same, plain], [], {
    cells: [measuredCell('twin', { costsNs: [1, 1, 1] }), measuredCell('plain', { costsNs: [2, 2, 2] })],
  });
  assert.deepEqual(
    fits.map(({ cell, others }) => [cell.strategy, others.map(({ strategy }) => strategy)]),
    [['plain', ['twin']]],
  );
});

test('what nfs compare saw fail is not offered over NFS, whatever it claims', () => {
  const over = (version: 'v3' | 'v4.2', number: 'kept-open' | 'reopened', clients = 3) => ({
    number,
    nfs: { version, clients, roundTripNs: 0, export: 'ext4', machine: 'tcg' as const },
  });
  const failures = failuresOverNfs([
    {
      cells: [
        losing('loser', 3, { conditions: over('v3', 'kept-open') }),
        losing('loser', 3, { conditions: over('v4.2', 'kept-open') }),
        measuredCell('loser', { conditions: over('v3', 'reopened') }),
        measuredCell('good', { conditions: over('v3', 'kept-open') }),
        losing('alone', 3, { conditions: over('v3', 'kept-open', 1) }),
      ],
    },
  ]);
  assert.deepEqual(
    [...failures],
    [['loser', 'nfs compare saw updates lost over NFS v3 and v4.2, of a file that stays open']],
  );
  const failureOverNfs = failures.get('loser') ?? '';
  const loser: Candidate = { ...candidate('loser'), failureOverNfs };
  assert.deepEqual(unmetBy(loser, [need('--nfs')]), [failureOverNfs]);
  assert.deepEqual(unmetBy(loser, [need('--crash')]), []);
});

test('a call that needs a package names it; who must not wait is told that the calls shown do', () => {
  const run = recordedRun('whole-catalogue', projectRoot);
  const text = (...needs: Need[]): string =>
    choiceLines(choice([candidate('flock')], needs, run), {
      ...{ run, source: 'a run', isOwn: false, whyNotOwn: null },
    }).join('\n');
  assert.match(text(), /flockSync\(fd, 'ex'\); \/\/ npm install fs-ext$/m);
  assert.doesNotMatch(text(), /These calls wait/);
  assert.match(
    text(need('--no-block')),
    /These calls wait. The one that only tries: npx lockbench explain flock$/m,
  );
});
