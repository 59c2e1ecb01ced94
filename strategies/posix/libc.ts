/**
 * The C library's calls, bound once through koffi and typed. Nothing here checks a result: each function returns
 * what the system call returns, and `errno()` tells why it was -1. A refused lock is an ordinary event here, so
 * it must not cost a JavaScript exception.
 *
 * Paths and structures go in by address, made before the loop: a JavaScript string would be converted on every call, and
 * even a Buffer costs some 30 ns more than a small number, since the engine is asked where its bytes are.
 *
 * What a turn calls is taken into a constant where the lock is opened: `const { fcntl } = libc`. The loop is compiled for
 * any lock, and finds an import by five reads, each from where the one before points to, in other pages of memory. On
 * some kernels each call makes the processor forget where pages lie; there it has to find each of these five again.
 */
import koffi from 'koffi';

/** Where bytes lie that do not move: a plain number, since an address needs no more than 47 bits. */
export type Address = number & { readonly [isAddress]: true };
declare const isAddress: unique symbol;

/** Bytes that the kernel may read or write through their address. */
export interface Memory {
  readonly address: Address;
  readonly bytes: Uint8Array;
}

/** What is loaded already: on older systems the calls of pthreads, too, since Node needs them. */
export const libc = koffi.load(null);

/** open(2): a descriptor, or -1. The descriptor is inherited by no child if `flags` has O_CLOEXEC. */
export const open: (path: Address, flags: number, mode: number) => number = libc.func(
  'int open(int64_t path, int flags, unsigned int mode)',
);
export const close: (fd: number) => number = libc.func('int close(int fd)');
/** read(2): bytes read, or -1. */
export const read: (fd: number, into: Address, count: number) => number = libc.func(
  'int read(int fd, int64_t into, size_t count)',
);
/** write(2): bytes written, or -1. */
export const write: (fd: number, from: Address, count: number) => number = libc.func(
  'int write(int fd, int64_t from, size_t count)',
);
export const unlink: (path: Address) => number = libc.func('int unlink(int64_t path)');
export const mkfifo: (path: Address, mode: number) => number = libc.func(
  'int mkfifo(int64_t path, unsigned int mode)',
);
export const link: (from: Address, to: Address) => number = libc.func('int link(int64_t from, int64_t to)');
/** linkat(2); each path is looked up from its own directory. */
export const linkat: (fromDir: number, from: Address, toDir: number, to: Address, flags: number) => number =
  libc.func('int linkat(int fromDir, int64_t from, int toDir, int64_t to, int flags)');
export const mkdir: (path: Address, mode: number) => number = libc.func(
  'int mkdir(int64_t path, unsigned int mode)',
);
export const rmdir: (path: Address) => number = libc.func('int rmdir(int64_t path)');
/** rename(2): a file that has the name `to` loses it in the same instant. */
export const rename: (from: Address, to: Address) => number = libc.func(
  'int rename(int64_t from, int64_t to)',
);
export const symlink: (target: Address, path: Address) => number = libc.func(
  'int symlink(int64_t target, int64_t path)',
);
/** readlink(2): bytes of the target, which gets no NUL at its end, or -1. */
export const readlink: (path: Address, into: Address, size: number) => number = libc.func(
  'int readlink(int64_t path, int64_t into, size_t size)',
);
export const utimensat: (dirfd: number, path: Address, times: number, flags: number) => number = libc.func(
  'int utimensat(int dirfd, int64_t path, int64_t times, int flags)',
);
export const access: (path: Address, mode: number) => number = libc.func(
  'int access(int64_t path, int mode)',
);
// One call moves 0x7ffff000 bytes at most: an int holds every answer of pread and pwrite, and is made faster.
/** pread(2): bytes read, 0 at the end of the file, or -1. Does not move the file's offset. */
export const pread: (fd: number, into: Address, count: number, offset: number) => number = libc.func(
  'int pread(int fd, int64_t into, size_t count, int64_t offset)',
);
/** pwrite(2): bytes written, or -1. */
export const pwrite: (fd: number, from: Address, count: number, offset: number) => number = libc.func(
  'int pwrite(int fd, int64_t from, size_t count, int64_t offset)',
);
export const ftruncate: (fd: number, length: number) => number = libc.func(
  'int ftruncate(int fd, int64_t length)',
);
/** posix_fallocate(3): 0, or the error number itself; it does not set errno. */
export const posixFallocate: (fd: number, offset: number, length: number) => number = libc.func(
  'int posix_fallocate(int fd, int64_t offset, int64_t length)',
);
/** ioctl(2) with a pointer. */
export const ioctl: (fd: number, request: number, argument: Address) => number = libc.func(
  'int ioctl(int fd, unsigned long request, int64_t argument)',
);
/** sync_file_range(2). */
export const syncFileRange: (fd: number, offset: number, length: number, flags: number) => number = libc.func(
  'int sync_file_range(int fd, int64_t offset, int64_t length, unsigned int flags)',
);
/** fcntl(2) with a pointer, which for record locks is a `struct flock` (see file-lock.ts). */
export const fcntl: (fd: number, command: number, argument: Address) => number = libc.func(
  'int fcntl(int fd, int command, int64_t argument)',
);
/** lockf(3): the lock begins where the descriptor's offset is. */
export const lockf: (fd: number, command: number, length: number) => number = libc.func(
  'int lockf(int fd, int command, int64_t length)',
);
/** flock(2). */
export const flock: (fd: number, operation: number) => number = libc.func('int flock(int fd, int operation)');
/** preadv2(2): like read at the file's own position if `offset` is -1; `vector` is a `struct iovec`. */
export const preadv2: (fd: number, vector: Address, count: number, offset: number, flags: number) => number =
  libc.func('int preadv2(int fd, int64_t vector, int count, int64_t offset, int flags)');
export const eventfd: (count: number, flags: number) => number = libc.func(
  'int eventfd(unsigned int count, int flags)',
);
export const socket: (domain: number, type: number, protocol: number) => number = libc.func(
  'int socket(int domain, int type, int protocol)',
);
/** bind(2); `name` is a `struct sockaddr` of the socket's family (see socket.ts). */
export const bind: (fd: number, name: Address, length: number) => number = libc.func(
  'int bind(int fd, int64_t name, unsigned int length)',
);
export const semget: (key: number, count: number, flags: number) => number = libc.func(
  'int semget(int key, int count, int flags)',
);
/** semop(2); `operations` are `struct sembuf` (see sysv-semaphore.ts). */
export const semop: (id: number, operations: Address, count: number) => number = libc.func(
  'int semop(int id, int64_t operations, size_t count)',
);
/** semctl(2); the argument is a value or an address, by the command. */
export const semctl: (id: number, index: number, command: number, argument: number) => number = libc.func(
  'int semctl(int id, int index, int command, int64_t argument)',
);
export const statx: (dirfd: number, path: Address, flags: number, mask: number, into: Address) => number =
  libc.func('int statx(int dirfd, int64_t path, int flags, unsigned int mask, int64_t into)');
export const kill: (pid: number, signal: number) => number = libc.func('int kill(int pid, int signal)');
/** signal(2); 0 for a handler is the signal's default action. */
export const signal: (number: number, handler: number) => number = libc.func(
  'intptr_t signal(int number, intptr_t handler)',
);
/** execvp(3): comes back only if it failed, with -1. `words` end with null. */
export const execvp: (program: string, words: readonly (string | null)[]) => number = libc.func(
  'int execvp(const char *program, const char **words)',
);
export const schedYield: () => number = libc.func('int sched_yield()');
export const clockGettime: (clock: number, timespec: Address) => number = libc.func(
  'int clock_gettime(int clock, int64_t timespec)',
);
/** clock_nanosleep(2): 0, or the error number itself; it does not set errno. */
export const clockNanosleep: (clock: number, flags: number, request: Address, remain: Address) => number =
  libc.func('int clock_nanosleep(int clock, int flags, int64_t request, int64_t remain)');
export const prctl: (option: number, a: number, b: number, c: number, d: number) => number = libc.func(
  'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
);
/** sched_setaffinity(2) and sched_getaffinity(2) of a thread, 0 being the caller: 0, or -1. */
export const schedSetaffinity: (tid: number, bytes: number, mask: Address) => number = libc.func(
  'int sched_setaffinity(int tid, size_t bytes, int64_t mask)',
);
export const schedGetaffinity: (tid: number, bytes: number, mask: Address) => number = libc.func(
  'int sched_getaffinity(int tid, size_t bytes, int64_t mask)',
);
export const unshare: (flags: number) => number = libc.func('int unshare(int flags)');
export const memfdCreate: (name: Address, flags: number) => number = libc.func(
  'int memfd_create(int64_t name, unsigned int flags)',
);
/** mmap(2): an address, or -1 (MAP_FAILED). */
export const mmap: (
  hint: number,
  length: number,
  protection: number,
  flags: number,
  fd: number,
  offset: number,
) => number | bigint = libc.func(
  'intptr_t mmap(int64_t hint, size_t length, int protection, int flags, int fd, int64_t offset)',
);
/** munmap(2). */
export const munmap: (address: Address, length: number) => number = libc.func(
  'int munmap(int64_t address, size_t length)',
);
/** syscall(SYS_futex, …): futex(2) has no function of its own in the C library. */
export const futexCall: (
  number: number,
  word: Address,
  operation: number,
  value: number,
  timeout: number,
) => number = libc.func(
  'long syscall(long number, int64_t word, int operation, unsigned int value, int64_t timeout)',
);
const strerror: (errno: number) => string = libc.func('const char *strerror(int errno)');

/** Why the last call returned -1. 30 ns, throws nothing. */
export const errno: () => number = koffi.errno;

/** The words of the C library for an error number, in the C locale: "No locks available". */
export function errorText(code: number): string {
  return strerror(code);
}

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
// Below 2^31 an address is one of V8's small integers; above it is a number on the heap, and each call that gets one
// costs 35 ns more. Other architectures have no such flag, and pay.
export const MAP_32BIT = process.arch === 'x64' ? 0x40 : 0;
const ARENA_BYTES = 65_536;
const LINE_BYTES = 64;
let arena = 0;
let used = ARENA_BYTES;

/**
 * Memory of zeros, on cache lines of its own. It is not freed, unless by `briefly`: a lock needs a few hundred bytes, once,
 * and its process ends soon. Throws RangeError for more than 64 KiB.
 */
export function allocate(length: number): Memory {
  if (length > ARENA_BYTES) throw new RangeError(`at most ${ARENA_BYTES} bytes were expected, got ${length}`);
  if (used + length > ARENA_BYTES) {
    arena = Number(mmap(0, ARENA_BYTES, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS | MAP_32BIT, -1, 0));
    if (arena === -1) throw new Error(`mmap: no memory below 2 GiB: ${errorText(errno())}`);
    used = 0;
  }
  const address = (arena + used) as Address;
  used += Math.ceil(length / LINE_BYTES) * LINE_BYTES;
  return { address, bytes: new Uint8Array(koffi.view(BigInt(address), length)) };
}

/**
 * Calls `action`, and takes back all that it allocated, which nothing may use from then on. For what a process does once a
 * round: a run may have as many rounds as it has time for.
 */
export function briefly<T>(action: () => T): T {
  const before = { arena, used };
  try {
    return action();
  } finally {
    const from = arena === before.arena ? before.used : 0;
    if (used > from) new Uint8Array(koffi.view(BigInt(arena + from), used - from)).fill(0);
    used = from;
  }
}

/** The bytes of a path, NUL at the end. A path cannot hold a NUL: the kernel would read a shorter one. */
export function cPath(path: string): Address {
  if (path.includes('\0'))
    throw new TypeError(`a path without NUL was expected, got ${JSON.stringify(path)}`);
  const text = Buffer.from(`${path}\0`);
  const { address, bytes } = allocate(text.length);
  bytes.set(text);
  return address;
}
