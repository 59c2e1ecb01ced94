/**
 * Progress on standard error: one line that rewrites itself on a terminal, one line a tenth elsewhere.
 */
import type { RoundKind } from '../run/job.js';
import type { PlannedCell } from '../run/plan.js';
import { timeLeft } from './status-line.js';

const CLEAR = '\r\x1b[K';

export class Progress {
  readonly #quiet: boolean;
  readonly #terminal: boolean;
  readonly #started = performance.now();
  #tenth = -1;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
    this.#terminal = process.stderr.isTTY === true && (process.env.CI ?? '') === '';
  }

  /** `done` of `total` rounds are over; that of `cell` begins. */
  show({ strategy, wait, conditions }: PlannedCell, kind: RoundKind, done: number, total: number): void {
    if (this.#quiet) return;
    const left = timeLeft(this.#started, done, total);
    if (this.#terminal) {
      const what = `${kind === 'timing' ? '' : `${kind} `}${strategy}/${wait}, ${conditions.processes} × ${conditions.directory.path}`;
      const text = `round ${done + 1} of ${total}${left}  ${JSON.stringify(what).slice(1, -1)}`;
      process.stderr.write(`${CLEAR}${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      return;
    }
    const tenth = Math.floor((10 * done) / total);
    if (tenth > this.#tenth) process.stderr.write(`round ${done + 1} of ${total}${left}\n`);
    this.#tenth = tenth;
  }

  clear(): void {
    if (!this.#quiet && this.#terminal) process.stderr.write(CLEAR);
  }
}
