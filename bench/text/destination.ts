/**
 * What a path on the command line stands for, opened at once so that an unusable one is known before the time is spent: a file,
 * which is replaced whole; a named pipe or a device, which is written to; one of our own standard streams.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  realpathSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { asName } from '../../strategies/posix/at.js';
import { openDirectory } from '../../strategies/posix/directory.js';
import { meaningOf } from '../base/errno-names.js';
import { UsageError } from '../base/usage-error.js';
import { isSilent } from '../machine/answering.js';
import { ReplacedFile, statusIfThere } from '../machine/files/replaced-file.js';
import { outputFailed, writeErr, writeOut } from './standard-streams.js';

const { O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;

export interface Destination {
  /** Whether it is a file, which can be replaced as often as one likes; to others only what is final is written. */
  readonly isFile: boolean;
  /** What stands first, before the time is spent. Throws what the system refuses. */
  begin(text: string): void;
  append(text: string): void;
  /** What was appended takes its place. */
  commit(): void;
  /** This text alone takes its place. */
  replace(text: string): void;
  /** Leaves nothing half-made behind, whatever happened. */
  close(): void;
}

/** Throws UsageError for what kept a file from being opened. */
export function refuse(option: string, path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new UsageError(
    `${option}: a file that can be written was expected, ${JSON.stringify(path)} cannot be (${meaningOf(code)})`,
    'name another place, or make its folder first',
  );
}

/** A user who may write to a directory such as /tmp can make a link there lead anywhere. */
function requireOwnLink(option: string, path: string, link: Stats): void {
  if (link.uid === 0 || link.uid === process.geteuid?.()) return;
  throw new UsageError(
    `${option}: a file was expected, ${JSON.stringify(path)} is a link that another user made (uid ${link.uid})`,
    'name what it leads to',
  );
}

/** Something that is written to as it comes. */
const written = (
  write: (text: string) => void,
  close: () => void,
  begin: (text: string) => void = write,
): Destination => ({
  isFile: false,
  begin,
  append: write,
  commit() {},
  replace: write,
  close,
});

/** A named pipe. Its reader may be slow, so that nothing is waited for: what it has not taken yet is written later. */
function pipe(option: string, path: string, fd: number): Destination {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', (error) => outputFailed(`${option}: ${JSON.stringify(path)}`, error));
  return written(
    (text) => socket.write(text),
    () => socket.end(),
  );
}

function device(option: string, path: string, fd: number): Destination {
  const begin = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  };
  return written(
    (text) => {
      try {
        begin(text);
      } catch (error) {
        outputFailed(`${option}: ${JSON.stringify(path)}`, error as NodeJS.ErrnoException);
      }
    },
    () => closeSync(fd),
    begin,
  );
}

const isSame = (a: Stats, b: Stats): boolean => a.dev === b.dev && a.ino === b.ino;

/** A pipe or a device. An open that waits for a reader would wait for ever, and keep signals waiting, too. */
function openSpecial(option: string, path: string, stats: Stats): Destination {
  if (!stats.isFIFO() && !stats.isCharacterDevice()) {
    throw new UsageError(
      `${option}: a file, a pipe or a terminal was expected, ${JSON.stringify(path)} is a ${stats.isSocket() ? 'socket' : 'block device'}`,
      'name another place',
    );
  }
  let fd: number;
  try {
    fd = openSync(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') refuse(option, path, error);
    throw new UsageError(
      `${option}: a named pipe that somebody reads was expected, ${JSON.stringify(path)} has no reader`,
      'start its reader first, or name a file',
    );
  }
  const opened = fstatSync(fd);
  if (opened.isFIFO()) return pipe(option, path, fd);
  if (opened.isCharacterDevice()) return device(option, path, fd);
  closeSync(fd);
  return refuse(option, path, { code: 'ESTALE' });
}

/** A file, or the place of one that is not there yet. `path`: no link as its last component. Throws SystemError. */
function openFile(path: string): Destination {
  const directory = openDirectory(realpathSync(dirname(path)));
  try {
    const name = asName(basename(path));
    const there = statusIfThere(directory, name);
    const isLink = there?.kind === 'symbolic link';
    const file = new ReplacedFile(directory, name, path, isLink ? null : there);
    return {
      isFile: true,
      begin: (text) => file.append(text),
      append: (text) => file.append(text),
      commit: () => file.commit(),
      replace: (text) => file.replace(text),
      close() {
        file.close();
        closeSync(directory);
      },
    };
  } catch (error) {
    closeSync(directory);
    throw error;
  }
}

/**
 * Whether a path leads to what standard output is written to, such as /dev/stdout: then it is as "-", and a table would stand
 * in the midst of it. What is thrown away, or written to a device, mixes with nothing.
 */
export function isStandardOutput(path: string): boolean {
  if (isSilent(path)) return false;
  try {
    const [named, ours] = [statSync(path), fstatSync(1)];
    return isSame(named, ours) && (!named.isCharacterDevice() || isatty(1));
  } catch {
    return false;
  }
}

/** Opens what a path stands for. `option`: what named it. Throws UsageError; then nothing is left. */
export function openDestination(option: string, path: string): Destination {
  if (isSilent(path)) {
    throw new UsageError(
      `${option}: the file system of ${JSON.stringify(path)} does not answer`,
      'name another place',
    );
  }
  if (path === '') refuse(option, path, { code: 'ENOENT' });
  if (path.endsWith('/')) refuse(option, path, { code: 'EISDIR' });
  try {
    const link = lstatSync(path, { throwIfNoEntry: false });
    if (link?.isSymbolicLink() === true) requireOwnLink(option, path, link);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) refuse(option, path, { code: 'EISDIR' });
    if (stats !== undefined && isSame(stats, fstatSync(1))) return written(writeOut, () => {});
    if (stats !== undefined && isSame(stats, fstatSync(2))) return written(writeErr, () => {});
    if (stats !== undefined && !stats.isFile()) return openSpecial(option, path, stats);
    // A link that leads nowhere is replaced itself.
    return openFile(stats === undefined ? join(resolve(dirname(path)), basename(path)) : realpathSync(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return refuse(option, path, error);
  }
}
