/**
 * Named semaphores of POSIX. Source: sem_overview(7), sem_open(3), sem_wait(3), sem_post(3), sem_unlink(3).
 */
import { constants } from 'node:fs';
import { ENOENT, fail } from './errno.js';
import { type Address, briefly, cPath, errno, libc } from './libc.js';

const unary = (prototype: string): ((semaphore: Address) => number) => libc.func(prototype);

/** Each returns 0, or -1 with errno set. */
export const semWait = unary('int sem_wait(int64_t semaphore)');
export const semTrywait = unary('int sem_trywait(int64_t semaphore)');
export const semPost = unary('int sem_post(int64_t semaphore)');
export const semClose = unary('int sem_close(int64_t semaphore)');
const semUnlink = unary('int sem_unlink(int64_t name)');
const semOpen: (name: Address, flags: number, mode: number, value: number) => number | bigint = libc.func(
  'intptr_t sem_open(int64_t name, int flags, unsigned int mode, unsigned int value)',
);
const SEM_FAILED = 0;

function opened(name: string, flags: number, value: number): Address {
  const address = Number(briefly(() => semOpen(cPath(`/${name}`), flags, 0o600, value)));
  if (address === SEM_FAILED) fail('sem_open', name);
  return address as Address;
}

/** Makes a semaphore with this value, for this user alone. Throws SystemError, EEXIST included. */
export function createSemaphore(name: string, value: number): void {
  semClose(opened(name, constants.O_CREAT | constants.O_EXCL, value));
}

/** Opens one that `createSemaphore` made. Throws SystemError. */
export const openSemaphore = (name: string): Address => opened(name, 0, 0);

/** Removes the name; nothing happens if it is not there. Who has it open keeps it. */
export function removeSemaphore(name: string): void {
  if (briefly(() => semUnlink(cPath(`/${name}`))) === -1 && errno() !== ENOENT) fail('sem_unlink', name);
}
