/**
 * Progress of a run's rounds on standard error; on a terminal, what was found so far stands above it after a while.
 */

import type { PlannedCell } from '../measure/parent/plan.js';
import { cellName } from '../measure/result/result.js';
import type { RoundKind } from '../measure/worker/job.js';
import { StatusLine, type Talk } from '../text/status-line.js';

/** A run that is over sooner shows its table soon enough. */
const FIRST_TABLE_MS = 10_000;

export class Progress {
  readonly #status: StatusLine;
  readonly #started = performance.now();

  constructor(talk: Talk) {
    this.#status = new StatusLine(talk, 'round');
  }

  /** `done` of `total` rounds are over; that of `cell` begins. */
  show({ strategy, ...cell }: PlannedCell, kind: RoundKind, done: number, total: number): void {
    const { conditions } = cell;
    const what = `${kind === 'timing' ? '' : `${kind} `}${cellName({ ...cell, strategy: strategy.name })}, ${conditions.processes} × ${conditions.directory.path}`;
    this.#status.show(what, done, total);
  }

  /** `linesOf`: the table of what was found so far. */
  found(linesOf: () => readonly string[]): void {
    if (this.#status.isOnTerminal && performance.now() - this.#started >= FIRST_TABLE_MS)
      this.#status.putAbove(linesOf());
  }

  clear(): void {
    this.#status.clear();
  }
}
