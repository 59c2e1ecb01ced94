/**
 * TCP port: whoever has bound it holds the lock, since without SO_REUSEADDR one socket at a time may have it.
 *
 * On lock: socket, once an acquisition; bind to a loopback address and port made from the token, EADDRINUSE means held.
 * On unlock: close.
 * If the holder dies: the kernel closes its descriptors, and the port is free.
 * Where it breaks: nobody is woken, so the waiter polls; a child that inherited the socket keeps the port; anybody may
 * take it first, another program by accident too; each network namespace (each container) has ports of its own; where
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
