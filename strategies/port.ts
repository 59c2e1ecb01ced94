/**
 * TCP port: the process that has bound it holds the lock, since without SO_REUSEADDR only one socket may be bound to
 * it.
 *
 * On lock: socket, once per acquisition; bind to a loopback address and port made from the token, EADDRINUSE means
 * held.
 * On unlock: close.
 * If the holder dies: the kernel closes its descriptors, and the port is free.
 * Where it breaks: nobody is woken, so the waiter polls; a child that inherited the socket keeps the port; any user may
 * take it first, or another program by accident; each network namespace (each container) has its own ports; where
 * connections were accepted the port may stay taken for a minute (TIME_WAIT), for which servers set SO_REUSEADDR.
 * Source: the article; bind(2), ip(7).
 */

import { loopbackPort } from './posix/socket.js';
import { openBound } from './shared/bound-socket.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'port',
  title: 'bound TCP port',
  family: 'socket',
  source: 'the article; bind(2), ip(7)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'synchronous',
  open: ({ token }) => openBound(loopbackPort(token)),
};
