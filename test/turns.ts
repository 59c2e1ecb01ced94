/**
 * What one turn consists of, as the kernel sees it: for workers and for their C twin.
 */
const NUMBER = ['pread64', 'pwrite64'];

/** The system calls of one turn with nobody else there, by strategy. */
export const TURNS: Readonly<Record<string, readonly string[]>> = {
  none: NUMBER,
  fcntl: ['fcntl', ...NUMBER, 'fcntl'],
  flock: ['flock', ...NUMBER, 'flock'],
  excl: ['openat', 'close', ...NUMBER, 'unlink'],
  link: ['openat', 'close', 'link', 'unlink', ...NUMBER, 'unlink'],
  trunc: ['openat', 'close', ...NUMBER, 'unlink'],
  'shm-flag': NUMBER,
};

/** The calls of so many turns. */
export const callsOfTurns = (turn: readonly string[], turns: number): string[] =>
  Array.from({ length: turns }, () => turn).flat();

/** The names of the calls that one thread made, in order, from the log of `strace -f`; a call that was cut in two counts once. */
export function callsOf(thread: string, log: readonly string[]): string[] {
  return log
    .filter((line) => line.startsWith(`${thread} `) && !line.includes(' resumed>'))
    .map((line) => /^\d+ +(\w+)\(/.exec(line)?.[1] ?? '')
    .filter((call) => call !== '');
}
