/**
 * What one would look at next: the last line of what a command prints.
 */
import { textWidth } from './table.js';

const HEAD = 'Next: ';
const BETWEEN = ' · ';

/** To look at the result in a browser, unless that was asked for. `words`: the command line. */
export const pageStep = (words: readonly string[] = process.argv): readonly string[] =>
  words.some((word) => /^--html(=|$)/.test(word)) ? [] : ['add --html FILE'];

/** Broken between steps only: a command that is cut in two cannot be pasted. `steps`: at least one. */
export function nextLine(steps: readonly string[], width: number = textWidth()): string {
  const lines: string[] = [];
  for (const step of steps) {
    const line = lines.at(-1);
    const longer = `${line}${BETWEEN}${step}`;
    if (line !== undefined && HEAD.length + longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(step);
  }
  return HEAD + lines.join(`\n${' '.repeat(HEAD.length)}`);
}
