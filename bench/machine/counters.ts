/**
 * What the processor counts while a worker takes its turns: instructions, cycles and cache misses, in the program and in the
 * kernel. A virtual machine often has none, and a kernel may refuse them to those who are not root.
 */
import { EACCES, ENOENT, ENOSYS, EPERM, SystemError } from '../../strategies/posix/errno.js';
import {
  CACHE_MISSES,
  CYCLES,
  INSTRUCTIONS,
  openPerfCounter,
  type PerfCounter,
  type PerfEvent,
} from '../../strategies/posix/perf-event.js';

/** Of the calling thread. */
export interface Counts {
  readonly instructions: number;
  readonly cycles: number;
  readonly cacheMisses: number;
}

const EVENTS: Readonly<Record<keyof Counts, PerfEvent>> = {
  instructions: INSTRUCTIONS,
  cycles: CYCLES,
  cacheMisses: CACHE_MISSES,
};

/** What perf_event_open's errno means here. */
function reasonOf(error: number): string {
  if (error === ENOENT) return 'this machine shows none to its programs, as most virtual machines';
  if (error === EACCES || error === EPERM)
    return 'the kernel refuses them; run as root, or set kernel.perf_event_paranoid to 1 or less';
  if (error === ENOSYS) return 'the kernel, or the container, has no such call';
  return new SystemError('perf_event_open', error).message;
}

export interface Counters {
  /** Counted since they were opened; null if the processor had too few counters for all who wanted them. */
  read(): Counts | null;
  close(): void;
}

/** Opens the counters of `events`, or says why they cannot be had; then none is open. */
export function openCounters(
  events: Readonly<Record<keyof Counts, PerfEvent>> = EVENTS,
): Counters | { readonly reason: string } {
  const opened = new Map<keyof Counts, PerfCounter>();
  const close = (): void => {
    for (const one of opened.values()) one.close();
  };
  for (const name of Object.keys(events) as (keyof Counts)[]) {
    const one = openPerfCounter(events[name]);
    if (typeof one === 'number') {
      close();
      return { reason: reasonOf(one) };
    }
    opened.set(name, one);
  }
  const count = (name: keyof Counts): number | null => opened.get(name)?.count() ?? null;
  return {
    close,
    read() {
      const [instructions, cycles, cacheMisses] = [
        count('instructions'),
        count('cycles'),
        count('cacheMisses'),
      ];
      return instructions === null || cycles === null || cacheMisses === null
        ? null
        : { instructions, cycles, cacheMisses };
    },
  };
}

/** Why there are no counters; null if there are. */
export function whyNoCounters(): string | null {
  const counters = openCounters();
  if ('reason' in counters) return counters.reason;
  counters.close();
  return null;
}
