/**
 * The process that becomes a daemon's command. Between fork and exec there are things to do that no option of spawn does,
 * and that a command of the system would do after a gap, in which its parent's death goes unnoticed.
 */
import { readSync, writeSync } from 'node:fs';
import { becomeProgram, dieWithParent } from '../../strategies/posix/own-process.js';
import { INHERITED, type LaunchJob, REPORT } from './launch-job.js';

const STANDARD = [0, 1, 2];

const [, , job = '', ...command] = process.argv;

try {
  const { parentPid, inherit, environment } = JSON.parse(job) as LaunchJob;
  if (parentPid !== null) dieWithParent(parentPid);
  // Nothing comes if the parent died before it could write the pid.
  if (readSync(REPORT, Buffer.alloc(1)) === 0) process.exit(1);
  Object.assign(process.env, environment);
  becomeProgram(command, inherit ? [...STANDARD, INHERITED] : STANDARD);
} catch (error) {
  writeSync(REPORT, (error as NodeJS.ErrnoException).code ?? String(error));
  process.exit(1);
}
