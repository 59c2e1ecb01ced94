/**
 * One round that lasts, and what its workers keep of memory and descriptors while they take their turns.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Round } from '../../bench/measure/parent/round.js';
import { now } from '../../strategies/posix/clock.js';
import { type Footprint, footprintOf } from './footprint.js';
import { foreignWorker } from './foreign-round.js';
import { specOf } from './one-round.js';

export interface LongRound {
  readonly lock: string;
  readonly processes: number;
  readonly ns: number;
  readonly samples: number;
  readonly runtime?: 'c' | undefined;
}

export interface Lasted {
  readonly turns: number;
  /** By worker, in order of time, all taken between its first timed turn and its last. */
  readonly footprints: readonly (readonly Footprint[])[];
}

/** The engine gives and takes so much as it likes. */
const ENGINES_BYTES = 16 * 1024 * 1024;

/** What the workers keep by the end that they did not have at first, a line each; nothing if all is as it was. */
export function keptBy({ footprints }: Pick<Lasted, 'footprints'>): string[] {
  return footprints.flatMap((samples, worker) => {
    const [first, last] = [samples.at(0), samples.at(-1)];
    if (first === undefined || last === undefined || first === last)
      throw new Error(`worker ${worker}: two looks or more were expected, the round was too short`);
    const grown = (['descriptors', 'shared', 'lowBytes'] as const)
      .filter((what) => last[what] > first[what])
      .map((what) => `${last[what] - first[what]} more ${what}`);
    const moreBytes = last.residentBytes - first.residentBytes;
    if (moreBytes >= ENGINES_BYTES) grown.push(`${moreBytes} more residentBytes`);
    return grown.map((what) => `worker ${worker} keeps ${what}`);
  });
}

/** Those of all processes, or null once one of them has ended. */
function footprintsOf(pids: readonly number[]): Footprint[] | null {
  try {
    return pids.map((pid) => footprintOf(pid));
  } catch {
    return null;
  }
}

/** Runs it. Throws an Error if it does not come to its end. */
export async function lastingRound({ lock, processes, ns, samples, runtime }: LongRound): Promise<Lasted> {
  const spec = await specOf(lock, {
    ...{ kind: 'timing', policy: { kind: 'block' }, endless: true },
    ...{
      conditions: { processes, increments: 1_000 },
      limits: { budgetNs: ns, timeLimitNs: 2 * ns + 600e9 },
    },
    ...(runtime === 'c' && { foreign: foreignWorker(lock, 'c') }),
  });
  const round = await Round.launch(spec);
  const { pids } = round;
  await round.settled();
  const ended = new AbortController();
  const looked: { readonly at: bigint; readonly footprints: readonly Footprint[] }[] = [];
  const look = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const footprints = footprintsOf(pids);
      if (footprints !== null) looked.push({ at: now(), footprints });
      await pause(ns / samples / 1e6, undefined, { signal: ended.signal }).catch(() => {});
    }
  };
  const looking = look();
  const outcome = await round.run();
  ended.abort();
  await looking;
  if (outcome.state !== 'measured') throw new Error(outcome.reason);
  const { gateNs, workers } = outcome.figures;
  const within = looked.filter(({ at }) =>
    workers.every(({ startNs, endNs }) => Number(at - gateNs) > startNs && Number(at - gateNs) < endNs),
  );
  return {
    turns: workers.reduce((sum, { turns }) => sum + turns, 0),
    footprints: pids.map((_, i) => within.flatMap(({ footprints }) => footprints[i] ?? [])),
  };
}
