/**
 * What a proof under a mount option says, and what a run of them proves as a whole: whether a claim was broken, and
 * whether the mounts that keep locks from the server were caught.
 */

import type { Strategy } from '../../../strategies/strategy.js';
import { areKeptLocal } from '../../machine/mount-description.js';
import { cellName } from '../../measure/result/result.js';
import type { Judgement } from '../../measure/verdict/judgement.js';
import { judgeBoth } from '../../measure/verdict/nfs-verdict.js';
import type { MountedOption, MountOptionsResult, OptionCell, ProvenCell } from './mount-options-schema.js';

/** The name of a mount with no option of its own. */
export const DEFAULT = 'default';
/** What must be caught losing updates, or letting two in, wherever it is proven. */
export const CONTROL = 'none';

/** The strategies whose locks, also those that libraries take for them, local_lock and nolock are about: this experiment knows them by name. */
const KINDS: Readonly<Record<string, 'posix' | 'flock'>> = {
  fcntl: 'posix',
  'fcntl-range': 'posix',
  'fcntl-fs-ext': 'posix',
  lockf: 'posix',
  ofd: 'posix',
  'os-lock': 'posix',
  'fs-native-extensions': 'posix',
  sqlite: 'posix',
  flock: 'flock',
  'flock-fs-ext': 'flock',
};

export const outcomeOf = ({ verdict }: ProvenCell): ReturnType<typeof judgeBoth> => judgeBoth(verdict);

export const isAcross = ({ clients }: Pick<OptionCell, 'clients'>): boolean => clients > 1;

/** Whether the server never hears of this strategy's locks under these options, as the kernel tells them. */
export function isKeptLocal(
  strategy: string,
  { filesystem, inForce }: Pick<MountedOption, 'filesystem' | 'inForce'>,
): boolean {
  const kind = KINDS[strategy];
  return kind !== undefined && areKeptLocal(kind, { filesystem, options: inForce });
}

function claimsToExclude({ claims }: Strategy, cell: OptionCell, { version }: MountedOption): boolean {
  if (!isAcross(cell)) return claims.excludes;
  if (claims.excludesAcrossNfs === 'not applicable') return false;
  return version === 'v3' ? claims.excludesAcrossNfs.v3 : claims.excludesAcrossNfs.v4;
}

const where = (cell: OptionCell, { version, option }: MountedOption): string =>
  `${cellName(cell)} under ${version} ${option} on ${cell.clients === 1 ? '1 client' : `${cell.clients} clients`}`;

/**
 * Judges what is finished. `uncaughtControls` has, besides the control, the locks that the kernel says are kept from the
 * server and that were not seen to let two in between clients.
 */
export function judgeMountOptions(
  { mounts }: MountOptionsResult,
  strategies: ReadonlyMap<string, Strategy>,
): Judgement {
  const brokenClaims: string[] = [];
  const uncaughtControls: string[] = [];
  const incomplete: string[] = [];
  for (const mount of mounts) {
    if (mount.state === 'refused') {
      incomplete.push(`${mount.version} ${mount.option}, which mount refused (${mount.reason})`);
    }
    if (mount.state !== 'mounted') continue;
    for (const cell of mount.cells) {
      if (cell.state !== 'proven') {
        incomplete.push(`${where(cell, mount)} (${cell.reason})`);
        continue;
      }
      const outcome = outcomeOf(cell);
      const mustFail = isAcross(cell) && isKeptLocal(cell.strategy, mount);
      if (cell.strategy === CONTROL) {
        if (outcome !== 'violated' && outcome !== 'stale') uncaughtControls.push(where(cell, mount));
      } else if (mustFail) {
        if (outcome !== 'violated') uncaughtControls.push(where(cell, mount));
      } else if (outcome === 'violated') {
        const strategy = strategies.get(cell.strategy);
        if (strategy !== undefined && claimsToExclude(strategy, cell, mount))
          brokenClaims.push(where(cell, mount));
      }
    }
  }
  return { brokenClaims, uncaughtControls, incomplete };
}
