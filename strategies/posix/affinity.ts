/**
 * On which processors the calling thread may run. A child process starts with what its parent's thread had.
 * Source: sched_setaffinity(2), CPU_SET(3).
 */
import { check } from './errno.js';
import { allocate, schedGetaffinity, schedSetaffinity } from './libc.js';

// Room for 8192 processors, more than Linux can be built for.
const MASK_BYTES = 1024;
const { address, bytes } = allocate(MASK_BYTES);

/** Numbers of the processors that the thread may run on, ascending. Throws SystemError. */
export function allowedProcessors(): number[] {
  bytes.fill(0);
  check(schedGetaffinity(0, MASK_BYTES, address), 'sched_getaffinity');
  return Array.from({ length: MASK_BYTES * 8 }, (_, cpu) => cpu).filter(
    (cpu) => (((bytes[cpu >> 3] as number) >> (cpu & 7)) & 1) === 1,
  );
}

/** Keeps the thread on these processors. Throws SystemError, EINVAL if it may run on none of them. */
export function runOn(processors: readonly number[]): void {
  bytes.fill(0);
  for (const cpu of processors) bytes[cpu >> 3] = (bytes[cpu >> 3] as number) | (1 << (cpu & 7));
  check(schedSetaffinity(0, MASK_BYTES, address), 'sched_setaffinity', `processors ${processors.join(', ')}`);
}
