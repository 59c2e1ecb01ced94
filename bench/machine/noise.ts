/**
 * What else happened on the machine while a run measured, as a record for the result file. noise-warnings.ts says in words
 * what of it matters; docs/noise.md explains each.
 */
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
  /** The same four chains as a clock on the wall had them: with the time that they waited for a processor. */
  readonly elapsedNs: readonly number[];
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
    elapsedNs: spins.map((spin) => spin.fourChainsNs * Math.max(1, spin.wallNs / spin.cpuNs)),
    spinWaitShare: wallNs === 0 ? null : Math.max(0, wallNs - cpuNs) / wallNs,
    ...processorShares(before, after),
    cpuPressure: pressure('cpuUs'),
    ioPressure: pressure('ioUs'),
    memoryPressure: pressure('memoryUs'),
    ...throttling(before, after, spanNs),
    governor: environment.governor,
  };
}
