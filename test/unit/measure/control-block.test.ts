/**
 * The memory that a round shares: nobody's part overlaps another's, and all processes see the same.
 */
import assert from 'node:assert/strict';
import { fstatSync } from 'node:fs';
import { test } from 'node:test';
import { ControlBlock, type Layout } from '../../../bench/measure/worker/control-block.js';
import { STAMPS } from '../../../bench/measure/worker/instruments.js';
import { map } from '../../../strategies/posix/shared-memory.js';

// Not a whole number of pages, nor of 128 bytes.
const ODD: Layout = { workers: 3, capacity: 1_001, traced: true };
const layouts: readonly Layout[] = [
  ODD,
  { ...ODD, traced: false },
  { workers: 1, capacity: 1, traced: true },
  { workers: 5, capacity: 1024, traced: true },
];

const ledgerMark = (worker: number): number => 1_000 + worker;
const stampMark = (worker: number): bigint => 0x5eed_0000_0000_0000n + BigInt(worker);
const WORD_MARK = 77;

/** The words that steer and those of the owner, each an array of one. */
const wordsOf = ({ stopFlag, ownerWords }: ControlBlock): Int32Array[] => [
  stopFlag,
  ownerWords.owner,
  ownerWords.readers,
  ownerWords.last,
  ownerWords.handoffs,
];

for (const layout of layouts) {
  const { workers, capacity, traced } = layout;
  const name = `${workers} workers of ${capacity}${traced ? ', traced' : ''}`;
  const all = Array.from({ length: workers }, (_, worker) => worker);

  test(`${name}: each ledger, the stamps and each word keep what was written there while all are filled`, (t) => {
    const block = ControlBlock.create(layout);
    t.after(() => block.release());
    block.gateNs = 0x1234_5678_9abc_def0n;
    wordsOf(block).forEach((word, i) => {
      word[0] = WORD_MARK + i;
    });
    // The last one first and the first one last: whichever overlaps its neighbour, something is overwritten.
    for (const worker of [...all].reverse()) block.ledger(worker).fill(ledgerMark(worker));
    for (const worker of all) block.stamps(worker).fill(stampMark(worker));
    for (const worker of all) {
      assert.equal(block.ledger(worker).length, capacity);
      assert.ok(block.ledger(worker).every((number) => number === ledgerMark(worker)));
      assert.equal(block.stamps(worker).length, traced ? (capacity + 1) * STAMPS : 0);
      assert.ok(block.stamps(worker).every((stamp) => stamp === stampMark(worker)));
    }
    assert.equal(block.gateNs, 0x1234_5678_9abc_def0n);
    assert.deepEqual(
      wordsOf(block).map(([word]) => word),
      wordsOf(block).map((_, i) => WORD_MARK + i),
    );
  });

  test(`${name}: another mapping of the same memory holds each mark as often as it was written`, (t) => {
    const block = ControlBlock.create(layout);
    t.after(() => block.release());
    for (const worker of all) {
      block.ledger(worker).fill(ledgerMark(worker));
      block.stamps(worker).fill(stampMark(worker));
    }
    const { size } = fstatSync(block.fd);
    const { buffer } = map(block.fd, size);
    const numbers = new Int32Array(buffer, 0, Math.floor(size / 4));
    const stamps = new BigInt64Array(buffer, 0, Math.floor(size / 8));
    for (const worker of all) {
      assert.equal(numbers.filter((number) => number === ledgerMark(worker)).length, capacity);
      const written = traced ? (capacity + 1) * STAMPS : 0;
      assert.equal(stamps.filter((stamp) => stamp === stampMark(worker)).length, written);
    }
    // And what the other side writes is read here.
    new Int32Array(buffer).fill(-1, 0, Math.floor(size / 4));
    for (const worker of all) assert.ok(block.ledger(worker).every((number) => number === -1));
    for (const [word] of wordsOf(block)) assert.equal(word, -1);
  });
}

test('each word that several workers write has 128 bytes for itself', (t) => {
  const block = ControlBlock.create(ODD);
  t.after(() => block.release());
  const offsets = [...wordsOf(block).map(({ byteOffset }) => byteOffset), block.ledger(0).byteOffset];
  offsets.sort((a, b) => a - b);
  for (let i = 1; i < offsets.length; i++) {
    assert.ok((offsets[i] ?? 0) - (offsets[i - 1] ?? 0) >= 128, `offsets ${offsets.join(', ')}`);
  }
  assert.ok(offsets.every((offset) => offset % 128 === 0));
});

test('stamps begin on a page, and a new block is all zeros', (t) => {
  const block = ControlBlock.create(ODD);
  t.after(() => block.release());
  assert.equal(block.stamps(0).byteOffset % 4096, 0);
  for (const worker of [0, 1, 2]) {
    assert.ok(block.ledger(worker).every((number) => number === 0));
    assert.ok(block.stamps(worker).every((stamp) => stamp === 0n));
  }
  for (const [word] of wordsOf(block)) assert.equal(word, 0);
});
