/**
 * Who takes part, from the options' texts to numbers; what is refused stands in test/cli/.
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { type ProcessMix, parseProcessMix } from '../../../bench/run/process-mix.js';

const many = Math.max(2, availableParallelism());

const good: readonly (readonly [Parameters<typeof parseProcessMix>[0], Partial<ProcessMix>])[] = [
  [{}, { processes: [1, many], readers: 0, rogues: 0, pin: null }],
  [{ processes: '4' }, { processes: [4], readers: 0 }],
  [{ processes: ' 4, 1,4 ' }, { processes: [4, 1] }],
  [{ readers: '3' }, { processes: [4], readers: 3 }],
  [{ writers: '2' }, { processes: [2], readers: 0 }],
  [
    { readers: '3', writers: '2' },
    { processes: [5], readers: 3 },
  ],
  [
    { readers: '3', writers: '0' },
    { processes: [3], readers: 3 },
  ],
  [{ readers: '1023' }, { processes: [1024], readers: 1023 }],
  [{ pin: 'compact' }, { pin: 'compact' }],
  [
    { pin: 'spread', processes: '2' },
    { pin: 'spread', processes: [2] },
  ],
  [{ rogue: '0' }, { processes: [1, many], rogues: 0 }],
  // By default one process alone is measured too, and a rogue there would disturb nobody.
  [{ rogue: '1' }, { processes: [many], rogues: 1 }],
  [{ rogue: String(many) }, { processes: [many + 1], rogues: many }],
  [
    { processes: '2,3', rogue: '1' },
    { processes: [2, 3], rogues: 1 },
  ],
  [
    { readers: '2', writers: '2', rogue: '1' },
    { processes: [4], readers: 2, rogues: 1 },
  ],
  // Readers are disturbed by a rogue that is the only writer.
  [
    { readers: '2', rogue: '1' },
    { processes: [3], readers: 2, rogues: 1 },
  ],
];

for (const [raw, expected] of good) {
  test(`${JSON.stringify(raw)} is understood`, () => {
    const mix = parseProcessMix(raw);
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(mix[name as keyof ProcessMix], value, name);
    }
  });
}

// Not tried from outside: should it not be refused, a thousand processes would be started.
test('readers and writers together are at most as many as processes may be', () => {
  for (const raw of [{ readers: '1024' }, { readers: '1000', writers: '25' }]) {
    assert.throws(() => parseProcessMix(raw), /from 1 to 1024 processes together were expected, got 1025/);
  }
});

test('a hint is no second mistake: what it says is accepted', () => {
  const bad: readonly Parameters<typeof parseProcessMix>[0][] = [
    { processes: '1', rogue: '1' },
    { processes: '2', rogue: '3' },
    { writers: '2', rogue: '2' },
    { readers: '2', writers: '1', rogue: '2' },
    { readers: '2', writers: '0', rogue: '1' },
    { readers: '0', writers: '0' },
  ];
  for (const raw of bad) {
    assert.throws(
      () => parseProcessMix(raw),
      (error: unknown) => {
        assert.ok(error instanceof UsageError);
        const cured = Object.fromEntries(
          [...(error.hint ?? '').matchAll(/--(\w+) (\d+)/g)].map(([, option, count]) => [option, count]),
        );
        assert.ok(Object.keys(cured).length > 0, error.hint);
        parseProcessMix({ ...raw, ...cured });
        return true;
      },
      JSON.stringify(raw),
    );
  }
});
