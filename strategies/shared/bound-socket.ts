/**
 * What `port` and `abstract-socket` share: the process whose socket is bound to the agreed address holds the lock.
 */
import { EADDRINUSE, fail } from '../posix/errno.js';
import * as libc from '../posix/libc.js';
import type { SocketName } from '../posix/socket.js';
import * as sockets from '../posix/socket.js';
import type { Lock } from '../strategy.js';

const NONE = -1;

export function openBound({ domain, address, length, text }: SocketName): Lock {
  const { bind, close, errno, socket } = libc;
  const { STREAM } = sockets;
  let fd = NONE;
  const drop = (): void => {
    if (close(fd) === -1) fail('close', text);
    fd = NONE;
  };
  return {
    beginAcquire() {
      fd = socket(domain, STREAM, 0);
      if (fd === -1) fail('socket', text);
    },
    tryLock() {
      // A socket that was refused is as it was before, and may be tried again.
      if (bind(fd, address, length) === 0) return true;
      if (errno() !== EADDRINUSE) fail('bind', text);
      return false;
    },
    unlock: drop,
    close() {
      if (fd !== NONE) drop();
    },
  };
}
