/**
 * What two processes say to each other through a directory: each thing said is a file with a name that was never there before,
 * which appears whole. No cache of a client can hold an older state of it, only hide it for a while.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Presence } from './presence.js';
import { codeOf, revalidateOurs } from './revalidate.js';

/** `first` is the one in whose directory they talk. */
export type Role = 'first' | 'second';
const otherRole = (role: Role): Role => (role === 'first' ? 'second' : 'first');

export const POLL_MS = 10;

export class Conversation {
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly directory: string,
    readonly role: Role,
    readonly presence: Presence,
  ) {}

  /** `topic`: a word; what is said of one is numbered apart, so that who gave up in the middle can begin anew at the next. */
  say(topic: string, message: object): void {
    const draft = join(this.directory, `draft.${this.role}`);
    writeFileSync(draft, JSON.stringify(message));
    renameSync(draft, this.#next(topic, this.role));
  }

  /** The next thing that the other one says of this topic. Throws Left. */
  async hear<Message>(topic: string): Promise<Message> {
    const path = this.#next(topic, otherRole(this.role));
    for (;;) {
      const text = this.#read(path);
      if (text !== null) {
        this.presence.heard();
        return JSON.parse(text) as Message;
      }
      this.presence.check();
      await pause(POLL_MS);
    }
  }

  #next(topic: string, role: Role): string {
    const key = `${topic}.${role}`;
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    return join(this.directory, `said.${key}.${count}`);
  }

  #read(path: string): string | null {
    try {
      revalidateOurs(this.directory);
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      return null;
    }
  }
}
