/**
 * Samba's ping_pong(1). It says a rate each second, and never ends. Each call of fcntl(2) counts there, an unlock as well as a
 * lock: under strace it makes as many calls a second as it says "locks".
 */
import { join } from 'node:path';
import type { Ours, Peer, PeerRun } from './peer.js';

const NS_PER_SECOND = 1e9;
/** Of a lock and an unlock. */
const CALLS = 2;
const RATE = /(\d+) locks\/sec/g;

const ratesIn = (printed: string): number[] =>
  [...printed.matchAll(RATE)].map(([, rate]) => Number(rate)).filter((rate) => rate > 0);

/**
 * ns per call, of all copies together. The first second of a copy has the start of the others in it, and the zeros that it
 * says while it waits for a lock are no rates. Throws an Error.
 */
export function countCost({ printed }: PeerRun): number {
  const rates = printed.map((text) => ratesIn(text)[1]);
  const sum = rates.reduce<number>((total, rate) => total + (rate ?? Number.NaN), 0);
  if (!(sum > 0))
    throw new Error(
      `two lines "N locks/sec" were expected, got ${JSON.stringify(printed.join('').slice(-200))}`,
    );
  return NS_PER_SECOND / sum;
}

const pingPong = (options: string, copies: 1 | 2, measured: Ours['measured'], operation: string): Peer => ({
  name: `ping_pong${options}${copies > 1 ? `, ${copies} processes` : ''}`,
  program: 'ping_pong',
  debianPackage: 'ctdb',
  words: (directory) => [
    'ping_pong',
    ...options.split(' ').filter(Boolean),
    join(directory, 'ring'),
    String(copies + 1),
  ],
  copies,
  enough: (printed) => ratesIn(printed).length >= 2,
  operation,
  ours: { lock: { file: 'next-byte' }, measured, operations: CALLS },
  differs: null,
  costOf: countCost,
});

export const pingPongs: readonly Peer[] = [
  pingPong(
    '',
    1,
    'pair',
    'half a round: lock the next byte of a ring, then unlock the one before (each call of fcntl counts)',
  ),
  pingPong(' -rw', 1, 'turn', 'the same, with a byte read and written (pread, pwrite) in between'),
  pingPong(' -rw', 2, 'turn', 'the same, each process waiting for the byte of the other: a hand-off a round'),
];
