/**
 * Runs made by hand, for `compare`: on a quiet machine, unless the test says otherwise.
 */
import type { NamedRun } from '../../bench/compare/compare-runs.js';
import type { ComparedCell } from '../../bench/compare/compare-schema.js';
import { projectRoot } from '../../bench/machine/project.js';
import { QUOTED_RUN, recordedRun } from '../../bench/measure/result/recorded-run.js';
import type { Cell, Result } from '../../bench/measure/result/result-schema.js';
import { measuredCell, timingRound } from './made-cells.js';

export const recorded = recordedRun(QUOTED_RUN, projectRoot);

export const run = (name: string, cells: readonly Cell[], more: Partial<Result> = {}): NamedRun => ({
  name,
  result: { ...recorded, ...more, cells: [...cells] },
});

/** What six rounds of a cell cost that scatter by little. */
export const at = (ns: number): number[] => [1, 1.01, 1.02, 0.99, 1.03, 0.98].map((factor) => factor * ns);

export const lock = (
  strategy: string,
  costs: readonly number[],
  differences: Parameters<typeof measuredCell>[1] = {},
): Cell =>
  measuredCell(strategy, {
    ...differences,
    rounds: costs.map((ns, block) => timingRound(block, ns)),
    costsNs: costs,
  });

export const fcntl = (costs: readonly number[]): Cell => lock('fcntl', costs, { wait: 'block' });

/** What the machine adds to all cells of a run, of four on a side. */
const OF_RUNS = [1, 1.04, 0.97, 1.02];

export interface Place {
  /** Of the first run of the side among all runs, and of how many the next one is behind it. */
  readonly from: number;
  readonly step: number;
}

/** Where the sides stand that were made in turn. */
export const IN_TURN: Readonly<Record<'old' | 'new', Place>> = {
  old: { from: 0, step: 2 },
  new: { from: 1, step: 2 },
};

/** Four runs; `cells` makes those of a run on which all costs are multiplied by `factor`. */
export const side = (
  name: string,
  cells: (factor: number) => readonly Cell[],
  { from, step }: Place,
  factors: readonly number[] = OF_RUNS,
): NamedRun[] =>
  factors.map((factor, i) => {
    const minute = String(from + step * i).padStart(2, '0');
    return run(`${name}${i + 1}`, cells(factor), { startedAt: `2026-01-01T00:${minute}:00.000Z` });
  });

export const cellOf = (cells: readonly ComparedCell[], name: string): ComparedCell | undefined =>
  cells.find((cell) => cell.lock === name);

export const verdictOf = (cells: readonly ComparedCell[], name: string) =>
  cellOf(cells, name)?.change?.verdict;
