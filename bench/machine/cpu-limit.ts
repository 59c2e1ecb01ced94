/**
 * The processor time that a control group grants, and how long its processes were stopped because they had used it up. A
 * container's limit looks like another program's load: workers stand still, with the lock in their hands.
 * Source: Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst of the kernel, cgroups(7).
 */
import { join } from 'node:path';
import { groupsAbove, type Roots, readGroupFile } from './control-group.js';

export interface CpuLimit {
  /** Processors' worth of time, such as 0.5: the smallest quota of ours and of the groups above it. */
  readonly cpus: number;
  /** For how long processes of that group were stopped since it was made, ns; null where the kernel does not tell. */
  readonly throttledNs: number | null;
}

/** "50000 100000" of cpu.max: processors' worth of time; null for "max" and for what cannot be understood. */
export function parseCpuMax(text: string): number | null {
  const [, quota, period] = /^(\d+) (\d+)$/.exec(text.trim()) ?? [];
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : null;
}

/** Of cpu.stat: µs as version 2 writes them, ns as version 1. */
export function parseThrottled(text: string): number | null {
  const us = /^throttled_usec (\d+)$/m.exec(text)?.[1];
  const ns = /^throttled_time (\d+)$/m.exec(text)?.[1];
  if (us !== undefined) return Number(us) * 1e3;
  return ns === undefined ? null : Number(ns);
}

/** Of one group; null if it limits nothing. */
function limitOf(directory: string, version: 1 | 2): CpuLimit | null {
  const max =
    version === 2
      ? readGroupFile(join(directory, 'cpu.max'))
      : `${readGroupFile(join(directory, 'cpu.cfs_quota_us'))?.trim()} ${readGroupFile(join(directory, 'cpu.cfs_period_us'))?.trim()}`;
  const cpus = max === null ? null : parseCpuMax(max);
  return cpus === null
    ? null
    : { cpus, throttledNs: parseThrottled(readGroupFile(join(directory, 'cpu.stat')) ?? '') };
}

/** The tightest limit that this process runs under; null if there is none to be seen. Throws nothing. */
export function readCpuLimit(proc?: string, roots?: Roots): CpuLimit | null {
  const found = groupsAbove('cpu', proc, roots).flatMap(
    ({ directory, version }) => limitOf(directory, version) ?? [],
  );
  return found.reduce<CpuLimit | null>(
    (least, one) => (least === null || one.cpus < least.cpus ? one : least),
    null,
  );
}
