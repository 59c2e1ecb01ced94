/**
 * Which cell of one run is which of another: the same lock, waiting policy and conditions. A directory is the same by its path, or by its
 * file system, if each run has one directory on it: paths differ between machines.
 */
import { cellName } from '../measure/result/result.js';
import type { Cell, Result } from '../measure/result/result-schema.js';

export interface Match {
  /** Null: only one of the runs has it. */
  readonly earlier: Cell | null;
  readonly later: Cell | null;
}

interface Directory {
  readonly path: string;
  readonly filesystem: string;
}

const directoriesOf = ({ cells }: Result): Directory[] => [
  ...new Map(cells.map(({ conditions: { directory } }) => [directory.path, directory])).values(),
];

/** From a path of the later run to one of the earlier run. */
function samePaths(earlier: Result, later: Result): ReadonlyMap<string, string> {
  const [ours, theirs] = [directoriesOf(earlier), directoriesOf(later)];
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

/** `path`: under which the cell's directory is known in the earlier run. */
function keyOf(cell: Cell, path: string): string {
  const { directory, ...conditions } = cell.conditions;
  return JSON.stringify([cellName(cell), path, conditions]);
}

/** In the order of the earlier run; what only the later one has comes last. */
export function matchCells(earlier: Result, later: Result): Match[] {
  const paths = samePaths(earlier, later);
  const pathOf = (cell: Cell): string => cell.conditions.directory.path;
  const left = new Map(
    later.cells.map((cell) => {
      const known = paths.get(pathOf(cell));
      return [keyOf(cell, known ?? `only later: ${pathOf(cell)}`), cell];
    }),
  );
  const matches = earlier.cells.map((cell): Match => {
    const key = keyOf(cell, pathOf(cell));
    const other = left.get(key) ?? null;
    left.delete(key);
    return { earlier: cell, later: other };
  });
  return [...matches, ...[...left.values()].map((cell): Match => ({ earlier: null, later: cell }))];
}
