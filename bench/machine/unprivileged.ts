/**
 * Who the workers are. Root passes every permission check, so that a lock made of permissions excludes nobody, and a
 * measurement as root says little about programs that do not run as root: all workers drop to one unprivileged user.
 */
import { closeSync, fchownSync, readFileSync } from 'node:fs';
import { createMemfd } from '../../strategies/posix/shared-memory.js';
import { meaningOf } from '../base/errno-names.js';
import { as, type Identity } from './identity.js';

const OVERFLOW_ID = 65534;
const CAP_KILL = 1n << 5n;

/** uid and gid of a user in the password file's text, or null. Source: passwd(5). */
function lookUp(user: string, passwd: string): Identity | null {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null;
}

/** Whom the workers become. */
export interface Workers {
  /** null: they keep our uid. */
  readonly identity: Identity | null;
  /** Why they keep it although we are root, and nobody asked for that; null otherwise. */
  readonly kept: string | null;
}

/** CAP_KILL among the capabilities in force; true where the kernel does not tell. Source: capabilities(7), proc_pid_status(5). */
function mayEndOthers(): boolean {
  try {
    const [, mask] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    return mask === undefined || (BigInt(`0x${mask}`) & CAP_KILL) !== 0n;
  } catch {
    return true;
  }
}

/**
 * What keeps this root from running others under another uid, or null. A user namespace knows few users, and a container
 * may lack the capabilities for it: it is tried, since what is mapped and what is filtered is written down nowhere.
 */
function obstacleTo(identity: Identity): string | null {
  const { uid } = identity;
  const why = (error: unknown): string => meaningOf((error as NodeJS.ErrnoException).code ?? String(error));
  try {
    as(identity, () => {});
  } catch (error) {
    return `it may not become uid ${uid} (${why(error)})`;
  }
  const fd = createMemfd('lockbench', 0);
  try {
    fchownSync(fd, uid, identity.gid);
  } catch (error) {
    return `it may not give files to uid ${uid} (${why(error)})`;
  } finally {
    closeSync(fd);
  }
  return mayEndOthers() ? null : `it may not end processes of uid ${uid} (no CAP_KILL)`;
}

/** Whom the workers become: nobody else if we are not root, or this root cannot make them another user. */
export function workersHere(): Workers {
  const identity = unprivileged();
  const obstacle = identity === null ? null : obstacleTo(identity);
  return obstacle === null
    ? { identity, kept: null }
    : { identity: null, kept: `workers stay root: this root is confined, ${obstacle}` };
}

export const unprivilegedIdentity = (): Identity | null => workersHere().identity;

/** The user behind sudo, else nobody. Null if we are not root: then there is nothing to drop. */
function unprivileged(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = [Number(process.env.SUDO_UID), Number(process.env.SUDO_GID)];
  if (Number.isInteger(uid) && uid > 0 && Number.isInteger(gid)) return { uid, gid };
  try {
    return lookUp('nobody', readFileSync('/etc/passwd', 'utf8')) ?? { uid: OVERFLOW_ID, gid: OVERFLOW_ID };
  } catch {
    return { uid: OVERFLOW_ID, gid: OVERFLOW_ID };
  }
}
