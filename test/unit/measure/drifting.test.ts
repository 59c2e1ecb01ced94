/**
 * Which drift is told, on cells made by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import { driftingCells } from '../../../bench/measure/verdict/drifting.js';
import { measuredCell } from '../../support/made-cells.js';

const BLOCKS = 9;

/** A cell that becomes more expensive, or cheaper, in each block by this share. */
const changing = (strategy: string, share: number) =>
  measuredCell(strategy, {
    costsNs: Array.from({ length: BLOCKS }, (_, block) => 1000 * (1 + share * block)),
  });

test('a change is told from 5% on, up and down; a smaller one matters to nobody, however sure it is', () => {
  const cells = [changing('rises', 0.05), changing('falls', -0.05), changing('barely', 0.003)];
  const found = driftingCells({ cells } as unknown as Result);
  assert.deepEqual(
    found.map(({ cell, change }) => [cell.strategy, change > 1 ? 'up' : 'down']),
    [
      ['rises', 'up'],
      ['falls', 'down'],
    ],
  );
});
