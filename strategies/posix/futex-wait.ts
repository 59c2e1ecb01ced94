/**
 * Sleeping on a word of shared memory until another process changes it. Source: futex(2).
 * The calls are not of the PRIVATE kind, since the word is shared between processes.
 */
import { arch } from 'node:process';
import { EAGAIN, EINTR, fail } from './errno.js';
import { type Address, errno, futexCall } from './libc.js';

const SYS_FUTEX = arch === 'arm64' || arch === 'riscv64' ? 98 : 202;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const EVERYONE = 0x7fffffff;

/**
 * Sleeps while the word at `address` holds `expected`. Returns on a wake, on a changed word, and on a signal:
 * the caller looks at the word again.
 */
export function futexWait(address: Address, expected: number): void {
  if (futexCall(SYS_FUTEX, address, FUTEX_WAIT, expected, 0) === -1) {
    const why = errno();
    if (why !== EAGAIN && why !== EINTR) fail('futex');
  }
}

/** Wakes one who sleeps on the word at `address`, if there is one. */
export function futexWakeOne(address: Address): void {
  if (futexCall(SYS_FUTEX, address, FUTEX_WAKE, 1, 0) === -1) fail('futex');
}

/** Wakes all who sleep on the word at `address`; returns how many there were. */
export function futexWakeAll(address: Address): number {
  return futexCall(SYS_FUTEX, address, FUTEX_WAKE, EVERYONE, 0);
}
