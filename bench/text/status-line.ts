import { isDeserted } from '../../strategies/posix/poll.js';
import { visible } from '../base/visible.js';
import { canDrawOver, InPlace } from './in-place.js';
import { messagesUnread, say, writeErr } from './standard-streams.js';
import { shortened } from './words.js';

/**
 * What goes on, on standard error: one line that rewrites itself on a terminal. On one that cannot be drawn over, a line for
 * each tenth, and for what begins when nothing was said for a while, so that a long run does not look stuck. Where standard
 * error is no terminal nothing is said: it would stand in a file among what matters, and nobody waits there.
 */
const CLEAR = '\r\x1b[K';
const STDERR = 2;
const UNKNOWN_WIDTH = 80;
const LONGEST_SILENCE_MS = 10_000;

/** ", 40 s left", if the others last as long as those since `startedMs`; empty before the first one is over. */
function timeLeft(startedMs: number, done: number, total: number): string {
  if (done === 0) return '';
  const seconds = ((performance.now() - startedMs) / 1000 / done) * (total - done);
  return `, ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
}

/** Where lines stay: which are worth one. */
export class Pace {
  #tenth = -1;
  #saidMs = 0;

  /** Whether to say at `nowMs` that `done` of `total` are over. */
  isDue(done: number, total: number, nowMs: number): boolean {
    const tenth = Math.floor((10 * done) / total);
    const due = tenth > this.#tenth || nowMs - this.#saidMs >= LONGEST_SILENCE_MS;
    // A total that has grown makes fewer tenths of what is done: they are said again.
    this.#tenth = tenth;
    if (due) this.#saidMs = nowMs;
    return due;
  }
}

/** How much is said. */
export interface Talk {
  readonly quiet: boolean;
  /** Each step gets a line of its own, which stays. */
  readonly verbose: boolean;
}

export class StatusLine {
  readonly #isWatched = process.stderr.isTTY === true;
  readonly #terminal = canDrawOver(process.stderr);
  readonly #place = new InPlace(process.stderr, writeErr);
  #above: readonly string[] = [];
  readonly #started = performance.now();
  readonly #pace = new Pace();

  /** `unit`: what is counted, such as "round"; empty for nothing in particular. */
  constructor(
    private readonly talk: Talk,
    private readonly unit = '',
  ) {}

  /** Whether lines can stand above it, and are drawn over. */
  get isOnTerminal(): boolean {
    return this.#terminal && !this.talk.quiet && !this.talk.verbose;
  }

  /** What was found so far: from the next line on it stands above, and goes with it. */
  putAbove(lines: readonly string[]): void {
    if (!this.isOnTerminal) return;
    if (this.#above.length === 0) writeErr(CLEAR);
    this.#above = lines;
  }

  /** `what` begins, after `done` of `total` are over. */
  show(what: string, done: number, total: number): void {
    if (this.talk.quiet) return;
    const count = `${done + 1} of ${total}${timeLeft(this.#started, done, total)}`;
    const text = `${this.unit === '' ? '' : `${this.unit} `}${count}  ${visible(what)}`;
    if (this.talk.verbose) {
      say(text);
    } else if (this.#terminal) {
      const line = shortened(text, (process.stderr.columns || UNKNOWN_WIDTH) - 1);
      if (this.#above.length === 0) writeErr(`${CLEAR}${line}`);
      else this.#place.draw([...this.#above.slice(0, this.#place.height - 1), line]);
    } else if (this.#isWatched) {
      if (this.#pace.isDue(done, total, performance.now())) say(text);
    } else if (isDeserted(STDERR)) {
      // What says nothing would go on for nobody, as after `2>&1 | head -1`.
      messagesUnread();
    }
  }

  clear(): void {
    if (!this.isOnTerminal) return;
    if (this.#above.length === 0) writeErr(CLEAR);
    this.#place.clear();
  }
}
