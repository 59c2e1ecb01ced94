/**
 * Who holds a lock, as far as its pid file and /proc tell, in the words of a start that came second.
 */
import { readFileSync } from 'node:fs';

/** What stands before the name of its command in the title of the process that keeps a daemon. */
const TITLE = 'onedaemon';

export type Holder =
  /** No pid stands in the file. */
  | { readonly known: 'nothing' }
  | { readonly known: 'name'; readonly pid: number; readonly name: string }
  /** There is such a process, of which we may see no more; or the file is one of several hosts, and so is the pid. */
  | { readonly known: 'pid'; readonly pid: number }
  /** There is no such process here. */
  | { readonly known: 'ended'; readonly pid: number };

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

const ZOMBIE = 'Z';

/** `shared`: the pid file is one of several hosts. */
export function holderNamed(pid: number | null, shared: boolean): Holder {
  if (pid === null) return { known: 'nothing' };
  if (shared) return { known: 'pid', pid };
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat[stat.lastIndexOf(')') + 2] === ZOMBIE) return { known: 'ended', pid };
    const [title = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const kept = title.startsWith(`${TITLE}: `) ? title.slice(`${TITLE}: `.length) : null;
    // In parentheses, which the name may hold, too.
    return { known: 'name', pid, name: kept ?? stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')) };
  } catch {
    return exists(pid) ? { known: 'pid', pid } : { known: 'ended', pid };
  }
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
  }
}
