/**
 * The referee of a prove round: rank 0, which hears of every "in" and "out" and answers. What it sees is in the order of
 * cause and effect: a worker goes on when it is answered, and unlocks after its "out" was.
 */
import { now } from '../../strategies/posix/clock.js';

/** An entry that found somebody inside; `atNs` since the round began, by rank 0's clock. */
export interface Violation {
  readonly rank: number;
  readonly beside: number;
  readonly atNs: number;
}

export class Referee {
  readonly #begunNs = now();
  readonly #inside = new Set<number>();
  #last: number | null = null;
  #handoffs = 0;
  #betweenHosts = 0;
  #violations = 0;
  #first: Violation | null = null;

  /** `enough`: hand-offs after which all are told to stop. */
  constructor(
    private readonly enough: number,
    private readonly hostOf: (rank: number) => string,
  ) {}

  /** Returns whether it is enough. */
  comesIn(rank: number): boolean {
    const [beside] = this.#inside;
    if (beside !== undefined) {
      this.#violations++;
      this.#first ??= { rank, beside, atNs: Number(now() - this.#begunNs) };
    }
    this.#inside.add(rank);
    if (this.#last !== null && this.#last !== rank) {
      this.#handoffs++;
      if (this.hostOf(this.#last) !== this.hostOf(rank)) this.#betweenHosts++;
    }
    this.#last = rank;
    return this.isEnough;
  }

  goesOut(rank: number): boolean {
    this.#inside.delete(rank);
    return this.isEnough;
  }

  get isEnough(): boolean {
    return this.#handoffs >= this.enough;
  }

  /** Who is inside now. */
  get inside(): readonly number[] {
    return [...this.#inside];
  }

  get findings(): {
    readonly handoffs: number;
    readonly betweenHosts: number;
    readonly violations: number;
    readonly first: Violation | null;
  } {
    return {
      handoffs: this.#handoffs,
      betweenHosts: this.#betweenHosts,
      violations: this.#violations,
      first: this.#first,
    };
  }
}
