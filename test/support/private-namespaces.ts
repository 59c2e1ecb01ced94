/**
 * Mounts and System V semaphores of the tests are theirs alone. A test that is killed removes neither, and what it left would
 * stay on the machine for ever: in namespaces of the tests the kernel lets go of all of it when their last process ends. And
 * a test that asks which semaphores are left sees none of another program, or of another run of the tests.
 */
import { spawnSync } from 'node:child_process';
import { unshare } from '../../strategies/posix/libc.js';

const CLONE_NEWNS = 0x2_0000;
const CLONE_NEWIPC = 0x800_0000;

/**
 * What this process starts from now on keeps both for itself. Returns false without the right to such namespaces, where
 * nothing can be mounted either.
 */
export function keepToOurselves(): boolean {
  if (unshare(CLONE_NEWNS | CLONE_NEWIPC) !== 0) return false;
  // Where mounts are shared, as under systemd, the copy would pass each new one on.
  spawnSync('mount', ['--make-rslave', '/'], { stdio: 'ignore' });
  return true;
}
