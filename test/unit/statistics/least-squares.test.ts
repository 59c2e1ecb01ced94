/**
 * The straight line: against known answers, and against a second library.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from 'simple-statistics';
import { fitLine, lineAt } from '../../../bench/statistics/least-squares.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

test('points of a line give that line', () => {
  const line = fitLine([0, 100, 250].map((x) => ({ x, y: 7 + 5 * x })));
  assert.deepEqual(line, { intercept: 7, slope: 5 });
  assert.equal(line === null ? Number.NaN : lineAt(line, 1000), 5007);
});

test('one x, or none, gives no line', () => {
  assert.equal(fitLine([]), null);
  assert.equal(fitLine([{ x: 3, y: 1 }]), null);
  assert.equal(
    fitLine([
      { x: 3, y: 1 },
      { x: 3, y: 2 },
    ]),
    null,
  );
});

test('agrees with simple-statistics on scattered points, of far too large an x too', () => {
  const random = xorshift32(80);
  for (let i = 0; i < 200; i++) {
    const far = i % 2 === 0 ? 0 : 1e6;
    const points = Array.from({ length: 3 + (i % 20) }, (_, k) => ({
      x: far + k * 100 + random(),
      y: random() * 5000,
    }));
    const ours = fitLine(points);
    const { m, b } = library.linearRegression(points.map(({ x, y }) => [x - far, y]));
    assert.ok(ours !== null);
    assert.ok(Math.abs(ours.slope - m) <= 1e-6 * Math.max(1, Math.abs(m)), `${ours.slope}, not ${m}`);
    const atFar = lineAt(ours, far);
    assert.ok(Math.abs(atFar - b) <= 1e-6 * Math.max(1, Math.abs(b)), `${atFar}, not ${b}`);
  }
});
