/**
 * Words for sentences.
 */
import { stripVTControlCharacters } from 'node:util';

/** Before what a broken line goes on with. */
const HANGING = '  ';

/** Joined as people do: "a", "a and b", "a, b and c". */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** What tables are drawn with: a line of one would not be a table's when it were broken. */
const DRAWN = /[│├┌└┼┬┴─]/;

/** Lines of at most `width` characters, as far as words allow; what is broken goes on indented. Tables stay as they are. */
export const wrapped = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => {
      if (stripVTControlCharacters(line).length <= width || DRAWN.test(line)) return [line];
      const [indent = ''] = /^ */.exec(line) ?? [];
      const [first = '', ...rest] = folded(line.slice(indent.length), width - indent.length - HANGING.length);
      return [`${indent}${first}`, ...rest.map((part) => `${indent}${HANGING}${part}`)];
    })
    .join('\n');

/** At most this many characters of a text: as many words of it as there is room for. */
export const shortened = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1).replace(/ +\S*$/, '')}…`;

/** Between words; a figure and its unit are one. */
const BETWEEN = /(?<!\d) | (?!(?:s|ms|µs|ns|min)\b)/;

/** A text in lines of at most this many characters, broken between words; a longer word has a line of its own. */
export function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BETWEEN)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
