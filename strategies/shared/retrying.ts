/**
 * Calls that take something from the kernel, try to take it, and give it back, as the members of a lock: what the
 * semaphores share, each of which is a counter behind three calls.
 */
import { EAGAIN, EINTR, fail } from '../posix/errno.js';
import { errno } from '../posix/libc.js';

/** Each returns -1 with errno set if it failed. Named as the manual pages do, for errors. */
export interface Calls {
  /** Sleeps until there is something to take. */
  take(): number;
  /** Fails with EAGAIN where `take` would sleep. */
  tryToTake(): number;
  give(): number;
  readonly names: { readonly take: string; readonly tryToTake: string; readonly give: string };
}

/** Again after EINTR; EAGAIN is "held"; everything else is thrown as a SystemError. */
export function retrying({ take, tryToTake, give, names }: Calls) {
  return {
    lock(): void {
      while (take() === -1) if (errno() !== EINTR) fail(names.take);
    },
    tryLock(): boolean {
      while (tryToTake() === -1) {
        const why = errno();
        if (why === EAGAIN) return false;
        if (why !== EINTR) fail(names.tryToTake);
      }
      return true;
    },
    unlock(): void {
      while (give() === -1) if (errno() !== EINTR) fail(names.give);
    },
  };
}
