/**
 * What a run is told, and what it knows of each cell so far.
 */
export interface RunRequest {
  /** At least so many; more while `isEnough` says no. */
  readonly blocks: number;
  readonly seed: number;
  /** Hand-offs that prove a cell; 0 for no prove rounds. */
  readonly handoffs: number;
  /** How often each cell is proven; once if left out. */
  readonly proofs?: number;
  /** Whether to trace. */
  readonly trace: boolean;
  readonly topology: readonly Processor[];
  readonly atLeastNs: number;
  readonly budgetNs: number;
  /** No block begins that would probably end later than this after the start; null for no limit. */
  readonly maxTimeNs: number | null;
  readonly timeLimitNs: number;
  readonly memory: string;
  readonly identity: Identity | null;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}

/** A cell and what is known of it so far. */
export interface CellProgress {
  readonly cell: PlannedCell;
  readonly rounds: RoundRecord[];
  failure: { readonly state: 'timed-out' | 'errored'; readonly reason: string } | null;
}

import type { Identity } from '../../machine/identity.js';
import type { Processor } from '../../machine/topology.js';
import type { RoundRecord } from '../result/rounds-schema.js';
import type { PlannedCell } from './plan.js';
