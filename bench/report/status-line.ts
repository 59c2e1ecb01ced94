/**
 * What goes on, on standard error: one line that rewrites itself on a terminal, a line for each tenth elsewhere.
 */
const CLEAR = '\r\x1b[K';
const UNKNOWN_WIDTH = 80;

/** ", 40 s left", if the others last as long as those since `startedMs`; empty before the first one is over. */
export function timeLeft(startedMs: number, done: number, total: number): string {
  if (done === 0) return '';
  const seconds = ((performance.now() - startedMs) / 1000 / done) * (total - done);
  return `, ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
}

export class StatusLine {
  readonly #terminal = process.stderr.isTTY === true && (process.env.CI ?? '') === '';
  readonly #started = performance.now();
  #tenth = -1;

  constructor(private readonly quiet: boolean) {}

  /** `what` begins, after `done` of `total` are over. */
  show(what: string, done: number, total: number): void {
    if (this.quiet) return;
    const text = `${done + 1} of ${total}${timeLeft(this.#started, done, total)}  ${what}`;
    const tenth = Math.floor((10 * done) / total);
    if (this.#terminal) {
      process.stderr.write(`${CLEAR}${text.slice(0, (process.stderr.columns ?? UNKNOWN_WIDTH) - 1)}`);
    } else if (tenth > this.#tenth) {
      process.stderr.write(`${text}\n`);
    }
    this.#tenth = tenth;
  }

  clear(): void {
    if (!this.quiet && this.#terminal) process.stderr.write(CLEAR);
  }
}
