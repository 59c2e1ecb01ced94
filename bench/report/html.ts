/**
 * HTML whose parts are data unless they were made here: a string that stands in a template is escaped, whatever it says.
 */
import { visible, visibleLines } from '../base/visible.js';

/** Markup of our own. */
export class Html {
  constructor(readonly text: string) {}
}

export type Part = Html | string | number | null | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it is read, in an element or in a quoted attribute: what would not be seen is shown escaped, too. */
export const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return part.map(textOf).join('');
}

/** html`<p>${name}</p>`; attributes stand in quotation marks. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, i) => `${text}${textOf(parts[i] ?? null)}`).join(''));

export const NOTHING = new Html('');

/** JSON that stands in a script element: nothing in it ends the element, or begins a comment. */
export const jsonInScript = (value: unknown): Html =>
  new Html(
    visibleLines(JSON.stringify(value)).replace(
      /[<>&]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
    ),
  );
