/**
 * What a child says, a line of JSON each, as it comes in pieces. What it says wrong ends it: a child may be a worker that
 * somebody else wrote.
 */
import { quoted } from '../../base/visible.js';

/** Characters of one line: the times of 100,000 pairs take a quarter of that. */
const LONGEST_LINE = 8_000_000;
/** Lines that nobody has asked for yet. Our own programs say as many as they are asked questions. */
const MOST_UNREAD = 10_000;
/** Of a line that makes no sense, characters that are told. */
const SHOWN = 60;

/** Every message has a name. */
export interface Named {
  readonly at: string;
}

const shown = (line: string): string => quoted(line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line);

function parsed(line: string): Named | null {
  try {
    const value: unknown = JSON.parse(line);
    const isNamed =
      typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'string';
    return isNamed ? (value as Named) : null;
  } catch {
    return null;
  }
}

export class MessageLines {
  #rest = '';
  #unread: Named[] = [];
  /** Whether nothing more is heard: it said what it may not. */
  isOver = false;

  add(text: string): void {
    if (this.isOver) return;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parsed(line);
      if (message === null) {
        this.#refuse(`a line of JSON with a member "at" was expected, got ${shown(line)}`);
        return;
      }
      this.#unread.push(message);
    }
    if (this.#rest.length > LONGEST_LINE)
      this.#refuse(`a line of at most ${LONGEST_LINE} characters was expected, a longer one was begun`);
    if (this.#unread.length > MOST_UNREAD) {
      this.#unread = [];
      this.#refuse(`it says too much: more than ${MOST_UNREAD} messages that were not asked for`);
    }
  }

  /** The next message; undefined while there is none. */
  next(): Named | undefined {
    return this.#unread.shift();
  }

  #refuse(message: string): void {
    this.isOver = true;
    this.#rest = '';
    const failure = { at: 'error', message };
    this.#unread.push(failure);
  }
}
