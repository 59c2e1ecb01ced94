/**
 * Pairs as a table, as CSV and as Markdown: the cheapest first in each directory, and ratios within a directory.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAIRS_FORMATS } from '../../../bench/pairs/pairs-exports.js';
import { pairsSchema } from '../../../bench/pairs/pairs-schema.js';
import { pairsText } from '../../../bench/pairs/pairs-text.js';
import { tableLines } from '../../support/printed.js';
import { pairsResult } from '../../support/reported-pairs.js';

const cellsOf = (line: string): string[] =>
  line
    .split('│')
    .slice(1, -1)
    .map((cell) => cell.trim());

test('the table has the cheapest first in each directory, and ratios to the record lock there', () => {
  const [, ...rows] = tableLines(pairsText(pairsResult()))
    .filter((line) => line.startsWith('│'))
    .map(cellsOf);
  assert.deepEqual(
    rows.map((row) => [row[0], row[1], row[5], row[6]]),
    [
      ['flock/block', '/dev/shm', '0.75', '-'],
      ['fcntl/block [c]', '/dev/shm', '0.83', '1.00'],
      ['fcntl/block', '/dev/shm', '1.00', '1.20 (1.10–1.30)'],
      ['excl/spin', '/dev/shm', '7.50', '-'],
      ['flock/block', '/tmp', '-', '-'],
    ],
  );
});

test('below the table stands what is missing, what was timed, and what to look at next', () => {
  assert.match(
    pairsText(pairsResult()),
    /\nlockfile in \/tmp: unavailable: it is not installed\nLock and unlock, .*\nNext: lockbench run excl fcntl flock · lockbench choose · add --html FILE$/,
  );
  const outside = pairsResult({ pairs: pairsResult().pairs.map((one) => ({ ...one, strategy: 'mine' })) });
  assert.match(pairsText(outside), /\nNext: lockbench run · /);
});

test('as CSV every lock is a row', () => {
  const result = pairsResult();
  const rows = PAIRS_FORMATS.csv(result).split('\r\n');
  assert.equal(rows.length, 1 + result.pairs.length + 1);
  assert.equal(
    rows.find((row) => row.startsWith('fcntl,node')),
    'fcntl,node,block,/dev/shm,tmpfs,200,1200,1320,12,2400,1,1.2,1.1,1.3',
  );
  assert.equal(
    rows.find((row) => row.startsWith('flock,node,block,/tmp')),
    'flock,node,block,/tmp,ext4,200,800,880.0000000000001,8,1600,,,,',
  );
});

test('as Markdown there are the table, what is missing, and the command', () => {
  const lines = PAIRS_FORMATS.markdown(pairsResult()).split('\n');
  for (const line of [
    '| strategy/wait | directory | median | mean | 99th percentile | x fcntl | x C |',
    '| excl/spin | /dev/shm | 9.00 µs | 9.90 µs ± 0.91% | 18.0 µs | 7.50 | - |',
    '- lockfile in /tmp: unavailable: it is not installed',
    '`lockbench pairs fcntl flock excl`',
  ])
    assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
});

test('the result is what its schema says', () => {
  assert.deepEqual(pairsSchema.parse(pairsResult()), pairsResult());
});
