/**
 * What a cell over NFS says of its lock and of the data that it guards, in one word each; and the cells as a matrix.
 */

import { cellName, needsProof, turnsOf } from '../result/result.js';
import type { Cell, Conditions, MeasuredCell, Result } from '../result/result-schema.js';

/**
 * safe: never two inside, and no update lost. stale: never two inside, and still an update was lost, to a cache that
 * showed the next holder an old number. violated: two were inside. unchecked: the lock was not handed over often enough.
 */
export type NfsVerdict = 'safe' | 'stale' | 'violated' | 'unchecked' | 'alone';

export const nfsVerdict = ({ verdict, conditions }: MeasuredCell): NfsVerdict =>
  needsProof(conditions) ? judgeBoth(verdict) : 'alone';

/** Both verdicts of a lock that had company, in one word. */
export function judgeBoth(verdict: MeasuredCell['verdict']): Exclude<NfsVerdict, 'alone'> {
  if (verdict.exclusion === 'violated') return 'violated';
  if (verdict.sequence === 'lost-updates') return 'stale';
  return verdict.exclusion === 'held' ? 'safe' : 'unchecked';
}

export const lostShare = (cell: MeasuredCell): number => cell.verdict.lost / turnsOf(cell);

/** A column: what differs between cells of a row. */
export interface NfsColumn {
  readonly version: string;
  readonly number: Conditions['number'];
}

/** Cells of one client layout: `cell(name, column)` is undefined where there is none. */
export interface NfsMatrix {
  readonly conditions: Conditions;
  readonly columns: readonly NfsColumn[];
  readonly names: readonly string[];
  cell(name: string, column: NfsColumn): Cell | undefined;
}

const crewKey = ({ nfs, processes }: Conditions): string => `${nfs?.clients} ${processes}`;
const columnKey = ({ version, number }: NfsColumn): string => `${version} ${number}`;
const columnOf = ({ nfs, number }: Conditions): NfsColumn => ({ version: nfs?.version ?? '', number });

/** The cells that ran over the lab's NFS, by client layout: most clients first, since that is what the lab is for. */
export function nfsMatrices({ cells }: Pick<Result, 'cells'>): NfsMatrix[] {
  const byMix = new Map<string, Cell[]>();
  for (const cell of cells) {
    if (cell.conditions.nfs === undefined) continue;
    const key = crewKey(cell.conditions);
    byMix.set(key, [...(byMix.get(key) ?? []), cell]);
  }
  const matrices = [...byMix.values()].map((mix): NfsMatrix => {
    const columns = new Map(
      mix.map(({ conditions }) => [columnKey(columnOf(conditions)), columnOf(conditions)]),
    );
    return {
      conditions: (mix[0] as Cell).conditions,
      columns: [...columns.values()],
      names: [...new Set(mix.map(cellName))],
      cell: (name, column) =>
        mix.find(
          (one) => cellName(one) === name && columnKey(columnOf(one.conditions)) === columnKey(column),
        ),
    };
  });
  const size = ({ conditions: { nfs, processes } }: NfsMatrix): number =>
    1000 * (nfs?.clients ?? 0) + processes;
  return matrices.sort((a, b) => size(b) - size(a));
}
