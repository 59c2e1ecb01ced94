/**
 * Pairs in blocks: what a runtime costs over C is a ratio within each block, with the interval that the blocks give.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, overC, together } from '../../../bench/pairs/pair-blocks.js';

const figures = (medianNs: number) => ({
  samples: 34,
  medianNs,
  meanNs: medianNs + 1,
  marginNs: 3,
  p99Ns: 2 * medianNs,
});
const byBlock = (medians: readonly number[]) =>
  new Map(medians.map((medianNs, block) => [block, figures(medianNs)] as const));

test('only what is compared with C is measured in several blocks, none of which has too few samples', () => {
  assert.deepEqual(blocksOf(['node'], 200), { blocks: 1, samples: 200 });
  assert.deepEqual(blocksOf(['c'], 200), { blocks: 1, samples: 200 });
  assert.deepEqual(blocksOf(['node', 'python'], 200), { blocks: 1, samples: 200 });
  assert.deepEqual(blocksOf(['node', 'c'], 200), { blocks: 6, samples: 34 });
  assert.deepEqual(blocksOf(['c', 'python'], 20), { blocks: 6, samples: 10 });
});

test('the ratio is taken block by block: what slowed a whole block cancels out', () => {
  const slow = [1, 1, 9, 1, 3, 1];
  const inC = byBlock(slow.map((factor) => 100 * factor));
  const inNode = byBlock(
    [1.1, 1.2, 1.3, 1.4, 1.5, 1.6].map((ratio, block) => 100 * ratio * (slow[block] ?? 0)),
  );
  const ratio = overC(inNode, inC);
  assert.ok(ratio !== null);
  assert.deepEqual(
    [ratio.low, ratio.median, ratio.high].map((value) => value.toFixed(3)),
    ['1.100', '1.350', '1.600'],
  );
  assert.equal(ratio.kind, 'interval');
  assert.equal(ratio.coverage, 1 - 2 / 2 ** 6);
});

test('without a block that has both there is no ratio', () => {
  assert.equal(overC(byBlock([1, 2]), new Map()), null);
});

test('the figures of one block are told as they are, those of several as one', () => {
  assert.deepEqual(together(byBlock([100])), figures(100));
  assert.deepEqual(together(byBlock([100, 300, 200])), {
    ...{ samples: 102, medianNs: 200, meanNs: 201, p99Ns: 400 },
    marginNs: Math.hypot(3, 3, 3) / 3,
  });
});
