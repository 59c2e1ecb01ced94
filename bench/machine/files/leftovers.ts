/**
 * What an earlier start left behind because it was killed: found by name, judged by owner, mark and lock, removed by the
 * next start. A name alone says nothing: anybody may make a file of any name, or rename one.
 */

import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { asName, type Name, unlinkat } from '../../../strategies/posix/at.js';
import { entriesOf, openBelow, openDirectory, shown } from '../../../strategies/posix/directory.js';
import { EACCES, ENOENT, fail, SystemError } from '../../../strategies/posix/errno.js';
import { isSettled, statusAt, statusOf } from '../../../strategies/posix/file-status.js';
import { hasIpcNamespaceEnded, ownIpcNamespace } from '../../../strategies/posix/ipc-namespace.js';
import { errno } from '../../../strategies/posix/libc.js';
import { MARK_BYTES, removeSemaphore, SYSV_SUFFIX } from '../../../strategies/posix/sysv-semaphore.js';
import { asError } from '../../base/error-message.js';
import { as, type Identity } from '../identity.js';
import { hasEnded, ownerOf } from '../owner-name.js';
import { openRegular, readAll } from './open-file.js';
import { removeLeft } from './private-directory.js';

/** What was cleared away, by path, and what could not be, and why. */
export interface Cleared {
  readonly removed: readonly string[];
  readonly problems: readonly Error[];
}

/** Names of ended processes in a directory; none if it may be written to but not listed. */
function namesIn(directory: number): Name[] {
  let fd: number;
  try {
    fd = openBelow(directory, asName('.'));
  } catch (error) {
    if (error instanceof SystemError && error.errno === EACCES) return [];
    throw error;
  }
  try {
    const ended = (name: string): boolean => {
      const owner = ownerOf(name);
      return owner !== null && hasEnded(owner);
    };
    return entriesOf(fd).flatMap(({ name }) => (ended(shown(name)) ? [name] : []));
  } finally {
    closeSync(fd);
  }
}

/**
 * Where the semaphore lies that a file stands for: in our IPC namespace; in one that has ended, and took it along; or in one
 * from which alone it can be removed. A file that says nothing is of our own.
 */
function semaphoreOf(directory: number, name: Name): 'here' | 'gone' | 'elsewhere' {
  const fd = openRegular(directory, name, { access: 'reading' });
  try {
    const [namespace = ''] = /^\d+/.exec(readAll(fd, MARK_BYTES).toString('latin1')) ?? [];
    if (namespace === '' || namespace === ownIpcNamespace()) return 'here';
    return hasIpcNamespaceEnded(namespace) ? 'gone' : 'elsewhere';
  } finally {
    closeSync(fd);
  }
}

/**
 * Removes a file: shared memory, or what stands for a System V semaphore, which lies in the kernel and which its user may
 * remove. Only where nobody else renames: else any file could have been given this name. Returns whether it is gone.
 */
function removeFile(directory: number, name: Name, identity: Identity | null): boolean {
  if (!isSettled(statusOf(directory))) return false;
  const { kind, uid } = statusAt(directory, name);
  const us = process.geteuid?.();
  if (kind !== 'regular file' || (uid !== us && uid !== identity?.uid)) return false;
  const text = shown(name);
  if (text.endsWith(SYSV_SUFFIX)) {
    const where = semaphoreOf(directory, name);
    if (where === 'elsewhere') return false;
    if (where === 'here') as(uid === us ? null : identity, () => removeSemaphore(text));
  }
  if (unlinkat(directory, name, 0) === -1 && errno() !== ENOENT) fail('unlinkat', text);
  return true;
}

function clear(path: string, identity: Identity | null, removed: string[], problems: Error[]): void {
  const directory = openDirectory(path);
  try {
    for (const name of namesIn(directory)) {
      try {
        const left = removeLeft(directory, name, path, identity);
        problems.push(...left.problems);
        if (left.gone || removeFile(directory, name, identity)) removed.push(join(path, shown(name)));
      } catch (error) {
        // Two starts may clear away at once.
        if (error instanceof SystemError && error.errno === ENOENT) continue;
        problems.push(asError(error));
      }
    }
  } finally {
    closeSync(directory);
  }
}

/**
 * Removes the directories, shared memory and semaphores of processes that have ended from these directories (absolute paths
 * without links). What belongs to another user than us or our workers stays, whatever its name says, and so does a directory
 * without our mark, or whose lock is held. Throws SystemError if one of `directories` cannot be opened.
 */
export function removeLeftovers(directories: readonly string[], identity: Identity | null): Cleared {
  const removed: string[] = [];
  const problems: Error[] = [];
  for (const directory of new Set(directories)) {
    try {
      clear(directory, identity, removed, problems);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== EACCES) throw error;
    }
  }
  return { removed, problems };
}
