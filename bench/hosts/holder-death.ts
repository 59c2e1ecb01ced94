/**
 * A rank is killed while it holds the lock, or its host is cut off: who gets it then, and when? It is inside for certain: it
 * has told the referee "in", and gets no answer. Of a rank that is to be killed only the worker dies, since MPI ends a job
 * that has lost a rank. A host that is cut off goes on, and its holder believes that it has the lock.
 */
import { now } from '../../strategies/posix/clock.js';
import type { Company } from './company.js';
import type { HostCutter } from './host-cutter.js';
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

/** What befalls the holder: it is killed, or its host is cut off. */
export type Fate = 'killed' | HostCutter;

/**
 * Ranks whose host can be cut off: rank 0 must go on hearing others. `hostOf`: by rank.
 */
export const remoteRanks = (ranks: readonly number[], hostOf: (rank: number) => string): number[] =>
  ranks.filter((rank) => hostOf(rank) !== hostOf(0) && ranks.some((other) => hostOf(other) !== hostOf(rank)));

/** What became of the lock: `next` got it, or nobody did. By rank 0's clock. */
export interface HolderDeath {
  readonly victim: number;
  readonly next: number | null;
  readonly afterNs: number | null;
  /** For how long the others may wait. */
  readonly patienceNs: number;
}

/** Turns before it befalls the holder: by then all have come to know the lock. */
const TURNS_BEFORE_FATE = 10;
/** Between two looks whether the patience is over. */
const LOOK_NS = 50e6;

class HolderFate {
  #victim: number | null = null;
  /** When it befell the holder. */
  #fallenAt: bigint | null = null;
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
    private readonly fate: Fate,
    private readonly onDecided: (death: HolderDeath) => void,
  ) {}

  async play(): Promise<HolderDeath> {
    const { ranks, limits } = this.spec;
    const { wire } = this.company;
    await this.round.getReady();
    this.round.start();
    let failure: RankFailed | null = null;
    while (failure === null && !this.#isDecided) {
      const heard = await this.#hear();
      if (heard !== null) failure = await this.#take(heard.from, heard.message);
    }
    const death: HolderDeath = {
      victim: this.#victim ?? -1,
      next: this.#next,
      afterNs: this.#afterNs,
      patienceNs: this.patienceNs,
    };
    // Before the host is healed: it may stay cut off, and then all ends.
    if (failure === null) this.onDecided(death);
    if (this.fate !== 'killed' && this.#victim !== null) {
      await this.fate.heal(this.company.hostOf(this.#victim));
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
    return death;
  }

  #mayFall(rank: number): boolean {
    return this.fate === 'killed' || remoteRanks(this.spec.ranks, this.company.hostOf).includes(rank);
  }

  get #isDecided(): boolean {
    const fallenAt = this.#fallenAt;
    return this.#next !== null || (fallenAt !== null && Number(now() - fallenAt) > this.patienceNs);
  }

  /** What comes next; null if nothing does while the others wait for the lock. */
  async #hear(): Promise<{ from: number; message: Reply } | null> {
    const isDead = this.#fallenAt !== null;
    const limitNs = isDead ? LOOK_NS : this.spec.limits.timeLimitNs + GRACE_NS;
    try {
      return await this.company.wire.receive<Reply>(null, 'brisk', limitNs);
    } catch (error) {
      if (isDead && error instanceof Silent) return null;
      throw error;
    }
  }

  /** Returns why the round cannot go on, or null. */
  async #take(from: number, message: Reply): Promise<RankFailed | null> {
    const { wire, nameOf } = this.company;
    const go = (die: boolean): void =>
      wire.send(from, { at: 'noted', stop: false, ...(die ? { die } : {}) } satisfies Order);
    switch (message.at) {
      case 'killed':
        this.#fallenAt = now();
        this.#over.add(from);
        return null;
      case 'out':
        go(false);
        return null;
      case 'in':
        if (this.#fallenAt !== null) {
          [this.#next, this.#afterNs] = [from, Number(now() - this.#fallenAt)];
          return null;
        }
        this.#turns++;
        if (this.#victim !== null || this.#turns <= TURNS_BEFORE_FATE || !this.#mayFall(from)) go(false);
        else {
          this.#victim = from;
          if (this.fate === 'killed') go(true);
          else {
            await this.fate.cut(this.company.hostOf(from));
            this.#fallenAt = now();
          }
        }
        return null;
      case 'failed':
        this.#over.add(from);
        return new RankFailed(`${nameOf(from)}: ${message.reason}`, message.late);
      default:
        this.#over.add(from);
        return new RankFailed(`${nameOf(from)} said "${message.at}" while a holder was to fall`, false);
    }
  }
}

/**
 * Plays a prove round in which something befalls a holder. `onDecided` is told what became of the lock, before all is put
 * right again. Throws WasEnded and Silent.
 */
export const playHolderFate = (
  spec: HostRoundSpec,
  company: Company,
  patienceNs: number,
  fate: Fate,
  onDecided: (death: HolderDeath) => void,
): Promise<HolderDeath | Exclude<HostRoundOutcome, { state: 'measured' }>> =>
  playing(spec, company, (round) => new HolderFate(round, spec, company, patienceNs, fate, onDecided).play());
