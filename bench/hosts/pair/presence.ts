/**
 * Whether the other one is still there. Each has a directory of its own from its start to its end, so that one which ends in
 * order is missed at once. One that was killed leaves it: on this host its process tells; on another host nothing does, and
 * only silence remains.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { Told } from '../../base/told.js';
import { hasEnded, ownerOf } from '../../machine/owner-name.js';
import { revalidateShared, succeeds } from './revalidate.js';

/** The other one ended before all was told. */
export class Left extends Told {
  override readonly name = 'Left';
}

/** Between two looks at a directory that is not ours. */
const LOOK_MS = 1_000;
/** What goes on on the other side is never so slow: it tells each step, and none waits for more than a lock. */
const SILENCE_MS = 300_000;

/** Throws Left when the other one, whose directory is `token` below `directory`, is gone. `host`: its name. */
export class Presence {
  #lookedMs = performance.now();
  #heardMs = performance.now();

  constructor(
    private readonly directory: string,
    private readonly token: string,
    private readonly host: string,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  /** The other one has said something. */
  heard(): void {
    this.#heardMs = performance.now();
  }

  check(): void {
    const owner = ownerOf(this.token);
    if (owner !== null && hasEnded(owner)) throw new Left(`${this.host}: its lockbench was killed`);
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = nowMs;
      this.requireDirectory();
    }
    if (nowMs - this.#heardMs < this.silenceMs) return;
    const seconds = Math.round(this.silenceMs / 1000);
    throw new Left(
      `${this.host} has not answered for ${seconds} s: it was killed, or does not reach the directory`,
    );
  }

  requireDirectory(): void {
    revalidateShared(this.directory);
    const path = join(this.directory, this.token);
    if (!succeeds(() => lstatSync(path), 'ENOENT')) throw new Left(`${this.host} has left before the end`);
  }
}
