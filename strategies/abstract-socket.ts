/**
 * Unix socket with an abstract name: the process whose socket is bound to the name holds the lock. The name is not a
 * file.
 *
 * On lock: socket, once per acquisition; bind to a NUL byte and the token, EADDRINUSE means held.
 * On unlock: close.
 * If the holder dies: the kernel closes its descriptors, and the name is free.
 * Where it breaks: nobody is woken, so the waiter polls; a child that inherited the socket keeps the name; there are no
 * permissions, so any user may take it first; each network namespace (each container) has its own names.
 * Source: unix(7), abstract sockets; bind(2).
 */

import { abstractName } from './posix/socket.js';
import { openBound } from './shared/bound-socket.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'abstract-socket',
  title: 'abstract name of a Unix socket',
  family: 'socket',
  source: 'unix(7), bind(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'synchronous',
  open: ({ token }) => openBound(abstractName(token)),
};
