/**
 * Where the time of one turn goes, when nobody else is there: taken apart by stamps between its three parts, by the
 * processor time that it used, and by what the kernel counted of the disk meanwhile. Measured apart from the turns that are
 * timed, since stamps cost. The counts are those of the whole disk: on a busy one they are too high.
 */

import { closeSync, fdatasyncSync } from 'node:fs';
import { z } from 'zod';
import { loadStrategy, loadToUse, processName } from '../../../strategies/index.js';
import { now } from '../../../strategies/posix/clock.js';
import { check } from '../../../strategies/posix/errno.js';
import { allocate, pwrite, syncFileRange } from '../../../strategies/posix/libc.js';
import { keepingDeathSignal } from '../../../strategies/posix/own-process.js';
import { type DiskStats, diskStatsBetween, diskStatsOf } from '../../machine/disk-stats.js';
import { drop, type Identity } from '../../machine/identity.js';
import { type JournalStats, journalStatsOf } from '../../machine/journal-stats.js';
import type { Mount } from '../../machine/mount.js';
import { callApart } from '../../measure/parent/call-apart.js';
import { keepDirectory, USUAL_PATIENCE_NS } from '../../measure/parent/kept-directories.js';
import type { TestDirectory } from '../../measure/parent/plan.js';
import { removeAll } from '../../measure/parent/unremoved.js';
import type { RoundDirectoryJob } from '../../measure/worker/job.js';
import { openLockSite, roundDirectoryOf } from '../../measure/worker/lock-site.js';
import { keptOpen, NUMBER_NAME } from '../../measure/worker/number-file.js';
import { parseStrategySpec, specName } from '../../measure/worker/strategy-spec.js';
import { waiter } from '../../measure/worker/waiting.js';
import { median } from '../../statistics/median.js';

const ns = z.number().nonnegative();

/** Per turn. */
export const anatomySchema = z.strictObject({
  way: z.string(),
  turns: z.int().positive(),
  lockNs: ns.describe('until the lock was got'),
  numberNs: ns.describe('reading and writing the number'),
  unlockNs: ns,
  userNs: ns.describe('processor time outside of the kernel'),
  systemNs: ns.describe('processor time in system calls'),
  waitedNs: ns.describe('the rest: not on a processor'),
  disk: z
    .strictObject({
      writes: ns.describe('requests'),
      writeNs: ns.describe('time that they took, by the kernel’s count'),
      flushes: ns.describe('requests to empty the disk’s own cache'),
      flushNs: ns,
    })
    .nullable()
    .describe('null where the kernel counts none'),
  journal: z
    .strictObject({
      commits: ns.describe('transactions that the file system’s journal wrote'),
      commitNs: ns.describe('what one of them took, its writes and flushes included: the kernel’s average'),
    })
    .nullable()
    .describe('null where the file system has no journal that tells'),
});
export type Anatomy = z.infer<typeof anatomySchema>;

/** The processor time counted is that of all threads of the process; by then, V8's have compiled what there is to compile. */
const WARM_UP_NS = 400e6;
/** The kernel tells time in the program from time in its calls by its ticks, of 1 to 10 ms: too few of them tell nothing. */
const MOST_NS = 400e6;

/** Where and by what lock turns are taken. */
interface TurnsJob {
  /** As it is shown. */
  readonly way: string;
  /** The same as another process finds it. */
  readonly lock: string;
  readonly roundDirectory: RoundDirectoryJob;
  readonly mount: Mount | null;
  readonly identity: Identity | null;
}

/** Has `measure` called with a fresh round directory in a process of its own, as the workers: a lock goes by path, which others may exchange. */
async function apart<T>(
  measure: (job: TurnsJob) => Promise<T>,
  { directory, mount }: TestDirectory,
  way: string,
  identity: Identity | null,
): Promise<T> {
  const { strategy: name, policy } = parseStrategySpec(way);
  const strategy = await loadStrategy(name);
  if (strategy.calls === 'asynchronous') throw new Error(`${way}: a synchronous lock was expected`);
  const kept = await keepDirectory(directory, 1, strategy, identity, USUAL_PATIENCE_NS);
  try {
    const lock = specName({ strategy: processName(strategy), policy });
    const job = { way, lock, roundDirectory: kept.job, mount, identity };
    return await callApart(import.meta.url, measure, [directory], job);
  } finally {
    await removeAll([() => kept.destroy()]);
  }
}

/** Calls `measure` with the lock in this directory. */
async function withLock<T>(
  { way, lock: spec, roundDirectory, identity }: TurnsJob,
  measure: (lock: { acquire(): void; unlock(): void }, take: () => number, fd: number) => T,
): Promise<T> {
  const { strategy: name, policy } = parseStrategySpec(spec);
  const strategy = await loadToUse(name);
  if (strategy.calls === 'asynchronous') throw new Error(`${way}: a synchronous lock was expected`);
  // What it loads it has loaded as root: the tree that the program lies in may be closed to the workers.
  keepingDeathSignal(() => drop(identity));
  const site = openLockSite(roundDirectory, 0, NUMBER_NAME);
  const lock = strategy.open(site);
  const { acquire } = waiter(lock, policy ?? { kind: lock.lock === undefined ? 'spin' : 'block' }, 1);
  try {
    const path = roundDirectoryOf(roundDirectory).path(NUMBER_NAME);
    return measure({ acquire, unlock: lock.unlock }, keptOpen(path, site.fd).take, site.fd);
  } finally {
    lock.close();
    closeSync(site.fd);
  }
}

const journalOf = ({ mount }: TurnsJob): JournalStats | null =>
  mount === null ? null : journalStatsOf(mount);
const diskOf = ({ mount }: TurnsJob): DiskStats | null => (mount === null ? null : diskStatsOf(mount));

/** Takes a turn apart: the means over as many as fit in the time. Throws NoAnswer, and what the lock throws. */
export const dissect = (
  testDirectory: TestDirectory,
  way: string,
  identity: Identity | null,
): Promise<Anatomy> => apart(dissectHere, testDirectory, way, identity);

/** In this process, which may be kept for ever. */
export function dissectHere(job: TurnsJob): Promise<Anatomy> {
  const { way } = job;
  return withLock(job, ({ acquire, unlock }, take) => {
    const turn = (): readonly [bigint, bigint, bigint, bigint] => {
      const asked = now();
      acquire();
      const got = now();
      take();
      const left = now();
      unlock();
      return [asked, got, left, now()];
    };
    for (const from = now(); Number(now() - from) < WARM_UP_NS; ) turn();
    const sums = { lockNs: 0, numberNs: 0, unlockNs: 0 };
    let turns = 0;
    const [diskBefore, journalBefore] = [diskOf(job), journalOf(job)];
    const cpuBefore = process.cpuUsage();
    const began = now();
    for (; Number(now() - began) < MOST_NS; turns++) {
      const [asked, got, left, ended] = turn();
      sums.lockNs += Number(got - asked);
      sums.numberNs += Number(left - got);
      sums.unlockNs += Number(ended - left);
    }
    const wallNs = Number(now() - began);
    const cpu = process.cpuUsage(cpuBefore);
    const [diskAfter, journalAfter] = [diskOf(job), journalOf(job)];
    const disk = diskBefore === null || diskAfter === null ? null : diskStatsBetween(diskBefore, diskAfter);
    const [userNs, systemNs] = [cpu.user * 1e3, cpu.system * 1e3];
    const each = (sum: number): number => sum / turns;
    return {
      ...{
        way,
        turns,
        lockNs: each(sums.lockNs),
        numberNs: each(sums.numberNs),
        unlockNs: each(sums.unlockNs),
      },
      ...{ userNs: each(userNs), systemNs: each(systemNs) },
      waitedNs: each(Math.max(0, wallNs - userNs - systemNs)),
      disk:
        disk === null
          ? null
          : {
              writes: each(disk.writes),
              writeNs: each(disk.writeNs),
              flushes: each(disk.flushes),
              flushNs: each(disk.flushNs),
            },
      journal:
        journalBefore === null || journalAfter === null
          ? null
          : {
              commits: each(journalAfter.commits - journalBefore.commits),
              commitNs: journalAfter.commitNs,
            },
    };
  });
}

const SYNC_FILE_RANGE_WRITE_AND_WAIT = 7;
const PROBES = 100;

/** What it takes to bring a changed page to the disk, and what to have it stay there: medians, ns. */
export const durabilitySchema = z.strictObject({
  writeNs: ns.describe('one page written, and waited for (sync_file_range)'),
  flushNs: ns.describe('the same, and the disk’s own cache emptied (fdatasync)'),
});
export type Durability = z.infer<typeof durabilitySchema>;

/** Measures both in the directory, one after the other in turns, so that what slows the disk down slows both. */
export const probeDurability = (
  testDirectory: TestDirectory,
  identity: Identity | null,
): Promise<Durability> => apart(probeDurabilityHere, testDirectory, 'none', identity);

/** In this process, which may be kept for ever. */
export function probeDurabilityHere(job: TurnsJob): Promise<Durability> {
  return withLock(job, (_lock, _take, fd) => {
    const { address, bytes } = allocate(1);
    const timed = (bring: () => void): number => {
      bytes[0] = (bytes[0] as number) ^ 1;
      check(pwrite(fd, address, 1, 0), 'pwrite', NUMBER_NAME);
      const began = now();
      bring();
      return Number(now() - began);
    };
    const samples = Array.from({ length: PROBES }, () => ({
      write: timed(() =>
        check(syncFileRange(fd, 0, 1, SYNC_FILE_RANGE_WRITE_AND_WAIT), 'sync_file_range', NUMBER_NAME),
      ),
      flush: timed(() => fdatasyncSync(fd)),
    }));
    return {
      writeNs: median(samples.map(({ write }) => write)),
      flushNs: median(samples.map(({ flush }) => flush)),
    };
  });
}

/** Of probes at different moments: a disk, or a neighbour on it, may be slow for as long as one probe lasts. */
export const medianOf = (probes: readonly Durability[]): Durability => ({
  writeNs: median(probes.map(({ writeNs }) => writeNs)),
  flushNs: median(probes.map(({ flushNs }) => flushNs)),
});

const CALLS = 20_000;

/** What entering the kernel costs by itself, the mean; where that is high, a record lock is expensive, and the ratio lower. */
export function emptyCallNs(): number {
  let sum = 0;
  const began = now();
  for (let i = 0; i < CALLS; i++) sum += process.ppid;
  const ns = Number(now() - began);
  if (sum !== CALLS * process.ppid) throw new Error('the parent has ended');
  return ns / CALLS;
}
