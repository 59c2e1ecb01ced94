/**
 * One process that times the pair of lock and unlock of one strategy, alone, by tinybench. A process of its own for each
 * strategy: in one that times several, the loop's calls would have many targets, and the first measured would pay for
 * all. A sample is a batch of pairs, since a clock that is read twice costs more than the cheapest pair.
 */

import { Bench } from 'tinybench';
import { loadStrategy } from '../../strategies/index.js';
import { dieWithParent, ownDescriptorTable } from '../../strategies/posix/own-process.js';
import type { Strategy } from '../../strategies/strategy.js';
import { runProgram, sayJson } from '../base/program.js';
import { drop, type Identity } from '../machine/identity.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import { openLockSite } from '../measure/worker/lock-site.js';
import { NUMBER_NAME } from '../measure/worker/number-file.js';
import type { Policy } from '../measure/worker/policy.js';
import { asyncWaiter, waiter } from '../measure/worker/waiting.js';

const BATCH = 100;
const NS_PER_MS = 1e6;

export interface PairJob {
  readonly parentPid: number;
  readonly identity: Identity | null;
  readonly strategy: string;
  readonly policy: Policy;
  readonly roundDirectory: RoundDirectoryJob;
  readonly samples: number;
  /** What is done under the lock: nothing, or adding one to a number in this process's memory. */
  readonly inside: 'nothing' | 'increment';
}

/** Times of one pair, in ns, over samples that are means of 100 pairs. `marginNs`: half of the mean's 95% interval. */
export interface PairFigures {
  readonly samples: number;
  readonly medianNs: number;
  readonly meanNs: number;
  readonly marginNs: number;
  readonly p99Ns: number;
}

export type PairMessage =
  | { readonly at: 'pair'; readonly figures: PairFigures }
  | { readonly at: 'error'; readonly message: string };

const say: (message: PairMessage) => void = sayJson;

/** A batch of pairs, for tinybench to call. */
function batchOf(
  strategy: Strategy,
  { roundDirectory, policy, inside }: PairJob,
): () => void | Promise<void> {
  const number = new Int32Array(1);
  const work =
    inside === 'nothing'
      ? () => {}
      : () => {
          number[0] = (number[0] ?? 0) + 1;
        };
  const site = openLockSite(roundDirectory, 0, NUMBER_NAME);
  if (strategy.calls === 'synchronous') {
    const lock = strategy.open(site);
    const { acquire } = waiter(lock, policy, 0);
    const { unlock } = lock;
    return () => {
      for (let i = 0; i < BATCH; i++) {
        acquire();
        work();
        unlock();
      }
    };
  }
  const lock = strategy.open(site);
  const { acquire } = asyncWaiter(lock, policy, 0);
  return async () => {
    for (let i = 0; i < BATCH; i++) {
      await acquire();
      work();
      await lock.unlock();
    }
  };
}

async function measure(job: PairJob): Promise<PairFigures> {
  const strategy = await loadStrategy(job.strategy);
  drop(job.identity);
  dieWithParent(job.parentPid);
  if (strategy.calls === 'synchronous') ownDescriptorTable();
  const bench = new Bench({ time: 0, iterations: job.samples, warmupTime: 0, warmupIterations: job.samples });
  bench.add(job.strategy, batchOf(strategy, job), { async: strategy.calls === 'asynchronous' });
  await bench.run();
  const [task] = bench.tasks;
  if (task?.result.state !== 'completed')
    throw new Error(`tinybench did not complete: ${task?.result.state}`);
  const { p50, p99, mean, moe, samplesCount } = task.result.latency;
  const perPair = (ms: number): number => (ms * NS_PER_MS) / BATCH;
  return {
    samples: samplesCount,
    medianNs: perPair(p50),
    meanNs: perPair(mean),
    marginNs: perPair(moe),
    p99Ns: perPair(p99),
  };
}

await runProgram<PairJob>(async (job) => {
  say({ at: 'pair', figures: await measure(job) });
  process.exit(0);
});
