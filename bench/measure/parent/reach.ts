/**
 * How far a lock reaches. A file system that is shared with other hosts is locked for all of them; a lock in this host's
 * memory is unknown to the others, and a verdict on it, taken in that directory, would be about another question.
 */
import type { Claims } from '../../../strategies/strategy.js';
import { fileSystemName, isNetworkFileSystem } from '../../machine/mount-description.js';
import type { TestDirectory } from './plan.js';
import type { Look } from './preflight.js';

/** A strategy that is not a lock claims nothing, and is a control everywhere. */
const isOfThisHostAlone = ({ excludes, excludesAcrossNfs }: Claims): boolean =>
  excludes && excludesAcrossNfs === 'not applicable';

/**
 * A look in which locks that other hosts never see are unavailable on the network's file systems; the rest is as it was
 * found.
 */
export function withinReach(look: Look, testDirectories: readonly TestDirectory[]): Look {
  const limited: Record<string, Look['findings'][string]> = {};
  for (const [name, byDirectory] of Object.entries(look.findings)) {
    const strategy = look.strategies[name];
    const refused =
      strategy !== undefined && isOfThisHostAlone(strategy.claims)
        ? testDirectories.flatMap(({ directory, mount }) => {
            if (mount === null || !isNetworkFileSystem(mount)) return [];
            const reason =
              `its lock lives on this host alone, unseen by other hosts that mount this ${fileSystemName(mount)}; ` +
              'if none of them locks, use "run --one-host"';
            return [[directory, { available: false, reason } as const] as const];
          })
        : [];
    limited[name] = { ...byDirectory, ...Object.fromEntries(refused) };
  }
  return { ...look, findings: limited };
}
