/**
 * Completion and the manual page, made from a program: they lack no command and no option, and quote what they print.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Command, Option } from '../../../bench/command-line/commander.js';
import { commandTree } from '../../../bench/completion/command-tree.js';
import { SCRIPTS, SHELLS } from '../../../bench/completion/completion-scripts.js';
import { manPage } from '../../../bench/completion/man-page.js';
import { hasCommand, needs, temporaryDirectory } from '../../support/support.js';

const program = new Command('lockbench').description('a program');
program
  .command('run [words...]')
  .description("it's measured")
  .option('--strategies <list>', "a \\ and a 'quote'")
  .option('--dir <directory>', 'where')
  .addOption(new Option('--pin <kind>', 'how').choices(['compact', 'spread']));
const nfs = program.command('nfs').description('a lab');
nfs.command('compare').description('between clients').option('--rtt <duration>', '.5ms or so');
const tree = commandTree(program);
const STRATEGIES = ['fcntl', 'flock'];

test('every shell gets every command and option', () => {
  for (const shell of SHELLS) {
    const script = SCRIPTS[shell](tree, STRATEGIES);
    for (const word of ['run', 'nfs', 'compare', 'strategies', 'pin', 'rtt', 'compact spread', 'fcntl flock'])
      assert.ok(script.includes(word), `${shell}: ${word}`);
  }
});

test('the manual page has every command and option, and no text of it is a request', () => {
  const page = manPage(tree, '1.2.3');
  for (const word of ['run', 'nfs compare', '\\-\\-strategies <list>', '\\-\\-rtt', 'a \\e and', '\\&.5ms'])
    assert.ok(page.includes(word), `${word}\n${page}`);
  for (const line of page.split('\n')) if (line.startsWith('.')) assert.match(line, /^\.(TH|SH|SS|TP)\b/);
});

const ASKED: readonly (readonly [typed: readonly string[], answer: readonly string[]])[] = [
  [['r'], ['run']],
  [
    ['run', '--'],
    ['--strategies', '--dir', '--pin', '--help'],
  ],
  [
    ['run', '--pin', ''],
    ['compact', 'spread'],
  ],
  [
    ['run', '--strategies', 'f'],
    ['fcntl', 'flock'],
  ],
  [['nfs', 'com'], ['compare']],
  [['nfs', 'compare', '--r'], ['--rtt']],
];

test('bash completes commands, options and their words', (t) => {
  if (!needs(t, hasCommand('bash'), 'bash is missing; apt-get install bash')) return;
  for (const [typed, answer] of ASKED) {
    const words = ['lockbench', ...typed];
    const script = [
      SCRIPTS.bash(tree, STRATEGIES),
      'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lockbench; printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n');
    // In a directory without files no name of one comes in between.
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
      cwd: temporaryDirectory(t),
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    assert.deepEqual(stdout.trimEnd().split('\n').sort(), [...answer].sort(), typed.join(' '));
  }
});
