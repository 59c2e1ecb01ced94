/**
 * The sentences under a table: nothing is told that the rounds do not tell, and no column is explained that is not shown.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digits } from '../../../bench/base/format.js';
import type { MeasuredCell, Result } from '../../../bench/measure/result/result-schema.js';
import { judge } from '../../../bench/measure/verdict/judgement.js';
import { columns, columnsWithin } from '../../../bench/run/columns.js';
import { resultTable } from '../../../bench/run/result-table.js';
import { recordFiles } from '../../../bench/run/run-readme.js';
import { findings } from '../../../bench/run/sentences.js';
import { estimateMedian } from '../../../bench/statistics/median.js';
import { shortened, wrapped } from '../../../bench/text/words.js';
import { measuredCell } from '../../support/made-cells.js';

const TURNS = 10;
const NO_CONTROLS = new Set<string>();

const resultOf = (cells: MeasuredCell[]): Result =>
  ({
    cells,
    blocks: cells[0]?.rounds.length ?? 0,
    seed: 7,
    command: 'lockbench run',
    startedAt: '2026-01-01T00:00:00.000Z',
    budgetNs: 4e9,
    atLeastNs: 1e6,
    emptyLoopNs: null,
    instrumentsNs: null,
    interruptedBy: null,
    warnings: ['/tmp: a note'],
    noise: { spanNs: 1, chainNs: [], spinNs: [] },
    environment: { cpus: 2, packages: {}, workers: null },
  }) as unknown as Result;

function cells(excl: readonly number[], fcntl: readonly number[]): MeasuredCell[] {
  const ratios = excl.map((ns, i) => ns / (fcntl[i] ?? 1));
  const slow = measuredCell('excl', { costsNs: excl, conditions: { increments: TURNS } });
  const fast = measuredCell('fcntl', { costsNs: fcntl, wait: 'block', conditions: { increments: TURNS } });
  return [fast, { ...slow, ratio: { to: 'fcntl/block', ...estimateMedian(ratios) } }];
}

const text = (made: MeasuredCell[], shown = columns): string =>
  findings(resultOf(made), judge(made, new Map(), false), NO_CONTROLS, shown).join('\n');

test('a ratio that may be 1 makes no headline, and a tie is a sentence of its own', () => {
  const tied = text(cells([10, 0.5, 20, 0.3, 30, 12], [1, 1, 1, 1, 1, 1]));
  assert.doesNotMatch(tied, /times as long/);
  assert.match(tied, /: Not distinguishable: (fcntl\/block ≈ excl\/spin|excl\/spin ≈ fcntl\/block)\.$/m);
  const told = text(cells([10, 11, 12, 13, 14, 15], [1, 1, 1, 1, 1, 1]));
  assert.match(told, /: excl\/spin took 12\.5 times as long as fcntl\/block \(10\.0 to 15\.0\)\.$/m);
  assert.doesNotMatch(told, /[Nn]ot distinguishable/);
});

test('one or two rounds give no bounds, no order and no tie', () => {
  for (const [excl, fcntl] of [
    [[11.5], [1]],
    [
      [11.5, 0.5],
      [1, 1],
    ],
  ] as const) {
    const made = cells(excl, fcntl);
    const said = text(made);
    assert.match(said, /took \S+ times as long as fcntl\/block\.$/m);
    assert.doesNotMatch(said, / to \d|[Nn]ot distinguishable|low–high/);
    assert.match(said, /with fewer than 3 rounds there are no bounds and no order/);
    assert.doesNotMatch(resultTable(resultOf(made), NO_CONTROLS, 200), /1st|–\d/);
  }
  assert.match(resultTable(resultOf(cells([5, 6, 7], [1, 1, 1])), NO_CONTROLS, 200), /1st/);
});

test('what the processor counted has a column each where there is room, per turn, and none where it counts nothing', () => {
  const [fcntl, excl] = cells([10, 11], [1, 1]) as [MeasuredCell, MeasuredCell];
  const counts = { instructions: 123_000, cycles: 45_600, cacheMisses: 20 };
  const counted = { ...excl, cpu: { ...excl.cpu, voluntarySwitches: 7, involuntarySwitches: 3, counts } };
  /** Of a table's lines, those of the head put together. */
  const rowsOf = (made: MeasuredCell[], width: number): string[][] => {
    const lines = resultTable(resultOf(made), NO_CONTROLS, width).split('\n');
    const rows = lines.map((line) => line.split('│').map((cell) => cell.trim()));
    const head = rows.slice(
      1,
      lines.findIndex((line) => line.startsWith('├')),
    );
    const [first = [], ...others] = head;
    return [
      first.map((_, i) => others.reduce((text, row) => `${text} ${row[i]}`.trim(), first[i] ?? '')),
      ...rows,
    ];
  };
  const turns = excl.rounds.length * TURNS;
  const wide = rowsOf([fcntl, counted], 200);
  const heading = wide[0] ?? [];
  const row = wide.find(([, name]) => name === 'excl/spin') ?? [];
  const under = (name: string): string | undefined => row[heading.indexOf(name)];
  assert.deepEqual(
    ['switches', 'instructions', 'cycles', 'cache misses'].map(under),
    [10, 123_000, 45_600, 20].map((count) => digits(count / turns)),
  );
  const other = wide.find(([, name]) => name === 'fcntl/block') ?? [];
  assert.equal(other[heading.indexOf('cycles')], '-');
  assert.ok(!rowsOf([fcntl, counted], 100)[0]?.includes('cycles'), 'there is no room');
  assert.ok(!rowsOf([fcntl, excl], 200)[0]?.includes('cycles'), 'nothing was counted');
});

test('bounds are explained where they are shown, and only there', () => {
  const made = cells([10, 11, 12, 13, 14, 15], [1, 1, 1, 1, 1, 1]);
  for (const width of [60, 80, 95, 96, 200]) {
    const table = resultTable(resultOf(made), NO_CONTROLS, width);
    assert.equal(
      text(made, [...columnsWithin(width)]).includes('low–high'),
      table.includes('low–high'),
      String(width),
    );
  }
});

test('a record says what the terminal said', () => {
  const made = cells([10, 11, 12, 13, 14, 15], [1, 1, 1, 1, 1, 1]);
  const said = findings(resultOf(made), judge(made, new Map(), false), NO_CONTROLS);
  const readme = recordFiles({ ...resultOf(made), findings: said }, 'r')['README.md'] ?? '';
  for (const line of said) assert.ok(readme.includes(`- ${line}`), line);
  assert.match(readme, /^- Warning: \/tmp: a note\.$/m);
});

test('lines are broken between words, and go on indented; a table is not broken', () => {
  assert.equal(wrapped('a bc def ghi', 8), 'a bc\n  def\n  ghi');
  assert.equal(wrapped('  note: one two three', 12), '  note:\n    one two\n    three');
  assert.equal(wrapped('│ a table of figures │', 8), '│ a table of figures │');
  assert.equal(wrapped('short\nlines', 8), 'short\nlines');
});

test('a status is cut between words', () => {
  assert.equal(shortened('round 3 of 20  excl/spin', 30), 'round 3 of 20  excl/spin');
  assert.equal(shortened('round 3 of 20  excl/spin', 20), 'round 3 of 20…');
  assert.equal(shortened('excl/spin', 5), 'excl…');
});
