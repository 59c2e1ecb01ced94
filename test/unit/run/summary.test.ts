/**
 * The summary of a run: what it recommends and what it never does, and that it fits wherever it is printed.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Chalk } from 'chalk';
import { projectRoot } from '../../../bench/machine/project.js';
import { recordedRun } from '../../../bench/measure/result/recorded-run.js';
import type { Cell, MeasuredCell, Result } from '../../../bench/measure/result/result-schema.js';
import { headline } from '../../../bench/run/summary/headline.js';
import { subjectOf } from '../../../bench/run/summary/subject.js';
import { saidInBrief, summary } from '../../../bench/run/summary/summary.js';
import { estimateMedian } from '../../../bench/statistics/median.js';
import { wrapped } from '../../../bench/text/words.js';
import { loadAll, loadStrategy, namesOnlyIn, register } from '../../../strategies/index.js';
import { losing, measuredCell, proveRound, timingRound, unmeasuredCell } from '../../support/made-cells.js';
import { assertNoWider, ESCAPE } from '../../support/printed.js';
import { fc } from '../../support/properties.js';

const strategies = new Map((await loadAll()).map((strategy) => [strategy.name, strategy]));
for (const name of namesOnlyIn('c')) strategies.set(name, await loadStrategy(name));
const strategyNamed = (name: string) => strategies.get(name) ?? assert.fail(name);
const base = recordedRun('default-2-cpus', projectRoot);
const quiet: Result['noise'] = {
  ...base.noise,
  spinSpread: 0,
  stealShare: 0,
  otherLoadShare: 0,
  governor: null,
};

const resultOf = (cells: readonly Cell[], more: Partial<Result> = {}): Result => ({
  ...base,
  ...{ noise: quiet, warnings: [], cells: [...cells], blocks: 6, interruptedBy: null },
  ...more,
});

const HELD = { exclusion: 'held', handoffs: 2000 } as const;
const FCNTL = [100, 101, 102, 103, 104, 105];
const times = (factor: number, ns: readonly number[] = FCNTL): number[] => ns.map((one) => one * factor);

/** A lock that was proven, with its cost in each block; `fcntl` costs FCNTL. */
function lock(strategy: string, costsNs: readonly number[], wait = 'block'): MeasuredCell {
  const ratios = costsNs.map((ns, i) => ns / (FCNTL[i] ?? 1));
  const cell = measuredCell(strategy, { wait, costsNs, verdict: HELD });
  return { ...cell, ratio: { to: 'fcntl/block', ...estimateMedian(ratios) } };
}

const CONTROLS = [
  losing('none', 5, { wait: 'block', costsNs: FCNTL }),
  measuredCell('broken', {
    ...{ costsNs: FCNTL, verdict: { exclusion: 'violated', violations: 9 } },
    rounds: [proveRound({ violations: 9, handoffs: 100, first: null })],
  }),
];

const finding = (cells: readonly Cell[], more: Partial<Result> = {}): string =>
  headline(subjectOf(resultOf(cells, more), strategies)).lines.join('\n');

function printed(result: Result, width = 80, level: 0 | 1 = 0, all = false): string {
  const text = summary(
    subjectOf(result, strategies),
    { width, chalk: new Chalk({ level }), all },
    { savedAs: 'last', hasEarlier: true },
  );
  return wrapped(text, width);
}

test('what a runtime costs over C is told with its interval, where both were measured', () => {
  const inC = { ...lock('fcntl', times(0.5)), runtime: 'c' };
  const beside = (lowest: number) => [
    { ...lock('fcntl', FCNTL), overC: { ...estimateMedian([2, 2.1, 2.2, 2.2, 2.3, lowest]) } },
    inC,
    ...CONTROLS,
  ];
  const text = printed(resultOf(beside(1.9)), 200);
  assert.match(text, /Ratio to C, in [^\n]*: fcntl\/block 2\.15 in Node \(1\.90 to 2\.30\)\./);
  assert.doesNotMatch(printed(resultOf([lock('fcntl', FCNTL), ...CONTROLS]), 200), /as long as in C/);
});

test('locks that cannot be told apart are recommended together, and no ratio between them is told', () => {
  const tied = finding([lock('fcntl', FCNTL), lock('flock', [99, 108, 95, 110, 103, 107]), ...CONTROLS]);
  assert.match(tied, /^Use (flock or fcntl|fcntl or flock)\.$/);
  const told = finding([
    lock('fcntl', FCNTL),
    lock('flock', times(0.5)),
    lock('excl', times(9), 'spin'),
    ...CONTROLS,
  ]);
  assert.equal(
    told,
    'Use flock.\nexcl/spin (lock file) costs 9.00x fcntl in /tmp (9.00–9.00x) and stays locked when its holder dies.',
  );
});

test('a lock that takes another one by the calls of a package is no recommendation beside that', () => {
  assert.equal(finding([lock('fcntl', FCNTL), lock('fcntl-fs-ext', FCNTL)]), 'Use fcntl.');
  assert.match(finding([lock('fcntl', times(3)), lock('fcntl-fs-ext', FCNTL)]), /^Use fcntl-fs-ext\./);
});

test('of the costliest that cannot be told apart the first that was asked for is named, whichever was slower by chance', () => {
  const slower = times(9, [100, 104, 102, 103, 106, 105]);
  for (const link of [slower, times(9)]) {
    const excl = link === slower ? times(9) : slower;
    const cells = [lock('fcntl', FCNTL), lock('excl', excl, 'spin'), lock('link', link, 'spin'), ...CONTROLS];
    assert.match(finding(cells), /^Use fcntl\.\nexcl\/spin \(lock file\) costs /);
    assert.match(printed(resultOf(cells)), /^Next: lockbench crash excl /m);
  }
});

test('for locks that are names and fail alike stands the first that was asked for, also where another costs more', () => {
  const excl = lock('excl', times(7), 'spin');
  const found = finding([lock('fcntl', FCNTL), excl, lock('link', times(9), 'spin'), ...CONTROLS]);
  assert.match(found, /^Use fcntl\.\nexcl\/spin \(lock file\) costs 7\.00x /);
  const cheap = lock('excl', FCNTL, 'spin');
  const other = finding([lock('fcntl', FCNTL), cheap, lock('link', times(9), 'spin'), ...CONTROLS]);
  assert.match(other, /\nlink\/spin .* costs 9\.00x /);
  const slow = finding([lock('fcntl', FCNTL), excl, lock('sqlite', times(30)), ...CONTROLS]);
  assert.match(slow, /\nsqlite .*costs 30\.0x /);
  const leased = finding([lock('fcntl', FCNTL), excl, lock('proper-lockfile', times(30), 'spin')]);
  assert.match(leased, /\nproper-lockfile.*costs 30\.0x /);
});

test('a lock that stays locked when its holder dies is not recommended, however fast, nor is it green', () => {
  const cells = [
    lock('shm-flag', times(0.1), 'spin'),
    lock('fcntl', FCNTL),
    lock('excl', times(0.2), 'spin'),
  ];
  assert.match(
    finding([...cells, ...CONTROLS]),
    /^Use fcntl\.\nshm-flag\/spin and excl\/spin are faster, but stay locked when their holder dies\.$/,
  );
  const lines = printed(resultOf([...cells, ...CONTROLS]), 80, 1).split('\n');
  const green = `${ESCAPE}[32m`;
  for (const name of ['shm-flag', 'excl']) {
    const line = lines.find((one) => one.includes(name) && one.includes('STUCK')) ?? assert.fail(name);
    assert.ok(!line.includes(green), line);
  }
  assert.ok(lines.some((line) => line.includes(green) && line.includes('fcntl')));
});

test('every strategy that stays locked, or is lost with a lease, is never the recommendation', () => {
  for (const { name, family, claims } of strategies.values()) {
    if (family === 'control' || (claims.holderDies !== 'stuck' && claims.leaseNs === undefined)) continue;
    const { recommended } = headline(
      subjectOf(resultOf([lock(name, times(0.01)), lock('fcntl', FCNTL)]), strategies),
    );
    assert.deepEqual(
      [...recommended].map(({ strategy }) => strategy),
      ['fcntl'],
      name,
    );
  }
});

test('one or two rounds give no order, no recommendation and no range', () => {
  for (const rounds of [1, 2]) {
    const few = (factor: number): number[] => times(factor).slice(0, rounds);
    const text = printed(
      resultOf([lock('flock', few(1)), lock('fcntl', few(0.5)), ...CONTROLS], { blocks: rounds }),
    );
    assert.match(text, /No order: \d rounds? of each can't tell/);
    assert.doesNotMatch(text, /Use |\d–\d| faster, but/);
  }
});

test('of one process alone costs are told; of a single lock, that there is none to compare it with', () => {
  const alone = (name: string, costsNs: readonly number[]): Cell => {
    const cell = { ...lock(name, costsNs), verdict: measuredCell(name).verdict };
    return { ...cell, conditions: { ...cell.conditions, processes: 1 } };
  };
  assert.match(finding([alone('fcntl', FCNTL)]), /^Only fcntl was measured: no lock to compare it with\.$/m);
  assert.match(
    finding([alone('fcntl', FCNTL), alone('flock', FCNTL)]),
    /^No lock could be told from the others/,
  );
});

test('what was not proven in this run is neither recommended nor said to exclude', () => {
  const unproven = [measuredCell('flock', { costsNs: FCNTL, wait: 'block' }), ...CONTROLS];
  const text = printed(resultOf(unproven));
  assert.match(text, /^No recommendation: no lock was proven to exclude in this run\.$/m);
  assert.match(text, /^ {2}flock .* released +not proven$/m);
  assert.match(text, /^! Not proven: flock; /m);
  assert.doesNotMatch(text, /\byes$/m);
});

test('a broken claim and a control that passed are told before all else, and nothing is recommended beside them', () => {
  const broken = measuredCell('flock', {
    costsNs: FCNTL,
    wait: 'block',
    verdict: { exclusion: 'violated', violations: 1 },
  });
  assert.match(
    finding([broken, lock('fcntl', FCNTL), ...CONTROLS]),
    /^A CLAIM WAS BROKEN: flock\/block in \/tmp with 2 processes did not exclude\./,
  );
  const uncaught = measuredCell('broken', {
    rounds: [proveRound({ violations: 0, handoffs: 9, first: null })],
  });
  assert.match(finding([uncaught, lock('fcntl', FCNTL)]), /^INCONCLUSIVE: /);
});

test('locks that hardly changed hands are told of, with what to do; those that did are not', () => {
  const changing = (share: number): MeasuredCell => ({
    ...lock('fcntl', FCNTL),
    rounds: FCNTL.map((ns, block) => timingRound(block, ns)),
    contention: { ownerChanges: share * 60, longestRun: 1, jain: 1, shareBeforeFirstFinisher: 1 },
  });
  const say = (share: number): string =>
    saidInBrief(subjectOf(resultOf([changing(share), ...CONTROLS]), strategies)).join('\n');
  assert.match(say(0.02), /^Hardly contended: fcntl changed hands in 2\.0% of ops; --preset job-runner\.$/m);
  assert.doesNotMatch(say(0.05), /Hardly/);
});

test('what to do next is a command that finds the lock', () => {
  const nextOf = (cell: MeasuredCell): string | undefined =>
    /^Next: (.*?) · /m.exec(printed(resultOf([lock('fcntl', FCNTL), cell, ...CONTROLS]), 200))?.[1];
  const slow = times(9);
  assert.equal(nextOf(lock('excl', slow, 'spin')), 'lockbench crash excl');
  assert.equal(nextOf({ ...lock('mcs', slow), runtime: 'c' }), 'lockbench crash mcs --runtime c');
  const mine = { ...strategyNamed('excl'), name: 'mine' };
  strategies.set('mine', mine);
  try {
    assert.equal(nextOf(lock('mine', slow, 'spin')), 'lockbench choose', 'a result that was read');
    register({ ...mine, module: pathToFileURL('/else where/mine.mjs').href }, null);
    assert.equal(nextOf(lock('mine', slow, 'spin')), "lockbench crash '/else where/mine.mjs'");
    register({ ...mine, module: pathToFileURL(join(process.cwd(), 'mine.mjs')).href }, null);
    assert.equal(nextOf(lock('mine', slow, 'spin')), 'lockbench crash ./mine.mjs');
  } finally {
    strategies.delete('mine');
  }
});

test('what could not be measured has one line, whatever its reason', () => {
  const long = { ...unmeasuredCell('ofd', 'unavailable'), reason: 'the reason is long. '.repeat(20) } as Cell;
  const text = printed(resultOf([lock('fcntl', FCNTL), long, ...CONTROLS]));
  assert.match(text, /^ {2}ofd\/spin {2}unavailable: the reason is long\..*…$/m);
});

test('what is wrong with a lock from outside is told whole, and once', () => {
  const reason = `does not fit the contract: ${'claims.owner: one of them was expected; '.repeat(5)}see the page`;
  const mine = { ...unmeasuredCell('mine', 'unavailable'), reason } as MeasuredCell;
  const alone = { ...mine, conditions: { ...mine.conditions, processes: 1 } };
  const text = printed(resultOf([lock('fcntl', FCNTL), mine, alone, ...CONTROLS]));
  assert.equal(text.match(/see the page/g)?.length, 1, text);
  assert.ok(text.replaceAll(/\s+/g, ' ').includes(`unavailable: ${reason}`), text);
  assertNoWider(text, 80);
});

test('in 25 lines of any width from 80 on the default run is told; nothing is wider than the terminal', () => {
  const result = { ...base, warnings: base.warnings };
  for (let width = 60; width <= 200; width++) {
    const text = printed(result, width);
    if (width >= 80)
      assert.ok(text.split('\n').length <= 25, `${width}: ${text.split('\n').length} lines\n${text}`);
    assertNoWider(text, width);
    assertNoWider(printed(result, width, 0, true), width);
  }
});

test('all recorded runs can be told', () => {
  for (const name of readdirSync(join(projectRoot, 'results'))) {
    let result: Result;
    try {
      result = recordedRun(name, projectRoot);
    } catch {
      continue;
    }
    for (const width of [60, 80, 160]) assert.ok(printed(result, width, 1, true).length > 0, name);
  }
});

test('names of directories and reasons are shown, not obeyed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (path) => {
      const cell = lock('fcntl', FCNTL);
      const directory = { ...cell.conditions.directory, path };
      const text = printed(resultOf([{ ...cell, conditions: { ...cell.conditions, directory } }]));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
    }),
    { numRuns: 200 },
  );
});

test('on a noisy machine a small difference is marked, recommended beside the best, and explained; a large one is not', () => {
  const noise = { ...quiet, otherLoadShare: 0.5, elapsedNs: [1e6, 1.5e6] };
  const cells = [
    lock('fcntl', FCNTL),
    lock('flock', times(0.8)),
    lock('excl', times(9), 'spin'),
    ...CONTROLS,
  ];
  assert.match(
    finding(cells, { noise }),
    /^Use (flock or fcntl|fcntl or flock)\.\nexcl\/spin \(lock file\) costs 9\.00x/,
  );
  const text = printed(resultOf(cells, { noise }));
  assert.match(text, /^ {2}flock .* 0\.80\? /m);
  assert.match(text, /^ {2}excl\/spin .* 9\.00 /m);
  assert.match(text, /^! Noisy: other programs used 50\.0% /m);
  assert.match(text, /^! Doubtful \(\?\): the same computation sometimes took up to 1\.50x as long$/m);
  assert.match(finding(cells), /^Use flock\.\n/);
  assert.match(printed(resultOf(cells)), /^lockbench .* · quiet\n/);
});

test('what was left out is read again where the run was kept, and asked for where it was not', () => {
  const alone = { ...lock('fcntl', FCNTL), conditions: { ...lock('fcntl', FCNTL).conditions, processes: 1 } };
  const many = Array.from({ length: 30 }, (_, i) => lock(`l${i}`, FCNTL));
  const footer = (savedAs: string | null): string => {
    const subject = subjectOf(resultOf([alone, ...many]), strategies);
    return summary(
      subject,
      { width: 80, chalk: new Chalk({ level: 0 }), all: false },
      { savedAs, hasEarlier: false },
    );
  };
  assert.match(footer('last'), /^Also measured: .* \(show last --all\)\.$/m);
  assert.match(footer(null), /^Also measured: .* \(--all\)\.$/m);
});
