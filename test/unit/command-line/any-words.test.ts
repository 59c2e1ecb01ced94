/**
 * Whatever word is written where an option expects a value: it is read, or refused in a line that names the option and what
 * came. What is written again is read again.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatDuration, parseDuration } from '../../../bench/base/duration.js';
import { parsePercent } from '../../../bench/base/percent.js';
import { UsageError } from '../../../bench/base/usage-error.js';
import {
  list,
  parseAmount,
  parseCount,
  parsePause,
  parseRecordName,
  parseSeed,
} from '../../../bench/command-line/parse.js';
import { parsePolicy, policyName } from '../../../bench/measure/worker/policy.js';
import { parseStrategySpec, specName } from '../../../bench/measure/worker/strategy-spec.js';
import { fc } from '../../support/properties.js';

/** Any text, and what looks like a value and mostly is none. */
const words = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789.e+-%:/ nmus,\u0661\u00b5') }),
  fc
    .tuple(fc.double(), fc.constantFrom('', 'ns', 'us', 'ms', 's', 'min', '%', ' %', 'h'))
    .map(([number, unit]) => `${number}${unit}`),
  fc
    .tuple(
      fc.constantFrom('block', 'spin', 'sleep', 'backoff', 'yield', ''),
      fc.array(fc.constantFrom(':', '-', '/', '1us', '5ms', '0s')),
    )
    .map(([kind, rest]) => kind + rest.join('')),
);

const READERS: Readonly<Record<string, (word: string) => unknown>> = {
  duration: (word) => parseDuration(word, '--budget'),
  amount: (word) => parseAmount('--budget', word),
  percentage: (word) => parsePercent(word, '--until'),
  count: (word) => parseCount('--rounds', word, 1, 1000),
  seed: (word) => parseSeed(word),
  'name of a record': (word) => parseRecordName(word),
  pause: (word) => parsePause('--hold', word),
  policy: parsePolicy,
  'strategy and policy': parseStrategySpec,
};

/** Numbers in whatever was read. */
const numbersIn = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbersIn)
      : [];

describe('any word is read, or refused in a line', () => {
  for (const [what, read] of Object.entries(READERS)) {
    test(what, () => {
      fc.assert(
        fc.property(words, (word) => {
          try {
            for (const number of numbersIn(read(word)))
              assert.ok(Number.isFinite(number) && number >= 0, `${number}`);
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
            assert.match(error.message, /was expected, got /);
            assert.doesNotMatch(error.message.replaceAll(word, ''), /NaN|Infinity|undefined/);
          }
        }),
      );
    });
  }
});

test('a duration that is written is read again', () => {
  const ns = fc.oneof(
    fc.integer({ min: 0, max: 24 * 3600 * 1e9 }),
    fc.integer({ min: 0, max: 86_400 }).map((s) => s * 1e9),
  );
  fc.assert(fc.property(ns, (value) => assert.equal(parseDuration(formatDuration(value), ''), value)));
});

test('a policy that is written is read again', () => {
  const ns = fc.integer({ min: 1, max: 1e12 });
  const policy = fc.oneof(
    fc.constantFrom({ kind: 'block' } as const, { kind: 'spin' } as const, { kind: 'yield' } as const),
    ns.map((value) => ({ kind: 'sleep', ns: value }) as const),
    fc
      .tuple(ns, ns)
      .map(([a, b]) => ({ kind: 'backoff', fromNs: Math.min(a, b), toNs: Math.max(a, b) }) as const),
  );
  fc.assert(
    fc.property(policy, (one) => {
      assert.deepEqual(parsePolicy(policyName(one)), one);
      const spec = { strategy: 'excl', policy: one, named: true };
      assert.deepEqual(parseStrategySpec(specName(spec)), spec);
    }),
  );
});

test('a percentage that is written is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (hundredths) => {
      const share = parsePercent(`${(hundredths / 100).toFixed(2)}%`, '--until');
      assert.ok(Math.abs(share - hundredths / 10_000) < 1e-12);
    }),
  );
});

test('a list has no empty item, and no blank around one', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab, \t') }), (text) => {
      for (const item of list(text)) assert.ok(item !== '' && item.trim() === item && !item.includes(','));
    }),
  );
});
