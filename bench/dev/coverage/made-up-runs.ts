/**
 * Runs on made-up machines, and what a run says of each of its cells.
 */
import { median } from '../../statistics/median.js';
import type { Machine, NoiseModel } from './noise-models.js';

/** Of each run. */
export const CELLS = 8;

export const blocksOf = (machine: Machine, count: number): (readonly number[])[] =>
  Array.from({ length: count }, () => machine.block());

export const column = (blocks: readonly (readonly number[])[], cell: number): number[] =>
  blocks.map((block) => block[cell] ?? Number.NaN);

/** One after another. */
export function runsOf(model: NoiseModel, count: number, random: () => number): Machine[] {
  const runs: Machine[] = [];
  while (runs.length < count) runs.push(runs.at(-1)?.nextRun?.() ?? model.start(CELLS, random));
  return runs;
}

/** Of each cell its figure in each of the runs, as `compare` takes it: the median of the rounds. */
export function figuresOfRuns(
  model: NoiseModel,
  { runs, rounds }: { readonly runs: number; readonly rounds: number },
  random: () => number,
): number[][] {
  const blocks = runsOf(model, runs, random).map((run) => blocksOf(run, rounds));
  return Array.from({ length: CELLS }, (_, cell) => blocks.map((run) => median(column(run, cell))));
}
