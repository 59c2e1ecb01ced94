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
  const child = new Child<PairMessage>(new URL('pair-worker.js', import.meta.url), whole);
  try {
    return (await child.next()).figures;
  } finally {
    child.kill();
    await child.gone;
    roundDirectory.destroy();
  }
}
