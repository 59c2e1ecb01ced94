/**
 * A run on many hosts: every cell that has company is proven once and traced once; then blocks, each of which times every
 * cell once, in an order shuffled by the seed.
 */

import type { Identity } from '../machine/identity.js';
import type { RoundLimits, SharedConditions } from '../measure/parent/request.js';
import type { RoundKind } from '../measure/worker/job.js';
import { shuffled, xorshift32 } from '../statistics/xorshift32.js';
import type { Company } from './company.js';
import { isEitherControl } from './contenders.js';
import { type Fate, playHolderFate, remoteRanks } from './holder-death.js';
import { type HostCell, type HostCellProgress, startedApart } from './host-cells.js';
import type { HostCutter } from './host-cutter.js';
import { recordOf } from './host-records.js';
import { type HostRoundOutcome, type HostRoundSpec, playHostRound } from './host-round.js';

export interface HostsMethod {
  readonly blocks: number;
  readonly seed: number;
  /** Hand-offs that prove a cell; 0 for no prove rounds. */
  readonly handoffs: number;
  /** Whether hand-offs are measured. */
  readonly trace: boolean;
  /** Whether a holder is killed at the end. */
  readonly killHolder: boolean;
  /** What cuts a holder's host off at the end; null: none is. */
  readonly cutter: HostCutter | null;
  /** For how long the others wait then. */
  readonly patienceNs: number;
  readonly limits: RoundLimits;
  readonly conditions: SharedConditions;
  readonly directory: string;
  readonly identity: Identity | null;
}

export interface HostsEvents {
  /** A round is about to run; `done` of `total` are over. */
  onRound(cell: HostCell, kind: RoundKind, done: number, total: number): void;
  afterRound(): void;
}

/** A round that was too short is repeated with a length at which the same spread is well below that. */
const SPREADS_PER_ROUND = 150;
/** Of each rank: with fewer, the first one is done before the next one has begun. */
const TRACED_TURNS = 5_000;
const MOST_REPEATS = 2;
/** A ledger has room for what the fastest lock does in the time: more would take too much memory. */
const LONGEST_ROUND_NS = 2e9;

class HostsRun {
  #done = 0;
  #atLeastNs: number;

  constructor(
    private readonly all: readonly HostCellProgress[],
    private readonly method: HostsMethod,
    private readonly company: Company,
    private readonly events: HostsEvents,
  ) {
    this.#atLeastNs = method.limits.atLeastNs;
  }

  async run(): Promise<void> {
    const { seed, blocks, handoffs, trace } = this.method;
    const random = xorshift32(seed);
    const runnable = this.all.filter(({ cell }) => cell.unavailable === null);
    const contended = runnable.filter(({ cell }) => cell.ranks.length > 1);
    const passes: [RoundKind, number, readonly HostCellProgress[]][] = [
      ...(handoffs > 0 ? [['prove', 0, contended] satisfies [RoundKind, number, typeof contended]] : []),
      ...(trace ? [['trace', 0, contended] satisfies [RoundKind, number, typeof contended]] : []),
      ...Array.from({ length: blocks }, (_, i): [RoundKind, number, readonly HostCellProgress[]] => [
        'timing',
        i,
        runnable,
      ]),
    ];
    // A control is no lock: there is nothing to be learned from its end.
    const locks = contended.filter(({ cell }) => !isEitherControl(cell.strategy.name));
    const { killHolder, cutter } = this.method;
    const fates: [Fate, HostCellProgress][] = [
      ...(killHolder ? locks.map((one): [Fate, HostCellProgress] => ['killed', one]) : []),
      ...(cutter === null
        ? []
        : locks
            .filter(({ cell }) => remoteRanks(cell.ranks, this.company.hostOf).length > 0)
            .map((one): [Fate, HostCellProgress] => [cutter, one])),
    ];
    const total = passes.reduce((sum, [, , cells]) => sum + cells.length, fates.length);
    for (const [kind, block, cells] of passes) {
      for (const [order, progress] of shuffled(cells, random).entries()) {
        this.events.onRound(progress.cell, kind, this.#done, total);
        this.#done++;
        if (progress.failure !== null) continue;
        await this.#measure(progress, kind, block, order);
        this.events.afterRound();
      }
    }
    for (const [fate, progress] of fates) {
      this.events.onRound(progress.cell, 'prove', this.#done, total);
      this.#done++;
      if (progress.failure === null) await this.#befall(fate, progress);
      this.events.afterRound();
    }
  }

  async #befall(fate: Fate, progress: HostCellProgress): Promise<void> {
    const { patienceNs, limits } = this.method;
    // Workers go on until somebody got in, however long that takes.
    const budgetNs = limits.timeLimitNs + patienceNs;
    const spec = this.#specOf(progress.cell, 'prove', { budgetNs, timeLimitNs: budgetNs });
    const outcome = await playHolderFate(spec, this.company, patienceNs, fate, (death) => {
      if (fate === 'killed') progress.death = death;
      else progress.cut = death;
    });
    if ('state' in outcome) progress.failure = outcome;
  }

  async #measure(progress: HostCellProgress, kind: RoundKind, block: number, order: number): Promise<void> {
    for (let repeat = 0; ; repeat++) {
      const outcome = await this.#play(progress.cell, kind);
      if (outcome.state !== 'measured') {
        progress.failure = { state: outcome.state, reason: outcome.reason };
        return;
      }
      const record = recordOf(kind, outcome.figures, { block, order }, this.company.hostOf);
      const longer = record.kind === 'timing' ? this.#longer(record.spreadNs) : 0;
      const isShort =
        record.kind === 'timing' && startedApart(record) && longer > this.#atLeastNs && repeat < MOST_REPEATS;
      // A round that lost a number is kept, however short: it decides.
      if (!isShort || record.sequence !== 'intact') progress.rounds.push(record);
      if (!isShort) return;
      this.#atLeastNs = longer;
    }
  }

  #longer(spreadNs: number): number {
    return Math.min(Math.max(LONGEST_ROUND_NS, this.method.limits.atLeastNs), spreadNs * SPREADS_PER_ROUND);
  }

  #play(cell: HostCell, kind: RoundKind): Promise<HostRoundOutcome> {
    return playHostRound(this.#specOf(cell, kind, {}), this.company);
  }

  #specOf(
    { strategy, isControl, policy, ranks }: HostCell,
    kind: RoundKind,
    more: Partial<RoundLimits>,
  ): HostRoundSpec {
    const { limits, conditions, directory, identity, handoffs } = this.method;
    const increments = kind === 'trace' ? TRACED_TURNS : conditions.increments;
    return {
      ...{ kind, strategy, isControl, policy, ranks, identity, enoughHandoffs: handoffs },
      conditions: { ...conditions, increments, processes: ranks.length, directory: { path: directory } },
      limits: { ...limits, atLeastNs: this.#atLeastNs, ...more },
    };
  }
}

/** Measures. What is known so far stands in `all` at any time; throws WasEnded and Silent. */
export const measureHosts = (
  all: readonly HostCellProgress[],
  method: HostsMethod,
  company: Company,
  events: HostsEvents,
): Promise<void> => new HostsRun(all, method, company, events).run();
