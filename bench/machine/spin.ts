/**
 * A fixed amount of computation: how fast is a processor now? Repeated between blocks, it tells whether all of them had the
 * same processor. It has two parts, since two things make a processor slower, and a guest of a hypervisor is told of
 * neither:
 *
 * - **One chain**, in which each step needs the result of the step before. It leaves most of a core idle, so it takes
 *   a fixed number of cycles: its time changes with the clock's frequency, and with little else.
 * - **Four such chains side by side**, which keep all arithmetic units of a core busy. While the core's other hardware
 *   thread works, maybe for another guest of the host, they get half of the units, and take up to twice as long.
 *
 * System calls and locks are not a pure chain either: they slow down as the four do.
 */
import { now, threadCpuTime } from '../../strategies/posix/clock.js';
import { median } from '../statistics/median.js';

/** What one measurement found, in ns. */
export interface Spin {
  /** Wall time of the whole, all tries. */
  readonly wallNs: number;
  /** Processor time of the whole: less than `wallNs` by the time that the thread waited for a processor. */
  readonly cpuNs: number;
  /** Processor time of the one chain: the median try. */
  readonly chainNs: number;
  /** Processor time of the four chains: the median try. */
  readonly fourChainsNs: number;
}

// Some 0.8 and 1.4 ms on the machine it was written on: long against reading the clock, short against a timer tick.
const STEPS = 500_000;
/** One interruption does not move the median of three. The best of many would hide that most of them were slow. */
const TRIES = 3;
/**
 * Short passes: in a long one V8 replaces the loop while it runs, by code that has not seen its end yet and is thrown away
 * there. Their number leaves its background thread time to deliver.
 */
const WARM_UP_PASSES = 6_000;
const WARM_UP_STEPS = 200;

// A step is an xorshift: three pairs of operations, none of which can begin before the one before it has ended.
// There are no sums in it: one that leaves 32 bits would make V8 compile the loop once more, in the middle of a try.
function chain(from: number, steps: number): number {
  let a = from | 1;
  for (let i = 0; i < steps; i++) {
    a ^= a << 13;
    a ^= a >>> 17;
    a ^= a << 5;
  }
  return a;
}

// Four and no more: what does not fit into registers is spilled to memory, whose latency would then be the measure.
function fourChains(from: number, steps: number): number {
  let a = from | 1;
  let b = from | 2;
  let c = from | 4;
  let d = from | 8;
  for (let i = 0; i < steps; i++) {
    a ^= a << 13;
    b ^= b << 13;
    c ^= c << 13;
    d ^= d << 13;
    a ^= a >>> 17;
    b ^= b >>> 17;
    c ^= c >>> 17;
    d ^= d >>> 17;
    a ^= a << 5;
    b ^= b << 5;
    c ^= c << 5;
    d ^= d << 5;
  }
  return a ^ b ^ c ^ d;
}

// Each result is where the next one starts from: what nobody needs, a compiler may leave out.
let result = 1;
let warm = false;

function cpuNsOf(work: (from: number, steps: number) => number): number {
  const start = threadCpuTime();
  result = work(result, STEPS);
  return Number(threadCpuTime() - start);
}

/**
 * Measures the processor that the calling thread is on. Blocks for some 7 ms, the first time for 10 ms more, to warm up.
 * Call it while no worker runs: they would be measured too.
 */
export function fixedSpin(): Spin {
  if (!warm) {
    for (let pass = 0; pass < WARM_UP_PASSES; pass++) {
      result = fourChains(chain(result, WARM_UP_STEPS), WARM_UP_STEPS);
    }
    warm = true;
  }
  const wall = now();
  const cpu = threadCpuTime();
  // In turns: a clock that speeds up meanwhile shall not be taken for a difference between the two.
  const tries = Array.from({ length: TRIES }, () => [cpuNsOf(chain), cpuNsOf(fourChains)] as const);
  return {
    wallNs: Number(now() - wall),
    cpuNs: Number(threadCpuTime() - cpu),
    chainNs: median(tries.map(([one]) => one)),
    fourChainsNs: median(tries.map(([, four]) => four)),
  };
}
