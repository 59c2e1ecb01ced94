/**
 * The ways by which a daemon can be the only one of its kind: which strategies, and what differs between them here. All
 * else is asked of a strategy's claims.
 */
import { readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { makeHasEnded } from '../../strategies/posix/process-identity.js';
import { loopbackPort } from '../../strategies/posix/socket.js';
import { pagePath } from '../../strategies/shared/memory-page.js';
import type { LockSite } from '../../strategies/strategy.js';

/** Where the starts of one daemon meet, for people. */
export interface Meeting {
  /** As it was named. */
  readonly pidFile: string;
  /** Where it is, links followed. */
  readonly path: string;
  readonly token: string;
}

export interface Way {
  /** Whether the pid file itself is what is locked, and not something that its identity names. */
  readonly locksPidFile: boolean;
  /** What must be so that it works at all. */
  readonly needs: string;
  /** Why the command cannot have the lock; null if it can. */
  readonly withoutRecovery: string | null;
  /** What to do if it is held and nobody who has it is to be seen. */
  readonly hint: (meeting: Meeting) => string;
  /** Where the lock lies under a name of its own, which goes with its last holder; left out if it has none, or keeps it. */
  readonly lockName?: (site: LockSite) => string;
  /** Done while the lock is held: removes what earlier holders left that were killed. */
  readonly tidy?: (site: LockSite) => void;
}

/** The file in which a start says who it is (see excl-pid) stays when it is killed. */
function removeFilesOfTheDead(site: LockSite): void {
  const hasEnded = makeHasEnded();
  const start = basename(site.path('own.'));
  for (const name of readdirSync(site.dir)) {
    if (!name.startsWith(start)) continue;
    const who = new TextEncoder().encode(name.slice(start.length));
    if (hasEnded(who, who.length)) rmSync(site.path(`own.${name.slice(start.length)}`), { force: true });
  }
}

const WAYS = {
  fcntl: {
    locksPidFile: true,
    needs: 'a file system that knows record locks',
    withoutRecovery: "a record lock belongs to one process, and a child gets none of its parent's",
    hint: () => 'lslocks tells which process has the lock',
  },
  flock: {
    locksPidFile: true,
    needs: 'a file system that knows flock',
    withoutRecovery: null,
    hint: ({ pidFile }) => `a process that inherited the lock may have it: fuser -v ${pidFile} tells which`,
  },
  'excl-pid': {
    locksPidFile: false,
    needs: 'a file system with hard links',
    withoutRecovery: 'its lock file names one process, and is taken over as soon as that one has ended',
    hint: ({ path }) => `${path}.lock says who has it; remove that file if it is of another host or boot`,
    tidy: removeFilesOfTheDead,
  },
  port: {
    locksPidFile: false,
    needs: 'the loopback interface to be up',
    withoutRecovery: 'its socket is made so that no child gets it',
    hint: ({ token }) => `another program may have bound ${loopbackPort(token).text}: ss -ltnp tells which`,
  },
  'shm-flag': {
    locksPidFile: false,
    needs: '/dev/shm, and the user whose flag is there',
    withoutRecovery: 'a flag belongs to nobody: it stays set, whichever process lives or dies',
    lockName: pagePath,
    hint: ({ token }) => `a flag outlives who set it: if none runs, rm ${pagePath({ token })}`,
  },
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof WAYS;
export const wayNames = Object.keys(WAYS) as readonly WayName[];

/** A lock from outside of the catalogue: nothing is known of it but what it claims. */
const OWN: Way = {
  locksPidFile: false,
  needs: 'what its module asks for',
  withoutRecovery: 'of a lock of your own it is not known whether a child can have it',
  hint: () => 'what its module made may be left of a start that was killed',
};

const isWay = (name: string): name is WayName => Object.hasOwn(WAYS, name);

/** Of a way by its name, or of a lock from outside by its own. */
export const wayOf = (name: string): Way => (isWay(name) ? WAYS[name] : OWN);
