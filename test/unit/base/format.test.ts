/**
 * Figures for people.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bounds, digits, duration, percent, plural } from '../../../bench/base/format.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

test('a figure has three digits that count, two below 1', () => {
  const known: readonly (readonly [number, string])[] = [
    [0, '0'],
    [0.912, '0.91'],
    [0.0512, '0.051'],
    [1, '1.00'],
    [2.345, '2.35'],
    [12.44, '12.4'],
    [99.96, '100'],
    [9.996, '10.0'],
    [0.9996, '1.00'],
    [123.4, '123'],
    [999.6, '1000'],
    [1936, '1940'],
    [1_234_567, '1230000'],
    [-12.44, '-12.4'],
  ];
  for (const [value, text] of known) assert.equal(digits(value), text, `${value}`);
});

test('a figure is never in exponential form and never far from the value', () => {
  const random = xorshift32(17);
  for (let i = 0; i < 3000; i++) {
    const value = (1 + 9 * random()) * 10 ** ((i % 24) - 9);
    const text = digits(value);
    assert.match(text, /^\d+(\.\d+)?$/, `${value}`);
    const tolerance = value < 1 ? 0.055 : 0.0055;
    assert.ok(Math.abs(Number(text) - value) <= tolerance * value, `${value} became ${text}`);
    if (value >= 1 && value < 999.5) assert.equal(text.replace('.', '').length, 3, `${value} became ${text}`);
  }
});

test('a time is shown in a unit in which it is at least 1', () => {
  assert.equal(duration(2980), '2.98 µs');
  assert.equal(duration(0), '0 ns');
  assert.equal(duration(0.5), '0.50 ns');
  assert.equal(duration(999), '999 ns');
  assert.equal(duration(1000), '1.00 µs');
  assert.equal(duration(1e6), '1.00 ms');
  assert.equal(duration(1.5e9), '1.50 s');
  assert.equal(duration(90e9), '90.0 s');
});

test('a time just below a unit is not shown as a thousand of the smaller one', () => {
  assert.equal(duration(999.6), '1.00 µs');
  assert.equal(duration(999_700), '1.00 ms');
});

test('bounds are shown in the unit of the median that stands beside them', () => {
  assert.equal(bounds(2910, 3200, 2980), '2.91–3.20');
  assert.equal(bounds(800, 1500, 990), '800–1500');
  assert.equal(bounds(900, 1500, 1200), '0.90–1.50');
});

test('a share is shown as per cent, and a small one is not shown as none', () => {
  assert.equal(percent(0), '0');
  assert.equal(percent(1e-9), '< 0.1%');
  assert.equal(percent(0.00099), '< 0.1%');
  assert.equal(percent(0.001), '0.1%');
  assert.equal(percent(0.512), '51.2%');
  assert.equal(percent(0.96875), '96.9%');
  assert.equal(percent(0.9994), '99.9%');
  assert.equal(percent(1), '100%');
});

test('one is singular, and what ends in s takes es', () => {
  assert.equal(plural(1, 'process'), '1 process');
  assert.equal(plural(4, 'process'), '4 processes');
  assert.equal(plural(0, 'round'), '0 rounds');
  assert.equal(plural(6, 'round'), '6 rounds');
});
