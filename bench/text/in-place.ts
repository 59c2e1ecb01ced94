/**
 * Lines of a terminal that are drawn over again. No mode of the terminal is changed: the cursor stays visible, the screen is the
 * usual one, keys do what they do. So whatever ends the program, SIGKILL among it, leaves the terminal as it was, and the last
 * picture above the prompt.
 */
import { stripVTControlCharacters } from 'node:util';

const UNKNOWN_COLUMNS = 80;
const UNKNOWN_ROWS = 24;
const DOWN_TO_END = '\x1b[J';
const TO_END_OF_LINE = '\x1b[K';
const up = (lines: number): string => (lines === 0 ? '\r' : `\r\x1b[${lines}A`);

/** Whether what was written to a stream can be drawn over: a terminal that obeys, and nobody's log. */
export const canDrawOver = ({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>): boolean =>
  isTTY === true && (process.env.CI ?? '') === '' && process.env.TERM !== 'dumb';

/** Cut, since a line that the terminal breaks would count as two. */
const cut = (line: string, width: number): string => {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : plain.slice(0, width);
};

/** What a terminal is asked for; a `tty.WriteStream` has it. One that does not know its size, as a serial line, says 0. */
export interface Screen {
  readonly columns?: number;
  readonly rows?: number;
}

export class InPlace {
  #drawn = 0;
  #columns = 0;

  /** `write` puts text on `screen` as it is. */
  constructor(
    private readonly screen: Screen,
    private readonly write: (text: string) => void,
  ) {}

  /** Characters of a line. In the last column, some terminals break a line that is not longer. */
  get width(): number {
    return (this.screen.columns || UNKNOWN_COLUMNS) - 1;
  }

  /** Lines for which there is room. */
  get height(): number {
    return (this.screen.rows || UNKNOWN_ROWS) - 1;
  }

  /** Draws these lines over those that were drawn before. */
  draw(lines: readonly string[]): void {
    // A terminal that was made wider or narrower has broken the old lines anew: nobody knows where they begin.
    if (this.#columns !== this.width) this.#drawn = 0;
    this.#columns = this.width;
    const shown = lines.slice(0, this.height).map((line) => `${cut(line, this.width)}${TO_END_OF_LINE}\n`);
    this.write(`${up(this.#drawn)}${shown.join('')}${DOWN_TO_END}`);
    this.#drawn = shown.length;
  }

  /** Removes what was drawn. */
  clear(): void {
    if (this.#drawn > 0) this.write(`${up(this.#drawn)}${DOWN_TO_END}`);
    this.#drawn = 0;
  }
}
