/**
 * Tables of figures on terminals of any width: no line is wider, and no figure is cut.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits, wrappedTable } from '../../../bench/text/table.js';

const HEAD = [
  'turn of',
  'lock',
  'number',
  'unlock',
  'program',
  'calls',
  'writes',
  'flushes',
  'else',
  'commits',
];
const ROWS = ['fcntl, tmpfs', 'excl, tmpfs', 'fcntl, ext4'].map((name) => [
  name,
  ...HEAD.slice(1).map((_, i) => `1.${i}0 µs`),
]);

test('a table of figures whose columns are too many for the terminal has them as rows', () => {
  const table = wrappedTable('figures', HEAD, ROWS, 80);
  assert.ok(fits(table, 80), table);
  for (const name of [...HEAD, '1.00 µs', '1.80 µs']) assert.ok(table.includes(name), `${name}\n${table}`);
  assert.match(table, /^│ commits +│ +1\.80 µs │ +1\.80 µs │ +1\.80 µs │$/m);
});

test('where there is room, and where there is none either way, its rows stay rows', () => {
  assert.match(wrappedTable('figures', HEAD, ROWS, 120), /^│ fcntl, ext4 +│ +1\.00 µs │/m);
  assert.match(wrappedTable('figures', HEAD, ROWS, 30), /^│ fcntl, +│/m);
  assert.match(wrappedTable('words', HEAD, ROWS, 80), /^│ fcntl, +│/m);
});
