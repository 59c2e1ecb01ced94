/**
 * Counters of the processor and of the kernel, for the calling thread. Source: perf_event_open(2), linux/perf_event.h.
 */
import { arch } from 'node:process';
import { allocate, close, errno, libc, read } from './libc.js';

/** What is counted: `type` and `config` of a `struct perf_event_attr`. */
export interface PerfEvent {
  readonly type: number;
  readonly config: number;
}

const HARDWARE = 0;
const SOFTWARE = 1;
export const CYCLES: PerfEvent = { type: HARDWARE, config: 0 };
export const INSTRUCTIONS: PerfEvent = { type: HARDWARE, config: 1 };
export const CACHE_MISSES: PerfEvent = { type: HARDWARE, config: 3 };
/** Counted by the kernel itself, so that it is there without a counter of the processor. */
export const CONTEXT_SWITCHES: PerfEvent = { type: SOFTWARE, config: 3 };

const SYS_PERF_EVENT_OPEN = arch === 'arm64' || arch === 'riscv64' ? 241 : 298;
const perfEventOpen: (
  number: number,
  attributes: number,
  pid: number,
  cpu: number,
  group: number,
  flags: number,
) => number = libc.func(
  'long syscall(long number, int64_t attributes, int pid, int cpu, int group, unsigned long flags)',
);

/** PERF_ATTR_SIZE_VER5: known to every kernel that Node runs on. */
const ATTRIBUTE_BYTES = 112;
const SIZE_AT = 4;
const CONFIG_AT = 8;
const FORMAT_AT = 32;
const FLAGS_AT = 40;
/** PERF_FORMAT_TOTAL_TIME_ENABLED and _RUNNING: whether the counter was shared with others, and had to be read by parts. */
const FORMAT_TIMES = 3;
const EXCLUDE_HYPERVISOR = 1 << 6;
const PERF_FLAG_FD_CLOEXEC = 8;
const CALLER = 0;
const ANY_PROCESSOR = -1;
const NO_GROUP = -1;
const WORD = 8;

/** A counter that runs from its opening on. */
export interface PerfCounter {
  /** What was counted so far; null if the processor's counters were lent to others meanwhile, so that it is an estimate. */
  count(): number | null;
  close(): void;
}

/** Opens one for the calling thread, in programs and in the kernel. Returns errno where it cannot be had. */
export function openPerfCounter({ type, config }: PerfEvent): PerfCounter | number {
  const { address, bytes } = allocate(ATTRIBUTE_BYTES);
  const attributes = new DataView(bytes.buffer, bytes.byteOffset, ATTRIBUTE_BYTES);
  attributes.setUint32(0, type, true);
  attributes.setUint32(SIZE_AT, ATTRIBUTE_BYTES, true);
  attributes.setBigUint64(CONFIG_AT, BigInt(config), true);
  attributes.setBigUint64(FORMAT_AT, BigInt(FORMAT_TIMES), true);
  attributes.setUint32(FLAGS_AT, EXCLUDE_HYPERVISOR, true);
  const fd = perfEventOpen(
    SYS_PERF_EVENT_OPEN,
    address,
    CALLER,
    ANY_PROCESSOR,
    NO_GROUP,
    PERF_FLAG_FD_CLOEXEC,
  );
  if (fd === -1) return errno();
  const answer = allocate(3 * WORD);
  const words = new BigUint64Array(answer.bytes.buffer, answer.bytes.byteOffset, 3);
  return {
    count() {
      if (read(fd, answer.address, 3 * WORD) !== 3 * WORD) return null;
      const [value = 0n, enabled = 0n, running = 0n] = words;
      return enabled === running ? Number(value) : null;
    },
    close() {
      close(fd);
    },
  };
}
