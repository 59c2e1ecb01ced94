/**
 * What a command is about: strategies and directories, named by options or as bare words, in any order. `run fcntl /mnt`
 * is `run --strategies fcntl --dir /mnt`.
 */
import { statSync } from 'node:fs';
import { allNames } from '../../strategies/index.js';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import { isSilent } from '../machine/answering.js';
import { existingDirectory } from '../measure/parent/preflight.js';
import { parseStrategySpec } from '../measure/worker/strategy-spec.js';
import { isModuleWord } from '../outside/module-words.js';
import { isStandardOutput } from '../text/destination.js';
import { list } from './parse.js';

/** What bare words name, besides directories. */
export interface Nouns {
  /** "a strategy of the catalogue" */
  readonly what: string;
  readonly names: readonly string[];
  /** What to do where no name is near. */
  readonly hint: string;
  isOne(word: string): boolean;
}

const isStrategy = (item: string): boolean =>
  item === 'all' ||
  allNames.includes(item.replace(/\/.*/s, '')) ||
  isModuleWord(parseStrategySpec(item).strategy);

export const STRATEGIES: Nouns = {
  what: 'a strategy of the catalogue',
  names: allNames,
  hint: 'see "lockbench list"; --strategies and --dir tell the two apart',
  isOne: (word) => list(word).length > 0 && list(word).every(isStrategy),
};

export interface Subjects {
  /** As written, such as "excl/spin"; null: none was named. */
  readonly named: readonly string[] | null;
  /** As written; null: none was named. */
  readonly directories: readonly string[] | null;
  /** A file, "-" for standard output, or null. */
  readonly json: string | null;
}

interface SubjectOptions {
  readonly strategies?: string;
  readonly dir?: string | readonly string[];
  readonly json?: string | true;
}

/** How many directories a command works in. */
type Directories = 'none' | 'one' | 'several';

export function isDirectory(path: string): boolean {
  // The code that uses it says that it does not answer.
  if (isSilent(path)) return true;
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** No strategy is written like this, so that it was meant for a path. */
const looksLikePath = (word: string): boolean => /^[./~]/.test(word);

function refuse(command: string, word: string, nouns: Nouns, directories: Directories): never {
  // Says what is the matter with it.
  if (looksLikePath(word) && directories !== 'none') existingDirectory(word);
  const expected = directories === 'none' ? nouns.what : `${nouns.what} or an existing directory`;
  const item = list(word).find((item) => !nouns.isOne(item)) ?? word;
  throw new UsageError(
    `${command}: ${expected} was expected, got "${item}"`,
    suggestion(item.replace(/\/.*/s, ''), nouns.names) ?? nouns.hint,
  );
}

/** Where `--json` is to go, as it was written: a file, "-" for standard output, or null. */
export function jsonPlace(json: string | true | undefined): string | null {
  if (json === undefined) return null;
  return json === true || isStandardOutput(json) ? '-' : json;
}

function listOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const items = list(text);
  if (items.length > 0) return items;
  throw new UsageError(
    `--strategies: a list of names was expected, got "${text}"`,
    'for example --strategies fcntl,excl',
  );
}

const orNull = (items: readonly string[]): readonly string[] | null => (items.length === 0 ? null : items);

/** `command`: what a refusal begins with. A word that is both is a name; "./word" is the directory. Throws UsageError. */
export function parseSubjects(
  command: string,
  words: readonly string[],
  { strategies, dir, json }: SubjectOptions,
  { nouns = STRATEGIES, directories }: { readonly nouns?: Nouns; readonly directories: Directories },
): Subjects {
  // "pairs --json fcntl": a name is not where the result shall go.
  const swallowed = typeof json === 'string' && nouns.isOne(json);
  const named: string[] = [...listOf(strategies)];
  const places: string[] = dir === undefined ? [] : typeof dir === 'string' ? [dir] : [...dir];
  for (const word of swallowed ? [...words, json] : words) {
    if (nouns.isOne(word)) named.push(...list(word));
    else if (directories !== 'none' && isDirectory(word)) places.push(word);
    else refuse(command, word, nouns, directories);
  }
  if (directories === 'one' && new Set(places).size > 1) {
    throw new UsageError(
      `${command}: one directory was expected, got ${places.map((place) => `"${place}"`).join(' and ')}`,
      'leave out all but one',
    );
  }
  return {
    named: orNull(named),
    directories: orNull(places),
    json: swallowed ? '-' : jsonPlace(json),
  };
}
