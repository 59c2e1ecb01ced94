/**
 * To be another user, for good or for a moment. Loaded by every worker: whom they become is found out elsewhere, once.
 */
import { keepingDeathSignal } from '../../strategies/posix/own-process.js';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
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
  const group = process.getegid?.() ?? 0;
  return keepingDeathSignal(() => {
    try {
      process.setgroups?.([]);
      process.setegid?.(identity.gid);
      process.seteuid?.(identity.uid);
      return action();
    } finally {
      process.seteuid?.(0);
      process.setegid?.(group);
      // Refused where dropping them was refused, too.
      if (process.getgroups?.().join() !== groups.join()) process.setgroups?.(groups);
    }
  });
}
