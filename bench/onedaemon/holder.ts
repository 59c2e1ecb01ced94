/**
 * Who holds a lock, as far as the kernel, the pid file and /proc tell, in the words of a start that came second. A number
 * in a file says little: it may be of another pid namespace, or of a process that has ended and whose pid was given to
 * another. So the lock itself is asked first, and the number is believed only if its process has the file open.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { RecordHolder } from '../../strategies/posix/file-lock.js';

/** What stands before the name of its command in the title of the process that keeps a daemon. */
const TITLE = 'onedaemon';

/** What is known at first hand. */
export interface Evidence {
  /** What stands in the file. */
  readonly pid: number | null;
  /** Whose record lock is on the file, which every way has as well where it can; null for nobody's. */
  readonly lock: RecordHolder | null;
  /** The pid file is one of several hosts. */
  readonly shared: boolean;
  /** Whether a process has the pid file open; null where this process may not look. */
  readonly hasItOpen: (pid: number) => boolean | null;
}

export type Holder =
  /** No pid stands in the file. */
  | { readonly known: 'nothing' }
  | { readonly known: 'name'; readonly pid: number; readonly name: string }
  /** There is such a process, of which we may see no more; or the file is one of several hosts, and so is the pid. */
  | { readonly known: 'pid'; readonly pid: number }
  /** There is no such process here. */
  | { readonly known: 'ended'; readonly pid: number }
  /** There is such a process, and it is another: it does not have the file. */
  | { readonly known: 'stranger'; readonly pid: number; readonly name: string }
  /** It reads the file under a lock: no daemon does. */
  | { readonly known: 'reader'; readonly pid: number; readonly name: string }
  /** In a pid namespace below ours. `there`: its pid in its own. */
  | { readonly known: 'below'; readonly pid: number; readonly name: string; readonly there: number }
  /** In a pid namespace that ours cannot see into. `there`: the pid in the file. */
  | { readonly known: 'elsewhere'; readonly there: number | null };

/** Has lists of processes call us by what we keep: all that Node runs is called node. */
export function callOurselves(name: string | null): void {
  process.title = name === null ? TITLE : `${TITLE}: ${name}`;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether /proc counts processes as we do; in a new pid namespace it may still be the old one's. */
function isProcOurs(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}

const ZOMBIE = 'Z';

interface Seen {
  readonly name: string;
  /** Its pid in its own namespace, if that lies below ours. */
  readonly there: number | null;
}

/** The pids of a process in /proc's namespace and in those below it, down to its own. Source: proc_pid_status(5), NSpid. */
const pidsOf = (process: number | 'self'): number[] =>
  (/^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${process}/status`, 'latin1'))?.[1] ?? '')
    .split(/\s+/)
    .map(Number);

function look(pid: number): Seen | 'hidden' | 'ended' {
  try {
    if (!isProcOurs()) return exists(pid) ? 'hidden' : 'ended';
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat[stat.lastIndexOf(')') + 2] === ZOMBIE) return 'ended';
    const [title = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const kept = title.startsWith(`${TITLE}: `) ? title.slice(`${TITLE}: `.length) : null;
    const pids = pidsOf(pid);
    return {
      // In parentheses, which the name may hold, too.
      name: kept ?? stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      there: pids.length > pidsOf('self').length ? (pids.at(-1) ?? null) : null,
    };
  } catch {
    return exists(pid) ? 'hidden' : 'ended';
  }
}

/**
 * Whether a process has a file open that we have open as `fd`; null where we may not look. By name and inode as /proc has
 * them, without a look at the files themselves: one of them may lie where nobody answers.
 */
export function hasOpen(pid: number, fd: number): boolean | null {
  const inode = (info: string): string | undefined => /^ino:\s*(\d+)$/m.exec(info)?.[1];
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    const own = inode(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
    return readdirSync(`/proc/${pid}/fd`).some((other) => {
      try {
        if (readlinkSync(`/proc/${pid}/fd/${other}`) === path) return true;
        return own !== undefined && inode(readFileSync(`/proc/${pid}/fdinfo/${other}`, 'latin1')) === own;
      } catch {
        // Closed since it was listed.
        return false;
      }
    });
  } catch {
    return null;
  }
}

/** The kernel says who it is. */
function byLock(lock: RecordHolder, { pid: written, shared }: Evidence): Holder | null {
  if (lock.pid === 0 && !shared) return { known: 'elsewhere', there: written };
  // Of another host, or of several processes that share an open file: then the number in the file says more.
  if (lock.pid <= 0) return null;
  const seen = look(lock.pid);
  if (seen === 'ended') return { known: 'ended', pid: lock.pid };
  if (seen === 'hidden') return { known: 'pid', pid: lock.pid };
  const { name, there } = seen;
  if (lock.isRead) return { known: 'reader', pid: lock.pid, name };
  return there === null
    ? { known: 'name', pid: lock.pid, name }
    : { known: 'below', pid: lock.pid, name, there };
}

export function holderOf(evidence: Evidence): Holder {
  const { pid, lock, shared, hasItOpen } = evidence;
  const told = lock === null ? null : byLock(lock, evidence);
  if (told !== null) return told;
  if (pid === null) return { known: 'nothing' };
  if (shared) return { known: 'pid', pid };
  const seen = look(pid);
  if (seen === 'ended') return { known: 'ended', pid };
  const open = seen === 'hidden' ? null : hasItOpen(pid);
  if (seen === 'hidden' || open === null) return { known: 'pid', pid };
  return { known: open ? 'name' : 'stranger', pid, name: seen.name };
}

/** `hint`: what to do if it is held by nobody to be seen; said always if the lock of the dead stays. */
export function refusalOf(pidFile: string, holder: Holder, staysOfTheDead: boolean, hint: string): string {
  const unable = `unable to lock ${pidFile}`;
  switch (holder.known) {
    case 'nothing':
      return `${unable}: it is held, and no pid stands there; another start has just begun, or ends; ${hint}`;
    case 'name': {
      const asked = `${unable}, is ${holder.name} (pid ${holder.pid}) already running?`;
      return staysOfTheDead ? `${asked} ${hint}` : asked;
    }
    case 'pid':
      return `${unable}, is pid ${holder.pid} already running, which is not to be seen from here? ${hint}`;
    case 'ended':
      return `${unable}: it is held, but pid ${holder.pid}, which stands there, has ended; ${hint}`;
    case 'stranger':
      return `${unable}: it is held, but pid ${holder.pid}, which stands there, is now ${holder.name}, which does not have the file open; ${hint}`;
    case 'reader':
      return `${unable}: ${holder.name} (pid ${holder.pid}) has a read lock on it, which every user can take who may read the file`;
    case 'below':
      return `${unable}, is ${holder.name} (pid ${holder.pid}) already running? It is held by a process of another pid namespace, where its pid is ${holder.there}`;
    case 'elsewhere': {
      const there = holder.there === null ? '' : `; pid ${holder.there}, which stands there, is of that one`;
      return `${unable}: it is held by a process of another pid namespace${there}; ${hint}`;
    }
  }
}
