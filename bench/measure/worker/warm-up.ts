/**
 * Warming up: a loop runs several times slower until V8 has compiled it, and that is not the lock's price.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { threadCpuTime } from '../../../strategies/posix/clock.js';
import type { Pause } from '../result/result-schema.js';
import type { WorkerJob } from './job.js';

const FIRST_TURNS = 50;
const BATCH = 250;
const ALIKE = 3;
const TOLERANCE = 0.05;
const LEAST_TURNS = 1_500;
const MOST_TURNS = 20_000;
/** Slow locks are compiled after as many turns as fast ones; more of them only cost time. */
const MOST_NS = 20e6;
/** The first Node whose V8 counts calls of a function, and knows nothing any more of a budget of bytes. */
const COUNTS_CALLS = 22;
/**
 * Has V8 compile seven times as soon as it would by itself, which would be in the midst of the timed loop: after so many bytes
 * of executed bytecode, or calls. A V8 that does not know a flag says so on stderr and goes on without it.
 */
export const SOONER =
  Number.parseInt(process.versions.node, 10) < COUNTS_CALLS
    ? '--interrupt-budget=10000'
    : '--invocation-count-for-turbofan=450';
/** V8 compiles a pause of any length into the same code; with those of a slow job 1 500 turns would take many seconds. */
const LONGEST_PAUSE_NS = 1_000;

const shortened = (pause: Pause | null): Pause | null =>
  pause === null ? null : { ...pause, ns: Math.min(pause.ns, LONGEST_PAUSE_NS) };

/** A job as it is warmed up for: the same but for the length of its pauses. */
export const withShortPauses = (job: WorkerJob): WorkerJob => ({
  ...job,
  conditions: {
    ...job.conditions,
    hold: shortened(job.conditions.hold),
    think: shortened(job.conditions.think),
  },
});

/** What is warmed up: something that takes turns, and can be opened again. */
interface Warmable {
  take(ledger: Int32Array, from: number, count: number, stopFlag: Int32Array): number | Promise<number>;
  close(): void;
}

/**
 * Runs batches of turns until three after each other differ by less than 5%; 1 500 turns at least, some 20 000 or 20 ms
 * at most. Compares processor time, not wall time: other workers warm up at the same moment. Returns the turns done.
 *
 * The first turns are done on one lock, the others on a second one. With one lock alone V8 would compile code for that
 * very lock's functions, and throw it away at the first turn with another: in the middle of the timed loop.
 */
export async function warmUp(open: () => Warmable, stopFlag: Int32Array): Promise<number> {
  setFlagsFromString(SOONER);
  // On this thread, at once: a compiler that works in the background delivers its code in the middle of the timed loop.
  setFlagsFromString('--no-concurrent-recompilation');
  const ledger = new Int32Array(BATCH);
  const first = open();
  await first.take(ledger, 0, FIRST_TURNS, stopFlag);
  first.close();

  const second = open();
  const recent: number[] = [];
  let turns = FIRST_TURNS;
  let spentNs = 0;
  let settled = false;
  while (turns < LEAST_TURNS || (!settled && turns < MOST_TURNS && spentNs < MOST_NS)) {
    const start = threadCpuTime();
    const lap = second.take(ledger, 0, BATCH, stopFlag);
    turns += typeof lap === 'number' ? lap : await lap;
    const batchNs = Number(threadCpuTime() - start);
    spentNs += batchNs;
    recent.push(batchNs);
    if (recent.length > ALIKE) recent.shift();
    settled = recent.length === ALIKE && Math.max(...recent) < Math.min(...recent) * (1 + TOLERANCE);
  }
  second.close();
  return turns;
}

/**
 * Collects all garbage now. A collection that the warm-up had begun would else be finished by this thread in the midst of
 * the timed loop: seen there as a rare madvise.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
