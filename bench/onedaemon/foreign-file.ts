/**
 * What is known about a pid file that this process has not locked: also of one that it may not even write to.
 */
import { EACCES, EPERM, SystemError } from '../../strategies/posix/errno.js';
import { statusOf } from '../../strategies/posix/file-status.js';
import { meaningOf } from '../base/errno-names.js';
import { UsageError } from '../base/usage-error.js';
import { refuse } from '../text/destination.js';
import { type Holder, hasOpen, holderOf } from './holder.js';
import { closePidFile, OPTION, openPidFile, type PidFile, peekAtPidFile } from './open-pid-file.js';
import { readPid } from './pid-file.js';
import { recordHolderOf } from './record-witness.js';

/** To be asked while the file is open and not locked by us: closing it would drop our lock. */
export const holderOfFile = ({ fd }: PidFile, shared: boolean): Holder =>
  holderOf({
    pid: readPid(fd),
    lock: recordHolderOf(fd),
    shared,
    hasItOpen: (pid) => hasOpen(pid, fd),
  });

/** Whether a daemon runs under a file that is not ours to lock, in words. */
function wordsOf(holder: Holder): string {
  switch (holder.known) {
    case 'name':
    case 'below':
      return `${holder.name} (pid ${holder.pid}) runs by it`;
    case 'elsewhere':
      return 'a process of another pid namespace has locked it';
    case 'pid':
      return `pid ${holder.pid} stands there`;
    default:
      return 'no daemon has locked it';
  }
}

/** Whose file it is that we may not write to, and whether one runs; null if it is not to be seen. */
function aboutForeign(path: string): string | null {
  const file = peekAtPidFile(path);
  if (file === null) return null;
  const { uid } = statusOf(file.fd);
  const words = wordsOf(holderOfFile(file, false));
  closePidFile(file);
  return `it belongs to uid ${uid}${uid === 0 ? ' (root)' : ''}, and ${words}; name another place`;
}

/** Opens a pid file to be locked. Throws UsageError. */
export function openToLock(path: string): PidFile {
  try {
    return openPidFile(path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const hint = error.errno === EACCES || error.errno === EPERM ? aboutForeign(path) : null;
    if (hint === null) refuse(OPTION, path, error);
    throw new UsageError(
      `${OPTION}: a file that can be written was expected, ${JSON.stringify(path)} cannot be (${meaningOf(error.code)})`,
      hint,
    );
  }
}
