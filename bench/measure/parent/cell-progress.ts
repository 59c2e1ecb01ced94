import type { RoundRecord } from '../result/rounds-schema.js';
import type { PlannedCell } from './plan.js';

/** A cell and what is known of it so far. */
export interface CellProgress {
  readonly cell: PlannedCell;
  readonly rounds: RoundRecord[];
  failure: { readonly state: 'timed-out' | 'errored'; readonly reason: string } | null;
}
