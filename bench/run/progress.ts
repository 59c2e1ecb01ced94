/**
 * Progress of a run's rounds on standard error.
 */

import type { PlannedCell } from '../measure/parent/plan.js';
import type { RoundKind } from '../measure/worker/job.js';
import { StatusLine, type Talk } from '../text/status-line.js';

export class Progress {
  readonly #status: StatusLine;

  constructor(talk: Talk) {
    this.#status = new StatusLine(talk, 'round');
  }

  /** `done` of `total` rounds are over; that of `cell` begins. */
  show({ strategy, wait, conditions }: PlannedCell, kind: RoundKind, done: number, total: number): void {
    const what = `${kind === 'timing' ? '' : `${kind} `}${strategy.name}/${wait}, ${conditions.processes} × ${conditions.directory.path}`;
    this.#status.show(what, done, total);
  }

  clear(): void {
    this.#status.clear();
  }
}
