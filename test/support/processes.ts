/**
 * The processes of a run, found in /proc: what is left when a run has ended badly.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf } from '../../bench/machine/owner-name.js';

/** Living processes whose job names `parentPid` as their parent: workers, probers, participants, keepers of directories. */
export const childrenOf = (parentPid: number): number[] => livingOf(parentPid, () => true);

/** The same without the keepers, which live as long as their parent. */
export const workersOf = (parentPid: number): number[] =>
  livingOf(parentPid, (words) => !words.some((word) => word.endsWith('/directory-keeper.js')));

function livingOf(parentPid: number, isMeant: (words: readonly string[]) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
        const job = words.find((word) => word.startsWith('{'));
        const parent = job === undefined ? null : (JSON.parse(job) as { parentPid?: number }).parentPid;
        return parent === parentPid && isMeant(words);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Names that a process made in these directories and that are still there. */
export function leftBy(pid: number, directories: readonly string[]): string[] {
  return directories.flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => ownerOf(name)?.pid === pid)
      .map((name) => join(directory, name)),
  );
}

/** Whether a process is there, and stopped, as by SIGSTOP. */
export function isStopped(pid: number): boolean {
  try {
    return / T \d+ \d+ /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** SIGKILL; nothing for a process that has just ended by itself. */
export function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
