/**
 * How to take a lock in other programs: docs/examples/take/ has a whole program for some locks and languages, which a test runs.
 * The line that takes the lock ends with a comment that says "lock".
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Strategy } from '../../strategies/strategy.js';

/** From the project's root. */
export const PROGRAMS = join('docs', 'examples', 'take');

/** Endings of the programs' names, by what people call the language. */
export const LANGUAGES = { Node: 'mjs', Python: 'py', C: 'c', Go: 'go', shell: 'sh' } as const;
export type Language = keyof typeof LANGUAGES;
const languages = Object.keys(LANGUAGES) as Language[];

export interface Taking {
  readonly language: Language;
  /** From the project's root. */
  readonly path: string;
  /** The line that takes the lock, and the package that it needs. */
  readonly line: string;
}

const PACKAGE = /\bnpm install (@?[\w/-]+)/;
const MARKED = /^\s*(.*?)\s*(?:\/\/|#|\/\*) lock\b/m;

/** The line of a program that takes the lock, and what a reader installs for it. Throws an Error if none is marked. */
function markedLine(source: string, path: string): string {
  const line = MARKED.exec(source)?.[1];
  if (line === undefined) throw new Error(`${path}: a line that ends with the comment "lock" was expected`);
  const needed = PACKAGE.exec(source)?.[0];
  return needed === undefined ? line : `${line} // ${needed}`;
}

/** The name that programs for a lock have: different calls may take the same one. */
export const lockNameOf = ({ name, sameLockAs }: Strategy): string => sameLockAs ?? name;

/** Not the bare name of the lock: Python would take fcntl.py for its module of that name. */
export const programName = (strategy: Strategy): string => `take-${lockNameOf(strategy)}`;

/** How to take the lock of a strategy, in the languages for which there is a program. `root`: where the project lies. */
export const takings = (strategy: Strategy, root: string): Taking[] =>
  languages.flatMap((language) => {
    const path = join(PROGRAMS, `${programName(strategy)}.${LANGUAGES[language]}`);
    if (!existsSync(join(root, path))) return [];
    return { language, path, line: markedLine(readFileSync(join(root, path), 'utf8'), path) };
  });

/** Beside the programs: why there is none, by the name of the lock and the language. */
const REASONS = 'not-taken.json';

/** Languages in which the lock cannot be taken, and why. */
export interface NotTaken {
  readonly languages: readonly Language[];
  readonly reason: string;
}

/** Why a lock cannot be taken in the languages that have no program for it; a language of which nothing is said is left out. */
export function notTaken(strategy: Strategy, root: string): NotTaken[] {
  const taken = takings(strategy, root).map(({ language }) => language);
  const rest = languages.filter((language) => !taken.includes(language));
  const all: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
    readFileSync(join(root, PROGRAMS, REASONS), 'utf8'),
  );
  const own = all[lockNameOf(strategy)] ?? {};
  const reasonOf = (language: Language): string | undefined => own[language] ?? strategy.closedToOthers;
  const reasons = new Set(rest.flatMap((language) => reasonOf(language) ?? []));
  return [...reasons].map((reason) => ({
    languages: rest.filter((language) => reasonOf(language) === reason),
    reason,
  }));
}

/** " (C only)": behind the name of a lock that hardly any program can take; empty for others. */
export function fewTake(strategy: Strategy, root: string): string {
  const known = takings(strategy, root).map(({ language }) => language);
  if (known.length === 1) return ` (${known[0]} only)`;
  return known.length === 0 && strategy.closedToOthers !== undefined ? ' (within lockbench only)' : '';
}
