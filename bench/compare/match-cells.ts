/**
 * Which cell of one run is which of another: the same lock, waiting policy and conditions. A directory is the same by its path, or by its
 * file system, if each run has one directory on it: paths differ between machines.
 */
import { cellName } from '../measure/result/result.js';
import type { Cell, Result } from '../measure/result/result-schema.js';

/** A cell in each run of the two sides, in their order; null in a run that lacks it. */
export interface Match {
  readonly earlier: readonly (Cell | null)[];
  readonly later: readonly (Cell | null)[];
}

interface Directory {
  readonly path: string;
  readonly filesystem: string;
}

const directoriesOf = ({ cells }: Result): Directory[] => [
  ...new Map(cells.map(({ conditions: { directory } }) => [directory.path, directory])).values(),
];

/** From a path of a run to one of the first run. */
function samePaths(first: Result, other: Result): ReadonlyMap<string, string> {
  const [ours, theirs] = [directoriesOf(first), directoriesOf(other)];
  const onlyOn = (all: readonly Directory[], filesystem: string): Directory | null => {
    const found = all.filter((one) => one.filesystem === filesystem);
    return found.length === 1 ? (found[0] as Directory) : null;
  };
  return new Map(
    theirs.flatMap(({ path, filesystem }): [string, string][] => {
      if (ours.some((one) => one.path === path)) return [[path, path]];
      const [mine, yours] = [onlyOn(ours, filesystem), onlyOn(theirs, filesystem)];
      return mine === null || yours === null ? [] : [[path, mine.path]];
    }),
  );
}

/** `path`: under which the cell's directory is known in the first run. */
function keyOf(cell: Cell, path: string): string {
  const { directory, ...conditions } = cell.conditions;
  return JSON.stringify([cellName(cell), path, conditions]);
}

/** A run's cells, each by what it is called in the first run. */
function byKey(run: Result, first: Result): Map<string, Cell> {
  const paths = samePaths(first, run);
  return new Map(
    run.cells.map((cell) => {
      const { path } = cell.conditions.directory;
      return [keyOf(cell, paths.get(path) ?? `not in the first run: ${path}`), cell];
    }),
  );
}

/** In the order of the first run of `earlier`; what it lacks comes last. Each side has at least one run. */
export function matchCells(earlier: readonly Result[], later: readonly Result[]): Match[] {
  const first = earlier[0] as Result;
  const [before, after] = [earlier, later].map((side) => side.map((run) => byKey(run, first))) as [
    Map<string, Cell>[],
    Map<string, Cell>[],
  ];
  const keys = new Set([...before, ...after].flatMap((run) => [...run.keys()]));
  return [...keys].map((key) => ({
    earlier: before.map((run) => run.get(key) ?? null),
    later: after.map((run) => run.get(key) ?? null),
  }));
}
