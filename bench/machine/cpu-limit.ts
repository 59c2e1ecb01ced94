/**
 * The processor time that a control group grants, and how long its processes were stopped because they had used it up. A
 * container's limit looks like another program's load: workers stand still, with the lock in their hands.
 * Source: Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst of the kernel, cgroups(7).
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

interface Membership {
  readonly version: 1 | 2;
  /** As seen from the root of its hierarchy. */
  readonly path: string;
}

/** The group that limits our processor time: a line of /proc/PID/cgroup. */
export function parseMembership(text: string): Membership[] {
  return text.split('\n').flatMap((line): Membership[] => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    if (controllers === '') return [{ version: 2, path }];
    return controllers.split(',').includes('cpu') ? [{ version: 1, path }] : [];
  });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Of one group; null if it limits nothing. */
function limitOf(directory: string, version: 1 | 2): CpuLimit | null {
  const max =
    version === 2
      ? read(join(directory, 'cpu.max'))
      : `${read(join(directory, 'cpu.cfs_quota_us'))?.trim()} ${read(join(directory, 'cpu.cfs_period_us'))?.trim()}`;
  const cpus = max === null ? null : parseCpuMax(max);
  return cpus === null
    ? null
    : { cpus, throttledNs: parseThrottled(read(join(directory, 'cpu.stat')) ?? '') };
}

/** From a group up to the root: where a container sees a part of the hierarchy only, what it sees. */
function* upwards(root: string, path: string): Generator<string> {
  for (let at = path; ; at = dirname(at)) {
    yield join(root, at);
    if (at === '/') return;
  }
}

/** Where the hierarchy with the controller of processor time is mounted. */
const ROOTS = {
  1: ['/sys/fs/cgroup/cpu,cpuacct', '/sys/fs/cgroup/cpu'],
  2: ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'],
} as const;

/** The tightest limit that this process runs under; null if there is none to be seen. Throws nothing. */
export function readCpuLimit(
  proc = '/proc',
  roots: Readonly<Record<1 | 2, readonly string[]>> = ROOTS,
): CpuLimit | null {
  const found = parseMembership(read(join(proc, 'self/cgroup')) ?? '').flatMap(({ version, path }) =>
    roots[version].flatMap((root) =>
      [...upwards(root, path)].flatMap((group) => limitOf(group, version) ?? []),
    ),
  );
  return found.reduce<CpuLimit | null>(
    (least, one) => (least === null || one.cpus < least.cpus ? one : least),
    null,
  );
}
