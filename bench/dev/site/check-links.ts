/**
 * The site as it was built: every link, picture and script leads to a file of it, every anchor to an element, and nothing is
 * fetched from elsewhere.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseHTML } from 'linkedom';

interface Built {
  readonly ids: ReadonlySet<string>;
  /** Addresses that are fetched when the page is opened, and such that wait for a click. */
  readonly fetched: readonly string[];
  readonly linked: readonly string[];
}

function read(file: string): Built {
  const { document } = parseHTML(readFileSync(file, 'utf8'));
  const valuesOf = (selector: string, name: string): string[] =>
    [...document.querySelectorAll(selector)].map((element) => element.getAttribute(name) ?? '');
  return {
    ids: new Set(valuesOf('[id]', 'id')),
    fetched: [...valuesOf('[src]', 'src'), ...valuesOf('link[href]', 'href')],
    linked: valuesOf('a[href]', 'href'),
  };
}

const isAbsolute = (address: string): boolean => /^([a-z]+:|\/\/)/i.test(address);

/** What is wrong, a line each: none if all is well. `base`: where the site will be served, such as "/" or "/lockbench/". */
export function deadLinks(folder: string, base: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.html'),
  );
  const built = new Map(pages.map((page) => [page, read(join(folder, page))]));
  const problems: string[] = [];
  const fileOf = (page: string, address: string): string | null => {
    const path = decodeURIComponent(address);
    if (!path.startsWith('/')) return path === '' ? page : posix.join(posix.dirname(page), path);
    return path.startsWith(base) ? path.slice(base.length) : null;
  };
  const check = (page: string, address: string): void => {
    const [path = '', anchor] = address.split('#');
    const found = fileOf(page, path.replace(/\?.*$/, ''));
    const file = found === null || found === '' || found.endsWith('/') ? `${found ?? ''}index.html` : found;
    const full = join(folder, file);
    if (found === null || !existsSync(full) || statSync(full).isDirectory())
      problems.push(`${page}: ${address} leads nowhere`);
    else if (
      anchor !== undefined &&
      anchor !== '' &&
      built.get(file)?.ids.has(decodeURIComponent(anchor)) === false
    )
      problems.push(`${page}: ${address}: no such place on that page`);
  };
  for (const [page, { fetched, linked }] of built) {
    for (const address of fetched) {
      if (address.startsWith('data:')) continue;
      if (isAbsolute(address)) problems.push(`${page}: ${address} would be fetched from elsewhere`);
      else check(page, address);
    }
    for (const address of linked) if (!isAbsolute(address)) check(page, address);
  }
  return [...new Set(problems)];
}
