/**
 * A byte in a pipe: the process that reads it holds the lock, and writes it back to unlock. The pipe has a name (FIFO).
 *
 * On lock: read(2) of one byte, which sleeps while there is none; on try with O_NONBLOCK, EAGAIN means held.
 * On unlock: write(2) of one byte.
 * If the holder dies: the byte is gone with it, and the lock is stuck.
 * Where it breaks: at the holder's death; any process may write a second byte; a pipe that no process has open loses
 * its bytes, so one must keep it open; each host has a pipe of its own behind one name.
 * Source: pipe(7), fifo(7); the job server of GNU make.
 */
import { constants } from 'node:fs';
import { check } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { allocate, briefly, close, cPath, mkfifo, open } from './posix/libc.js';
import { retrying } from './shared/retrying.js';
import type { RoundDirectory, SyncStrategy } from './strategy.js';

const { O_RDWR, O_NONBLOCK } = constants;
const O_CLOEXEC = 0o2000000;
const pathOf = (roundDirectory: RoundDirectory): string => roundDirectory.path('pipe');
const byte = allocate(1).address;
// For reading and writing, so that neither opening nor writing depends on who else is there.
const opened = (path: string, flags = 0): number =>
  check(
    briefly(() => open(cPath(path), O_RDWR | O_CLOEXEC | flags, 0)),
    'open',
    path,
  );
// What keeps the pipes open, in the process that made them, by token.
const kept = new Map<string, number>();

export const strategy: SyncStrategy = {
  name: 'pipe-token',
  title: 'byte in a pipe (FIFO)',
  family: 'semaphore',
  source: 'pipe(7), fifo(7)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare(roundDirectory) {
    const path = pathOf(roundDirectory);
    check(
      briefly(() => mkfifo(cPath(path), 0o600)),
      'mkfifo',
      path,
    );
    const fd = opened(path);
    kept.set(roundDirectory.token, fd);
    check(libc.write(fd, byte, 1), 'write', path);
  },
  destroy({ token }) {
    const fd = kept.get(token);
    if (fd !== undefined && kept.delete(token)) close(fd);
  },
  open(site) {
    const { read, write } = libc;
    const [waiting, trying] = [opened(pathOf(site)), opened(pathOf(site), O_NONBLOCK)];
    const members = retrying({
      take: () => read(waiting, byte, 1),
      tryToTake: () => read(trying, byte, 1),
      give: () => write(waiting, byte, 1),
      names: { take: 'read', tryToTake: 'read(O_NONBLOCK)', give: 'write' },
    });
    const closeBoth = (): void => {
      for (const fd of [waiting, trying]) close(fd);
    };
    return { ...members, close: closeBoth };
  },
};
