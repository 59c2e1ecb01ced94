/**
 * Percentages as people write them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePercent } from '../../../bench/base/percent.js';
import { UsageError } from '../../../bench/base/usage-error.js';

test('a number and a percent sign are read as a share', () => {
  const known: Readonly<Record<string, number>> = {
    '5%': 0.05,
    '2.5 %': 0.025,
    '0.1%': 0.001,
    '100%': 1,
    '100.0 %': 1,
    '07%': 0.07,
  };
  for (const [text, share] of Object.entries(known)) assert.equal(parsePercent(text, '--until'), share, text);
});

test('what is no percentage above 0 and up to 100 is refused, with what came, where, and what to write', () => {
  const bad = [
    '',
    '5',
    '0.05',
    '%',
    'five%',
    '-5%',
    '+5%',
    '1e1%',
    '5%%',
    '5  %',
    ' 5%',
    '5% ',
    '5.%',
    '.5%',
  ];
  for (const text of [...bad, '5,5%', '٣%', '0%', '0.0 %', '100.1%', '101%', `${'9'.repeat(400)}%`]) {
    assert.throws(
      () => parsePercent(text, '--until'),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.ok(error.message.startsWith('--until: '), error.message);
        assert.ok(error.message.includes(`got "${text}"`), error.message);
        assert.match(error.hint ?? '', /5%/);
        return true;
      },
      text,
    );
  }
});
