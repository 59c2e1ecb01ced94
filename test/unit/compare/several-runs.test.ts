/**
 * Several runs on each side, made by hand, compared: what runs differ by is seen, and what exceeds it is called.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areInTurn } from '../../../bench/compare/can-tell.js';
import { compareRuns } from '../../../bench/compare/compare-runs.js';
import type { ComparedCell } from '../../../bench/compare/compare-schema.js';
import { asCsv, asText } from '../../../bench/compare/compare-table.js';
import { failure, parseCondition } from '../../../bench/compare/fail-if.js';
import type { Cell } from '../../../bench/measure/result/result-schema.js';
import { conditions } from '../../support/made-cells.js';
import { at, cellOf, fcntl, IN_TURN, lock, recorded, run, side, verdictOf } from '../../support/made-runs.js';

const cells =
  ({ excl = 5000, link = 7000 }) =>
  (factor: number): Cell[] => [
    fcntl(at(1000 * factor)),
    lock('excl', at(excl * factor)),
    lock('link', at(link * factor)),
  ];
/** What the machine did to the runs of the later side: the same as to the others, in another order. */
const MACHINE = [1.03, 0.98, 1.01, 0.99];
const later = (of: Parameters<typeof cells>[0]) => side('new', cells(of), IN_TURN.new, MACHINE);
const earlier = side('old', cells({}), IN_TURN.old);

test('a lock that costs twice as much in four runs of four became slower; the others did not change', () => {
  const compared = compareRuns(earlier, later({ excl: 10_000, link: 3500 }), null);
  assert.deepEqual([compared.sample, compared.inTurn, compared.basis], ['run', true, 'cost']);
  assert.equal(verdictOf(compared.cells, 'excl/spin'), 'slower');
  assert.equal(verdictOf(compared.cells, 'link/spin'), 'faster');
  assert.equal(verdictOf(compared.cells, 'fcntl/block'), 'no-difference-seen');
  const change = cellOf(compared.cells, 'excl/spin')?.change;
  assert.ok(change && Math.abs(change.factor - 2) < 0.1 && change.low > 1.85 && change.high < 2.15);
  assert.equal(change.coverage, 1 - 2 / 70, 'of the differences of four runs and four');
  assert.match(asText(compared), /^excl\/spin \(.*\) became slower: 1\.98 times the earlier figure/m);
  assert.match(asText(compared), /^new1, new2, new3 and new4 compared with old1, old2, old3 and old4\n/);
  assert.match(
    asCsv([compared]),
    /^"old1 old2 old3 old4","new1 new2 new3 new4","excl\/spin",.*,"cost","run",/m,
  );
});

test('what runs differ by is no change, though the rounds of each lie close together', () => {
  const apart = [1, 1.3, 0.8, 1.15];
  const before = side('old', cells({}), IN_TURN.old, apart);
  const after = side('new', cells({}), IN_TURN.new, [1.2, 0.9, 1.35, 1.1]);
  const { cells: found } = compareRuns(before, after, null);
  for (const { lock: name, change } of found) assert.equal(change?.verdict, 'no-difference-seen', name);
  // The first runs by themselves differ by 20%, and their rounds by 3%.
  const alone = compareRuns(before.slice(0, 1), after.slice(0, 1), null);
  for (const { change } of alone.cells) assert.equal(change?.verdict, 'too-few-runs');
});

test('runs that were not made in turn make a change doubtful, which fails no condition', () => {
  const after = side('new', cells({ excl: 10_000 }), { from: 10, step: 1 }, MACHINE);
  const compared = compareRuns(side('old', cells({}), { from: 0, step: 1 }), after, null);
  assert.equal(compared.inTurn, false);
  assert.equal(verdictOf(compared.cells, 'excl/spin'), 'doubtful');
  assert.equal(
    failure(cellOf(compared.cells, 'excl/spin') as ComparedCell, parseCondition('slower:1%')),
    null,
  );
  assert.match(
    asText(compared).replaceAll('\n  ', ' '),
    /1 cell changed, or the machine did: the runs were not made in turn/,
  );
});

test('in turn: at most two runs of a side follow each other', () => {
  const times = (order: string, which: string): string[] =>
    [...order].flatMap((one, i) => (one === which ? [`2026-01-01T00:00:0${i}.000Z`] : []));
  const inTurn = (order: string): boolean => areInTurn(times(order, 'A'), times(order, 'B'));
  for (const order of ['AB', 'ABABABAB', 'ABBAABBA', 'AABBAABB', 'BABABAB']) assert.ok(inTurn(order), order);
  for (const order of ['AAAABBBB', 'ABABABBB', 'BAAAB']) assert.ok(!inTurn(order), order);
});

test('three runs and three are too few; three and four are not', () => {
  const after = later({ excl: 50_000 });
  const verdict = (before: number, now: number) =>
    verdictOf(compareRuns(earlier.slice(0, before), after.slice(0, now), null).cells, 'excl/spin');
  assert.equal(verdict(3, 3), 'too-few-runs');
  assert.equal(verdict(2, 1), 'too-few-runs');
  assert.equal(verdict(1, 4), 'too-few-runs');
  assert.equal(verdict(3, 4), 'slower');
  const text = asText(compareRuns(earlier.slice(0, 3), after.slice(0, 3), null));
  assert.match(text, /3 cells with too few runs to tell/);
});

test('three rounds are enough for a run that is one of four', () => {
  const few = (name: string, ns: number, place: 'old' | 'new') =>
    side(name, (factor) => [lock('excl', at(ns * factor).slice(0, 3))], IN_TURN[place]);
  const { cells: found } = compareRuns(few('old', 5000, 'old'), few('new', 10_000, 'new'), null);
  assert.equal(verdictOf(found, 'excl/spin'), 'slower');
});

test('--fail-if slower asks for a change that was called, and for its size', () => {
  const { cells: found } = compareRuns(earlier, later({ excl: 6000 }), null);
  const [excl, link] = [cellOf(found, 'excl/spin'), cellOf(found, 'link/spin')] as [
    ComparedCell,
    ComparedCell,
  ];
  assert.match(failure(excl, parseCondition('slower:10%')) ?? '', /\d+\.\d% slower/);
  assert.equal(failure(excl, parseCondition('slower:50%')), null);
  assert.equal(failure(link, parseCondition('slower:1%')), null, 'nothing was seen');
});

test('a lock that held in all earlier runs and lost updates in one later run fails', () => {
  const held = lock('excl', at(5000), { verdict: { exclusion: 'held' } });
  const lost = lock('excl', at(5000), { verdict: { exclusion: 'held', sequence: 'lost-updates', lost: 3 } });
  const before = side('old', () => [held], IN_TURN.old);
  const [one, ...others] = side('new', () => [held], IN_TURN.new);
  assert.ok(one);
  const bad = run('new1', [lost], { startedAt: one.result.startedAt });
  const [cell] = compareRuns(before, [bad, ...others], null).cells;
  assert.deepEqual([cell?.verdicts.later, cell?.worse], ['lost-updates', true]);
  // One that failed before, if only once, never held for sure.
  const [was] = compareRuns([bad, ...before.slice(1)], [bad, ...others], null).cells;
  assert.deepEqual([was?.verdicts.earlier, was?.worse], ['lost-updates', false]);
});

test('a run that lacks a cell takes no part in it', () => {
  const [first, ...others] = later({ excl: 10_000 });
  assert.ok(first);
  const without = { ...first, result: { ...first.result, cells: first.result.cells.slice(0, 1) } };
  const { cells: found } = compareRuns(earlier, [without, ...others], null);
  assert.equal(found.length, 3);
  assert.equal(verdictOf(found, 'excl/spin'), 'slower', 'four runs and three are enough');
  const [excl] = compareRuns([without], earlier, null).cells.filter((cell) => cell.lock === 'excl/spin');
  assert.equal(excl?.reason, 'only the later run has it');
});

test('what the runs of one side say of a directory that the other side lacks is no difference', () => {
  const elsewhere = (i: number) => ({ ...conditions.directory, path: '/more', options: [`commit=${i}`] });
  const before = earlier.map(({ name, result }, i) => ({
    name,
    result: {
      ...result,
      cells: [...result.cells, lock('excl', at(5000), { conditions: { directory: elsewhere(i) } })],
    },
  }));
  assert.deepEqual(compareRuns(before, later({}), null).differences, []);
});

test('one run of another machine makes ratios of all, and is told', () => {
  const [first, ...others] = later({});
  assert.ok(first);
  const environment = { ...recorded.environment, cpuModel: 'Another' };
  const moved = { ...first, result: { ...first.result, environment } };
  const { basis, differences } = compareRuns(earlier, [moved, ...others], null);
  assert.equal(basis, 'ratio');
  assert.deepEqual(
    differences.map(({ what, earlier: before, later: now }) => [what, before, now]),
    [['processor', recorded.environment.cpuModel, `Another and ${recorded.environment.cpuModel}`]],
  );
});
