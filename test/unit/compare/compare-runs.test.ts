/**
 * One run on each side, made by hand, compared.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns } from '../../../bench/compare/compare-runs.js';
import type { ComparedCell } from '../../../bench/compare/compare-schema.js';
import { asCsv, asMarkdown, asText } from '../../../bench/compare/compare-table.js';
import { failure, parseCondition } from '../../../bench/compare/fail-if.js';
import { conditions } from '../../support/made-cells.js';
import { at, cellOf, fcntl, lock, recorded, run, verdictOf } from '../../support/made-runs.js';

const unwrapped = (text: string): string => text.replaceAll('\n  ', ' ');

test('one run on each side calls nothing slower or faster, however little its rounds scatter', () => {
  const earlier = run('old', [fcntl(at(1000)), lock('excl', at(5000)), lock('link', at(7000))]);
  const later = run('new', [fcntl(at(1000)), lock('excl', at(10_000)), lock('link', at(3500))]);
  const compared = compareRuns([earlier], [later], null);
  const { cells, basis, differences, sample } = compared;
  assert.deepEqual([basis, differences, sample], ['cost', [], 'round']);
  assert.equal(verdictOf(cells, 'excl/spin'), 'too-few-runs');
  assert.equal(verdictOf(cells, 'link/spin'), 'too-few-runs');
  assert.equal(verdictOf(cells, 'fcntl/block'), 'no-difference-seen');
  // What these two runs do say is shown.
  const change = cellOf(cells, 'excl/spin')?.change;
  assert.ok(change && Math.abs(change.factor - 2) < 0.01 && change.low > 1.9 && change.high < 2.1);
  assert.equal(change.superiority, 1);
  assert.equal(cells.length, 3, 'each cell once');
  assert.doesNotMatch(asText(compared), /became/);
  assert.match(
    unwrapped(asText(compared)),
    /^2 cells changed by more than the rounds of a run scatter, but one run on each side does not say what runs differ by\./m,
  );
  assert.match(unwrapped(asText(compared)), /Measure both in turn, four runs each or more/);
  assert.match(asText(compared), /excl\/spin .* 2\.00 .* 1\.9\d–2\.0\d .* too few runs/);
});

test('costs of two versions on one machine are compared, and what else differs is told', () => {
  const cells = [fcntl(at(1000)), lock('excl', at(5000))];
  const later = run('new', cells, { environment: { ...recorded.environment, node: 'v99.0.0' } });
  const { basis, differences } = compareRuns([run('old', cells)], [later], null);
  assert.equal(basis, 'cost');
  assert.deepEqual(
    differences.map(({ what, costsDiffer }) => [what, costsDiffer]),
    [['Node', false]],
  );
});

test('between machines ratios are compared: all twice as slow is no change of a lock', () => {
  const other = { ...recorded.environment, cpuModel: 'Another' };
  const earlier = [run('old', [fcntl(at(1000)), lock('excl', at(5000)), lock('link', at(5000))])];
  const later = [
    run('new', [fcntl(at(2000)), lock('excl', at(10_000)), lock('link', at(30_000))], { environment: other }),
  ];
  const compared = compareRuns(earlier, later, null);
  assert.equal(compared.basis, 'ratio');
  assert.equal(verdictOf(compared.cells, 'excl/spin'), 'no-difference-seen');
  assert.equal(verdictOf(compared.cells, 'link/spin'), 'too-few-runs');
  const baseline = cellOf(compared.cells, 'fcntl/block');
  assert.deepEqual([baseline?.change, baseline?.reason], [null, 'the others are compared with it']);
  // Before all that is said of locks.
  const [, first = ''] = unwrapped(asText(compared)).split('\n\n');
  assert.match(first, /^! Not the same: processor \(.*, now Another\): costs in time cannot be compared/);
  assert.equal(compareRuns(earlier, later, 'cost').basis, 'cost');
});

test('a directory of another path is the same if each run has one on that file system', () => {
  const elsewhere = { ...conditions.directory, path: '/data' };
  const earlier = [run('old', [lock('excl', at(5000))])];
  const later = run('new', [lock('excl', at(5000), { conditions: { directory: elsewhere } })]);
  assert.equal(verdictOf(compareRuns(earlier, [later], null).cells, 'excl/spin'), 'no-difference-seen');
  const twice = run('new', [
    ...later.result.cells,
    lock('excl', at(5000), { conditions: { directory: { ...elsewhere, path: '/more' } } }),
  ]);
  assert.deepEqual(
    compareRuns(earlier, [twice], null).cells.map(({ reason }) => reason),
    ['only the earlier run has it', 'only the later run has it', 'only the later run has it'],
  );
});

test('three rounds are too few to tell, and there is no word of a change', () => {
  const earlier = [run('old', [lock('excl', [10, 11, 12])])];
  const compared = compareRuns(earlier, [run('new', [lock('excl', [100, 110, 120])])], null);
  assert.equal(verdictOf(compared.cells, 'excl/spin'), 'too-few-rounds');
  assert.doesNotMatch(asText(compared), /became/);
  assert.match(asText(compared), /1 cell with too few rounds to tell/);
  // A table would say so in each of its rows; for those who want the figures all the same, Markdown has it.
  assert.doesNotMatch(asText(compared), /│/);
  assert.match(asMarkdown(compared), /\| too few rounds \|/);
});

test('a lock that held and fails is worse, whatever it costs', () => {
  const held = lock('excl', at(5000), { verdict: { exclusion: 'held' } });
  const lost = lock('excl', at(5000), { verdict: { exclusion: 'held', sequence: 'lost-updates', lost: 3 } });
  const compared = compareRuns([run('old', [held])], [run('new', [lost])], null);
  const [cell] = compared.cells as [ComparedCell];
  assert.equal(cell.worse, true);
  assert.match(
    failure(cell, parseCondition('verdict')) ?? '',
    /excl\/spin in \/tmp: held before, lost-updates now/,
  );
  assert.equal(failure(cell, parseCondition('slower:10%')), null);
  assert.match(asText(compared), /FAILS: held before, lost-updates now/);
  // What never held is not worse.
  assert.equal(compareRuns([run('old', [lost])], [run('new', [lost])], null).cells[0]?.worse, false);
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
  const compared = compareRuns([run('o"ld', cells)], [run('new', cells)], null);
  const csv = asCsv([compared]);
  assert.match(csv, /^"o""ld","new","excl\/spin","\/a""b\|c,\\u001b\[31m",/m);
  assert.ok(!csv.includes('\u001b') && !asMarkdown(compared).includes('\u001b'));
});
