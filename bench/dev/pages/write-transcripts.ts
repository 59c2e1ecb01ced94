/**
 * Writes the output of transcripts anew, by running their commands: of the pages named, else of all lessons; with
 * `--part TEXT` only of transcripts with this text in a command. Run by `npm run transcripts`. Nothing else should run
 * meanwhile. One that cannot be played here stays as it is; then the exit code is 3.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { INCOMPLETE } from '../../base/exit-codes.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted } from '../../base/visible.js';
import { projectRoot } from '../../machine/project.js';
import { print, say } from '../../text/standard-streams.js';
import { sayingUsage } from '../usage-errors.js';
import { replayed } from './transcripts.js';

const lessons = join(projectRoot, 'docs', 'lessons');

/** Throws UsageError. */
function parseWords(): { readonly pages: readonly string[]; readonly part: string } {
  try {
    const options = { part: { type: 'string', default: '' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const all = readdirSync(lessons).filter((name) => name.endsWith('.md'));
    const pages = positionals.length > 0 ? positionals : all.map((name) => join(lessons, name));
    const missing = pages.find((path) => !existsSync(path));
    if (missing === undefined) return { pages: pages.map((path) => resolve(path)), part: values.part };
    throw new UsageError(`an existing page was expected, got ${quoted(missing)}`, 'name a file in docs/');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(
      `pages were expected, and "--part TEXT": ${error.message.split(/[.\n]/)[0]}`,
      'for example docs/commands/run.md --part "lockbench run"',
    );
  }
}

function main(): void {
  const { pages, part } = parseWords();
  for (const path of pages) {
    const before = readFileSync(path, 'utf8');
    const { page, flaws } = replayed(before, part);
    writeFileSync(path, page);
    print(`${page === before ? 'as it was' : 'rewritten'}: ${path}`);
    for (const flaw of flaws) say(`left as it was, in ${path}: ${flaw}`);
    if (flaws.length > 0) process.exitCode = INCOMPLETE;
  }
}

await sayingUsage(main);
