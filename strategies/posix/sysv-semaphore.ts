/**
 * System V semaphores, as one that is found by a name: a set of one semaphore under a key that is made from the name.
 *
 * A set is made by one call and given its value by another. Who opens it between the two finds a value that is not set
 * yet: the creation race. The time of the last semop, sem_otime, tells the two states apart: it is 0 until the maker has
 * set the value by semop(2), and a process that opens the set waits for that.
 *
 * The kernel keeps a set until it is removed, under no name but the key. A file of the name in /dev/shm, made before the
 * set and removed after it, says whose it is: what a killed program left behind is found by that (leftovers.ts). It also
 * says in which IPC namespace the set lies: from another one, which may see the file, the set can be neither seen nor
 * removed; without the file, nothing would ever remove it.
 * Source: textbook, 11.2; semget(2), semop(2), semctl(2).
 */
import { createHash } from 'node:crypto';
import { sleep } from './clock.js';
import { EEXIST, EIDRM, EINVAL, ENOENT, ENOSPC, fail, SystemError } from './errno.js';
import { ownIpcNamespace } from './ipc-namespace.js';
import { type Address, allocate, errno, semctl, semget, semop } from './libc.js';
import { createNamed, removeNamed } from './shared-memory.js';

const IPC_CREAT = 0o1000;
const IPC_EXCL = 0o2000;
const IPC_NOWAIT = 0o4000;
const IPC_RMID = 0;
const IPC_STAT = 2;
const SETVAL = 16;
const SEM_UNDO = 0x1000;

const MODE = 0o600;
/** A namespace's number, of up to 64 bits in decimal. */
export const MARK_BYTES = 20;
const PATIENCE_NS = 5e9;
const PAUSE_NS = 1e6;

/** How the names of semaphores end, so that their files are known among others. */
export const SYSV_SUFFIX = '.sysv';

/** The key of a name: 32 bits of its digest. 0 would be IPC_PRIVATE, a set that nobody else finds. */
export const keyOf = (name: string): number => createHash('sha256').update(name).digest().readInt32LE() || 1;

/**
 * `struct sembuf`, 6 bytes: the index u16, what to add i16, flags i16. `undo`: the kernel takes it back when the process
 * ends. `wait`: whether to sleep where the value would fall below 0; otherwise EAGAIN.
 */
export function operation(add: 1 | -1, undo: boolean, wait: boolean): Address {
  const { address, bytes } = allocate(6);
  new Int16Array(bytes.buffer).set([0, add, (undo ? SEM_UNDO : 0) | (wait ? 0 : IPC_NOWAIT)]);
  return address;
}

const increment = operation(1, false, true);

// `struct semid_ds` of 64-bit Linux begins with 48 bytes of `struct ipc_perm`; its size differs between architectures.
const struct = allocate(256);
const otime = new BigInt64Array(struct.bytes.buffer, 48, 1);

/** No disk is full. Source: semget(2), ENOSPC; proc_sys_kernel(5), sem. */
const NO_SET_LEFT =
  'the limit of semaphore sets or of semaphores is reached; "ipcs -ls" shows it, "ipcs -s" those that there are';

/** Makes the file that says that a semaphore of this name may exist. `name` ends with SYSV_SUFFIX. Throws SystemError. */
export const announceSemaphore = (name: string): void => createNamed(name, MARK_BYTES, ownIpcNamespace());

/**
 * The id of the semaphore of a name, made with the value 1 if there is none; several processes may come first. Throws
 * SystemError; throws an Error if its maker has not given it a value within 5 s.
 */
export function openSemaphore(name: string): number {
  const key = keyOf(name);
  for (;;) {
    const made = semget(key, 1, IPC_CREAT | IPC_EXCL | MODE);
    if (made !== -1) return initialised(made);
    if (errno() === ENOSPC) throw new SystemError('semget', ENOSPC, name, NO_SET_LEFT);
    if (errno() !== EEXIST) fail('semget', name);
    const found = semget(key, 1, 0);
    // It was removed between the two calls: once more from the start.
    if (found === -1 && errno() !== ENOENT) fail('semget', name);
    if (found !== -1 && hasValue(found)) return found;
  }
}

/** By semop, and not by SETVAL alone, so that the others see that it is done. */
function initialised(id: number): number {
  if (semctl(id, 0, SETVAL, 0) === -1) fail('semctl(SETVAL)');
  if (semop(id, increment, 1) === -1) fail('semop');
  return id;
}

/** Waits until a set has its value; false if it was removed meanwhile. */
function hasValue(id: number): boolean {
  for (let waitedNs = 0; waitedNs < PATIENCE_NS; waitedNs += PAUSE_NS) {
    if (semctl(id, 0, IPC_STAT, struct.address) === -1) {
      const why = errno();
      if (why === EINVAL || why === EIDRM) return false;
      fail('semctl(IPC_STAT)');
    }
    if (otime[0] !== 0n) return true;
    sleep(PAUSE_NS);
  }
  throw new Error(`semaphore ${id} was made and never given a value; remove it with "ipcrm -s ${id}"`);
}

/** Removes the semaphore of a name, and its file; nothing happens if they are not there. Who sleeps on it gets EIDRM. */
export function removeSemaphore(name: string): void {
  const id = semget(keyOf(name), 1, 0);
  if (id === -1 && errno() !== ENOENT) fail('semget', name);
  if (id !== -1 && semctl(id, 0, IPC_RMID, 0) === -1 && errno() !== EINVAL && errno() !== EIDRM)
    fail('semctl(IPC_RMID)', name);
  removeNamed(name);
}
