/**
 * A page of the project as a page of the site: its links lead to where the files stand there, its sequence diagrams are drawn.
 */
import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { isRaw, linkBetween, placeOf, rawPlaceOf } from './places.js';
import { drawSequence, onOneLine } from './sequence-diagram.js';

export interface SitePage {
  readonly text: string;
  /** Files of the project that it links to, relative to the project. */
  readonly linked: readonly string[];
}

const LINK = /(!?\[[^\]]*\]|\])\(([^)\s]+)\)/g;
const isElsewhere = (target: string): boolean => /^[a-z]+:/.test(target) || target.startsWith('#');

/** A file, or the README of a folder that has one. */
function fileOf(path: string, root: string): string {
  const full = posix.join(root, path);
  if (!existsSync(full)) throw new Error(`a file of the project was expected, got a link to "${path}"`);
  const readme = posix.join(path, 'README.md');
  return statSync(full).isDirectory() && existsSync(posix.join(root, readme))
    ? readme
    : path.replace(/\/$/, '');
}

/** `path`: of the page, relative to the project at `root`. Throws an Error for a link to what is not there. */
export function sitePage(path: string, markdown: string, root: string): SitePage {
  const own = placeOf(path);
  const linked: string[] = [];
  const withLinks = (line: string): string =>
    line.replace(LINK, (whole, label: string, target: string) => {
      if (isElsewhere(target)) return whole;
      const [file = '', anchor = ''] = target.split(/(?=#)/);
      const to = fileOf(posix.join(posix.dirname(path), file), root);
      linked.push(to);
      if (!isRaw(to)) return `${label}(${linkBetween(own, placeOf(to))}${anchor})`;
      const raw = linkBetween(own, rawPlaceOf(to));
      // A file that is no page: the site's own way of going to pages would look for one.
      return label.startsWith('!') ? `${label}(/${rawPlaceOf(to)})` : `${label}(${raw}){target=_self}`;
    });

  const lines: string[] = [];
  let fence: string | null = null;
  let drawn: string[] = [];
  for (const line of markdown.split('\n')) {
    const [mark] = /^\s*(`{3,})/.exec(line) ?? [];
    if (fence === null && mark !== undefined) {
      fence = line.trim();
      drawn = [];
    } else if (fence !== null && mark !== undefined && line.trim() === mark.trim()) {
      const isSequence = fence === '```mermaid' && drawn[1] === 'sequenceDiagram';
      const figure = isSequence
        ? [
            `<figure v-pre class="diagram">${onOneLine(drawSequence(drawn.slice(1).join('\n'))).text}</figure>`,
          ]
        : [...drawn, line];
      lines.push(...figure);
      fence = null;
      continue;
    }
    if (fence === null) lines.push(withLinks(line));
    else drawn.push(line);
  }
  return { text: lines.join('\n'), linked };
}
