/**
 * What the tests of printed text share: an environment that settles colours and widths, and the lines of a table.
 */
import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';

export const ESCAPE = '\x1b';

/** The environment without what tells a program about colours and widths. */
export const { FORCE_COLOR: _force, NO_COLOR: _no, COLUMNS: _columns, ...plainEnv } = process.env;

/** The lines of a table in a printed text. */
export const tableLines = (text: string): string[] =>
  text.split('\n').filter((line) => /^[│├┌└┼┬┴─]/.test(stripVTControlCharacters(line)));

export function assertNoWider(text: string, width: number): void {
  const lines = stripVTControlCharacters(text).split('\n');
  const [widest = ''] = [...lines].sort((a, b) => [...b].length - [...a].length);
  assert.ok([...widest].length <= width, `${[...widest].length} columns, not ${width}:\n${widest}`);
}
