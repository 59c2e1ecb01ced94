/**
 * A lock on a directory's descriptor, which tells that the process lives that made the directory: the kernel gives it back
 * when that process ends, however it ends. A process that cannot be seen (hidepid, another pid namespace) holds it all the
 * same. Source: flock(2).
 */
import { EINTR } from './errno.js';
import { errno, flock } from './libc.js';

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Takes the lock; it is held until the descriptor is closed. False if another holds it, or where the file system has no such
 * locks: then nothing can be said of who lives. `waits`: until another has let go of it, which a process that was killed
 * does when it ends.
 */
export function lockDirectory(fd: number, { waits = false } = {}): boolean {
  while (flock(fd, waits ? LOCK_EX : LOCK_EX | LOCK_NB) === -1) if (errno() !== EINTR) return false;
  return true;
}
