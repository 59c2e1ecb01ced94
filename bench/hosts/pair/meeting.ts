/**
 * How two that know nothing of each other meet in a directory. Each has made a directory of its own in it. Who comes asks one
 * that is there already by making a name in its directory; that one accepts by renaming it, or the one that asked withdraws it by
 * removing it: the server lets one of both succeed, whatever caches say. What a killed start left never answers, and is
 * passed over.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasEnded, ownerOf } from '../../machine/owner-name.js';
import type { Role } from './conversation.js';
import { revalidateOurs, revalidateShared, succeeds } from './revalidate.js';

/** What everybody who wants to meet has in its directory. */
export const HELLO = 'hello';
const ASKS = 'ask.';
const WITH = 'with.';

const OWN_LOOK_MS = 50;
/** Between two looks at what is not ours, and as long as one that was asked may take to answer before another is asked. */
const SHARED_LOOK_MS = 1_000;
const ANSWER_MS = 3_000;

export interface Met {
  readonly role: Role;
  /** The name of the other one's directory. */
  readonly token: string;
}

export class Meeting {
  #asked: { readonly token: string; readonly sinceMs: number } | null = null;
  /** Those that did not answer come last. */
  readonly #askedBefore: string[] = [];
  #listedMs = Number.NEGATIVE_INFINITY;
  /** Somebody's directory that another user made: perhaps the one that should meet us. */
  sawAnotherUsers = false;

  constructor(
    private readonly directory: string,
    private readonly own: string,
  ) {}

  /** Until `deadlineMs`, by performance.now(); null if nobody came. */
  async meet(deadlineMs: number): Promise<Met | null> {
    while (performance.now() < deadlineMs) {
      const met = this.#accept() ?? this.#answer() ?? this.#ask();
      if (met !== null) return this.#with(met);
      await pause(OWN_LOOK_MS);
    }
    const met = this.#withdraw();
    return met === null ? null : this.#with(met);
  }

  /** From now on nobody else asks us. */
  #with(met: Met): Met {
    if (met.role === 'second') mkdirSync(this.#path(this.own, WITH + met.token));
    return met;
  }

  #path(token: string, ...names: string[]): string {
    return join(this.directory, token, ...names);
  }

  #namesOf(token: string): string[] {
    revalidateOurs(this.#path(token));
    return readdirSync(this.#path(token));
  }

  #accept(): Met | null {
    for (const name of this.#namesOf(this.own)) {
      if (!name.startsWith(ASKS)) continue;
      const token = name.slice(ASKS.length);
      // Two that ask each other at once: the one with the smaller name accepts.
      if (this.#asked?.token === token && this.own > token) continue;
      const met = this.#withdraw();
      if (met !== null) return met;
      const accepted = succeeds(
        () => renameSync(this.#path(this.own, name), this.#path(this.own, WITH + token)),
        'ENOENT',
      );
      if (accepted) return { role: 'first', token };
    }
    return null;
  }

  /** The one that accepted us when we wanted to take back what we asked; null if none did. */
  #withdraw(): Met | null {
    if (this.#asked === null) return null;
    const { token } = this.#asked;
    this.#asked = null;
    const withdrawn = succeeds(() => rmdirSync(this.#path(token, ASKS + this.own)), 'ENOENT');
    return withdrawn || !this.#hasAccepted(token) ? null : { role: 'second', token };
  }

  #hasAccepted(token: string): boolean {
    return succeeds(() => {
      revalidateOurs(this.#path(token));
      lstatSync(this.#path(token, WITH + this.own));
    }, 'ENOENT');
  }

  #answer(): Met | null {
    if (this.#asked === null) return null;
    const { token, sinceMs } = this.#asked;
    if (this.#hasAccepted(token)) return { role: 'second', token };
    return performance.now() - sinceMs < ANSWER_MS ? null : this.#withdraw();
  }

  #ask(): null {
    const nowMs = performance.now();
    if (this.#asked !== null || nowMs - this.#listedMs < SHARED_LOOK_MS) return null;
    this.#listedMs = nowMs;
    const rank = (token: string): number => this.#askedBefore.lastIndexOf(token);
    for (const token of this.#others().sort((a, b) => rank(a) - rank(b))) {
      if (!succeeds(() => mkdirSync(this.#path(token, ASKS + this.own)), 'ENOENT')) continue;
      this.#asked = { token, sinceMs: nowMs };
      this.#askedBefore.push(token);
      return null;
    }
    return null;
  }

  /** Those who wait here, too, and are not with somebody else. */
  #others(): string[] {
    revalidateShared(this.directory);
    return readdirSync(this.directory).filter((token) => {
      const owner = ownerOf(token);
      if (token === this.own || owner === null || hasEnded(owner)) return false;
      try {
        const { uid } = lstatSync(this.#path(token));
        if (uid !== process.geteuid?.()) {
          this.sawAnotherUsers = true;
          return false;
        }
        const names = this.#namesOf(token);
        return names.includes(HELLO) && !names.some((name) => name.startsWith(WITH));
      } catch {
        // It has just gone, or it is not a directory.
        return false;
      }
    });
  }
}
