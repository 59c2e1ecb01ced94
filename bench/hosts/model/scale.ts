/**
 * What a lock over NFS costs as clients are added, on paper: a closed system of clients, of which one is inside, one server that
 * answers a number of calls a second, and a way in which waiters learn that the lock is free. Mean values; asymptotes are exact, what
 * lies near the knee is not. Source: E. D. Lazowska et al., Quantitative System Performance, 1984, chapter 5 (bounds).
 *
 *   response     t = round trip + what a call takes besides; longer once the server has more to do than it can
 *   held         (calls in a row - 1) x t: from the grant on the server to the unlock on the server
 *   hand-off     by how the waiters learn of it
 *   per second   1 / (held + hand-off), for all clients together
 */

/**
 * granted: the server calls the next waiter, which holds it by then (NFSv3, NLM). notified: the server calls all waiters, which all ask
 * again, and one gets it (NFSv4.1 and later, CB_NOTIFY_LOCK). polled: each waiter asks again after a pause.
 */
export type Learning = 'granted' | 'notified' | 'polled';

export interface Way {
  readonly name: string;
  /** Of an increment: calls that wait for each other, as `nfs roundtrip` counts them. */
  readonly callsInRow: number;
  /** Calls of an increment that nobody waits for. */
  readonly besides: number;
  readonly learning: Learning;
  /** Between two polls; 0 where nobody polls. */
  readonly pauseNs: number;
}

export interface Surroundings {
  readonly roundTripNs: number;
  /** What client and server take for a call besides the round trip. */
  readonly callNs: number;
  /** Calls that the server answers in a second at most. */
  readonly capacity: number;
}

export interface Prediction {
  readonly clients: number;
  readonly perSecond: number;
  /** From asking to having, in the mean, if all clients ask again at once. */
  readonly waitNs: number;
  readonly callsPerIncrement: number;
  readonly serverLoad: number;
  readonly limit: 'round trips' | 'hand-off' | 'server';
}

const NS_PER_S = 1e9;

interface Cycle {
  readonly heldNs: number;
  readonly handOffNs: number;
  readonly calls: number;
}

/** One turn of the lock from holder to holder, every call being answered after `t`. */
function cycle(
  { callsInRow, besides, learning, pauseNs }: Way,
  clients: number,
  t: number,
  { callNs }: Surroundings,
): Cycle {
  const waiters = clients - 1;
  // Alone, the call that takes the lock is waited for, too.
  const own = callsInRow + besides;
  if (waiters === 0) return { heldNs: callsInRow * t, handOffNs: 0, calls: own };
  const heldNs = (callsInRow - 1) * t;
  switch (learning) {
    case 'granted':
      return { heldNs, handOffNs: callNs, calls: own + 1 };
    case 'notified':
      // Each waiter is called and asks, and the one that gives the lock back is refused once before it waits again.
      return { heldNs, handOffNs: t + callNs, calls: own + 2 * waiters };
    case 'polled': {
      const period = pauseNs + t;
      // Until the first of this many polls, which know nothing of each other.
      const handOffNs = period / (waiters + 1);
      return { heldNs, handOffNs, calls: own + (waiters * (heldNs + handOffNs)) / period };
    }
  }
}

/** By bisection: the answer time at which the server is asked no more than it can answer. */
const HALVINGS = 60;

export function predict(way: Way, clients: number, surroundings: Surroundings): Prediction {
  const { capacity, callNs, roundTripNs } = surroundings;
  const idle = roundTripNs + callNs;
  const asked = (t: number): number => {
    const { heldNs, handOffNs, calls } = cycle(way, clients, t, surroundings);
    return (NS_PER_S * calls) / (heldNs + handOffNs);
  };
  let t = idle;
  const isFull = asked(idle) > capacity;
  if (isFull) {
    let [low, high] = [idle, idle + (NS_PER_S * (clients + way.callsInRow + 2)) / capacity];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (low + high) / 2;
      if (asked(middle) > capacity) low = middle;
      else high = middle;
    }
    t = high;
  }
  const { heldNs, handOffNs, calls } = cycle(way, clients, t, surroundings);
  const turnNs = heldNs + handOffNs;
  return {
    clients,
    perSecond: NS_PER_S / turnNs,
    waitNs: (clients - 1) * turnNs,
    callsPerIncrement: calls,
    serverLoad: (NS_PER_S * calls) / turnNs / capacity,
    limit: isFull ? 'server' : handOffNs > heldNs ? 'hand-off' : 'round trips',
  };
}

/**
 * Ways in which a Linux client locks. Calls in a row as counted by `nfs roundtrip`; a lock file reads and writes a reopened file. The
 * call that nobody waits for is FREE_STATEID, by which a client of NFSv4 forgets what it unlocked.
 */
export const WAYS: readonly Way[] = [
  { name: 'fcntl, NFSv3', callsInRow: 5, besides: 0, learning: 'granted', pauseNs: 0 },
  { name: 'fcntl, NFSv4.2, notified', callsInRow: 5, besides: 1, learning: 'notified', pauseNs: 0 },
  { name: 'fcntl, NFSv4, polled every 1 s', callsInRow: 5, besides: 1, learning: 'polled', pauseNs: 1e9 },
  { name: 'fcntl, NFSv4, polled every 30 s', callsInRow: 5, besides: 1, learning: 'polled', pauseNs: 30e9 },
  { name: 'excl, NFSv3, sleep:1ms', callsInRow: 6, besides: 0, learning: 'polled', pauseNs: 1e6 },
  { name: 'excl, NFSv3, spin', callsInRow: 6, besides: 0, learning: 'polled', pauseNs: 0 },
];
