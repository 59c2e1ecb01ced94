/**
 * How many rounds a run will come to, as far as its pace tells: a limit of time ends it after fewer than were asked for.
 */

export interface LaterPass {
  readonly rounds: number;
  /** Left out if it would end after the limit; so are all after it. */
  readonly limited: boolean;
}

export interface Outlook {
  /** Rounds that are over, and how long they took together, ns. */
  readonly done: number;
  readonly elapsedNs: number;
  /** Rounds of the pass that runs, that which begins included. */
  readonly left: number;
  /** In their order. */
  readonly later: readonly LaterPass[];
  /** Of a round in the last block, ns; null before one is over. */
  readonly roundNs: number | null;
  /** See `Limits`. */
  readonly maxTimeNs: number | null;
}

/** Those that are over, those of this pass, and those of later passes for which time will be left. */
export function expectedRounds({ done, elapsedNs, left, later, roundNs, maxTimeNs }: Outlook): number {
  const pace = roundNs ?? (done === 0 ? 0 : elapsedNs / done);
  let total = done + left;
  let endsNs = elapsedNs + left * pace;
  for (const { rounds, limited } of later) {
    endsNs += rounds * pace;
    if (limited && maxTimeNs !== null && endsNs > maxTimeNs) break;
    total += rounds;
  }
  return total;
}
