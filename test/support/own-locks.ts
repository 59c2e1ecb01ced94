/**
 * Locks from outside of the catalogue, as files: one that keeps what it claims, and others made of it that do not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../bench/machine/project.js';

/** Replacements in the text of the good one: what is written, and what stands there instead. */
type Change = readonly [from: string, to: string];

const GOOD = readFileSync(join(projectRoot, 'docs/examples/my-lock.mjs'), 'utf8');

/** The text of the good lock, changed. Throws an Error if there is nothing to change. */
export function ownLock(...changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${JSON.stringify(from)} was expected in the lock`);
    return text.replace(from, to);
  }, GOOD);
}

/** Writes a module, and returns its path. */
export function writeModule(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

export const ON_TRY: Change['0'] = 'tryLock() {\n';
export const ON_OPEN: Change['0'] = 'open(site)';
const named = (name: string): Change => [`name: 'my-lock'`, `name: '${name}'`];

/** Options of a run that is over at once, and tells what it found as JSON. */
export const QUICK_RUN: readonly string[] = [
  ...['--processes', '2', '--rounds', '1', '--increments', '100', '--min-round', '1ms', '--handoffs', '20'],
  ...['--no-trace', '--quiet', '--json', '-'],
];

export interface BadLock {
  readonly text: string;
  /** What is said of it. */
  readonly reason: RegExp;
}

/** By the name that its file has, and its lock where it comes to that. */
export const BAD_LOCKS: Readonly<Record<string, BadLock>> = {
  'throws-on-import': { text: `throw new Error('no licence');`, reason: /importing it failed: no licence/ },
  'exits-on-import': {
    text: 'process.exit(7);',
    reason: /importing it ended the process with exit code 7/,
  },
  'prints-on-import': {
    text: `console.log('a banner');\n${ownLock(named('prints-on-import'))}`,
    reason: /importing it printed "a banner\\n" to standard output/,
  },
  'waits-on-import': {
    text: 'await new Promise(() => {});',
    reason: /importing it ended the process with exit code 13/,
  },
  'exports-nothing': {
    text: 'export const lock = 1;',
    reason: /an export named "strategy", an object, was expected/,
  },
  'wrong-claims': {
    text: ownLock(
      named('wrong-claims'),
      ['excludes: true', `excludes: 'yes'`],
      [`owner: 'name'`, `owner: 'me'`],
      ['open(site)', 'opne(site)'],
    ),
    reason:
      /claims\.excludes: true or false was expected, got "yes"; claims\.owner: one of .* was expected, got "me"; open: a function was expected, got nothing; see docs\/your-own-lock\.md/,
  },
  'has-anothers-name': {
    text: ownLock(named('fcntl')),
    reason: /name: one that the catalogue does not have was expected, got "fcntl"/,
  },
  'no-close': {
    text: ownLock(named('no-close'), ['close() {},', '']),
    reason: /close: a function was expected, got nothing/,
  },
  'returns-promises': {
    text: ownLock(named('returns-promises'), [ON_TRY, `async ${ON_TRY}`]),
    reason: /tryLock: a strategy that says calls: "asynchronous" was expected, got a promise/,
  },
  'returns-nothing': {
    text: ownLock(named('returns-nothing'), ['return true', 'return']),
    reason: /tryLock: true or false was expected, got undefined/,
  },
  'never-settles': {
    text: ownLock(
      named('never-settles'),
      [`calls: 'synchronous'`, `calls: 'asynchronous'`],
      [ON_TRY, `${ON_TRY}return new Promise(() => {});\n`],
    ),
    reason: /waited for a promise that nothing settles/,
  },
  'opens-files': {
    text: ownLock(named('opens-files'), [
      'return {',
      `for (let i = 0; i < 10_000; i++) openSync('/dev/null');\n    return {`,
    ]),
    // By the limit on open files.
    reason: /after open 100\d\d files are open that were not before|EMFILE/,
  },
  prints: {
    text: ownLock(named('prints'), [ON_TRY, `${ON_TRY}console.log('trying');\n`]),
    reason: /the lock printed "trying\\n" to standard output/,
  },
  exits: {
    text: ownLock(named('exits'), [ON_TRY, `${ON_TRY}process.exit(0);\n`]),
    reason: /its process ended with exit code 0/,
  },
  'exits-when-prepared': {
    text: ownLock(named('exits-when-prepared'), [
      'open(site)',
      'prepare() {\nprocess.exit(7);\n},\nopen(site)',
    ]),
    reason: /ended with exit code 7/,
  },
  'unlocks-twice': {
    text: ownLock(named('unlocks-twice'), ['unlinkSync(path)', 'unlinkSync(path);\nunlinkSync(path)']),
    reason: /unlock threw: ENOENT/,
  },
};

const FOR_EVER = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

/** Likewise; each takes as long as an answer is waited for. */
export const HANGING_LOCKS: Readonly<Record<string, BadLock>> = {
  hangs: {
    text: ownLock(named('hangs'), [ON_TRY, `${ON_TRY}${FOR_EVER}\n`]),
    reason: /a call of it does not return: no answer after 30 s/,
  },
  'hangs-later': {
    text: ownLock(
      named('hangs-later'),
      ['open(site) {', 'open(site) {\nlet tries = 0;'],
      [ON_TRY, `${ON_TRY}if (++tries > 20) ${FOR_EVER}\n`],
    ),
    reason: /not finished after 30s: \d of 2 processes went on when told to stop/,
  },
  'hangs-when-prepared': {
    text: ownLock(named('hangs-when-prepared'), ['open(site)', `prepare() {\n${FOR_EVER}\n},\nopen(site)`]),
    reason: /its prepare or destroy does not return/,
  },
};
