/**
 * Writes the output of transcripts anew, by running their commands: of the pages named, else of all lessons; with
 * `--part TEXT` only of transcripts with this text in a command. Run by `npm run transcripts`. Nothing else should run
 * meanwhile. One that cannot be played here stays as it is; then the exit code is 3.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { INCOMPLETE } from '../../base/exit-codes.js';
import { projectRoot } from '../../machine/project.js';
import { print, say } from '../../text/standard-streams.js';
import { replayed } from './transcripts.js';

const lessons = join(projectRoot, 'docs', 'lessons');
const { values, positionals } = parseArgs({
  options: { part: { type: 'string', default: '' } },
  allowPositionals: true,
});
const pages =
  positionals.length > 0
    ? positionals.map((path) => resolve(path))
    : readdirSync(lessons)
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(lessons, name));

for (const path of pages) {
  const before = readFileSync(path, 'utf8');
  const { page, flaws } = replayed(before, values.part);
  writeFileSync(path, page);
  print(`${page === before ? 'as it was' : 'rewritten'}: ${path}`);
  for (const flaw of flaws) say(`left as it was, in ${path}: ${flaw}`);
  if (flaws.length > 0) process.exitCode = INCOMPLETE;
}
