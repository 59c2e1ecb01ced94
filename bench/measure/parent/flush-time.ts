/**
 * How long one flush to the disk takes, in the directory that is tested: what a lock costs that writes names or files follows
 * it wherever the file system waits for the disk.
 */
import { closeSync, fdatasyncSync, fsyncSync, writeSync } from 'node:fs';
import { AT_FDCWD, asName } from '../../../strategies/posix/at.js';
import { now } from '../../../strategies/posix/clock.js';
import { openRegular } from '../../machine/files/open-file.js';

const BLOCK = Buffer.alloc(4096, 1);

/** Writes a block to an existing file and flushes it; ns. Throws SystemError, or NotRegular. */
export function flushTime(path: string): number {
  const fd = openRegular(AT_FDCWD, asName(path), { access: 'writing' });
  try {
    // The file's name, and its first block, have to be flushed once; that is not asked for.
    writeSync(fd, BLOCK, 0, BLOCK.length, 0);
    fsyncSync(fd);
    writeSync(fd, BLOCK, 0, BLOCK.length, 0);
    const start = now();
    fdatasyncSync(fd);
    return Number(now() - start);
  } finally {
    closeSync(fd);
  }
}
