/**
 * Results made for tests of what a run's summary says, and that summary as it is printed.
 */
import assert from 'node:assert/strict';
import { Chalk } from 'chalk';
import { projectRoot } from '../../bench/machine/project.js';
import { recordedRun } from '../../bench/measure/result/recorded-run.js';
import type { Cell, MeasuredCell, Result } from '../../bench/measure/result/result-schema.js';
import { headline } from '../../bench/run/summary/headline.js';
import { subjectOf } from '../../bench/run/summary/subject.js';
import { summary } from '../../bench/run/summary/summary.js';
import { estimateMedian } from '../../bench/statistics/median.js';
import { wrapped } from '../../bench/text/words.js';
import { loadAll, loadStrategy, namesOnlyIn } from '../../strategies/index.js';
import { losing, measuredCell, proveRound } from './made-cells.js';

export const strategies = new Map((await loadAll()).map((strategy) => [strategy.name, strategy]));
for (const name of namesOnlyIn('c')) strategies.set(name, await loadStrategy(name));
export const strategyNamed = (name: string) => strategies.get(name) ?? assert.fail(name);
export const base = recordedRun('default-2-cpus', projectRoot);
export const quiet: Result['noise'] = {
  ...base.noise,
  spinSpread: 0,
  stealShare: 0,
  otherLoadShare: 0,
  governor: null,
};

export const resultOf = (cells: readonly Cell[], more: Partial<Result> = {}): Result => ({
  ...base,
  ...{ noise: quiet, warnings: [], cells: [...cells], blocks: 6, interruptedBy: null },
  ...more,
});

export const HELD = { exclusion: 'held', handoffs: 2000 } as const;
export const FCNTL = [100, 101, 102, 103, 104, 105];
export const times = (factor: number, ns: readonly number[] = FCNTL): number[] =>
  ns.map((one) => one * factor);

/** A lock that was proven, with its cost in each block; `fcntl` costs FCNTL. */
export function lock(strategy: string, costsNs: readonly number[], wait = 'block'): MeasuredCell {
  const ratios = costsNs.map((ns, i) => ns / (FCNTL[i] ?? 1));
  const cell = measuredCell(strategy, { wait, costsNs, verdict: HELD });
  return { ...cell, ratio: { to: 'fcntl/block', ...estimateMedian(ratios) } };
}

export const CONTROLS = [
  losing('none', 5, { wait: 'block', costsNs: FCNTL }),
  measuredCell('broken', {
    ...{ costsNs: FCNTL, verdict: { exclusion: 'violated', violations: 9 } },
    rounds: [proveRound({ violations: 9, handoffs: 100, first: null })],
  }),
];

export const finding = (cells: readonly Cell[], more: Partial<Result> = {}): string =>
  headline(subjectOf(resultOf(cells, more), strategies)).lines.join('\n');

export function printed(result: Result, width = 80, level: 0 | 1 = 0, all = false): string {
  const text = summary(
    subjectOf(result, strategies),
    { width, chalk: new Chalk({ level }), all },
    { savedAs: 'last', hasEarlier: true },
  );
  return wrapped(text, width);
}
