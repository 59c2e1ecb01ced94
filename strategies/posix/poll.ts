/**
 * What can be known of a descriptor without reading or writing. Source: poll(2), pipe(7).
 */
import { allocate, libc } from './libc.js';

const poll: (entries: number, count: number, timeoutMs: number) => number = libc.func(
  'int poll(int64_t entries, unsigned long count, int timeout)',
);

const POLLERR = 8;
const POLLHUP = 16;

/** A `struct pollfd`: the descriptor, what is asked, what is answered. */
const ENTRY_BYTES = 8;
const REVENTS_AT = 6;
const { address, bytes } = allocate(ENTRY_BYTES);
const entry = new DataView(bytes.buffer, bytes.byteOffset, ENTRY_BYTES);

/** Whether what is written to a pipe or a socket reaches nobody any more: its other end is closed. Never waits. */
export function isDeserted(fd: number): boolean {
  entry.setInt32(0, fd, true);
  entry.setUint32(Int32Array.BYTES_PER_ELEMENT, 0, true);
  return poll(address, 1, 0) === 1 && (entry.getUint16(REVENTS_AT, true) & (POLLERR | POLLHUP)) !== 0;
}
