/**
 * The lock of Samba's ping_pong: a ring of one byte more than there are processes. Each process always holds one byte; on lock
 * it takes the next one as well, on unlock it gives the earlier one back. Who holds two is alone, since the bytes do not
 * suffice for two such, and the turn goes round. The same calls, in the same order, as `ping_pong FILE N`, made by one who
 * contends as all workers do.
 *
 * Source: ping_pong(1) of Samba, and what strace shows of it.
 */
import { EINTR, fail } from '../../../../strategies/posix/errno.js';
import { PROCESS_OWNED, unlocked, WHOLE_FILE, writeLock } from '../../../../strategies/posix/file-lock.js';
import type { Address } from '../../../../strategies/posix/libc.js';
import * as libc from '../../../../strategies/posix/libc.js';
import type { SyncStrategy } from '../../../../strategies/strategy.js';

export const strategy: SyncStrategy = {
  name: import.meta.url,
  title: 'the next byte of a ring, as ping_pong takes it',
  family: 'kernel file lock',
  source: 'ping_pong(1)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'synchronous',
  open({ fd, workers, workerIndex }) {
    const { errno, fcntl } = libc;
    const bytes = Array.from({ length: workers + 1 }, (_, start) => ({ start, length: 1 }));
    const takes = bytes.map(writeLock);
    const drops = bytes.map(unlocked);
    const dropAll = unlocked(WHOLE_FILE);
    // ping_pong gives a byte back by the command that waits, too.
    const set = (request: Address): void => {
      while (fcntl(fd, PROCESS_OWNED.wait, request) === -1) if (errno() !== EINTR) fail('fcntl(F_SETLKW)');
    };
    let mine = workerIndex % bytes.length;
    let earlier = mine;
    set(takes[mine] as Address);
    return {
      lock() {
        earlier = mine;
        mine = mine + 1 === takes.length ? 0 : mine + 1;
        set(takes[mine] as Address);
      },
      unlock: () => set(drops[earlier] as Address),
      // The others go round without this process from now on.
      close: () => set(dropAll),
    };
  },
};
