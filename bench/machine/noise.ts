/**
 * What else happened on the machine while a run measured, as a record for the result file and as warnings for people.
 * docs/noise.md explains each.
 */
import { digits, durationRange, percent } from '../base/format.js';
import type { Load, PressureTotals, ProcessorTicks } from './machine-load.js';
import type { Spin } from './spin.js';

/** Shares are from 0 to 1. What could not be found out is null. */
export interface Noise {
  /** From the first snapshot to the second. */
  readonly spanNs: number;
  /** Of each measurement: the chain, whose time follows the clock's frequency. */
  readonly chainNs: readonly number[];
  /** Longest over shortest, minus 1. */
  readonly chainSpread: number | null;
  /** Of each measurement: four chains side by side, whose time also grows when somebody else uses the core. */
  readonly spinNs: readonly number[];
  readonly spinSpread: number | null;
  /** Of the wall time of all measurements together: they waited for a processor. */
  readonly spinWaitShare: number | null;
  /** Of the time of all processors: what the hypervisor gave to others though this machine wanted it. */
  readonly stealShare: number | null;
  /** Of the time of all processors: programs and kernel threads other than us and our children. */
  readonly otherLoadShare: number | null;
  /** Of the span: at least one task of the machine, ours included, waited for a processor, the disk, memory. */
  readonly cpuPressure: number | null;
  readonly ioPressure: number | null;
  readonly memoryPressure: number | null;
  /** Processors' worth of time that a control group grants us and our workers; null for no limit. */
  readonly cpuLimit: number | null;
  /** Of the span: the group was stopped, having used it up. */
  readonly throttledShare: number | null;
  /** Of processor 0, as the kernel names it. */
  readonly governor: string | null;
}

/** At rest, measurements stay within some 3%; and locks that differ by less than 10 % are seldom worth telling apart. */
const SPREAD = 0.1;
/** A guest that is left alone has 0. 1 % is 2 ms of a processor in each round of 200 ms, as long as a thousand locks. */
const STEAL = 0.01;
/** Daemons stay below, and so does what counting by ticks gets wrong; a program that computes uses one processor whole. */
const OTHER_LOAD = 0.05;
/** One other program's time slice of some ms is a fifth of two measurements; a used-up limit stops them for 50 ms or so. */
const SPIN_WAIT = 0.25;
/** A group that is seldom stopped loses no more than to an interrupt. */
const THROTTLED = 0.01;
/** We need little memory; a machine with enough of it has 0. */
const MEMORY_PRESSURE = 0.01;

const TOTAL: readonly (keyof ProcessorTicks)[] = [
  'user',
  'nice',
  'system',
  'idle',
  'iowait',
  'irq',
  'softirq',
  'steal',
];
// Interrupts are left out: they are nobody's, and our own timers and disks cause them.
const BUSY: readonly (keyof ProcessorTicks)[] = ['user', 'nice', 'system'];

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const spread = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.max(...values) / Math.min(...values) - 1;

/** How many ticks `which` grew by. `iowait` may go back, says the manual page. */
function ticks(
  before: ProcessorTicks,
  after: ProcessorTicks,
  which: readonly (keyof ProcessorTicks)[],
): number {
  return which.reduce((sum, key) => sum + Math.max(0, after[key] - before[key]), 0);
}

function processorShares(before: Load, after: Load): Pick<Noise, 'stealShare' | 'otherLoadShare'> {
  const nothing = { stealShare: null, otherLoadShare: null };
  if (before.processors === null || after.processors === null) return nothing;
  const total = ticks(before.processors, after.processors, TOTAL);
  if (total === 0) return nothing;
  const stealShare = ticks(before.processors, after.processors, ['steal']) / total;
  if (before.ownTicks === null || after.ownTicks === null) return { stealShare, otherLoadShare: null };
  const others = ticks(before.processors, after.processors, BUSY) - (after.ownTicks - before.ownTicks);
  // Ours are counted exactly, the machine's by what ran at each tick: the difference may be below 0.
  return { stealShare, otherLoadShare: Math.max(0, others) / total };
}

function throttling(
  { limit: from }: Load,
  { limit: to }: Load,
  spanNs: number,
): Pick<Noise, 'cpuLimit' | 'throttledShare'> {
  if (to === null) return { cpuLimit: null, throttledShare: null };
  const [before, after] = [from?.throttledNs ?? null, to.throttledNs];
  // Version 1 adds up what each processor's queue was stopped for, so that a share may exceed 1.
  const share =
    before === null || after === null || spanNs <= 0
      ? null
      : Math.min(1, Math.max(0, after - before) / spanNs);
  return { cpuLimit: to.cpus, throttledShare: share };
}

/**
 * What happened between two snapshots. `spins`: the measurements taken before the first block and after each, in their
 * order. The children whose work counts as ours must have been waited for before the second snapshot.
 */
export function describeNoise(
  before: Load,
  after: Load,
  spins: readonly Spin[],
  environment: { readonly governor: string | null },
): Noise {
  const spanNs = after.atNs - before.atNs;
  const pressure = (which: keyof PressureTotals): number | null => {
    const [from, to] = [before.pressure[which], after.pressure[which]];
    return from === null || to === null || spanNs <= 0 ? null : ((to - from) * 1e3) / spanNs;
  };
  const chainNs = spins.map((spin) => spin.chainNs);
  const spinNs = spins.map((spin) => spin.fourChainsNs);
  const wallNs = sum(spins.map((spin) => spin.wallNs));
  const cpuNs = sum(spins.map((spin) => spin.cpuNs));
  return {
    spanNs,
    chainNs,
    chainSpread: spread(chainNs),
    spinNs,
    spinSpread: spread(spinNs),
    spinWaitShare: wallNs === 0 ? null : Math.max(0, wallNs - cpuNs) / wallNs,
    ...processorShares(before, after),
    cpuPressure: pressure('cpuUs'),
    ioPressure: pressure('ioUs'),
    memoryPressure: pressure('memoryUs'),
    ...throttling(before, after, spanNs),
    governor: environment.governor,
  };
}

const above = (value: number | null, limit: number): value is number => value !== null && value > limit;

const EFFECT = 'figures of different blocks differ by up to as much, ratios, paired within blocks, by less';
const HINT = 'use a quiet host, or narrow the intervals with more --rounds or --until 5%';

/** What a reader must know: in a line of at most 78 characters, and whole. Neither has its period. */
interface Told {
  readonly brief: string;
  readonly whole: string;
}

/** A changed frequency lengthens both computations alike; a shared core the one that fills it, and the other hardly. */
function speedWarning({ chainSpread, spinNs, spinSpread }: Noise): Told[] {
  if (!above(spinSpread, SPREAD)) return [];
  const fixed = `a fixed computation took ${durationRange(spinNs)} (${percent(spinSpread)} more)`;
  const brief = `Noisy: the processor was ${percent(spinSpread)} slower around some blocks; try --until 5%`;
  if (above(chainSpread, spinSpread / 2)) {
    const whole =
      `the processor's speed differed between blocks: ${fixed}, as when the clock's frequency changes or a core is of ` +
      `another kind; ${EFFECT}; set the frequency governor to "performance", ${HINT}`;
    return [{ brief, whole }];
  }
  const whole =
    `the processor was slower around some blocks than around others: ${fixed}, but one that needs little of the core ` +
    `${percent(chainSpread ?? 0)} more, so somebody else (on a virtual machine maybe another guest) used the core's ` +
    `other hardware thread; ${EFFECT}; ${HINT}`;
  return [{ brief, whole }];
}

function stolenWarning({ stealShare }: Noise): Told[] {
  if (!above(stealShare, STEAL)) return [];
  const whole =
    `the hypervisor gave ${percent(stealShare)} of this machine's processor time to others: rounds and the processes in ` +
    `them stood still for moments, which lengthens them and whatever waits for a lock they hold; no option cures it: ` +
    `use a dedicated machine, or --until 5% to go on until the intervals are narrow`;
  const brief = `Noisy: the hypervisor gave ${percent(stealShare)} of the processors away; try --until 5%`;
  return [{ brief, whole }];
}

function limitWarning({ cpuLimit, throttledShare }: Noise): Told[] {
  if (cpuLimit === null || !above(throttledShare, THROTTLED)) return [];
  const whole =
    `a control group limits this run to ${digits(cpuLimit)} processors' worth of time, and stopped it for ` +
    `${percent(throttledShare)} of the run: workers stood still with the lock in their hands, which is not another ` +
    'program’s load; lift the limit (docker run without --cpus, cpu.max of the group), or use fewer --processes';
  const brief = `Throttled: a CPU limit stopped the run for ${percent(throttledShare)} of it; use fewer --processes`;
  return [{ brief, whole }];
}

function otherLoadWarning(noise: Noise): Told[] {
  const { otherLoadShare, spinWaitShare, stealShare, throttledShare } = noise;
  if (above(otherLoadShare, OTHER_LOAD)) {
    const whole =
      `other programs used ${percent(otherLoadShare)} of all processors' time: workers waited for them, and were moved ` +
      `between processors; stop them (top shows which), or measure with fewer --processes than there are processors`;
    return [
      { brief: `Noisy: other programs used ${percent(otherLoadShare)} of the processors; stop them`, whole },
    ];
  }
  // Steal and a limit make the computation wait, too, and have been told.
  const told = above(stealShare, STEAL) || above(throttledShare, THROTTLED);
  if (above(spinWaitShare, SPIN_WAIT) && !told) {
    const whole =
      `short computations waited for a processor during ${percent(spinWaitShare)} of their time though nobody was seen to ` +
      `use it, as under a container's CPU limit: workers are stopped like that, too, with ` +
      `the lock in their hands; lift the limit (docker run without --cpus)`;
    const brief = `Throttled: ${percent(spinWaitShare)} of the time no processor was free, as under a CPU limit`;
    return [{ brief, whole }];
  }
  return [];
}

function governorWarning({ governor }: Noise): Told[] {
  if (governor === null || governor === 'performance') return [];
  const whole =
    `the processor's frequency governor is "${governor}": the clock may slow down while processes sleep, and locks that ` +
    `sleep are then measured on a slower processor than locks that spin; run ` +
    `"cpupower frequency-set -g performance" as root`;
  return [{ brief: `Governor "${governor}": locks that sleep may find a slower clock`, whole }];
}

function memoryWarning({ memoryPressure }: Noise): Told[] {
  if (!above(memoryPressure, MEMORY_PRESSURE)) return [];
  const whole =
    `programs waited for memory during ${percent(memoryPressure)} of the time (swapping, or a container's limit), and a ` +
    `worker that waits may hold the lock; free memory, or use fewer --processes`;
  const brief = `Short of memory: programs waited for it ${percent(memoryPressure)} of the time; free some`;
  return [{ brief, whole }];
}

const toldOf = (noise: Noise): Told[] => [
  ...speedWarning(noise),
  ...stolenWarning(noise),
  ...limitWarning(noise),
  ...otherLoadWarning(noise),
  ...governorWarning(noise),
  ...memoryWarning(noise),
];

/**
 * What a reader must know before trusting the figures: each a sentence without its period; none when all was quiet.
 * Pressure on processors and on the disk is recorded only: workers that outnumber the processors, and rounds on a disk,
 * make it themselves, and the kernel does not tell whose it is.
 */
export const noiseWarnings = (noise: Noise): string[] => toldOf(noise).map(({ whole }) => whole);

/** The same, each in a line that a terminal has room for. */
export const noiseInBrief = (noise: Noise): string[] => toldOf(noise).map(({ brief }) => brief);
