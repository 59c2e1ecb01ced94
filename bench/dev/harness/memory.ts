/**
 * How much memory processes take, and how much there is. Source: proc_pid_smaps(5), proc_pid_status(5), proc_meminfo(5).
 */
import { readFileSync } from 'node:fs';
import { digits } from '../../base/format.js';

const KIB = 1024;

/** The figure of a line such as `Pss:   1234 kB`, in bytes. Throws an Error if there is none. */
function bytesOf(path: string, key: string): number {
  const figure = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(path, 'latin1'))?.[1];
  if (figure === undefined) throw new Error(`${path}: a line "${key}: … kB" was expected`);
  return Number(figure) * KIB;
}

/** Memory that a program could have without swapping, in bytes. */
export const availableMemory = (): number => bytesOf('/proc/meminfo', 'MemAvailable');

/**
 * Memory of processes together. `Pss` counts a page that several share once; `Rss`, where the kernel does not let us read
 * the other, counts it for each.
 */
export interface MemoryUse {
  readonly kind: 'Pss' | 'Rss';
  readonly bytes: number;
}

/** Throws an Error if one of the processes has ended. */
export function memoryOf(pids: readonly number[]): MemoryUse {
  const sum = (file: string, key: string): number =>
    pids.reduce((total, pid) => total + bytesOf(`/proc/${pid}/${file}`, key), 0);
  try {
    return { kind: 'Pss', bytes: sum('smaps_rollup', 'Pss') };
  } catch {
    return { kind: 'Rss', bytes: sum('status', 'VmRSS') };
  }
}

/** 2980000000 becomes "2.98 GB". */
export function bytes(count: number): string {
  const [unit, size] = Math.abs(count) >= 1e9 ? ['GB', 1e9] : ['MB', 1e6];
  return `${digits(count / Number(size))} ${unit}`;
}
