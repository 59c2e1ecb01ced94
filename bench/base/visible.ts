/**
 * Names that are not ours, shown: of directories, files, processes, servers, what is in an environment or on a command line.
 * Printed as it is, a name can colour the terminal, move its cursor and overwrite what was said (control characters, those
 * from U+0080 on included, which some terminals obey), turn the reading order around (U+202E) or not be seen at all.
 */

/** Control and format characters, what is ignored where it can't be shown, line and paragraph separators, half pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const HEX_DIGITS = 4;
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(HEX_DIGITS, '0')}`,
  ).join('');

/** A name in a line of text: what would not be seen is escaped as in JSON. Shown twice, it is the same. */
export const visible = (name: string): string => name.replace(UNSEEN, escaped);

/** A name in quotation marks, as a string of JSON. */
export const quoted = (name: string): string => visible(JSON.stringify(name));

/** A value read from somebody's file, with every text in it on one line and visible, the names of members among them. */
export function visibleTexts<Value>(value: Value): Value {
  const shown = (part: unknown): unknown => {
    if (typeof part === 'string') return visible(part);
    if (Array.isArray(part)) return part.map(shown);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [visible(name), shown(member)]));
  };
  return shown(value) as Value;
}

/** What is printed, in lines: whatever else would not be seen is escaped. */
export const visibleLines = (text: string): string =>
  text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));

/** A name or a sentence in Markdown, and so in HTML: nothing in it is markup. A bar is up to the cells of tables. */
export const inMarkdown = (text: string): string =>
  visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    // Within a word, an underscore is one.
    .replace(/[\\`*[\]~#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&');
