/**
 * Mutexes and read-write locks of POSIX threads, in memory that processes share. The calls return 0 or the error number
 * itself; they do not set errno, and none returns EINTR.
 * Source: pthread_mutexattr_setpshared(3), pthread_mutexattr_setrobust(3), pthread_mutex_consistent(3),
 * pthread_rwlock_init(3p).
 */
import { SystemError } from './errno.js';
import { type Address, allocate, briefly, libc } from './libc.js';

const PTHREAD_PROCESS_SHARED = 1;
const PTHREAD_MUTEX_ROBUST = 1;
// glibc's and musl's attributes take 8 bytes at most.
const ATTRIBUTES_BYTES = 64;

const unary = (name: string): ((object: Address) => number) => libc.func(`int ${name}(int64_t object)`);
const withFlag = (name: string): ((object: Address, flag: number) => number) =>
  libc.func(`int ${name}(int64_t object, int flag)`);
const withAttributes = (name: string): ((object: Address, attributes: Address) => number) =>
  libc.func(`int ${name}(int64_t object, int64_t attributes)`);

export const mutexLock = unary('pthread_mutex_lock');
export const mutexTrylock = unary('pthread_mutex_trylock');
export const mutexUnlock = unary('pthread_mutex_unlock');
export const mutexConsistent = unary('pthread_mutex_consistent');
export const rwlockWrlock = unary('pthread_rwlock_wrlock');
export const rwlockTrywrlock = unary('pthread_rwlock_trywrlock');
export const rwlockRdlock = unary('pthread_rwlock_rdlock');
export const rwlockTryrdlock = unary('pthread_rwlock_tryrdlock');
export const rwlockUnlock = unary('pthread_rwlock_unlock');

const mutexattrInit = unary('pthread_mutexattr_init');
const mutexattrSetpshared = withFlag('pthread_mutexattr_setpshared');
const mutexattrSetrobust = withFlag('pthread_mutexattr_setrobust');
const mutexInit = withAttributes('pthread_mutex_init');
const rwlockattrInit = unary('pthread_rwlockattr_init');
const rwlockattrSetpshared = withFlag('pthread_rwlockattr_setpshared');
const rwlockInit = withAttributes('pthread_rwlock_init');

/** Throws SystemError unless a call returned 0. */
export function expectZero(result: number, call: string): void {
  if (result !== 0) throw new SystemError(call, result);
}

/** Makes a robust mutex of the memory at `mutex`, which all processes that map it may use. Throws SystemError. */
export function initRobustMutex(mutex: Address): void {
  briefly(() => {
    const { address } = allocate(ATTRIBUTES_BYTES);
    expectZero(mutexattrInit(address), 'pthread_mutexattr_init');
    expectZero(mutexattrSetpshared(address, PTHREAD_PROCESS_SHARED), 'pthread_mutexattr_setpshared');
    expectZero(mutexattrSetrobust(address, PTHREAD_MUTEX_ROBUST), 'pthread_mutexattr_setrobust');
    expectZero(mutexInit(mutex, address), 'pthread_mutex_init');
  });
}

/** Makes a read-write lock of the memory at `lock`, which all processes that map it may use. Throws SystemError. */
export function initRwlock(lock: Address): void {
  briefly(() => {
    const { address } = allocate(ATTRIBUTES_BYTES);
    expectZero(rwlockattrInit(address), 'pthread_rwlockattr_init');
    expectZero(rwlockattrSetpshared(address, PTHREAD_PROCESS_SHARED), 'pthread_rwlockattr_setpshared');
    expectZero(rwlockInit(lock, address), 'pthread_rwlock_init');
  });
}
