/**
 * Clocks and sleeping, to the nanosecond. All times are nanoseconds; CLOCK_MONOTONIC is the same for all
 * processes of a host, so that times taken in two workers can be compared. Source: clock_gettime(2),
 * clock_nanosleep(2), prctl(2) PR_SET_TIMERSLACK.
 */
import { EINTR, SystemError } from './errno.js';
import { allocate, clockGettime, clockNanosleep, prctl } from './libc.js';

const CLOCK_MONOTONIC = 1;
const CLOCK_THREAD_CPUTIME_ID = 3;
const PR_SET_TIMERSLACK = 29;
const SECOND = 1_000_000_000n;

// struct timespec: seconds and nanoseconds, 8 bytes each.
const TIMESPEC_BYTES = 16;
const timespec = allocate(TIMESPEC_BYTES);
const time = new BigInt64Array(timespec.bytes.buffer);

function read(clock: number): bigint {
  clockGettime(clock, timespec.address);
  return (time[0] as bigint) * SECOND + (time[1] as bigint);
}

/** CLOCK_MONOTONIC. */
export const now: () => bigint = process.hrtime.bigint;

/** Processor time that the calling thread has used. */
export const threadCpuTime = (): bigint => read(CLOCK_THREAD_CPUTIME_ID);

const request = allocate(TIMESPEC_BYTES);
const remain = allocate(TIMESPEC_BYTES).address;
// The low words of the two members: no BigInt is made to sleep.
const requested = new Int32Array(request.bytes.buffer);

/** Sleeps. A signal does not shorten it. */
export function sleep(ns: number): void {
  requested[0] = Math.floor(ns / 1e9);
  requested[2] = ns % 1e9;
  let why = clockNanosleep(CLOCK_MONOTONIC, 0, request.address, remain);
  while (why === EINTR) why = clockNanosleep(CLOCK_MONOTONIC, 0, remain, remain);
  if (why !== 0) throw new SystemError('clock_nanosleep', why, `${ns} ns`);
}

/** Keeps the processor busy. */
export function spin(ns: number): void {
  const end = now() + BigInt(ns);
  while (now() < end);
}

/** The kernel may end a sleep up to 50 µs late, to batch wake-ups; this asks it not to. */
export function useFinestTimers(): void {
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}
