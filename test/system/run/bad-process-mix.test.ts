/**
 * Readers, writers and rogues that are asked for wrongly, from outside: what says how many processes there are is theirs to
 * say.
 */
import { test } from 'node:test';
import { assertRefused, type Refusal, sandbox } from '../../support/refusal.js';

const run = ['run', '--increments', '100', '--rounds', '1', '--min-round', '1ms', '--quiet'];
const fcntl = ['--strategies', 'fcntl'];

const aCount = (option: string, came: string): readonly [readonly string[], Refusal] => [
  [...fcntl, option, came],
  { expected: /a whole number from 0 to 1024 was expected/, came: `"${came}"`, hint: /for example --/ },
];

const noneTogether = {
  expected: /--readers and --writers: from 1 to 1024 processes together were expected/,
  hint: /for example --readers 3 --writers 1/,
};

const bad: readonly (readonly [readonly string[], Refusal])[] = [
  aCount('--readers', '-1'),
  aCount('--readers', '1.5'),
  aCount('--readers', ''),
  aCount('--readers', '1025'),
  aCount('--writers', 'x'),
  aCount('--writers', '5000'),
  [[...fcntl, '--readers', '0', '--writers', '0'], { ...noneTogether, came: 'got 0' }],
  [[...fcntl, '--writers', '0'], { ...noneTogether, came: 'got 0' }],
  [
    [...fcntl, '--writers', '2', '--processes', '2'],
    {
      expected: /--processes: readers and writers make up the processes/,
      came: '--processes',
      hint: /leave it out/,
    },
  ],
  [
    [...fcntl, '--readers', '4', '--writers', '1', '--rogue', '2'],
    {
      expected: /--rogue: rogues are among the writers/,
      came: 'fewer than 2',
      hint: /for example --writers 5 --rogue 2/,
    },
  ],
  [
    [...fcntl, '--writers', '1', '--rogue', '1'],
    {
      expected: /--rogue: fewer rogues than processes were expected/,
      came: 'got 1 of 1',
      hint: /for example --writers 4 --rogue 1/,
    },
  ],
  [
    ['--strategies', 'excl', '--readers', '1'],
    {
      expected: /--readers: a strategy with a shared mode was expected/,
      came: 'excl has none',
      hint: /name others, for example --strategies fcntl,flock/,
    },
  ],
  [
    ['--strategies', 'fcntl,shm-flag/yield', '--readers', '2', '--writers', '2'],
    {
      expected: /--readers: a strategy with a shared mode was expected/,
      came: 'shm-flag has none',
      hint: /name others/,
    },
  ],
];

for (const [options, refusal] of bad) {
  test(`run ${options.map((word) => JSON.stringify(word)).join(' ')} is refused`, async (t) => {
    const box = sandbox(t);
    await assertRefused(box, [...run, '--dir', box.measured, ...options], refusal);
  });
}
