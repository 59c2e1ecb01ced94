/**
 * A round on many hosts, as rank 0 conducts it: directories, barrier, referee, and all that the ranks bring back.
 */
import { processName } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { messageOf } from '../base/error-message.js';
import { Told } from '../base/told.js';
import type { RpcCounts } from '../machine/rpc-counts.js';
import { type KeptDirectory, keepDirectory } from '../measure/parent/kept-directories.js';
import { removeAll } from '../measure/parent/unremoved.js';
import type { WorkerFigures } from '../measure/worker/job.js';
import { type ClockOffset, measureOffsets } from './clocks.js';
import type { Company } from './company.js';
import type { Order, Reply, RoundOrder, RoundTerms } from './messages.js';
import { Referee } from './referee.js';
import { Silent, WasEnded } from './wire.js';

export interface HostRoundSpec extends RoundTerms {
  readonly strategy: Strategy;
  /** Who contends: worker i is on `ranks[i]`. */
  readonly ranks: readonly number[];
}

/** What one rank brought back. Its figures count from its own gate, by its own clock. */
export interface Share {
  readonly rank: number;
  readonly gateNs: bigint;
  readonly figures: WorkerFigures;
  readonly ledger: Int32Array;
  /** Of a trace round: see `STAMPS`. */
  readonly stamps: BigInt64Array;
  /** What its host asked of an NFS server; null where nothing was counted, or another rank counted. */
  readonly rpcs: RpcCounts | null;
  /** Of its clock; null where it was not asked for. */
  readonly clock: ClockOffset | null;
}

export interface HostRoundFigures {
  readonly shares: readonly Share[];
  readonly final: number;
  /** Of a prove round. */
  readonly findings: Referee['findings'] | null;
}

export type HostRoundOutcome =
  | { readonly state: 'measured'; readonly figures: HostRoundFigures }
  | { readonly state: 'timed-out' | 'errored'; readonly reason: string };

/** After its limit a rank kills its worker, and says so; then it must be heard. */
export const GRACE_NS = 60e9;

/** A rank could not do its part. */
export class RankFailed extends Told {
  override readonly name = 'RankFailed';
  constructor(
    message: string,
    readonly late: boolean,
  ) {
    super(message);
  }
}

export class HostRound {
  readonly #directories: KeptDirectory[] = [];
  readonly #referee: Referee;
  /** Ranks that wait for a word of ours. */
  readonly #waiting = new Set<number>();

  constructor(
    private readonly spec: HostRoundSpec,
    private readonly company: Company,
  ) {
    this.#referee = new Referee(spec.enoughHandoffs, company.hostOf);
  }

  async play(): Promise<HostRoundFigures> {
    const { ranks, kind } = this.spec;
    await this.getReady();
    const { wire, hellos } = this.company;
    const clocks =
      kind === 'prove' ? null : await measureOffsets(wire, ranks, (rank) => hellos.get(rank)?.clock);
    this.start();
    const done = await this.#collect('done');
    const final = (await this.#directories[0]?.number(this.spec.limits.timeLimitNs)) ?? Number.NaN;
    this.tell(ranks, { at: 'proceed' });
    const over = await this.#collect('over');
    this.#waiting.clear();
    const shares = ranks.map((rank): Share => {
      const told = done.get(rank);
      const rpcs = over.get(rank)?.message;
      if (told === undefined || told.message.at !== 'done') throw new Error(`rank ${rank} told nothing`);
      const { message, payload } = told;
      const { turns } = message.figures;
      // A copy, since numbers of eight bytes must begin at a multiple of eight.
      const bytes = new Uint8Array(payload);
      return {
        rank,
        gateNs: BigInt(message.gateNs),
        figures: message.figures,
        ledger: new Int32Array(bytes.slice(0, turns * Int32Array.BYTES_PER_ELEMENT).buffer),
        stamps: new BigInt64Array(bytes.slice(turns * Int32Array.BYTES_PER_ELEMENT).buffer),
        rpcs: rpcs?.at === 'over' ? rpcs.rpcs : null,
        clock: clocks?.get(rank) ?? null,
      };
    });
    return { shares, final, findings: kind === 'prove' ? this.#referee.findings : null };
  }

  /** Gives orders, and waits until all workers are asleep at their gates. */
  async getReady(): Promise<void> {
    await this.#giveOrders();
    await this.#collect('warm');
    this.tell(this.spec.ranks, { at: 'proceed' });
    await this.#collect('ready');
  }

  /** All begin at a barrier, which in MPI is of all ranks. */
  start(): void {
    const { wire, others } = this.company;
    const { ranks } = this.spec;
    this.tell(ranks, { at: 'proceed' });
    for (const rank of others) if (!ranks.includes(rank)) wire.send(rank, { at: 'barrier' } satisfies Order);
    wire.mpi.barrier();
  }

  /** Ends what is left of it: ranks that wait end their workers, unless the job `isLost`; directories are removed. */
  async end(isLost: boolean): Promise<void> {
    // A rank that has died cannot be told anything, and the launcher ends the others.
    if (!isLost) this.tell([...this.#waiting], { at: 'cancel' });
    await removeAll(this.#directories.splice(0).map((one) => () => one.destroy()));
  }

  /** Who was inside when it ended early, in words; null if nobody was, or nobody looked. */
  get whoIsInside(): string | null {
    const { inside } = this.#referee;
    return inside.length === 0 ? null : inside.map(this.company.nameOf).join(' and ');
  }

  async #giveOrders(): Promise<void> {
    const { kind, strategy, isControl, policy, conditions, enoughHandoffs, limits, identity, ranks } =
      this.spec;
    const { directory, processes } = conditions;
    const keep = async (): Promise<KeptDirectory> => {
      const kept = await keepDirectory(directory.path, processes, strategy, identity, limits.timeLimitNs);
      this.#directories.push(kept);
      return kept;
    };
    const { job: timed } = await keep();
    const { job: rehearsal } = await keep();
    const { hostOf, wire } = this.company;
    ranks.forEach((rank, workerIndex) => {
      const isFirst = ranks.findIndex((other) => hostOf(other) === hostOf(rank)) === workerIndex;
      const order: RoundOrder = {
        ...{ at: 'round', kind, isControl, policy, conditions, enoughHandoffs, limits, identity },
        ...{ strategy: processName(strategy), workerIndex, rehearsal, timed, countsRpcs: isFirst },
      };
      wire.send(rank, order);
    });
  }

  /** Gives ranks that wait an order. */
  tell(ranks: readonly number[], order: Order): void {
    for (const rank of ranks) {
      this.company.wire.send(rank, order);
      this.#waiting.delete(rank);
    }
  }

  /** One reply of each rank; meanwhile the referee answers. Throws RankFailed if a rank could not do it. */
  async #collect(
    at: 'warm' | 'ready' | 'done' | 'over',
  ): Promise<ReadonlyMap<number, { readonly message: Reply; readonly payload: Buffer }>> {
    const { wire, nameOf } = this.company;
    const { ranks, kind, limits } = this.spec;
    const replies = new Map<number, { message: Reply; payload: Buffer }>();
    let failure: RankFailed | null = null;
    const how = kind === 'prove' && at === 'done' ? 'brisk' : 'patient';
    while (replies.size < ranks.length) {
      const { from, message, payload } = await wire.receive<Reply>(null, how, limits.timeLimitNs + GRACE_NS);
      if (message.at === 'in' || message.at === 'out') {
        const stop = message.at === 'in' ? this.#referee.comesIn(from) : this.#referee.goesOut(from);
        wire.send(from, { at: 'noted', stop } satisfies Order);
        continue;
      }
      replies.set(from, { message, payload });
      if (message.at === 'failed') {
        const held = message.holding ? ', while it was holding the lock' : '';
        failure ??= new RankFailed(`${nameOf(from)}: ${message.reason}${held}`, message.late);
      } else if (message.at === at) this.#waiting.add(from);
      else throw new Error(`${nameOf(from)} said "${message.at}" where "${at}" was expected`);
    }
    if (failure !== null) throw failure;
    return replies;
  }
}

/** Plays a round. What a worker does wrong is its outcome; throws WasEnded after a signal, and Silent for a lost host. */
export const playHostRound = (spec: HostRoundSpec, company: Company): Promise<HostRoundOutcome> =>
  playing(spec, company, async (round) => ({ state: 'measured', figures: await round.play() }));

/** Plays something of a round, and clears away after it. */
export async function playing<Outcome>(
  spec: HostRoundSpec,
  company: Company,
  play: (round: HostRound) => Promise<Outcome>,
): Promise<Outcome | Exclude<HostRoundOutcome, { state: 'measured' }>> {
  const round = new HostRound(spec, company);
  let isLost = false;
  try {
    return await play(round);
  } catch (error) {
    if (error instanceof WasEnded || error instanceof Silent) {
      isLost = true;
      const inside = round.whoIsInside;
      if (inside !== null) error.message += `; ${inside} was holding ${spec.strategy.name} then`;
      throw error;
    }
    const late = error instanceof RankFailed && error.late;
    return { state: late ? 'timed-out' : 'errored', reason: messageOf(error) };
  } finally {
    await round.end(isLost);
  }
}
