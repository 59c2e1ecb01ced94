/**
 * Everything that the site is made of: pages of Markdown, and files that are handed out as they are.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Machine,
  machineLine,
  recordedMachines,
  reportPlace,
  withPlots,
  withReport,
} from './machines.js';
import { isRaw, placeOf, rawPlaceOf } from './places.js';
import { onOneLine } from './sequence-diagram.js';
import { diskFigure, pairFigure } from './side-by-side.js';
import { sitePage } from './site-markdown.js';
import { filePage, folderPage } from './source-pages.js';

export interface SiteFiles {
  /** By their place among the pages. */
  readonly pages: ReadonlyMap<string, string>;
  /** By their place in the site as it is served. */
  readonly raw: ReadonlyMap<string, string>;
}

/** README, and every page of docs/. */
function beginnings(root: string): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
}

const ofReadme = (path: string): string | undefined => /^results\/([^/]+)\/README\.md$/.exec(path)?.[1];

function gallery(machines: readonly Machine[]): string {
  const rows = machines.map((machine) => {
    const { name, part } = machine;
    return `| [${name}](./${name}.md) | ${part.title} | ${machineLine(machine)} |`;
  });
  const block = (figure: ReturnType<typeof diskFigure>): string =>
    figure === null ? '' : `<div v-pre class="report">${onOneLine(figure).text}</div>\n`;
  return [
    '# Machines',
    '',
    'What was measured and recorded, each with its report. `lockbench run --record NAME` and `lockbench reproduce --record',
    'NAME` add a machine.',
    '',
    '| record | what | machine, kernel, day |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Side by side',
    '',
    block(diskFigure(machines)),
    block(pairFigure(machines)),
  ].join('\n');
}

/** The first page is the README. */
const home = (readme: string): string =>
  ['---', 'title: lockbench', 'titleTemplate: false', 'outline: false', '---', '', readme].join('\n');

/** `root`: where the project lies. Throws an Error for a link to what is not there. */
export async function siteFiles(root: string): Promise<SiteFiles> {
  const machines = await recordedMachines(root);
  const pages = new Map<string, string>([['machines/index.md', gallery(machines)]]);
  const raw = new Map(machines.map(({ name, report }) => [reportPlace(name), report]));
  const wanted = [...beginnings(root), ...machines.map(({ name }) => `results/${name}/README.md`)];
  const folders: string[] = [];
  const seen = new Set<string>();
  for (let path = wanted.shift(); path !== undefined; path = wanted.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const machine = machines.find(({ name }) => name === ofReadme(path));
    if (statSync(join(root, path)).isDirectory()) folders.push(path);
    else if (isRaw(path)) raw.set(rawPlaceOf(path), readFileSync(join(root, path), 'utf8'));
    else if (!path.endsWith('.md')) pages.set(placeOf(path), filePage(path, root));
    else {
      const { text, linked } = sitePage(path, readFileSync(join(root, path), 'utf8'), root);
      wanted.push(...linked);
      const whole = machine === undefined ? withPlots(text, machines) : withReport(machine, text);
      pages.set(placeOf(path), path === 'README.md' ? home(whole) : whole);
    }
  }
  // They link to what is a page by now.
  for (const path of folders) pages.set(placeOf(path), folderPage(path, root, pages));
  return { pages, raw };
}
