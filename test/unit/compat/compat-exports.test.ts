/**
 * A result of `compat` in other forms: all of it as CSV, the matrix and the sentences as Markdown.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMPAT_FORMATS } from '../../../bench/compat/compat-exports.js';
import { compatText } from '../../../bench/compat/compat-text.js';
import { COMPAT_CELLS, compatCell, compatResult } from '../../support/reported-pairs.js';

const markdownOf = (result = compatResult()): string[] => COMPAT_FORMATS.markdown(result).split('\n');

test('as CSV every ordered pair is a row, and what is not known is empty', () => {
  const rows = COMPAT_FORMATS.csv(compatResult()).split('\r\n');
  assert.equal(rows.length, 1 + COMPAT_CELLS.length + 1);
  assert.equal(
    rows[0],
    'directory,filesystem,nfs_version,nfs_layout,held,tries,got_in,verdict,reason,handoffs,violations,turns,updates_lost',
  );
  assert.equal(rows[1], '/dev/shm,tmpfs,,,fcntl,fcntl,false,excludes,record locks conflict,200,0,210,0');
  assert.equal(
    rows.find((row) => row.includes(',fcntl,excl,')),
    '/dev/shm,tmpfs,,,fcntl,excl,true,does-not-see-it,"one is a kernel lock, ""the other"" a name",,,,',
  );
});

test('as CSV the client layout of the lab is told', () => {
  const nfs = { version: 'v3', layout: 'two clients' } as const;
  assert.match(COMPAT_FORMATS.csv(compatResult({ nfs })), /^\/dev\/shm,tmpfs,v3,two clients,fcntl,fcntl,/m);
});

test('as Markdown there is what the terminal says, the matrix, and the command', () => {
  const lines = markdownOf();
  for (const line of [
    '**/dev/shm (tmpfs)**',
    '- fcntl and ofd exclude each other: record locks conflict.',
    '- excl excludes only itself.',
    '- ! Unavailable: flock(1): it is not installed',
    '| held \\\\ tries | 1 | 2 | 3 |',
    '| 1 fcntl | x | x | · |',
    '| 2 ofd | x | x | · |',
    '| 3 excl | · | · | x |',
    'x excludes, · does not see it',
    '`lockbench compat fcntl ofd excl`',
  ])
    assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
});

test('in Markdown the sign of the way in which a lock is kept out is no markup', () => {
  const cells = [
    compatCell('a', 'a', 'excludes'),
    compatCell('b', 'b', 'excludes'),
    compatCell('a', 'b', 'one-way', { gotIn: true }),
    compatCell('b', 'a', 'one-way', { gotIn: false }),
  ];
  const lines = markdownOf(compatResult({ cells }));
  assert.ok(lines.includes('| 1 a | x | > |'), lines.join('\n'));
  assert.ok(lines.includes('| 2 b | &lt; | x |'), lines.join('\n'));
});

test('a place in which nothing was tried has a heading and no matrix', () => {
  const lines = markdownOf(compatResult({ cells: [], locks: [] }));
  assert.ok(lines.includes('**/dev/shm (tmpfs)**'));
  assert.ok(!lines.some((line) => line.startsWith('|')));
});

test('what went wrong is told in one line, whatever a path in it holds', () => {
  const unavailable = [{ name: 'excl', reason: 'open: /tmp/a\nlockbench: all well: EIO' }];
  const text = compatText(compatResult({ where: '/a\nb (tmpfs)', unavailable }), { width: 100 });
  assert.match(text, /^! Unavailable: excl: open: \/tmp\/a\\u000alockbench: all well: EIO$/m);
  assert.match(text, /^\/a\\u000ab \(tmpfs\)$/m);
});

test('the terminal ends with what one would look at next', () => {
  assert.match(
    compatText(compatResult(), { width: 100 }),
    /\n\nNext: lockbench crash fcntl · lockbench explain fcntl · add --html FILE$/,
  );
});
