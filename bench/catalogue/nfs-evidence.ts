/**
 * What `nfs compare` saw of locks between clients, in recorded runs: a lock that failed there is not offered over NFS, whatever
 * it claims.
 */
import { isMeasured } from '../measure/result/result.js';
import type { MeasuredCell, Result } from '../measure/result/result-schema.js';
import { nfsVerdict } from '../measure/verdict/nfs-verdict.js';
import { list } from '../text/words.js';

/** The run of the lab that has the whole catalogue. */
export const QUOTED_NFS_RUN = 'nfs-catalogue';

const versionsOf = (cells: readonly MeasuredCell[]): string =>
  list([...new Set(cells.map(({ conditions }) => conditions.nfs?.version ?? ''))]);

function whyNot(cells: readonly MeasuredCell[]): string | null {
  const violated = cells.filter((cell) => nfsVerdict(cell) === 'violated');
  if (violated.length > 0) return `nfs compare saw two inside at once over NFS ${versionsOf(violated)}`;
  const stale = cells.filter((cell) => nfsVerdict(cell) === 'stale');
  if (stale.length === 0) return null;
  const keptOpen = stale.every(({ conditions }) => conditions.number === 'kept-open');
  const where = keptOpen ? ', of a file that stays open' : '';
  return `nfs compare saw updates lost over NFS ${versionsOf(stale)}${where}`;
}

/** By strategy: why it is not offered. Strategies that were not seen to fail are missing. */
export function failuresOverNfs(runs: readonly Pick<Result, 'cells'>[]): ReadonlyMap<string, string> {
  const between = runs
    .flatMap(({ cells }) => cells.filter(isMeasured))
    .filter(({ conditions }) => (conditions.nfs?.clients ?? 1) > 1);
  return new Map(
    [...new Set(between.map(({ strategy }) => strategy))].flatMap((name): [string, string][] => {
      const why = whyNot(between.filter(({ strategy }) => strategy === name));
      return why === null ? [] : [[name, why]];
    }),
  );
}
