/**
 * A test that is killed unmounts nothing, and what it has mounted would stay on the machine for ever. In a namespace of the
 * tests the kernel lets go of all of it when their last process ends.
 */
import { spawnSync } from 'node:child_process';
import { unshare } from '../../strategies/posix/libc.js';

const CLONE_NEWNS = 0x2_0000;

/** What this process starts from now on mounts for itself alone. Without the right to such a namespace nothing can be mounted. */
export function keepMountsToOurselves(): void {
  if (unshare(CLONE_NEWNS) !== 0) return;
  // Where mounts are shared, as under systemd, the copy would pass each new one on.
  spawnSync('mount', ['--make-rslave', '/'], { stdio: 'ignore' });
}
