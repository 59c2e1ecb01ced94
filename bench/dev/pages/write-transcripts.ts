/**
 * Writes the output of transcripts anew, by running their commands: of the pages named, else of all lessons. Run by
 * `npm run transcripts`. Nothing else should run meanwhile.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../../machine/project.js';
import { print } from '../../text/standard-streams.js';
import { replayed } from './transcripts.js';

const lessons = join(projectRoot, 'docs', 'lessons');
const named = process.argv.slice(2).map((path) => resolve(path));
const pages =
  named.length > 0
    ? named
    : readdirSync(lessons)
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(lessons, name));

for (const path of pages) {
  writeFileSync(path, replayed(readFileSync(path, 'utf8')));
  print(`rewritten: ${path}`);
}
