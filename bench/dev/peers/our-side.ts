/**
 * Our locks on the work of a peer, in TypeScript and in C.
 */
import { join } from 'node:path';
import { loadStrategy } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { projectRoot } from '../../machine/project.js';
import { programFor, sourceInC } from '../../measure/parent/c-worker.js';
import type { ForeignWorker } from '../../measure/parent/foreign-worker.js';
import { Round } from '../../measure/parent/round.js';
import { measurePair } from '../../pairs/pair-price.js';
import { baseline, wellRun } from '../harness/harness-rounds.js';
import { onOneProcessorUntil } from '../harness/one-processor.js';
import { CannotMeasure, type Context } from '../harness/section.js';
import type { Ours, Peer } from './peer.js';

const ROUND_NS = 300e6;
const INCREMENTS = 1_000;
/** Of 100 pairs each: some 200 ms of an inexpensive lock. */
const SAMPLES = 2_000;

/** A lock, and its program in C. */
export interface OurLock {
  readonly strategy: Strategy;
  readonly inC: ForeignWorker;
}

const LOCKS = join(projectRoot, 'bench', 'dev', 'peers', 'locks');

/** Throws CannotMeasure without a compiler. */
export async function ourLock({ lock }: Ours): Promise<OurLock> {
  const isListed = 'catalogue' in lock;
  const variant = isListed ? undefined : lock.variant;
  const program = programFor({
    name: isListed ? lock.catalogue : lock.file,
    source: isListed ? sourceInC(lock.catalogue) : join(LOCKS, `${lock.file}.c`),
    ...(variant === undefined ? {} : { defines: [variant.toUpperCase()] }),
  });
  if (typeof program !== 'string') throw new CannotMeasure(program.reason);
  const query = variant === undefined ? '' : `?${variant}`;
  const url = isListed ? lock.catalogue : new URL(`locks/${lock.file}.js${query}`, import.meta.url).href;
  return {
    strategy: await loadStrategy(url),
    inC: { runtime: 'c', words: [program], rogue: [program], warmsUp: false, cwd: '/' },
  };
}

async function pairCost(strategy: Strategy, context: Context, foreign?: ForeignWorker): Promise<number> {
  const job = {
    ...{ identity: context.identity, strategy: strategy.name, samples: SAMPLES },
    ...({ policy: { kind: 'block' }, inside: 'nothing' } as const),
  };
  const { meanNs } = await measurePair(job, context.memory, foreign);
  return meanNs;
}

async function turnCost(
  strategy: Strategy,
  processes: number,
  context: Context,
  foreign?: ForeignWorker,
): Promise<number> {
  const round = await Round.launch({
    ...baseline(context, {
      conditions: { processes, increments: INCREMENTS },
      limits: { atLeastNs: ROUND_NS },
    }),
    strategy,
    policy: { kind: 'block' },
    ...(foreign && { foreign }),
  });
  try {
    const { wallNs, workers } = await wellRun(round);
    return wallNs / workers.reduce((sum, { turns }) => sum + turns, 0);
  } finally {
    await round.end();
  }
}

/** ns for one of the peer's operations, by our worker in TypeScript, or in that program. */
export async function ourCost(
  { ours, copies }: Peer,
  { strategy }: OurLock,
  context: Context,
  foreign?: ForeignWorker,
): Promise<number> {
  const measure = (): Promise<number> =>
    ours.measured === 'pair'
      ? pairCost(strategy, context, foreign)
      : turnCost(strategy, copies, context, foreign);
  const ns = copies === 1 ? await onOneProcessorUntil(measure) : await measure();
  return ns / ours.operations;
}
