/**
 * What somebody may need of a lock, each with its option, its question, and how a strategy's own claims and members answer
 * it. Nothing here knows a strategy.
 */
import type { Strategy } from '../../strategies/strategy.js';
import { offers } from '../measure/worker/policy.js';
import type { Finding } from '../measure/worker/prober.js';

/** A strategy, and what it can do here. */
export interface Candidate {
  readonly strategy: Strategy;
  readonly finding: Finding;
  /** Why it is not offered over NFS, whatever it claims; left out if it was not seen to fail. */
  readonly failureOverNfs?: string;
}

export interface Need {
  readonly option: string;
  /** The option that says that it is not needed, where there is one. */
  readonly opposite?: string;
  readonly help: string;
  readonly question: string;
  /** The answer of who has none: what most need, and what does no harm. */
  readonly usual: boolean;
  /** What is wanted, behind "a lock that". */
  readonly words: string;
  /** Why a candidate does not meet it; null if it does. */
  unmet(candidate: Candidate): string | null;
}

/** Everyone who asks for a lock needs these, and is not asked. */
const EXCLUDES: Pick<Need, 'unmet'> = {
  unmet: ({ strategy: { claims } }) => (claims.excludes ? null : 'it does not claim to exclude'),
};
const WORKS_HERE: Pick<Need, 'unmet'> = {
  unmet: ({ finding }) => (finding.available ? null : `it does not work here: ${finding.reason}`),
};

export const NEEDS: readonly Need[] = [
  {
    option: '--nfs',
    opposite: '--local',
    help: 'processes of several hosts share it over NFS',
    question: 'Do processes of several hosts share it, over NFS?',
    words: 'excludes between hosts over NFS v3 and v4',
    usual: false,
    unmet({ strategy: { claims }, failureOverNfs }) {
      const nfs = claims.excludesAcrossNfs;
      if (nfs === 'not applicable') return 'it lives on one host: other hosts cannot see it';
      const bad = [...(nfs.v3 ? [] : ['v3']), ...(nfs.v4 ? [] : ['v4'])];
      if (bad.length > 0) return `it does not claim to exclude over NFS ${bad.join(' and ')}`;
      return failureOverNfs ?? null;
    },
  },
  {
    option: '--crash',
    help: 'the lock must survive a crash of its holder',
    question: 'Must others get the lock when its holder is killed?',
    words: 'passes to others when its holder is killed',
    usual: true,
    unmet: ({ strategy: { claims } }) =>
      claims.holderDies === 'stuck' ? 'if its holder is killed, everybody is stuck' : null,
  },
  {
    option: '--no-block',
    opposite: '--may-block',
    help: 'the caller must not have to wait',
    question: 'Must a caller learn at once that the lock is held, without waiting?',
    words: 'can be tried without waiting',
    usual: false,
    unmet: ({ finding }) =>
      finding.available && !finding.members.tryLock ? `it ${offers(finding.members)}` : null,
  },
  {
    option: '--as-root',
    help: 'its processes run as root',
    question: 'Do its processes run as root?',
    words: 'excludes processes of root',
    usual: false,
    unmet: ({ strategy: { claims } }) =>
      claims.excludesAsRoot ? null : 'it does not exclude between processes of root',
  },
  {
    option: '--other-languages',
    help: 'programs in other languages take it too',
    question: 'Do programs in other languages, such as shell scripts, take it too?',
    words: 'is open to programs in other languages',
    usual: false,
    unmet: ({ strategy: { closedToOthers } }) =>
      closedToOthers === undefined ? null : `programs in other languages cannot take it: ${closedToOthers}`,
  },
  {
    option: '--readers',
    help: 'many readers may hold it at once',
    question: 'May many readers hold it at once?',
    words: 'admits many readers at once',
    usual: false,
    unmet: ({ finding }) =>
      finding.available && !finding.members.shared ? 'it has no shared mode for readers' : null,
  },
];

/** All reasons why a candidate does not fit, by what is needed. */
export const unmetBy = (candidate: Candidate, needs: readonly Need[]): string[] =>
  [EXCLUDES, WORKS_HERE, ...needs].flatMap((need) => need.unmet(candidate) ?? []);
