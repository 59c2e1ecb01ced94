/**
 * The price of a pair in another language: its worker says the samples, and they are summed up here as tinybench does.
 */
import { quoted } from '../base/visible.js';
import type { Identity } from '../machine/identity.js';
import { Child } from '../measure/parent/child.js';
import { requireNext } from '../measure/parent/foreign-messages.js';
import type { ForeignWorker } from '../measure/parent/foreign-worker.js';
import {
  type PairsJob,
  PROTOCOL,
  type RoundDirectoryJob,
  type WorkerMessage,
} from '../measure/worker/job.js';
import type { Policy } from '../measure/worker/policy.js';
import { median } from '../statistics/median.js';
import { percentiles } from '../statistics/percentiles.js';
import type { PairFigures } from './pair-worker.js';

const PAIRS_PER_SAMPLE = 100;

/** Of Student's distribution, two-sided 95%: within 0.3% from 9 degrees of freedom on. Source: Cornish and Fisher 1937. */
function studentBound(degrees: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/** Times of pairs, in ns, as their figures. Throws an Error if these are not the samples that were asked for. */
export function figuresOf(ns: readonly number[], samples: number): PairFigures {
  const isTimes = Array.isArray(ns) && ns.every((time) => Number.isFinite(time) && time >= 0);
  if (!isTimes || ns.length !== samples)
    throw new Error(
      `the worker’s pairs: ${samples} times in ns were expected, got ${quoted(JSON.stringify(ns)?.slice(0, 60) ?? '')}`,
    );
  const meanNs = ns.reduce((sum, time) => sum + time, 0) / samples;
  const variance = ns.reduce((sum, time) => sum + (time - meanNs) ** 2, 0) / (samples - 1);
  return {
    samples,
    medianNs: median(ns),
    meanNs,
    marginNs: studentBound(samples - 1) * Math.sqrt(variance / samples),
    p99Ns: percentiles(ns)?.p99 ?? Number.NaN,
  };
}

export interface ForeignPair {
  readonly strategy: string;
  readonly policy: Policy;
  readonly samples: number;
  readonly identity: Identity | null;
}

/** Starts the worker; `use` ends it. Throws what the worker says. */
export async function askForPairs(
  { words, cwd }: ForeignWorker,
  { samples, ...pair }: ForeignPair,
  timed: RoundDirectoryJob,
  use: (child: Child<WorkerMessage>) => void,
): Promise<PairFigures> {
  const job: PairsJob = {
    ...{ protocol: PROTOCOL, task: 'pairs', parentPid: process.pid, timed },
    ...{ ...pair, samples, pairsPerSample: PAIRS_PER_SAMPLE },
  };
  const child = new Child<WorkerMessage>(words, job, { cwd });
  use(child);
  const { ns } = await requireNext(child, 'pairs');
  await child.requireSilence();
  return figuresOf(ns, samples);
}
