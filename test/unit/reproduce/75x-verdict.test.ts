/**
 * The verdict on the textbook's 75: on cells made by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/75x/75x.js';
import type { DirectoryKind, MeasuredDirectory } from '../../../bench/reproduce/75x/75x-model.js';
import { measuredCell } from '../../support/made-cells.js';

const RECORD_LOCK_NS = 10;

/** `ratios`: of the lock file to the record lock, in each block. */
const directory = (kind: DirectoryKind, ratios: readonly number[]): MeasuredDirectory => ({
  ...{ kind, name: kind, together: [], anatomy: [], durability: null },
  alone: [
    measuredCell('fcntl', { costsNs: ratios.map(() => RECORD_LOCK_NS) }),
    measuredCell('excl', { costsNs: ratios.map((ratio) => ratio * RECORD_LOCK_NS) }),
  ],
});

const answerFor = (ratios: readonly number[]): string =>
  experiment.judge({
    testDirectories: [directory('disk', [3, 3, 3, 3, 3, 3]), directory('synchronous', ratios)],
    ...{ missing: [], emptyCallNs: 100 },
  }).answer;

test('rounds that scatter across the book’s figure neither refute it nor confirm it', () => {
  assert.equal(answerFor([9, 20, 30, 36, 50, 90]), 'undecided');
  assert.equal(answerFor([9, 20, 30, 36, 50, 60]), 'does not hold');
  assert.equal(answerFor([60, 70, 74, 76, 80, 90]), 'holds under');
});
