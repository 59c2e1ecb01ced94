/**
 * What the kernel counts about the whole machine, and how much of it was ours: two snapshots tell what happened between.
 * Source: proc_stat(5), proc_pid_stat(5), Documentation/accounting/psi.rst of the kernel.
 */
import { readFileSync } from 'node:fs';
import { now } from '../../strategies/posix/clock.js';
import { type CpuLimit, readCpuLimit } from './cpu-limit.js';

/**
 * Processor time since the machine started, summed over all processors, in ticks of 10 ms. (USER_HZ, in which the kernel
 * writes them, is 100 on every machine that Node runs on, whatever its own timer does.) A container sees its host's.
 */
export interface ProcessorTicks {
  /** In programs, those of guests of our own included. */
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly irq: number;
  readonly softirq: number;
  /** Wanted by this machine while the hypervisor ran others; 0 also where it does not tell. */
  readonly steal: number;
}

/** For how long some task could not go on, for want of it, since the machine started: µs; null where nobody counts. */
export interface PressureTotals {
  readonly cpuUs: number | null;
  readonly ioUs: number | null;
  readonly memoryUs: number | null;
}

/** A snapshot. Members are null where the kernel, or a container, hides the file. */
export interface Load {
  /** CLOCK_MONOTONIC. */
  readonly atNs: number;
  readonly processors: ProcessorTicks | null;
  readonly pressure: PressureTotals;
  /** Ticks of 10 ms that this process has used, and those of its children that have ended and were waited for. */
  readonly ownTicks: number | null;
  /** null where no control group limits us. */
  readonly limit: CpuLimit | null;
}

/** The line `cpu` of /proc/stat; null if there is none. Columns that old kernels lack count as 0. */
export function parseProcessorTicks(text: string): ProcessorTicks | null {
  const [, line] = /^cpu +(.*)$/m.exec(text) ?? [];
  if (line === undefined) return null;
  const numbers = line.split(' ').map(Number);
  if (numbers.length < 4 || numbers.some((n) => !Number.isFinite(n))) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = numbers;
  return { user, nice, system, idle, iowait, irq, softirq, steal };
}

/** The total of the line `some` of a file in /proc/pressure, in µs; null if there is none. */
export function parsePressure(text: string): number | null {
  const [, total] = /^some .*\btotal=(\d+)$/m.exec(text) ?? [];
  return total === undefined ? null : Number(total);
}

/** utime, stime, cutime and cstime of a /proc/PID/stat, added up; null if they are not there. */
export function parseOwnTicks(text: string): number | null {
  // The name, second, may hold spaces and brackets: counting starts behind the last bracket, where the third field is.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).map(Number);
  if (ticks.length < 4 || ticks.some((n) => !Number.isFinite(n))) return null;
  return ticks.reduce((a, b) => a + b, 0);
}

function read<T>(path: string, parse: (text: string) => T | null): T | null {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    // Missing in old kernels (pressure), or hidden by a container; a file of /proc/pressure may also fail to be read.
    return null;
  }
}

/** Takes a snapshot. `proc`: where procfs is mounted. Throws nothing: what cannot be read is null. */
export function readLoad(proc = '/proc'): Load {
  return {
    atNs: Number(now()),
    processors: read(`${proc}/stat`, parseProcessorTicks),
    pressure: {
      cpuUs: read(`${proc}/pressure/cpu`, parsePressure),
      ioUs: read(`${proc}/pressure/io`, parsePressure),
      memoryUs: read(`${proc}/pressure/memory`, parsePressure),
    },
    ownTicks: read(`${proc}/self/stat`, parseOwnTicks),
    limit: readCpuLimit(proc),
  };
}
