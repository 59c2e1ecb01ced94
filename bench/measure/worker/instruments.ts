/**
 * What prove and trace rounds do in addition to a turn. They wrap what a turn does inside of the lock and between turns,
 * never the lock: the loop and the lock's calls are those that are timed.
 */
import { now, spin } from '../../../strategies/posix/clock.js';
import { schedYield } from '../../../strategies/posix/libc.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import type { Watch } from './owner-word.js';
import { count, privateTallies, TALLIES } from './tallies.js';

/** The parts of a turn that are no call of the lock: see `Turn`. */
export interface Work {
  take(): number;
  hold(): void;
  think(): void;
}

/** Longest random pause. Source: as long as a wake-up takes, so that waiters arrive at every point of a turn. */
const LONGEST_PAUSE_NS = 50_000;

/**
 * Random delays that widen race windows, as a busy scheduler causes them: gives the processor away or stops for up to 50 µs, or neither,
 * drawn anew each time.
 */
function randomDelay(seed: number): () => void {
  const random = xorshift32(seed);
  return () => {
    const fate = random();
    if (fate < 0.25) schedYield();
    else if (fate < 0.75) spin(Math.floor(random() * LONGEST_PAUSE_NS));
  };
}

/** For a prove round: pauses inside of the lock and between turns. */
export function delayed({ take, hold, think }: Work, seed: number): Work {
  const pause = randomDelay(seed);
  return {
    take,
    hold() {
      // First, so that it falls between the two looks of a reader.
      pause();
      hold();
    },
    think() {
      think();
      pause();
    },
  };
}

/** For a prove round: the owner word beside such pauses. */
export function proving(work: Work, watch: Watch, seed: number): Work {
  const { take, hold, think } = delayed(work, seed);
  return {
    take() {
      watch.enter();
      return take();
    },
    hold() {
      hold();
      watch.leave();
    },
    think,
  };
}

/** Stamps of one acquisition, CLOCK_MONOTONIC in ns: asked for it, got it, about to give it back. */
export const STAMPS = 3;

/**
 * For a trace round, and for a prove round in which another worker may have no owner word: the word, and three stamps a turn,
 * written to `stamps` from its beginning on. `begin` stamps the first asking, and is called right before the first turn.
 * When `stamps` is full it begins again at its start. Turns are counted in `tallies`, each once the next one's asking is
 * stamped.
 */
export function tracing(
  { take, hold, think }: Work,
  watch: Watch,
  stamps: BigInt64Array,
  tallies: Float64Array = privateTallies(),
): { readonly work: Work; begin(): void } {
  const lastTurn = stamps.length - STAMPS;
  let at = 0;
  return {
    begin() {
      at = 0;
      stamps[0] = now();
    },
    work: {
      take() {
        stamps[at + 1] = now();
        watch.enter();
        return take();
      },
      hold() {
        hold();
        watch.leave();
        stamps[at + 2] = now();
      },
      think() {
        think();
        at = at < lastTurn ? at + STAMPS : 0;
        stamps[at] = now();
        count(tallies, TALLIES.turns);
      },
    },
  };
}
