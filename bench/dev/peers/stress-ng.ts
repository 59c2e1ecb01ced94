/**
 * stress-ng(1): its "bogo operations" are what its authors found worth counting, and seldom a lock and an unlock.
 */
import { figure, type Ours, type Peer, type PeerRun } from './peer.js';

const NS_PER_SECOND = 1e9;

/** ns per bogo operation, by the real time of the line of that stressor. Throws an Error. */
export function bogoCost(stressor: string, { printed }: PeerRun): number {
  const line = new RegExp(`metrc: \\[\\d+\\] ${stressor} +\\d+ +[\\d.]+ +[\\d.]+ +[\\d.]+ +([\\d.]+)`);
  return NS_PER_SECOND / figure(printed.join('\n'), line, `the line of ${stressor} in stress-ng’s metrics`);
}

interface Stressor {
  readonly stressor: string;
  /** After so many it ends: some tenths of a second, alone on a processor. Null for one that does not end then. */
  readonly times: number | null;
  readonly operation: string;
  readonly ours: Ours;
  readonly differs?: string;
}

const pair = (catalogue: string): Ours => ({ lock: { catalogue }, measured: 'pair', operations: 1 });

const stress = ({ stressor, times, operation, ours, differs }: Stressor): Peer => ({
  name: `stress-ng --${stressor}`,
  program: 'stress-ng',
  debianPackage: 'stress-ng',
  words: (directory) => [
    ...['stress-ng', `--${stressor}`, '1', '--metrics-brief', '--temp-path', directory],
    ...(times === null ? ['--timeout', '1s'] : [`--${stressor}-ops`, String(times)]),
  ],
  copies: 1,
  operation,
  ours,
  differs: differs ?? null,
  costOf: (run) => bogoCost(stressor, run),
});

export const stressors: readonly Peer[] = [
  stress({
    stressor: 'flock',
    times: 300_000,
    operation: 'a sixth of a cycle of 16 calls of flock: 6 locks, 6 unlocks, 4 that are refused',
    ours: { lock: { file: 'flock-cycle' }, measured: 'pair', operations: 6 },
  }),
  stress({
    stressor: 'sem-sysv',
    times: 300_000,
    operation: 'a System V semaphore down and up (two calls of semtimedop; ours: semop)',
    ours: pair('sysv-sem'),
  }),
  stress({
    stressor: 'lockf',
    times: 10_000,
    operation: 'lseek and lockf of 8 random bytes of 64 KiB, and the same to unlock the oldest of 1,024',
    ours: pair('lockf'),
    differs: 'two processes hold 1,024 ranges each and mostly wait for each other',
  }),
  stress({
    stressor: 'lockofd',
    times: 300_000,
    operation:
      'F_OFD_GETLK, which asks and takes no lock, and F_OFD_SETLK that unlocks what was never locked',
    ours: pair('ofd'),
    differs: 'it takes no lock',
  }),
  stress({
    stressor: 'sem',
    times: null,
    operation: 'a POSIX semaphore down and up by one of several threads, with sched_yield and a sleep',
    ours: pair('posix-sem'),
    differs: 'it sleeps in each operation',
  }),
  stress({
    stressor: 'futex',
    times: 5_000,
    operation: 'three calls of futex: a wait with a timeout, and two to wake it',
    ours: pair('futex'),
    differs: 'each operation waits for another process; our free lock makes no system call',
  }),
];
