/**
 * Claims in words.
 */
import type { Claims } from '../../strategies/strategy.js';
import { formatDuration } from '../base/duration.js';

const yesNo = (claimed: boolean): string => (claimed ? 'yes' : 'no');

const DEATHS: Readonly<Record<Claims['holderDies'], string>> = {
  released: 'the next one gets it (released)',
  'owner-died': 'the next one gets it, with a warning (owner-died)',
  'taken-over': 'a waiter finds the holder gone, and takes it over (taken-over)',
  stuck: 'nobody gets it until somebody removes it (stuck)',
};

/** What is claimed, a pair of a question and its answer each. */
export function claimWords(claims: Claims): (readonly [question: string, answer: string])[] {
  const { excludes, excludesAsRoot, excludesAcrossNfs: nfs, holderDies, leaseNs, owner } = claims;
  return [
    ['excludes', yesNo(excludes)],
    ['excludes as root', yesNo(excludesAsRoot)],
    [
      'excludes over NFS',
      nfs === 'not applicable' ? nfs : `v3 ${yesNo(nfs.v3)}, v4 ${yesNo(nfs.v4)} (claimed)`,
    ],
    ['if its holder is killed', DEATHS[holderDies]],
    [
      'if its holder is stopped',
      leaseNs === undefined
        ? 'it still holds the lock'
        : `others get in after ${formatDuration(leaseNs)}, beside it`,
    ],
    ['a held lock belongs to', owner.replaceAll('-', ' ')],
  ];
}
