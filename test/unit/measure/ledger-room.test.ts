/**
 * A round that may take more numbers than 31 bits, or half of the memory, have room for is refused before it starts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { requireRoom } from '../../../bench/measure/parent/ledger-room.js';
import { conditions } from '../../support/made-cells.js';

const limits = { atLeastNs: 200e6, budgetNs: 20e9, timeLimitNs: 60e9, maxTimeNs: null };
const MUCH = 2 ** 40;
const GIB = 2 ** 30;

const refused = (processes: number, increments: number, atLeastNs: number, memoryBytes = MUCH): boolean => {
  try {
    requireRoom(
      [{ conditions: { ...conditions, processes, increments } }],
      { ...limits, atLeastNs },
      memoryBytes,
    );
    return false;
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /numbers a round was expected .* may take \d+, [\d.]+ GiB$/);
    return true;
  }
};

test('a million increments each have room, for 256 processes, too', () => {
  assert.equal(refused(8, 1_000_000, 200e6), false);
  assert.equal(refused(256, 1_000_000, 200e6), false);
});

test('the number after the last one of 31 bits has none', () => {
  assert.equal(refused(1, 2 ** 31 - 2, 0), false);
  assert.equal(refused(1, 2 ** 31 - 1, 0), true);
  assert.equal(refused(256, 10_000_000, 0), true);
  assert.equal(refused(8, 10_000, 3600e9), true, 'an hour, in one round');
});

test('nor has what takes more than half of the memory', () => {
  assert.equal(refused(2, 10_000_000, 0, GIB), false);
  assert.equal(refused(64, 10_000_000, 0, GIB), true);
});
