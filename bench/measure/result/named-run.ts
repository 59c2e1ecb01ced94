/**
 * Results by the words that name them on a command line: `last`, a file, a recorded run.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../../base/suggestion.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted, visibleTexts } from '../../base/visible.js';
import { isSilent } from '../../machine/answering.js';
import { projectRoot } from '../../machine/project.js';
import { keptFile, LAST, PREVIOUS } from './last-run.js';
import { readResult } from './read-result.js';
import { RESULT_OF_RUN, recordPath } from './recorded-run.js';
import type { Result } from './result-schema.js';

/** Records lie below the folder that one works in, and in the project itself. */
const roots = (): string[] => [...new Set([process.cwd(), projectRoot])];

function recordNames(): string[] {
  return roots().flatMap((root) => {
    try {
      return readdirSync(join(root, 'results'));
    } catch {
      return [];
    }
  });
}

/**
 * The file that a word names: `last` or `previous`, else a path, else a record in results/. A file that is called "last" is "./last".
 * Throws UsageError if it names nothing; whether the file holds a result, `readResult` tells.
 */
export function resultFile(word: string): string {
  if (word === LAST || word === PREVIOUS) {
    const path = keptFile(word);
    if (path !== null) return path;
    throw new UsageError(
      `"${word}": the ${word === LAST ? 'latest run' : 'run before the latest'} was expected, none is kept`,
      `measure ${word === LAST ? 'first' : 'once more'}, with "lockbench run"`,
    );
  }
  if (isSilent(word)) {
    throw new UsageError(
      `a result was expected, the file system of ${quoted(word)} does not answer`,
      'name another, or see what serves this one',
    );
  }
  if (existsSync(word)) return word;
  const isName = word !== '' && !word.includes('/') && !word.startsWith('.');
  const record = isName
    ? roots()
        .map((root) => recordPath(word, root))
        .find(existsSync)
    : undefined;
  if (record !== undefined) return record;
  const names = [LAST, PREVIOUS, ...recordNames()];
  throw new UsageError(
    `a result was expected ("${LAST}", a file, or a name in results/), got ${quoted(word)}`,
    suggestion(word, names) ?? `there are: ${names.join(', ')}`,
  );
}

/** The result of `run` that a word names, as it can be printed: anybody may have written the file. Throws UsageError. */
export const namedRun = (word: string): Result => visibleTexts(readResult(resultFile(word), RESULT_OF_RUN));
