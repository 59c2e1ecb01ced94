/**
 * Durations as people write them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration } from '../../../bench/base/duration.js';
import { UsageError } from '../../../bench/base/usage-error.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

test('a number and a unit are read as nanoseconds', () => {
  const known: Readonly<Record<string, number>> = {
    '0s': 0,
    '7ns': 7,
    '10us': 10_000,
    '1.5ms': 1_500_000,
    '60s': 60e9,
    '2min': 120e9,
    '0.1us': 100,
    '1.1ms': 1_100_000,
    '1.001us': 1_001,
    '86400s': 86_400e9,
    '1440min': 86_400e9,
  };
  for (const [text, ns] of Object.entries(known)) assert.equal(parseDuration(text, '--hold'), ns, text);
});

test('what is no duration of at most 24 hours is refused, with what came, where, and what to write', () => {
  const bad = [
    '',
    '10',
    'us',
    'ten',
    '-1s',
    '+1s',
    '1e3us',
    '1h',
    '1 s',
    ' 1s',
    '1s ',
    '1.s',
    '.5s',
    '1,5ms',
  ];
  for (const text of [...bad, '10US', '1s2s', '10µs', '٣s', '86400.1s', '1441min', `${'9'.repeat(400)}s`]) {
    assert.throws(
      () => parseDuration(text, '--think'),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.ok(error.message.startsWith('--think: '), error.message);
        assert.ok(error.message.includes(`got "${text}"`), error.message);
        assert.match(error.hint ?? '', /unit/);
        return true;
      },
      text,
    );
  }
});

test('a duration is written in the largest unit in which it is whole', () => {
  assert.equal(formatDuration(10_000), '10us');
  assert.equal(formatDuration(1_500_000), '1500us');
  assert.equal(formatDuration(1_000_000), '1ms');
  assert.equal(formatDuration(60e9), '60s');
  assert.equal(formatDuration(1_001), '1001ns');
  assert.equal(formatDuration(0), '0s');
});

test('what was written is read back as the same', () => {
  const random = xorshift32(5);
  for (let i = 0; i < 1000; i++) {
    const ns = Math.floor(random() * 86_400) * 1000 ** (i % 4);
    assert.equal(parseDuration(formatDuration(ns), '--hold'), ns, formatDuration(ns));
  }
});
