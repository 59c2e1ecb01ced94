/**
 * Starts at once build once: the first, while the others wait. The lock is flock(2) on a file beside `dist`: the kernel
 * lets go of it when its holder dies, however it dies, and it also excludes starts in other containers and, over NFS, on
 * other machines. An exclusively created file stays when its maker is killed, and a process id in it means another process
 * in another pid namespace; an abstract socket is seen in one network namespace only, and any user can take its name. What
 * is whole does not depend on it: each maker has a folder of its own.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { libc } from './libc.mjs';

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Waits until no other start builds in `root`, which `onWait` is told of first. Returns a function that ends our turn; null
 * if there are no turns here.
 */
export function waitForTurn(root, onWait) {
  if (libc === undefined) return null;
  let fd;
  try {
    // Nobody else can open it, and so hold up a build. It stays: removed, two starts could lock two files of its name.
    fd = openSync(
      join(root, 'dist-lock'),
      constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW,
      0o600,
    );
  } catch {
    // Read-only, which the build itself will say; or another user's, who builds in the same folder.
    return null;
  }
  if (libc.flock(fd, LOCK_EX | LOCK_NB) !== 0) {
    onWait();
    // The process stands still meanwhile, and any signal ends it: nothing has been made yet.
    while (libc.flock(fd, LOCK_EX) !== 0) {
      if (libc.errno() === libc.EINTR) continue;
      closeSync(fd);
      return null;
    }
  }
  return () => closeSync(fd);
}
