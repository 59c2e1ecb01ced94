/**
 * How fast this machine is now, by things that have nothing to do with locks: taken before a run and after it, so that
 * figures of two machines, or of two days, have a common measure. docs/noise.md shows one.
 */
import { readFileSync } from 'node:fs';
import { now } from '../../strategies/posix/clock.js';
import { libc } from '../../strategies/posix/libc.js';
import { median } from '../statistics/median.js';
import { fixedSpin } from './spin.js';

/** Times in ns. */
export interface Calibration {
  /** Steps that depend on each other: follows the clock's frequency. */
  readonly chainNs: number;
  /** Four such chains side by side: twice as much where another thread uses the core. */
  readonly fourChainsNs: number;
  /** A system call that does nothing, called as a strategy calls its own. */
  readonly emptyCallNs: number;
  /** Of the processor, as the kernel tells; null where it does not. A guest is told a constant. */
  readonly mhz: number | null;
}

const getppid: () => number = libc.func('int getppid()');

const GROUP = 200;
const GROUPS = 9;

/** Its groups are short against a timer tick. The first ones compile the loop, and are not the median. */
function emptyCall(): number {
  const groups = Array.from({ length: GROUPS }, () => {
    const start = now();
    for (let i = 0; i < GROUP; i++) getppid();
    return Number(now() - start) / GROUP;
  });
  return median(groups);
}

/** The fastest processor's: those that sleep may show what they idle at. */
export function parseMhz(cpuinfo: string): number | null {
  const each = [...cpuinfo.matchAll(/^cpu MHz\s*:\s*([\d.]+)$/gm)].map(([, mhz]) => Number(mhz));
  return each.length === 0 ? null : Math.max(...each);
}

function mhz(): number | null {
  try {
    return parseMhz(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return null;
  }
}

/** Blocks for some 10 ms, the first time for 10 ms more. Call it while no worker runs: they would be measured too. */
export function calibrate(): Calibration {
  const { chainNs, fourChainsNs } = fixedSpin();
  return { chainNs, fourChainsNs, emptyCallNs: emptyCall(), mhz: mhz() };
}
