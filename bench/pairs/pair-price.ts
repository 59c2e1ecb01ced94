/**
 * The price of a pair of lock and unlock where nobody contends, asked of a process of its own.
 */
import { loadStrategy } from '../../strategies/index.js';
import { Child } from '../measure/parent/child.js';
import { makeRoundDirectory } from '../measure/parent/round-directory.js';
import type { PairFigures, PairJob, PairMessage } from './pair-worker.js';

/** Measures in a fresh directory below `directory`. Throws what the strategy throws. */
export async function measurePair(
  job: Omit<PairJob, 'roundDirectory' | 'parentPid'>,
  directory: string,
): Promise<PairFigures> {
  const roundDirectory = makeRoundDirectory(directory, 1, await loadStrategy(job.strategy), job.identity);
  const whole: PairJob = { ...job, parentPid: process.pid, roundDirectory: roundDirectory.job };
  let child: Child<PairMessage> | null = null;
  try {
    // Inside: no child can be started once a signal has come, and the directory is there by then.
    child = new Child<PairMessage>(new URL('pair-worker.js', import.meta.url), whole);
    return (await child.next()).figures;
  } finally {
    child?.kill();
    await child?.gone;
    roundDirectory.destroy();
  }
}
