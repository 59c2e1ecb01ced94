/**
 * What a measurement is told, in three parts that are declared here (`Conditions`: in the schema of the result) and handed
 * on whole, from the command to the round.
 */

import type { Identity } from '../../machine/identity.js';
import type { Processor } from '../../machine/topology.js';
import type { Conditions } from '../result/result-schema.js';

/** Conditions that all cells of a request share; processes and directories are those in which its cells differ. */
export type SharedConditions = Omit<Conditions, 'processes' | 'directory' | 'nfs'>;

/** As the textbook's programs have it: 10,000 increments by processes that do nothing else, and nothing in addition. */
export const PLAIN: SharedConditions = {
  readers: 0,
  rogues: 0,
  pin: null,
  increments: 10_000,
  number: 'kept-open',
  hold: null,
  think: null,
};

/** How long things last, in ns. `Limits<null>`: null stands for the usual value for this many rounds. */
export interface Limits<Usual = never> {
  /** Rounds repeat their laps until they have lasted so long. */
  readonly atLeastNs: number | Usual;
  /** Rounds are stopped after so long, with fewer turns. */
  readonly budgetNs: number | Usual;
  /** A round is killed after so long: it counts as hung. */
  readonly timeLimitNs: number;
  /** No block begins that would probably end later than this after the start; null for no limit. */
  readonly maxTimeNs: number | null;
}

/** What holds for a round by itself. */
export type RoundLimits = Omit<Limits, 'maxTimeNs'>;

/** How many rounds there are, of which kinds, and in what order. */
export interface Sampling {
  /** Each holds every cell once. */
  readonly blocks: number;
  /** Of the order. */
  readonly seed: number;
  /** Hand-offs that prove a cell; 0 for no prove rounds. */
  readonly handoffs: number;
  /** How often each cell is proven. */
  readonly proofs: number;
  /** Whether each cell is traced, once. */
  readonly trace: boolean;
  /** Nothing is done for so long before each block, so that caches of the file system forget the one before; ns. */
  readonly restNs?: number;
  /** Blocks are added until no bound lies further from its median than this share; null for no more than `blocks`. */
  readonly untilShare: number | null;
}

/** What the running of cells is told. */
export interface RunRequest {
  readonly sampling: Sampling;
  readonly limits: Limits;
  readonly topology: readonly Processor[];
  readonly memory: string;
  readonly identity: Identity | null;
  /** Whether the processor has counters that this machine may use. */
  readonly isCounted?: boolean;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}
