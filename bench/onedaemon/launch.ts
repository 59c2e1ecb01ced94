/**
 * The process that becomes a daemon's command. Between fork and exec there are things to do that no option of spawn does,
 * and that a command of the system would do after a gap, in which its parent's death goes unnoticed.
 */
import { readSync, writeSync } from 'node:fs';
import { check } from '../../strategies/posix/errno.js';
import {
  becomeProgram,
  dieWithParent,
  leaveToTheKernel,
  makeBlocking,
} from '../../strategies/posix/own-process.js';
import { dup2 } from '../../strategies/posix/spawn.js';
import { INHERITED, LATER_STDERR, type LaunchJob, READY, REPORT } from './launch-job.js';

const STANDARD = [0, 1, 2];
const STDERR = 2;

const [, , job = '', ...command] = process.argv;

try {
  const { parentPid, inherit, environment } = JSON.parse(job) as LaunchJob;
  if (parentPid !== null) dieWithParent(parentPid);
  leaveToTheKernel(['SIGUSR1']);
  writeSync(REPORT, READY);
  // Our standard error leads there, too, and some versions of Node open that at their start.
  makeBlocking(REPORT);
  // Nothing comes if the parent died, or could not write the pid.
  if (readSync(REPORT, Buffer.alloc(1)) === 0) process.exit(1);
  Object.assign(process.env, environment);
  check(dup2(LATER_STDERR, STDERR), 'dup2', 'standard error');
  // Our parent has opened its own, which are the same.
  for (const fd of STANDARD) makeBlocking(fd);
  becomeProgram(command, inherit ? [...STANDARD, INHERITED] : STANDARD);
} catch (error) {
  writeSync(REPORT, (error as NodeJS.ErrnoException).code ?? String(error));
  process.exit(1);
}
