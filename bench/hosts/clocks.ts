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

/** At least; more where the quickest was slow, as on a busy machine. */
const PINGS = 20;
const MOST_PINGS = 400;
const GOOD_ERROR_NS = 20_000;

/** Of rank 0, to itself. */
const SAME_CLOCK: ClockOffset = { offsetNs: 0n, errorNs: 0 };

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
async function measureOffset(wire: Wire, rank: number): Promise<ClockOffset> {
  let best: ClockOffset = { offsetNs: 0n, errorNs: Number.POSITIVE_INFINITY };
  for (let pings = 0; pings < MOST_PINGS && best.errorNs > GOOD_ERROR_NS; pings += PINGS) {
    const found = await askTimes(wire, rank);
    if (found.errorNs < best.errorNs) best = found;
  }
  return best;
}

async function askTimes(wire: Wire, rank: number): Promise<ClockOffset> {
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

/**
 * The offsets of these ranks, which wait for an order. Ranks that read one clock have one offset, the best that was found
 * for any of them, so that times within a host are compared as exactly as the clock tells them.
 */
export async function measureOffsets(
  wire: Wire,
  ranks: readonly number[],
  clockOf: (rank: number) => string | undefined,
): Promise<ReadonlyMap<number, ClockOffset>> {
  const best = new Map<string | undefined, ClockOffset>([[clockOf(0), SAME_CLOCK]]);
  for (const rank of ranks) {
    const known = best.get(clockOf(rank));
    if (known !== undefined && known.errorNs <= GOOD_ERROR_NS) continue;
    const found = await measureOffset(wire, rank);
    if (known === undefined || found.errorNs < known.errorNs) best.set(clockOf(rank), found);
  }
  return new Map(ranks.map((rank) => [rank, best.get(clockOf(rank)) ?? SAME_CLOCK]));
}

/** The other side. */
export function answerPings(wire: Wire, pings: number): void {
  wire.send(0, { at: 'ticking' } satisfies Reply);
  for (let i = 0; i < pings; i++) {
    wire.receiveAtOnce<Order>(0);
    wire.send(0, { at: 'pong', ns: String(now()) } satisfies Reply);
  }
}
