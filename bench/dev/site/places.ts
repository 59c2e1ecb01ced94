/**
 * Where files of the project stand in the site: pages of docs/ at its root, records under machines/, and every other file that
 * a page links to under source/, so that no link leads out of the site.
 */
import { posix } from 'node:path';

/** "commands/run.md" of "docs/commands/run.md"; both relative, to the site's pages and to the project. */
export function placeOf(path: string): string {
  const asIndex = path.replace(/(^|\/)README\.md$/, '$1index.md');
  if (path === 'docs/README.md') return 'documentation.md';
  if (path.startsWith('docs/') && path.endsWith('.md')) return asIndex.slice('docs/'.length);
  const [, record] = /^results\/([^/]+)\/README\.md$/.exec(path) ?? [];
  if (record !== undefined) return `machines/${record}.md`;
  if (!path.includes('/') && path.endsWith('.md')) return asIndex.toLowerCase();
  if (path.endsWith('.md')) return `source/${path}`;
  return `source/${path}.md`;
}

/** What is handed out as it is, and no page: pictures, and results. */
export const isRaw = (path: string): boolean =>
  /\.(svg|json)$/.test(path) && !/package(-lock)?\.json$/.test(path);

/** Where such a file is, relative to the root of the site as it is served. */
export const rawPlaceOf = (path: string): string => `files/${path}`;

/** From one page to another place of the site. */
export function linkBetween(from: string, to: string): string {
  const link = posix.relative(posix.dirname(from), to);
  return link.startsWith('.') ? link : `./${link}`;
}
