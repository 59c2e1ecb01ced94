/**
 * A rank is killed while it holds the lock: who gets it then, and when? The worker dies, not its rank, since MPI ends a job
 * that has lost a rank. It dies inside for certain: it has told the referee "in", and gets no answer.
 */
import { now } from '../../strategies/posix/clock.js';
import type { Company } from './company.js';
import {
  GRACE_NS,
  type HostRound,
  type HostRoundOutcome,
  type HostRoundSpec,
  playing,
  RankFailed,
} from './host-round.js';
import type { Order, Reply } from './messages.js';
import { Silent } from './wire.js';

/** What became of the lock: `next` got it, or nobody did. By rank 0's clock. */
export interface HolderDeath {
  readonly victim: number;
  readonly next: number | null;
  readonly afterNs: number | null;
  /** For how long the others may wait. */
  readonly patienceNs: number;
}

/** Turns before the holder is killed: by then all have come to know the lock. */
const TURNS_BEFORE_DEATH = 10;
/** Between two looks whether the patience is over. */
const LOOK_NS = 50e6;

class Death {
  #victim: number | null = null;
  #killedAt: bigint | null = null;
  #turns = 0;
  #next: number | null = null;
  #afterNs: number | null = null;
  /** Ranks that have left the round. */
  readonly #over = new Set<number>();

  constructor(
    private readonly round: HostRound,
    private readonly spec: HostRoundSpec,
    private readonly company: Company,
    private readonly patienceNs: number,
  ) {}

  async play(): Promise<HolderDeath> {
    const { ranks, limits } = this.spec;
    const { wire } = this.company;
    await this.round.getReady();
    this.round.start();
    let failure: RankFailed | null = null;
    while (failure === null && !this.#isDecided) {
      const heard = await this.#hear();
      if (heard !== null) failure = this.#take(heard.from, heard.message);
    }
    this.round.tell(
      ranks.filter((rank) => !this.#over.has(rank)),
      { at: 'cancel' },
    );
    while (this.#over.size < ranks.length) {
      const { from, message } = await wire.receive<Reply>(null, 'patient', limits.timeLimitNs + GRACE_NS);
      // What it had asked before it was told to end is not answered any more.
      if (message.at !== 'in' && message.at !== 'out') this.#over.add(from);
    }
    if (failure !== null) throw failure;
    return {
      victim: this.#victim ?? -1,
      next: this.#next,
      afterNs: this.#afterNs,
      patienceNs: this.patienceNs,
    };
  }

  get #isDecided(): boolean {
    const killedAt = this.#killedAt;
    return this.#next !== null || (killedAt !== null && Number(now() - killedAt) > this.patienceNs);
  }

  /** What comes next; null if nothing does while the others wait for the lock. */
  async #hear(): Promise<{ from: number; message: Reply } | null> {
    const isDead = this.#killedAt !== null;
    const limitNs = isDead ? LOOK_NS : this.spec.limits.timeLimitNs + GRACE_NS;
    try {
      return await this.company.wire.receive<Reply>(null, 'brisk', limitNs);
    } catch (error) {
      if (isDead && error instanceof Silent) return null;
      throw error;
    }
  }

  /** Returns why the round cannot go on, or null. */
  #take(from: number, message: Reply): RankFailed | null {
    const { wire, nameOf } = this.company;
    const go = (die: boolean): void =>
      wire.send(from, { at: 'noted', stop: false, ...(die ? { die } : {}) } satisfies Order);
    switch (message.at) {
      case 'killed':
        this.#killedAt = now();
        this.#over.add(from);
        return null;
      case 'out':
        go(false);
        return null;
      case 'in':
        if (this.#killedAt !== null) {
          [this.#next, this.#afterNs] = [from, Number(now() - this.#killedAt)];
          return null;
        }
        this.#turns++;
        if (this.#victim !== null || this.#turns <= TURNS_BEFORE_DEATH) go(false);
        else {
          this.#victim = from;
          go(true);
        }
        return null;
      case 'failed':
        this.#over.add(from);
        return new RankFailed(`${nameOf(from)}: ${message.reason}`, message.late);
      default:
        this.#over.add(from);
        return new RankFailed(`${nameOf(from)} said "${message.at}" while a holder was to be killed`, false);
    }
  }
}

/** Plays a prove round in which a holder is killed. Throws WasEnded and Silent. */
export const playHolderDeath = (
  spec: HostRoundSpec,
  company: Company,
  patienceNs: number,
): Promise<HolderDeath | Exclude<HostRoundOutcome, { state: 'measured' }>> =>
  playing(spec, company, (round) => new Death(round, spec, company, patienceNs).play());
