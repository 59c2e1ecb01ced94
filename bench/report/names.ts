/**
 * Names of locks where there is little room.
 */
import { cellName } from '../measure/result/result.js';
import type { Cell } from '../measure/result/result-schema.js';
import { shortened } from '../text/words.js';
import { type Html, html } from './html.js';

const strategyOf = (name: string): string => name.replace(/\/[^/]*$/s, '');

/** At most this many characters: without the waiting policy if no other of `all` would be called the same, else cut off. */
export function fitting(name: string, all: readonly string[], most: number): string {
  if (name.length <= most) return name;
  const strategy = strategyOf(name);
  const isUnique = new Set(all.filter((other) => strategyOf(other) === strategy)).size === 1;
  return shortened(isUnique ? strategy : name, most);
}

/** A name that may be broken after its slash. */
export function lockName(cell: Pick<Cell, 'strategy' | 'wait' | 'runtime'>): Html {
  const name = cellName(cell);
  const slash = name.lastIndexOf('/') + 1;
  return html`<bdi>${name.slice(0, slash)}<wbr>${name.slice(slash)}</bdi>`;
}
