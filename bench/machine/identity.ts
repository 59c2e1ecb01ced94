/**
 * Who the workers are. Root passes every permission check, so that a lock made of permissions excludes nobody, and a
 * measurement as root says little about programs that do not run as root: all workers drop to one unprivileged user.
 */
import { readFileSync } from 'node:fs';
import { keepingDeathSignal } from '../../strategies/posix/own-process.js';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

const OVERFLOW_ID = 65534;

/** uid and gid of a user in the password file's text, or null. Source: passwd(5). */
export function lookUp(user: string, passwd: string): Identity | null {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null;
}

/** The user behind sudo, else nobody. Null if we are not root: then there is nothing to drop. */
export function unprivilegedIdentity(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = [Number(process.env.SUDO_UID), Number(process.env.SUDO_GID)];
  if (Number.isInteger(uid) && uid > 0 && Number.isInteger(gid)) return { uid, gid };
  try {
    return lookUp('nobody', readFileSync('/etc/passwd', 'utf8')) ?? { uid: OVERFLOW_ID, gid: OVERFLOW_ID };
  } catch {
    return { uid: OVERFLOW_ID, gid: OVERFLOW_ID };
  }
}

/** Becomes that user for good. The order matters: without its uid a process may not change its groups. */
export function drop(identity: Identity | null): void {
  if (identity === null) return;
  process.setgroups?.([]);
  process.setgid?.(identity.gid);
  process.setuid?.(identity.uid);
}

/** Does something as that user, and is root again afterwards: what is made belongs to the workers. */
export function as<T>(identity: Identity | null, action: () => T): T {
  if (identity === null) return action();
  const groups = process.getgroups?.() ?? [];
  return keepingDeathSignal(() => {
    process.setgroups?.([]);
    process.setegid?.(identity.gid);
    process.seteuid?.(identity.uid);
    try {
      return action();
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
      process.setgroups?.(groups);
    }
  });
}
