/**
 * What the tests share that play an attacker: the attacker, what is precious, and whether it was touched.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allocate, ioctl } from '../../strategies/posix/libc.js';
import { EXCHANGES_A_DOT, SWAPPER_IS_READY, type SwapperJob } from '../fixtures/swapper.js';
import { until } from './limit.js';
import { temporaryDirectory } from './support.js';

/** A user who is neither root nor the one that workers drop to. */
export const STRANGER = 65533;
/** The one they drop to. */
export const NOBODY = 65534;

const swapper = fileURLToPath(new URL('../fixtures/swapper.js', import.meta.url));

export interface Attacker {
  /** How often names were exchanged, nearly. */
  exchanges(): number;
  stop(): Promise<void>;
}

/** Starts one; it has begun to exchange `pairs` when this returns. */
export async function attack(t: TestContext, job: Omit<SwapperJob, 'parentPid'>): Promise<Attacker> {
  // Into a file: an attacker that writes to a pipe stops as soon as that is full, which nobody empties while a test waits for
  // a synchronous call of ours.
  const said = openSync(join(temporaryDirectory(t), 'said'), 'a+', 0o600);
  t.after(() => closeSync(said));
  const child = spawn(process.execPath, [swapper, JSON.stringify({ ...job, parentPid: process.pid })], {
    stdio: ['ignore', said, 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const dots = (): number => fstatSync(said).size - SWAPPER_IS_READY.length;
  await until('the attacker has begun', () => dots() >= (job.pairs.length === 0 ? 0 : 1));
  return {
    exchanges: () => dots() * EXCHANGES_A_DOT,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const FS_IOC_GETFLAGS = 0x80086601;
const argument = allocate(8);

/** The flags that chattr sets, or null where the file system has none. */
function flagsOf(path: string): number | null {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return ioctl(fd, FS_IOC_GETFLAGS, argument.address) === -1 ? null : (argument.bytes[2] ?? 0);
  } finally {
    closeSync(fd);
  }
}

const EMPTY = 'empty';

/** What is there, by inode, since names change: owner, permissions, when it was written, what is in it. */
export type Precious = ReadonlyMap<number, string>;

function look(path: string, into: Map<number, string>, onFound: (path: string) => void = () => {}): void {
  const { ino, uid, gid, mode, mtimeMs } = lstatSync(path);
  const kind = mode & constants.S_IFMT;
  const isDirectory = kind === constants.S_IFDIR;
  // Links are the attacker's.
  if (!isDirectory && kind !== constants.S_IFREG) return;
  const content = isDirectory
    ? readdirSync(path).sort().join()
    : createHash('sha256').update(readFileSync(path)).digest('hex');
  into.set(ino, [uid, gid, mode.toString(8), mtimeMs, flagsOf(path), content || EMPTY].join(' '));
  onFound(path);
  if (isDirectory) for (const name of readdirSync(path)) look(join(path, name), into, onFound);
}

/** Directories and files that are not ours. Held open until the test is over: one that is removed would leave its inode's number to another. */
export function preciousIn(t: TestContext, ...paths: readonly string[]): Precious {
  const found = new Map<number, string>();
  const held: number[] = [];
  const hold = (path: string): void => {
    held.push(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  };
  t.after(() => held.map(closeSync));
  for (const path of paths) look(path, found, hold);
  return found;
}

/** Makes a directory of root's with files in it, some of the names that our own have. */
export function makePrecious(
  path: string,
  files: readonly string[] = ['number', 'locked', 'precious'],
): string {
  mkdirSync(path, { mode: 0o700 });
  for (const name of files) writeFileSync(join(path, name), `${name}\n`, { mode: 0o600 });
  return path;
}

/** An empty one, as it is easily taken for one that was just made. */
export function makeEmpty(path: string): string {
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

/** Asserts that all of it is as it was, wherever it is below `places` by now. */
export function assertUntouched(before: Precious, ...places: readonly string[]): void {
  const now = new Map<number, string>();
  for (const place of places) for (const name of readdirSync(place)) look(join(place, name), now);
  for (const [inode, status] of before) {
    // An empty directory can be removed by the one who exchanges names there, too; no kernel removes by descriptor.
    if (status.endsWith(EMPTY) && !now.has(inode)) continue;
    assert.equal(now.get(inode), status, `inode ${inode}`);
  }
}
