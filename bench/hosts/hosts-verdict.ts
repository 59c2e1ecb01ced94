/**
 * What a run on many hosts proves: whether a claim was broken, and whether the controls were caught.
 */
import type { Claims, Strategy } from '../../strategies/strategy.js';
import { ALL_WELL, BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { plural } from '../base/format.js';
import { optionOf } from '../machine/lock-warnings.js';
import { isNfs } from '../machine/mount-description.js';
import { BROKEN_LOCK, NO_LOCK } from './contenders.js';
import type { HostsCell, HostsResult, MeasuredHostsCell } from './hosts-schema.js';

type Mount = Pick<HostsResult['directory'], 'filesystem' | 'options'>;

/** Whether a lock claims to exclude between these ranks: between clients of NFS that is a claim of its own. */
export function claimsToExclude(
  { excludes, excludesAsRoot, excludesAcrossNfs }: Claims,
  mount: Mount,
  hosts: number,
  asRoot: boolean,
): boolean {
  if (hosts === 1 || !isNfs(mount)) return asRoot ? excludesAsRoot : excludes;
  if (excludesAcrossNfs === 'not applicable') return false;
  const version = optionOf({ ...mount }, 'vers') ?? (mount.filesystem === 'nfs4' ? '4' : '3');
  return version.startsWith('4') ? excludesAcrossNfs.v4 : excludesAcrossNfs.v3;
}

export const hostCellName = ({ strategy, wait, ranks }: HostsCell): string =>
  `${strategy}/${wait} with ${plural(ranks.length, 'rank')}`;

const isMeasured = (cell: HostsCell): cell is MeasuredHostsCell => cell.state === 'measured';

/**
 * A lost update between clients of NFS may be a cache's, and contradicts no claim to exclude; on one file system of one
 * machine there is no such excuse.
 */
const failed = (cell: MeasuredHostsCell, mount: Mount): boolean =>
  cell.exclusion === 'violated' || (!isNfs(mount) && cell.sequence === 'lost-updates');

/** The names of the cells that broke a claim, and of the controls that were not caught although they had company. */
export function judgeHosts(
  cells: readonly HostsCell[],
  strategies: ReadonlyMap<string, Strategy>,
  mount: Mount,
  hostsOf: (cell: HostsCell) => number,
  asRoot: boolean,
): Pick<HostsResult, 'brokenClaims' | 'uncaughtControls'> {
  const measured = cells.filter(isMeasured);
  const claims = (cell: HostsCell): boolean => {
    const strategy = strategies.get(cell.strategy);
    return strategy !== undefined && claimsToExclude(strategy.claims, mount, hostsOf(cell), asRoot);
  };
  const contended = measured.filter(({ ranks }) => ranks.length > 1);
  // What takes over from a holder that died looks for its process, which another host does not see: no claim of this kind.
  const isStuckAgainstClaim = ({ strategy, holderDied }: MeasuredHostsCell): boolean =>
    holderDied?.next === null && strategies.get(strategy)?.claims.holderDies === 'released';
  const isUncaught = (cell: MeasuredHostsCell): boolean =>
    (cell.strategy === NO_LOCK && cell.sequence === 'intact') ||
    (cell.strategy === BROKEN_LOCK &&
      cell.rounds.some(({ kind }) => kind === 'prove') &&
      cell.exclusion !== 'violated');
  return {
    brokenClaims: [
      ...contended.filter((cell) => claims(cell) && failed(cell, mount)).map(hostCellName),
      ...contended
        .filter(isStuckAgainstClaim)
        .map((cell) => `${hostCellName(cell)}, when its holder is killed`),
    ],
    uncaughtControls: contended.filter(isUncaught).map(hostCellName),
  };
}

/** 1 a claim was broken; 3 something did not finish, or a control went uncaught; else 0. */
export function hostsExitCode({ brokenClaims, uncaughtControls, cells, unknown }: HostsResult): number {
  if (brokenClaims.length > 0) return BROKEN;
  const isIncomplete = cells.some(({ state }) => state === 'timed-out' || state === 'errored');
  return uncaughtControls.length > 0 || isIncomplete || unknown !== null ? INCOMPLETE : ALL_WELL;
}
