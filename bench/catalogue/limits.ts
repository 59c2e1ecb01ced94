/**
 * What a lock does not protect from, by what it claims.
 */

import type { Strategy } from '../../strategies/strategy.js';
import { formatDuration } from '../base/duration.js';

/** The most serious first. */
export function unprotectedFrom({ claims, family }: Strategy): string[] {
  const { holderDies, owner, leaseNs, excludesAsRoot, excludesAcrossNfs } = claims;
  return [
    ...(holderDies === 'stuck' ? ['a killed holder: it stays locked until somebody removes it'] : []),
    ...(leaseNs === undefined
      ? []
      : [`a holder that is stopped for longer than ${formatDuration(leaseNs)}: another gets in beside it`]),
    ...(holderDies === 'released' || holderDies === 'taken-over'
      ? ['what a killed holder left half done: the next one is not told']
      : []),
    ...(owner === 'process'
      ? ['threads of one process, or a library that closes the same file, which unlocks it']
      : []),
    ...(owner === 'open-file-description' ? ['a child that inherits the descriptor: it keeps the lock'] : []),
    ...(family === 'kernel file lock'
      ? ['removal of the file: others lock a new one beside the holder']
      : []),
    ...(family === 'name in a directory' ? ['removal of the name: others get in beside the holder'] : []),
    ...(excludesAsRoot ? [] : ['root, which gets in beside the holder']),
    ...(excludesAcrossNfs === 'not applicable' ? ['processes of other hosts'] : []),
    'programs that do not ask for it',
  ];
}
