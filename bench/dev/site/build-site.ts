/**
 * Builds the site, a folder of files for any web server: `npm run site`, or `npm run site -- FOLDER`. LOCKBENCH_SITE_BASE: where
 * it will be served if not at a server's root, such as /lockbench/. Ends with 1 if a link is dead.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { BAD_USAGE, BROKEN } from '../../base/exit-codes.js';
import { projectRoot } from '../../machine/project.js';
import { DARK, LIGHT } from '../../report/style.js';
import { print, say } from '../../text/standard-streams.js';
import { deadLinks } from './check-links.js';
import { menuOf } from './menu.js';
import { siteFiles } from './site-pages.js';

const site = join(projectRoot, 'site');
const vitepress = join(site, 'node_modules', 'vitepress', 'bin', 'vitepress.js');

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Throws an Error if the site's own packages do not come to an end. */
async function build(to: string, base: string): Promise<readonly string[]> {
  const { pages, raw } = await siteFiles(projectRoot);
  // Within the folder, so that the pages find the packages.
  const from = mkdtempSync(join(site, 'pages-'));
  try {
    for (const [place, text] of pages) write(join(from, place), text);
    for (const [place, text] of raw) write(join(from, 'public', place), text);
    write(join(from, 'site.json'), JSON.stringify({ ...menuOf(pages), light: LIGHT, dark: DARK }));
    const env = {
      ...process.env,
      LOCKBENCH_SITE_PAGES: from,
      LOCKBENCH_SITE_OUT: to,
      LOCKBENCH_SITE_BASE: base,
    };
    const { status } = spawnSync(process.execPath, [vitepress, 'build', site], {
      env,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error(`the site was not built: vitepress ended with ${status}`);
  } finally {
    rmSync(from, { recursive: true, force: true });
  }
  return deadLinks(to, base);
}

const to = resolve(process.argv[2] ?? join(site, 'dist'));
const base = process.env.LOCKBENCH_SITE_BASE ?? '/';
if (!existsSync(vitepress)) {
  say('lockbench: the packages of the site are not installed; run "npm ci --prefix site"');
  process.exitCode = BAD_USAGE;
} else if (!/^\/(.*\/)?$/.test(base)) {
  say(`lockbench: LOCKBENCH_SITE_BASE: a path that begins and ends with "/" was expected, got "${base}"`);
  process.exitCode = BAD_USAGE;
} else {
  const dead = await build(to, base);
  for (const line of dead) say(line);
  if (dead.length > 0) process.exitCode = BROKEN;
  else print(`${to}: the site`);
}
