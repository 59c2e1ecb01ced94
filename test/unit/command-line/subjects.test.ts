/**
 * Strategies and directories by options and by words; what is refused is tested from outside, in test/system/cli/.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { parseSubjects, type Subjects } from '../../../bench/command-line/subjects.js';
import { temporaryDirectory } from '../../support/support.js';

const parse = (
  words: readonly string[],
  options: Parameters<typeof parseSubjects>[2] = {},
  directories: 'none' | 'one' | 'several' = 'several',
): Subjects => parseSubjects('run', words, options, { directories });

test('nothing named is null, so that the command takes its own', () => {
  assert.deepEqual(parse([]), { named: null, directories: null, json: null });
});

test('words, lists and options name the same, those of options first', (t) => {
  const directory = temporaryDirectory(t);
  assert.deepEqual(parse(['excl/spin', directory, 'all'], { strategies: ' fcntl, flock', dir: ['/tmp'] }), {
    named: ['fcntl', 'flock', 'excl/spin', 'all'],
    directories: ['/tmp', directory],
    json: null,
  });
  assert.deepEqual(parse(['fcntl,excl']).named, ['fcntl', 'excl']);
});

test('a word that is a strategy and a directory is the strategy, and with ./ the directory', (t) => {
  const before = process.cwd();
  const home = temporaryDirectory(t);
  mkdirSync(join(home, 'fcntl'));
  process.chdir(home);
  try {
    assert.deepEqual(parse(['fcntl', './fcntl']), { named: ['fcntl'], directories: ['./fcntl'], json: null });
  } finally {
    process.chdir(before);
  }
});

test('--json without a file, or before a strategy, is standard output', () => {
  assert.equal(parse([], { json: true }).json, '-');
  assert.equal(parse([], { json: 'x.json' }).json, 'x.json');
  assert.deepEqual(parse(['flock'], { json: 'fcntl' }), {
    named: ['flock', 'fcntl'],
    directories: null,
    json: '-',
  });
});

test('one directory may be named twice where one is expected, and two may not', () => {
  assert.deepEqual(parse(['/tmp'], { dir: '/tmp' }, 'one').directories, ['/tmp', '/tmp']);
  assert.throws(() => parse(['/tmp', '/'], {}, 'one'), UsageError);
  assert.throws(() => parse(['/tmp'], {}, 'none'), UsageError);
});

test('of a list the item that is not known is named', () => {
  assert.throws(() => parse(['fcntl,excll']), /got "excll"/);
});
