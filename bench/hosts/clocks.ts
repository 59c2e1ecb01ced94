/**
 * How far the clock of another rank is from that of rank 0. The offset of a host's CLOCK_MONOTONIC is arbitrary, since it
 * counts from the boot; it is used to compare stamps of two hosts, which is done for latencies and for the spread of the
 * starts. No verdict depends on it.
 *
 * As NTP does: rank 0 asks for the time; the answer was given at some moment between question and answer, and the
 * quickest of several answers says most.
 */
import { now } from '../../strategies/posix/clock.js';
import type { Order, Reply } from './messages.js';
import type { Wire } from './wire.js';

/** `offsetNs`: to be subtracted from the rank's time. `errorNs`: how wrong that may be, at most. */
export interface ClockOffset {
  readonly offsetNs: bigint;
  readonly errorNs: number;
}

const PINGS = 20;

/** Of rank 0, to itself. */
export const SAME_CLOCK: ClockOffset = { offsetNs: 0n, errorNs: 0 };

/** The quickest of the answers: [asked, answered there, came back]. */
export function offsetOf(samples: readonly (readonly [bigint, bigint, bigint])[]): ClockOffset {
  let best: ClockOffset = { offsetNs: 0n, errorNs: Number.POSITIVE_INFINITY };
  for (const [asked, there, back] of samples) {
    const errorNs = Number(back - asked) / 2;
    if (errorNs < best.errorNs) best = { offsetNs: there - (asked + back) / 2n, errorNs };
  }
  return best;
}

/** Rank 0's side; the rank must be waiting for an order. */
export async function measureOffset(wire: Wire, rank: number): Promise<ClockOffset> {
  const order: Order = { at: 'clock', pings: PINGS };
  wire.send(rank, order);
  await wire.receive<Reply>(rank, 'brisk');
  const ping: Order = { at: 'ping' };
  return offsetOf(
    Array.from({ length: PINGS }, (): [bigint, bigint, bigint] => {
      const asked = now();
      wire.send(rank, ping);
      const { message } = wire.receiveAtOnce<Reply>(rank);
      const back = now();
      return [asked, message.at === 'pong' ? BigInt(message.ns) : asked, back];
    }),
  );
}

/** The other side. */
export function answerPings(wire: Wire, pings: number): void {
  wire.send(0, { at: 'ticking' } satisfies Reply);
  for (let i = 0; i < pings; i++) {
    wire.receiveAtOnce<Order>(0);
    wire.send(0, { at: 'pong', ns: String(now()) } satisfies Reply);
  }
}
