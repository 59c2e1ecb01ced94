/**
 * What of the noise matters to who reads the figures: the verdict in a line, each cause in a sentence, and how large a
 * difference must be to be trusted. docs/noise.md explains each.
 */
import { digits, durationRange, percent } from '../base/format.js';
import type { Noise } from './noise.js';

/** At rest, measurements stay within some 3%; and locks that differ by less than 10% are seldom worth telling apart. */
const SPREAD = 0.1;
/** A guest that is left alone has none. 1% is 2 ms of a processor in each round of 200 ms, as long as a thousand locks. */
const STEAL = 0.01;
/** Daemons stay below, and so does what counting by ticks gets wrong; a program that computes uses one processor whole. */
const OTHER_LOAD = 0.05;
/** One other program's time slice of some ms is a fifth of two measurements; a used-up limit stops them for 50 ms or so. */
const SPIN_WAIT = 0.25;
/** A group that is seldom stopped loses no more than to an interrupt. */
const THROTTLED = 0.01;
/** We need little memory; a machine with enough of it has 0. */
const MEMORY_PRESSURE = 0.01;

const above = (value: number | null, limit: number): value is number => value !== null && value > limit;

const EFFECT = 'figures of different blocks differ by up to as much, ratios, paired within blocks, by less';
const HINT = 'use a quiet host, or narrow the intervals with more --rounds or --until 5%';

/** What a reader must know: as one cause of several, in a line of at most 78 characters, and whole. None has its period. */
interface Told {
  readonly cause: string;
  readonly brief: string;
  readonly whole: string;
}

/** A changed frequency lengthens both computations alike; a shared core the one that fills it, and the other hardly. */
function speedWarning({ chainSpread, spinNs, spinSpread }: Noise): Told[] {
  if (!above(spinSpread, SPREAD)) return [];
  const fixed = `a fixed computation took ${durationRange(spinNs)} (${percent(spinSpread)} more)`;
  const cause = `the processor was ${percent(spinSpread)} slower at times`;
  const brief = `Noisy: the processor was ${percent(spinSpread)} slower around some blocks; try --until 5%`;
  if (above(chainSpread, spinSpread / 2)) {
    const whole =
      `the processor's speed differed between blocks: ${fixed}, as when the clock's frequency changes or a core is of ` +
      `another kind; ${EFFECT}; set the frequency governor to "performance", ${HINT}`;
    return [{ cause, brief, whole }];
  }
  const whole =
    `the processor was slower around some blocks than around others: ${fixed}, but one that needs little of the core ` +
    `${percent(chainSpread ?? 0)} more, so somebody else (on a virtual machine maybe another guest) used the core's ` +
    `other hardware thread; ${EFFECT}; ${HINT}`;
  return [{ cause, brief, whole }];
}

function stolenWarning({ stealShare }: Noise): Told[] {
  if (!above(stealShare, STEAL)) return [];
  const whole =
    `the hypervisor gave ${percent(stealShare)} of this machine's processor time to others: rounds and the processes in ` +
    `them stood still for moments, which lengthens them and whatever waits for a lock they hold; no option cures it: ` +
    `use a dedicated machine, or --until 5% to go on until the intervals are narrow`;
  const cause = `the hypervisor gave away ${percent(stealShare)} of the processors`;
  const brief = `Noisy: the hypervisor gave ${percent(stealShare)} of the processors away; try --until 5%`;
  return [{ cause, brief, whole }];
}

function limitWarning({ cpuLimit, throttledShare }: Noise): Told[] {
  if (cpuLimit === null || !above(throttledShare, THROTTLED)) return [];
  const whole =
    `a control group limits this run to ${digits(cpuLimit)} processors' worth of time, and stopped it for ` +
    `${percent(throttledShare)} of the run: workers stood still with the lock in their hands, which is not another ` +
    'program’s load; lift the limit (docker run without --cpus, cpu.max of the group), or use fewer --processes';
  const cause = `a CPU limit stopped it ${percent(throttledShare)} of the time`;
  const brief = `Throttled: a CPU limit stopped the run for ${percent(throttledShare)} of it; use fewer --processes`;
  return [{ cause, brief, whole }];
}

function otherLoadWarning(noise: Noise): Told[] {
  const { otherLoadShare, spinWaitShare, stealShare, throttledShare } = noise;
  if (above(otherLoadShare, OTHER_LOAD)) {
    const whole =
      `other programs used ${percent(otherLoadShare)} of all processors' time: workers waited for them, and were moved ` +
      `between processors; stop them (top shows which), or measure with fewer --processes than there are processors`;
    const cause = `other programs used ${percent(otherLoadShare)} of the processors`;
    return [{ cause, brief: `Noisy: ${cause}; stop them`, whole }];
  }
  // Steal and a limit make the computation wait, too, and have been told.
  const told = above(stealShare, STEAL) || above(throttledShare, THROTTLED);
  if (above(spinWaitShare, SPIN_WAIT) && !told) {
    const whole =
      `short computations waited for a processor during ${percent(spinWaitShare)} of their time though nobody was seen to ` +
      `use it, as under a container's CPU limit: workers are stopped like that, too, with ` +
      `the lock in their hands; lift the limit (docker run without --cpus)`;
    const cause = `no processor was free ${percent(spinWaitShare)} of the time`;
    const brief = `Throttled: ${percent(spinWaitShare)} of the time no processor was free, as under a CPU limit`;
    return [{ cause, brief, whole }];
  }
  return [];
}

function governorWarning({ governor }: Noise): Told[] {
  if (governor === null || governor === 'performance') return [];
  const whole =
    `the processor's frequency governor is "${governor}": the clock may slow down while processes sleep, and locks that ` +
    `sleep are then measured on a slower processor than locks that spin; run ` +
    `"cpupower frequency-set -g performance" as root`;
  const cause = `the frequency governor is "${governor}"`;
  return [{ cause, brief: `Governor "${governor}": locks that sleep may find a slower clock`, whole }];
}

function memoryWarning({ memoryPressure }: Noise): Told[] {
  if (!above(memoryPressure, MEMORY_PRESSURE)) return [];
  const whole =
    `programs waited for memory during ${percent(memoryPressure)} of the time (swapping, or a container's limit), and a ` +
    `worker that waits may hold the lock; free memory, or use fewer --processes`;
  const cause = `programs waited for memory ${percent(memoryPressure)} of the time`;
  const brief = `Short of memory: programs waited for it ${percent(memoryPressure)} of the time; free some`;
  return [{ cause, brief, whole }];
}

const toldOf = (noise: Noise): Told[] => [
  ...otherLoadWarning(noise),
  ...limitWarning(noise),
  ...stolenWarning(noise),
  ...speedWarning(noise),
  ...governorWarning(noise),
  ...memoryWarning(noise),
];

/**
 * What a reader must know before trusting the figures: each a sentence without its period; none when all was quiet.
 * Pressure on processors and on the disk is recorded only: workers that outnumber the processors, and rounds on a disk,
 * make it themselves, and the kernel does not tell whose it is.
 */
export const noiseWarnings = (noise: Noise): string[] => toldOf(noise).map(({ whole }) => whole);

/** Beside the mark, on a terminal of 80 columns. */
const LINE = 78;

/**
 * The verdict on the machine in one line: "quiet", or what disturbed it, as far as a line holds it, the most disturbing
 * first. Null where nothing could be found out.
 */
export function noiseVerdict(noise: Noise): string | null {
  const [first, ...others] = toldOf(noise);
  if (first === undefined) return isKnown(noise) ? QUIET : null;
  if (others.length === 0) return first.brief;
  const all = [first, ...others].map(({ cause }) => cause);
  const help = '; --verbose explains';
  for (let shown = all.length; shown > 1; shown--) {
    const more = all.length > shown ? ', and more' : '';
    const line = `Noisy: ${all.slice(0, shown).join(', ')}${more}${help}`;
    if (line.length <= LINE) return line;
  }
  return `Noisy: ${first.cause}, and more${help}`;
}

export const QUIET = 'quiet';

const isKnown = ({ spinNs, otherLoadShare }: Noise): boolean => spinNs.length > 1 || otherLoadShare !== null;

/**
 * How many times as long as at its fastest a fixed computation took at its slowest, by the clock on the wall. On a noisy
 * machine a difference between two locks that is smaller may be the machine's. 1 on a quiet one.
 */
export function disturbance(noise: Noise): number {
  // Written by an earlier version, it knows processor time alone.
  const times = noise.elapsedNs.length > 0 ? noise.elapsedNs : noise.spinNs;
  if (times.length < 2 || toldOf(noise).length === 0) return 1;
  return Math.max(...times) / Math.min(...times);
}
