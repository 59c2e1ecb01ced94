/**
 * Processes that a lock from outside has started in one of ours, and that lived on: found by a word in the environment that each
 * inherited, whatever process group or session it is in by now.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** What our children's environment has beside ours: who started them. */
export const MARKED = { LOCKBENCH_STARTED_BY: randomUUID() } as const;

const WORD = Buffer.from(`LOCKBENCH_STARTED_BY=${MARKED.LOCKBENCH_STARTED_BY}\0`);

/** False also for one that has ended, or that we may not look at. */
function isMarked(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(WORD);
  } catch {
    return false;
  }
}

/** So often, since what is about to be ended may just be starting another. */
const LOOKS = 10;

/** Ends them. Only when all of our own have ended, or been given up. */
export function endStrays(): void {
  for (let left = LOOKS; left > 0; left--) {
    const strays = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMarked(name));
    if (strays.length === 0) return;
    for (const pid of strays) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended, or gained rights that we lack.
      }
    }
  }
}
