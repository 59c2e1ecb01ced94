/**
 * What the kernel counts of a block device: requests that were done, and the time they took. Counted for the device as a
 * whole, whichever process asked. Source: Documentation/admin-guide/iostats.rst of the kernel.
 */

import { readFileSync } from 'node:fs';
import type { Mount } from './mount.js';

/** Requests that were done, and the time they took, since boot. */
export interface DiskStats {
  readonly writes: number;
  /** To the millisecond. */
  readonly writeNs: number;
  /** Requests to bring the device's own cache to its medium; the kernel counts them apart from writes. */
  readonly flushes: number;
  readonly flushNs: number;
}

// Fields of a line, from 0: major, minor, name, four of reads, four of writes, three of all, four of discards, two of flushes.
const WRITES = 7;
const WRITE_MS = 10;
const FLUSHES = 18;
const FLUSH_MS = 19;
const NS_PER_MS = 1e6;

/** Reads the line of a device, "254:0", from the table; null if there is none, or if the kernel counts no flushes. */
export function parseDiskStats(text: string, device: string): DiskStats | null {
  const fields = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([major, minor]) => `${major}:${minor}` === device);
  const at = (i: number): number => Number(fields?.[i]);
  const stats = {
    writes: at(WRITES),
    writeNs: at(WRITE_MS) * NS_PER_MS,
    flushes: at(FLUSHES),
    flushNs: at(FLUSH_MS) * NS_PER_MS,
  };
  return Object.values(stats).every(Number.isFinite) ? stats : null;
}

/** Of the device that a file system lies on; null where it lies on none that is counted, such as tmpfs, NFS or btrfs. */
export const diskStatsOf = ({ device }: Pick<Mount, 'device'>): DiskStats | null =>
  parseDiskStats(readFileSync('/proc/diskstats', 'utf8'), device);

/** What was done from `before` to `after`. */
export const diskStatsBetween = (before: DiskStats, after: DiskStats): DiskStats => ({
  writes: after.writes - before.writes,
  writeNs: after.writeNs - before.writeNs,
  flushes: after.flushes - before.flushes,
  flushNs: after.flushNs - before.flushNs,
});
