/**
 * `npm run bench:inodes -- DIR [FILES]`: what a lock file costs before and after many files were removed beside it. An ext4
 * without a journal does not use an inode again for some minutes, and looks at each such one whenever a file is made.
 */
import { closeSync, fstatSync, mkdirSync, openSync, realpathSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { threadCpuTime } from '../../../strategies/posix/clock.js';
import { SystemError } from '../../../strategies/posix/errno.js';
import { spreadDirectories } from '../../../strategies/posix/inode-flags.js';
import { messageOf } from '../../base/error-message.js';
import { BAD_USAGE, INCOMPLETE } from '../../base/exit-codes.js';
import { duration } from '../../base/format.js';
import { UsageError } from '../../base/usage-error.js';
import { interruptibly } from '../../command-line/interruption.js';
import { parseCount } from '../../command-line/parse.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { makePrivateDirectory } from '../../machine/files/private-directory.js';
import { requireRemoved } from '../../machine/files/remove.js';
import { freshName } from '../../machine/owner-name.js';
import { median } from '../../statistics/median.js';
import { print, say } from '../../text/standard-streams.js';
import { plainTable } from '../../text/table.js';

const DEFAULT_FILES = 4_000;
const MOST_FILES = 1_000_000;
const TURNS = 200;
const BATCHES = 5;
/** What was removed in the same second is used again at once. Source: recently_deleted in the kernel's fs/ext4/ialloc.c. */
const LATER_MS = 2_000;

/** What a lock file takes there: made, closed and removed, processor time in ns; and the number of the last one's inode. */
function lockFile(directory: string): [cost: string, inode: string] {
  const path = join(directory, 'lock');
  let inode = 0;
  const costs = Array.from({ length: BATCHES }, () => {
    const start = threadCpuTime();
    for (let i = 0; i < TURNS; i++) {
      const fd = openSync(path, 'wx');
      if (i === 0) inode = fstatSync(fd).ino;
      closeSync(fd);
      unlinkSync(path);
    }
    return Number(threadCpuTime() - start) / TURNS;
  });
  return [duration(median(costs)), String(inode)];
}

function made(path: string): string {
  mkdirSync(path);
  return path;
}

function removeMany(directory: string, files: number): void {
  const paths = Array.from({ length: files }, (_, i) => join(directory, `file${i}`));
  for (const path of paths) writeFileSync(path, '');
  for (const path of paths) unlinkSync(path);
}

/** In a directory in another part of the disk, where the file system knows of parts. */
function farAway(directory: string, fd: number): string[] {
  try {
    spreadDirectories(fd, directory);
    return lockFile(made(join(directory, 'far')));
  } catch (error) {
    if (error instanceof SystemError) return ['no such flag', '-'];
    throw error;
  }
}

async function main(signal: AbortSignal): Promise<void> {
  const [directory, files = String(DEFAULT_FILES)] = process.argv.slice(2);
  if (directory === undefined)
    throw new UsageError('a directory was expected, got none', 'for example /var/tmp 4000');
  const many = parseCount('files', files, 1, MOST_FILES);
  const parent = realpathSync(directory);
  const { path, fd, remove } = makePrivateDirectory(parent, freshName(), null);
  try {
    const near = made(join(path, 'near'));
    const rows = [['in a directory of its own', ...lockFile(near)]];
    removeMany(near, many);
    rows.push([`after ${many} files were removed there`, ...lockFile(near)]);
    await pause(LATER_MS, undefined, { signal });
    rows.push(['two seconds later', ...lockFile(near)]);
    rows.push(['in a new directory beside it', ...lockFile(made(join(path, 'beside')))]);
    rows.push(['in a new directory of one with chattr +T', ...farAway(path, fd)]);
    print(`${parent} (${fileSystemOf(parent)?.filesystem ?? 'unknown'})`);
    print(plainTable(['lock file', 'processor time', 'inode'], rows));
  } finally {
    requireRemoved(remove());
  }
}

try {
  await interruptibly(main);
} catch (error) {
  say(
    `bench:inodes: ${messageOf(error)}${error instanceof UsageError && error.hint ? `; ${error.hint}` : ''}`,
  );
  process.exitCode = error instanceof UsageError ? BAD_USAGE : INCOMPLETE;
}
