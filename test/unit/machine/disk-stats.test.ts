/**
 * What the kernel counts of block devices.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskStatsBetween, parseDiskStats } from '../../../bench/machine/disk-stats.js';

const TABLE = `   7       0 loop0 52 0 2112 5 0 0 0 0 0 8 5 0 0 0 0 0 0
 254       0 vda 35215 9911 2421330 9133 40120 31022 3180256 25471 0 19236 36112 1211 0 9120 442 6021 1064
`;

test('a line is found by its device, and its times are in ns', () => {
  assert.deepEqual(parseDiskStats(TABLE, '254:0'), {
    writes: 40120,
    writeNs: 25471e6,
    flushes: 6021,
    flushNs: 1064e6,
  });
});

test('a device that is not there has none, nor has one of a kernel that counts no flushes', () => {
  assert.equal(parseDiskStats(TABLE, '0:22'), null);
  assert.equal(parseDiskStats('8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n', '8:0'), null);
});

test('what was done is the difference', () => {
  const before = { writes: 1, writeNs: 10, flushes: 2, flushNs: 20 };
  const after = { writes: 4, writeNs: 15, flushes: 2, flushNs: 20 };
  assert.deepEqual(diskStatsBetween(before, after), { writes: 3, writeNs: 5, flushes: 0, flushNs: 0 });
});
