/**
 * From what was seen of two locks to a verdict, a reason, and an exit code.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatExitCode } from '../../../bench/compat/compat-command.js';
import { NO_ROUND, reasonOf } from '../../../bench/compat/compat-reason.js';
import type { CompatCell, CompatPlace, Seen } from '../../../bench/compat/compat-schema.js';
import { groupsOf } from '../../../bench/compat/compat-text.js';
import { type CompatVerdict, type PairSeen, verdictOf } from '../../../bench/compat/compat-verdict.js';
import { kernelLocks, lslocksTypes } from '../../../bench/compat/kernel-locks.js';

const refused = { got: false };
const got = { got: true };
const failure = { failure: 'it broke' };
const round = (handoffs: number, violations: number) => ({ handoffs, violations, turns: 500, lost: 0 });

const CASES: readonly (readonly [
  CompatVerdict,
  PairSeen['forth'],
  PairSeen['back'],
  PairSeen['contention'],
])[] = [
  ['excludes', refused, refused, round(200, 0)],
  ['excludes', refused, refused, round(100, 0)],
  ['lets-two-in', refused, refused, round(200, 1)],
  ['lets-two-in', refused, refused, round(3, 1)],
  ['not-proven', refused, refused, round(99, 0)],
  ['not-proven', refused, refused, failure],
  ['not-proven', refused, refused, null],
  ['not-proven', refused, failure, null],
  ['does-not-see-it', got, got, null],
  ['does-not-see-it', got, got, round(200, 0)],
  ['does-not-see-it', got, failure, null],
  ['one-way', got, refused, null],
  ['one-way', refused, got, round(200, 0)],
  ['failed', failure, refused, null],
];

test('only a lock that refuses both ways, and lets nobody in when both contend, excludes', () => {
  for (const [verdict, forth, back, contention] of CASES)
    assert.equal(verdictOf(forth, back, contention), verdict, JSON.stringify({ forth, back, contention }));
});

const seen = (more: Partial<Seen>): Seen => ({ names: [], kernel: [], lslocks: null, ...more });
const kernel = (type: string): Seen => seen({ kernel: [{ type, file: 'locked' }] });

const why = (verdict: CompatVerdict, one: Seen, two: Seen, filesystem = 'ext4'): string =>
  reasonOf({
    ...{ verdict, filesystem, seen: [one, two], same: false },
    pair: { forth: refused, back: refused, contention: round(200, 2) },
  });

test('the reason is what is seen of both while they are held', () => {
  const name = seen({ names: ['lock'] });
  assert.match(why('excludes', kernel('POSIX'), kernel('POSIX')), /^record locks of one file/);
  assert.match(why('excludes', kernel('POSIX'), kernel('OFDLCK')), /open file descriptions/);
  assert.match(why('excludes', kernel('FLOCK'), kernel('FLOCK')), /^flock\(2\) locks of one file/);
  assert.match(why('excludes', kernel('FLOCK'), kernel('POSIX'), 'nfs4'), /^over NFS/);
  assert.match(why('excludes', kernel('FLOCK'), kernel('POSIX'), 'cifs'), /^over SMB/);
  assert.equal(why('excludes', name, name), 'both make the name "lock"');
  assert.match(why('does-not-see-it', kernel('FLOCK'), kernel('POSIX')), /keeps .* apart$/);
  assert.match(why('does-not-see-it', kernel('FLOCK'), kernel('POSIX'), 'nfs'), /local_lock/);
  assert.match(why('does-not-see-it', kernel('FLOCK'), kernel('FLOCK'), 'nfs'), /each host/);
  const elsewhere = seen({ kernel: [{ type: 'POSIX', file: 'other' }] });
  assert.match(why('does-not-see-it', kernel('POSIX'), elsewhere), /locks of different files$/);
  assert.match(why('does-not-see-it', kernel('POSIX'), name), /the other a name$/);
  assert.equal(
    why('does-not-see-it', name, seen({ names: ['a.lock'] })),
    'different names: "a.lock" and "lock"',
  );
  assert.match(why('lets-two-in', name, name), /inside 2 times in 200 hand-offs/);
});

test('the kernel’s list is read by inode, and one that waits holds nothing', () => {
  const text = [
    '1: POSIX  ADVISORY  WRITE 4242 00:1b:77 0 EOF',
    '1: -> FLOCK  ADVISORY  WRITE 4243 00:1b:78 0 EOF',
    '2: OFDLCK ADVISORY  WRITE -1 00:1b:78 0 EOF',
    '3: FLOCK  ADVISORY  WRITE 1 fe:01:99 0 EOF',
  ].join('\n');
  const inodes = new Map([
    ['77', 'number'],
    ['78', 'locked'],
  ]);
  assert.deepEqual(kernelLocks(text, inodes), [
    { type: 'POSIX', file: 'number' },
    { type: 'OFDLCK', file: 'locked' },
  ]);
  assert.deepEqual(lslocksTypes('POSIX     77\nFLOCK 99\nPOSIX 78\n', inodes), ['POSIX']);
});

const cell = (holder: string, other: string, verdict: CompatVerdict): CompatCell => ({
  ...{ holder, other, verdict, gotIn: false, reason: '', contention: null },
});
const placeOf = (...cells: CompatCell[]): CompatPlace => ({
  ...{ where: 'here', directory: '/', filesystem: 'ext4', nfs: null, unavailable: [], controlCaught: true },
  locks: [...new Set(cells.map(({ holder }) => holder))].map((name) => ({
    ...{ name, strategy: name, runtime: 'node', wait: 'block', seen: null },
  })),
  cells,
});

test('groups are locks that exclude each other, whatever stands between them', () => {
  const place = placeOf(
    ...['a', 'b', 'c', 'd'].map((name) => cell(name, name, 'excludes')),
    ...[cell('a', 'c', 'excludes'), cell('c', 'a', 'excludes')],
    ...[cell('a', 'b', 'does-not-see-it'), cell('b', 'a', 'does-not-see-it')],
    cell('e', 'e', 'does-not-see-it'),
  );
  assert.deepEqual(groupsOf(place), [['b'], ['a', 'c'], ['d']]);
});

test('a broken claim, something unknown and all well end in different exit codes', () => {
  const claims = new Set(['a', 'b']);
  const codeOf = (place: CompatPlace): number => compatExitCode({ places: [place] }, ['a'], claims);
  assert.equal(codeOf(placeOf(cell('a', 'b', 'does-not-see-it'))), 0);
  assert.equal(codeOf(placeOf(cell('a', 'b', 'one-way'))), 0);
  assert.equal(codeOf(placeOf(cell('a', 'a', 'does-not-see-it'))), 1);
  assert.equal(codeOf(placeOf(cell('c', 'c', 'does-not-see-it'))), 0, 'it claims nothing');
  assert.equal(codeOf(placeOf(cell('a', 'b', 'lets-two-in'))), 1);
  assert.equal(codeOf(placeOf(cell('a', 'b', 'failed'))), 3);
  assert.equal(codeOf(placeOf(cell('a', 'b', 'not-proven'))), 3);
  const noRound = { ...cell('a', 'b', 'not-proven'), reason: NO_ROUND };
  assert.equal(codeOf(placeOf(noRound)), 0, 'as was asked for');
  assert.equal(codeOf({ ...placeOf(), controlCaught: false }), 3);
  assert.equal(codeOf({ ...placeOf(), unavailable: [{ name: 'a', reason: '' }] }), 3);
  assert.equal(codeOf({ ...placeOf(), unavailable: [{ name: 'z', reason: '' }] }), 0);
});
