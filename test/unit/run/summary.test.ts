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
import { subjectOf } from '../../../bench/run/summary/subject.js';
import { saidInBrief, summary } from '../../../bench/run/summary/summary.js';
import { estimateMedian } from '../../../bench/statistics/median.js';
import { register } from '../../../strategies/index.js';
import { measuredCell, timingRound, unmeasuredCell } from '../../support/made-cells.js';
import {
  base,
  CONTROLS,
  FCNTL,
  finding,
  lock,
  printed,
  quiet,
  resultOf,
  strategies,
  strategyNamed,
  times,
} from '../../support/made-summaries.js';
import { assertNoWider } from '../../support/printed.js';
import { fc } from '../../support/properties.js';

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

test('what was not proven in this run is neither recommended nor said to exclude', () => {
  const unproven = [measuredCell('flock', { costsNs: FCNTL, wait: 'block' }), ...CONTROLS];
  const text = printed(resultOf(unproven));
  assert.match(text, /^No recommendation: no lock was proven to exclude in this run\.$/m);
  assert.match(text, /^ {2}flock .* released +not proven$/m);
  assert.match(text, /^! Not proven: flock; /m);
  assert.doesNotMatch(text, /\byes$/m);
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
