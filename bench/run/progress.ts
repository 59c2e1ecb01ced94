/**
 * Progress of a run's rounds on standard error.
 */

import type { PlannedCell } from '../measure/parent/plan.js';
import { cellName } from '../measure/result/result.js';
import type { RoundKind } from '../measure/worker/job.js';
import { StatusLine, type Talk } from '../text/status-line.js';

export class Progress {
  readonly #status: StatusLine;

  constructor(talk: Talk) {
    this.#status = new StatusLine(talk, 'round');
  }

  /** `done` of `total` rounds are over; that of `cell` begins. */
  show({ strategy, ...cell }: PlannedCell, kind: RoundKind, done: number, total: number): void {
    const { conditions } = cell;
    const what = `${kind === 'timing' ? '' : `${kind} `}${cellName({ ...cell, strategy: strategy.name })}, ${conditions.processes} × ${conditions.directory.path}`;
    this.#status.show(what, done, total);
  }

  clear(): void {
    this.#status.clear();
  }
}
