/**
 * What the kernel tells of the journal of a file system.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalStatsOf, parseJournalStats } from '../../../bench/machine/journal-stats.js';

const INFO = `5 transactions (5 requested), each up to 1365 blocks
average: 
  0ms waiting for transaction
  8ms running transaction
  0ms logging transaction
  1491us average transaction commit time
  7 logged blocks per transaction
`;

test('the commits are counted, and what one takes is in ns', () => {
  assert.deepEqual(parseJournalStats(INFO), { commits: 5, commitNs: 1_491e3 });
  assert.equal(parseJournalStats(INFO.replace('5 transactions', '1 transaction'))?.commits, 1);
});

test('before the first commit there is no average', () => {
  const text = '0 transactions (0 requested), each up to 1365 blocks\n';
  assert.deepEqual(parseJournalStats(text), { commits: 0, commitNs: 0 });
});

test('what is no such text, and a device without a journal, tells nothing', () => {
  assert.equal(parseJournalStats('journal of another kind\n'), null);
  assert.equal(journalStatsOf({ device: '0:0' }), null);
});
