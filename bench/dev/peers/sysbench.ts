/**
 * sysbench(1): a mutex of POSIX threads, here by one thread, who has it for itself.
 */
import { figure, type Peer, type PeerRun } from './peer.js';

const NS_PER_MS = 1e6;

/** ns per operation, of which each event has so many. The sum of the latencies has more digits than the total. Throws an Error. */
export function eventCost({ printed }: PeerRun, operationsPerEvent: number): number {
  const text = printed.join('\n');
  const sumMs = figure(text, /^\s*sum:\s+([\d.]+)$/m, 'a line "sum: …" of sysbench');
  const events = figure(text, /^\s*total number of events:\s+(\d+)$/m, 'a line "total number of events: …"');
  return (sumMs * NS_PER_MS) / events / operationsPerEvent;
}

const LOCKS = 10_000_000;
const YIELDS = 1_000;

export const sysbenches: readonly Peer[] = [
  {
    name: 'sysbench mutex',
    program: 'sysbench',
    debianPackage: 'sysbench',
    words: () => [
      'sysbench',
      'mutex',
      '--mutex-num=1',
      `--mutex-locks=${LOCKS}`,
      '--mutex-loops=0',
      '--threads=1',
      'run',
    ],
    copies: 1,
    operation:
      'pthread_mutex_lock and pthread_mutex_unlock of a free mutex, and a random number to choose it',
    ours: { lock: { file: 'mutex' }, measured: 'pair', operations: 1 },
    differs: 'most of its time goes to the random number',
    costOf: (run) => eventCost(run, LOCKS),
  },
  {
    name: 'sysbench threads',
    program: 'sysbench',
    debianPackage: 'sysbench',
    words: () => [
      'sysbench',
      'threads',
      '--threads=1',
      `--thread-yields=${YIELDS}`,
      '--thread-locks=1',
      '--time=1',
      'run',
    ],
    copies: 1,
    operation: 'the same, with a call of sched_yield while it is held',
    ours: { lock: { file: 'mutex', variant: 'yields' }, measured: 'pair', operations: 1 },
    differs: null,
    costOf: (run) => eventCost(run, YIELDS),
  },
];
