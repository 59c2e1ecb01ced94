/**
 * Two runs, made by hand, compared.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns } from '../../../bench/compare/compare-runs.js';
import type { ComparedCell } from '../../../bench/compare/compare-schema.js';
import { asCsv, asMarkdown, asText } from '../../../bench/compare/compare-table.js';
import { failure, parseCondition } from '../../../bench/compare/fail-if.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { QUOTED_RUN, recordedRun } from '../../../bench/measure/result/recorded-run.js';
import type { Cell, Result } from '../../../bench/measure/result/result-schema.js';
import { conditions, measuredCell, timingRound } from '../../support/made-cells.js';

const environment = recordedRun(QUOTED_RUN, projectRoot);
const quiet: Result['noise'] = {
  ...environment.noise,
  ...{ chainSpread: 0, spinSpread: 0, spinWaitShare: 0, stealShare: 0, otherLoadShare: 0, memoryPressure: 0 },
  ...{ throttledShare: 0, governor: null },
};
const run = (name: string, cells: readonly Cell[], more: Partial<Result> = {}) => ({
  name,
  result: { ...environment, noise: quiet, ...more, cells: [...cells] },
});
const spread = [1, 1.01, 1.02, 0.99, 1.03, 0.98];
const at = (ns: number): number[] => spread.map((factor) => factor * ns);
const lock = (
  strategy: string,
  costs: readonly number[],
  differences: Parameters<typeof measuredCell>[1] = {},
) =>
  measuredCell(strategy, {
    ...differences,
    rounds: costs.map((ns, block) => timingRound(block, ns)),
    costsNs: costs,
  });
const fcntl = (costs: readonly number[]) => lock('fcntl', costs, { wait: 'block' });

const verdictOf = (cells: readonly ComparedCell[], name: string) =>
  cells.find((cell) => cell.lock === name)?.change?.verdict;

test('what noisy machines may have done by themselves is doubtful, and fails no condition', () => {
  const noise: Result['noise'] = { ...quiet, otherLoadShare: 0.5, elapsedNs: [1e6, 1.2e6] };
  const slow: Result['noise'] = { ...quiet, otherLoadShare: 0.5, elapsedNs: [2e6, 2.5e6] };
  const cells = (excl: number) => [fcntl(at(1000)), lock('excl', at(excl))];
  const verdict = (excl: number, before = noise, after = noise) => {
    const earlier = run('old', cells(5000), { noise: before });
    const later = run('new', cells(excl), { noise: after });
    return verdictOf(compareRuns(earlier, later, 'cost').cells, 'excl/spin');
  };
  assert.equal(verdict(5750), 'doubtful');
  assert.equal(verdict(6500), 'slower', 'more than the 1.2 of the machine');
  assert.equal(verdict(3800), 'faster');
  assert.equal(verdict(12_000, noise, slow), 'doubtful', 'from one run to the other, too');
  assert.equal(verdict(13_000, noise, slow), 'slower');
  assert.equal(verdict(5750, quiet, quiet), 'slower');
});

test('a lock that costs twice as much became slower; the others did not change', () => {
  const earlier = run('old', [fcntl(at(1000)), lock('excl', at(5000)), lock('link', at(7000))]);
  const later = run('new', [fcntl(at(1000)), lock('excl', at(10_000)), lock('link', at(3500))]);
  const { cells, basis, differences } = compareRuns(earlier, later, null);
  assert.equal(basis, 'cost');
  assert.deepEqual(differences, []);
  assert.equal(verdictOf(cells, 'excl/spin'), 'slower');
  assert.equal(verdictOf(cells, 'link/spin'), 'faster');
  assert.equal(verdictOf(cells, 'fcntl/block'), 'no-difference-seen');
  const change = cells.find((cell) => cell.lock === 'excl/spin')?.change;
  assert.ok(change && Math.abs(change.factor - 2) < 0.01 && change.low > 1.9 && change.high < 2.1);
  assert.equal(change.superiority, 1);
  assert.equal(cells.length, 3, 'each cell once');
});

test('costs of two versions on one machine are compared, and what else differs is told', () => {
  const cells = [fcntl(at(1000)), lock('excl', at(5000))];
  const later = run('new', cells, { environment: { ...environment.environment, node: 'v99.0.0' } });
  const { basis, differences } = compareRuns(run('old', cells), later, null);
  assert.equal(basis, 'cost');
  assert.deepEqual(
    differences.map(({ what, costsDiffer }) => [what, costsDiffer]),
    [['Node', false]],
  );
});

test('between machines ratios are compared: all twice as slow is no change of a lock', () => {
  const other = { ...environment.environment, cpuModel: 'Another' };
  const earlier = run('old', [fcntl(at(1000)), lock('excl', at(5000)), lock('link', at(5000))]);
  const later = run('new', [fcntl(at(2000)), lock('excl', at(10_000)), lock('link', at(30_000))], {
    environment: other,
  });
  const compared = compareRuns(earlier, later, null);
  assert.equal(compared.basis, 'ratio');
  assert.equal(verdictOf(compared.cells, 'excl/spin'), 'no-difference-seen');
  assert.equal(verdictOf(compared.cells, 'link/spin'), 'slower');
  const baseline = compared.cells.find((cell) => cell.lock === 'fcntl/block');
  assert.deepEqual([baseline?.change, baseline?.reason], [null, 'the others are compared with it']);
  // Before all that is said of locks.
  const [, first = ''] = asText(compared).replaceAll('\n  ', ' ').split('\n\n');
  assert.match(first, /^! Not the same: processor \(.*, now Another\): costs in time cannot be compared/);
  assert.equal(compareRuns(earlier, later, 'cost').basis, 'cost');
});

test('a directory of another path is the same if each run has one on that file system', () => {
  const elsewhere = { ...conditions.directory, path: '/data' };
  const earlier = run('old', [lock('excl', at(5000))]);
  const later = run('new', [lock('excl', at(5000), { conditions: { directory: elsewhere } })]);
  assert.equal(verdictOf(compareRuns(earlier, later, null).cells, 'excl/spin'), 'no-difference-seen');
  const twice = run('new', [
    ...later.result.cells,
    lock('excl', at(5000), { conditions: { directory: { ...elsewhere, path: '/more' } } }),
  ]);
  assert.deepEqual(
    compareRuns(earlier, twice, null).cells.map(({ reason }) => reason),
    ['only the earlier run has it', 'only the later run has it', 'only the later run has it'],
  );
});

test('three rounds are too few to tell, and there is no word of a change', () => {
  const earlier = run('old', [lock('excl', [10, 11, 12])]);
  const compared = compareRuns(earlier, run('new', [lock('excl', [100, 110, 120])]), null);
  assert.equal(verdictOf(compared.cells, 'excl/spin'), 'too-few-rounds');
  assert.doesNotMatch(asText(compared), /became/);
  assert.match(asText(compared), /1 cell with too few rounds to tell/);
  // A table would say so in each of its rows; for those who want the figures all the same, Markdown has it.
  assert.doesNotMatch(asText(compared), /│/);
  assert.match(asMarkdown(compared), /\| too few rounds \|/);
});

test('a lock that held and fails is worse, whatever it costs', () => {
  const held = lock('excl', at(5000), { verdict: { exclusion: 'held' } });
  const earlier = run('old', [held]);
  const lost = lock('excl', at(5000), { verdict: { exclusion: 'held', sequence: 'lost-updates', lost: 3 } });
  const compared = compareRuns(earlier, run('new', [lost]), null);
  const [cell] = compared.cells as [ComparedCell];
  assert.equal(cell.worse, true);
  assert.match(
    failure(cell, parseCondition('verdict')) ?? '',
    /excl\/spin in \/tmp: held before, lost-updates now/,
  );
  assert.equal(failure(cell, parseCondition('slower:10%')), null);
  assert.match(asText(compared), /FAILS: held before, lost-updates now/);
  // What never held is not worse.
  assert.equal(compareRuns(run('old', [lost]), run('new', [lost]), null).cells[0]?.worse, false);
});

test('--fail-if slower asks for a difference that was seen, and for its size', () => {
  const earlier = run('old', [lock('excl', at(1000)), lock('link', at(1000))]);
  const later = run('new', [lock('excl', at(1200)), lock('link', [900, 2000, 1000, 800, 1600, 950])]);
  const { cells } = compareRuns(earlier, later, null);
  const [excl, link] = cells as [ComparedCell, ComparedCell];
  assert.match(failure(excl, parseCondition('slower:10%')) ?? '', /20\.0% slower/);
  assert.equal(failure(excl, parseCondition('slower:50%')), null);
  assert.equal(failure(link, parseCondition('slower:1%')), null, 'nothing was seen');
});

for (const text of [
  '',
  'slower',
  'slower:',
  'slower:0%',
  'slower:10',
  'slower:10%:x',
  'faster:3%',
  'verdicts',
]) {
  test(`--fail-if "${text}" is refused in a line`, () => {
    assert.throws(() => parseCondition(text), /^UsageError: --fail-if.*(expected), got/);
  });
}

test('what a file calls things stays text in CSV and Markdown', () => {
  const odd = { ...conditions.directory, path: '/a"b|c,\u001b[31m' };
  const cells = [lock('excl', at(5000), { conditions: { directory: odd } })];
  const compared = compareRuns(run('o"ld', cells), run('new', cells), null);
  const csv = asCsv([compared]);
  assert.match(csv, /^"o""ld","new","excl\/spin","\/a""b\|c,\\u001b\[31m",/m);
  assert.ok(!csv.includes('\u001b') && !asMarkdown(compared).includes('\u001b'));
});
