/**
 * What one turn consists of, as the kernel sees it: for workers in TypeScript and in C.
 */
const NUMBER = ['pread64', 'pwrite64'];
const SEMOP = 'semop';

/** The system calls of one turn with nobody else there, by strategy. */
export const TURNS: Readonly<Record<string, readonly string[]>> = {
  none: NUMBER,
  fcntl: ['fcntl', ...NUMBER, 'fcntl'],
  'fcntl-range': ['fcntl', ...NUMBER, 'fcntl'],
  ofd: ['fcntl', ...NUMBER, 'fcntl'],
  lockf: ['fcntl', ...NUMBER, 'fcntl'],
  flock: ['flock', ...NUMBER, 'flock'],
  excl: ['openat', 'close', ...NUMBER, 'unlink'],
  'excl-pid': ['link', ...NUMBER, 'unlink'],
  'excl-stale': ['openat', 'statx', 'close', ...NUMBER, 'flock', 'statx', 'unlink', 'flock'],
  link: ['openat', 'close', 'link', 'unlink', ...NUMBER, 'unlink'],
  symlink: ['symlink', ...NUMBER, 'unlink'],
  mkdir: ['mkdir', ...NUMBER, 'rmdir'],
  rename: ['rename', ...NUMBER, 'rename'],
  trunc: ['openat', 'close', ...NUMBER, 'unlink'],
  'shm-flag': NUMBER,
  // Nobody to wait for: what they do in memory is no call of the kernel.
  ticket: NUMBER,
  futex: NUMBER,
  'robust-mutex': NUMBER,
  rwlock: NUMBER,
  'posix-sem': NUMBER,
  'sysv-sem': [SEMOP, ...NUMBER, SEMOP],
  'sysv-sem-undo': [SEMOP, ...NUMBER, SEMOP],
  'pipe-token': ['read', ...NUMBER, 'write'],
  eventfd: ['read', ...NUMBER, 'write'],
  port: ['socket', 'bind', ...NUMBER, 'close'],
  'abstract-socket': ['socket', 'bind', ...NUMBER, 'close'],
};

/** The calls of this many turns. */
export const callsOfTurns = (turn: readonly string[], turns: number): string[] =>
  Array.from({ length: turns }, () => turn).flat();

/**
 * Calls that the engine makes when it likes: it collects garbage, takes over compiled code, wakes its threads; and the C
 * library's allocator asks for memory by any of the calls that there are for it, brk and mremap rarely but in earnest.
 */
const ENGINE = new Set([
  'brk',
  'mmap',
  'mremap',
  'munmap',
  'mprotect',
  'pkey_mprotect',
  'madvise',
  'futex',
  'sched_yield',
]);

/**
 * The calls of a loop of this many turns but for the engine's own. As many as one in ten turns are not the engine's: what
 * a turn itself called besides would be there as often as the turn, and stays.
 */
export function withoutEngines(calls: readonly string[], turns: number): readonly string[] {
  const own = calls.filter((call) => !ENGINE.has(call));
  return calls.length - own.length < turns / 10 ? own : calls;
}

/** The names of the calls that one thread made, in order, from the log of `strace -f`; a call that was cut in two counts once. */
export function callsOf(thread: string, log: readonly string[]): string[] {
  return (
    log
      .filter((line) => line.startsWith(`${thread} `) && !line.includes(' resumed>'))
      .map((line) => /^\d+ +(\w+)\(/.exec(line)?.[1] ?? '')
      // The C library makes semop of the one or the other, by its version.
      .map((call) => (call === 'semtimedop' ? SEMOP : call))
      .filter((call) => call !== '')
  );
}
