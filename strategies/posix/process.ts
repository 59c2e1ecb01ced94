/**
 * What a process asks of the kernel about itself. Source: prctl(2).
 */
import { check } from './errno.js';
import { prctl } from './libc.js';

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Has the kernel kill this process when its parent dies. Changing one's uid clears the wish, so it comes after.
 * A parent that died before the call goes unnoticed; hence the second look.
 *
 * Throws when the parent is not `parentPid` any more.
 */
export function dieWithParent(parentPid: number): void {
  check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), 'prctl', 'PR_SET_PDEATHSIG');
  if (process.ppid !== parentPid) {
    throw new Error(`the parent was expected to be process ${parentPid}, but it has ended`);
  }
}
