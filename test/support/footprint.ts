/**
 * What a process keeps that nobody counts until there is no more of it: mappings, descriptors, memory.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Below this lies what `allocate` hands out (MAP_32BIT); of the engine's, only what has a name does. */
const LOW = 2 ** 31;

export interface Footprint {
  /** Mappings of shared memory. */
  readonly shared: number;
  /** All mappings. */
  readonly maps: number;
  readonly descriptors: number;
  /** Bytes of memory that is for system calls. */
  readonly lowBytes: number;
  readonly residentBytes: number;
}

/** Of this process, or of another one of this user. */
export function footprintOf(pid: number | 'self' = 'self'): Footprint {
  const lines = readFileSync(`/proc/${pid}/maps`, 'latin1').trimEnd().split('\n');
  const lengths = lines.map((line) => {
    const [range = '', , , , , path] = line.split(/ +/);
    const [from = 0, to = 0] = range.split('-').map((word) => Number.parseInt(word, 16));
    return to <= LOW && (path === undefined || path === '') ? to - from : 0;
  });
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    shared: lines.filter((line) => /\/memfd:|\/dev\/shm\//.test(line)).length,
    maps: lines.length,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    lowBytes: lengths.reduce((a, b) => a + b, 0),
    residentBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024,
  };
}
