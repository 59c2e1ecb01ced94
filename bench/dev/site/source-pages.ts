/**
 * Files of the project that are no pages, as pages: the site has no other place to lead to when a page speaks of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { linkBetween, placeOf } from './places.js';

/** Of which the site colours the words; others are shown as they are. */
const LANGUAGES: Readonly<Record<string, string>> = {
  '.ts': 'ts',
  '.mjs': 'js',
  '.cjs': 'js',
  '.json': 'json',
  '.c': 'c',
  '.h': 'c',
  '.py': 'python',
  '.sh': 'sh',
};

/** More backticks than the text has in a row. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
}

/** A folder's files; those that are pages are linked to. Both paths relative to the project at `root`. */
export function folderPage(path: string, root: string, pages: { has(place: string): boolean }): string {
  const files = readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `${path}/${name}`)
    .sort();
  const rows = files.map((file) => {
    const place = placeOf(file);
    const name = `\`${basename(file)}\``;
    return pages.has(place) ? `- [${name}](${linkBetween(placeOf(path), place)})` : `- ${name}`;
  });
  return [`# ${path}`, '', ...rows, ''].join('\n');
}

/** A file's text. `path`: relative to the project at `root`. */
export function filePage(path: string, root: string): string {
  const text = readFileSync(join(root, path), 'utf8').trimEnd();
  const fence = fenceFor(text);
  const language = LANGUAGES[extname(path)] ?? 'txt';
  return [`# ${path}`, '', `${fence}${language}`, text, fence, ''].join('\n');
}
