/**
 * The price of a pair of lock and unlock where nobody contends, asked of a process of its own.
 */
import { loadStrategy, processName } from '../../strategies/index.js';
import { Child } from '../measure/parent/child.js';
import type { ForeignWorker } from '../measure/parent/foreign-worker.js';
import { keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import { endedOrAbandoned } from '../measure/parent/patience.js';
import { removeAll } from '../measure/parent/unremoved.js';
import { askForPairs } from './foreign-pair.js';
import type { PairFigures, PairJob, PairMessage } from './pair-worker.js';

/** Measures in a fresh directory below `directory`; `foreign`: by that worker. Throws what the strategy throws. */
export async function measurePair(
  job: Omit<PairJob, 'roundDirectory' | 'parentPid'>,
  directory: string,
  foreign?: ForeignWorker,
): Promise<PairFigures> {
  const strategy = await loadStrategy(job.strategy);
  const named = { ...job, strategy: processName(strategy) };
  const roundDirectory = await keepDirectory(directory, 1, strategy, job.identity, USUAL_PATIENCE_NS);
  const whole: PairJob = { ...named, parentPid: process.pid, roundDirectory: roundDirectory.job };
  let child: Pick<Child<PairMessage>, 'pid' | 'gone' | 'kill' | 'abandon'> | null = null;
  try {
    if (foreign !== undefined)
      return await askForPairs(foreign, job, roundDirectory.job, (started) => {
        child = started;
      });
    // Inside: no child can be started once a signal has come, and the directory is there by then.
    const ours = new Child<PairMessage>(new URL('pair-worker.js', import.meta.url), whole);
    child = ours;
    const { figures } = await ours.next();
    await ours.requireSilence();
    return figures;
  } finally {
    child?.kill();
    if (child !== null) await endedOrAbandoned(child);
    await removeAll([() => roundDirectory.destroy()]);
  }
}
