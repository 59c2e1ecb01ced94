/**
 * Bars on a logarithmic axis.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisLine, bar, logAxis } from '../../../bench/text/bars.js';
import { fc } from '../../support/properties.js';

test('a decade is as long as the next, and a half character is the least that is drawn', () => {
  const axis = logAxis([1_000, 100_000], 20);
  assert.deepEqual(axis, { from: 1_000, to: 100_000, width: 20 });
  assert.equal(bar(10_000, axis), '█'.repeat(10));
  assert.equal(bar(100_000, axis), '█'.repeat(20));
  assert.equal(bar(1_000, axis), '▌');
  assert.equal(axisLine(axis), '1 µs      10 µs');
});

test('bars grow with the value and stay within the axis, whatever the values', () => {
  const ns = fc.double({ min: 0.5, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(ns, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 6, max: 60 }),
      (values, width) => {
        const axis = logAxis(values, width);
        const lengths = [...values].sort((a, b) => a - b).map((value) => bar(value, axis).length);
        assert.deepEqual(
          lengths,
          [...lengths].sort((a, b) => a - b),
        );
        assert.ok(Math.max(...lengths) <= width && Math.min(...lengths) >= 1);
        assert.ok(axisLine(axis).length <= width);
      },
    ),
  );
});
