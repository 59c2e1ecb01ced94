/**
 * Processes that contend for long keep no more memory and no more descriptors for it; `npm run test:lasting` does it longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptBy, type Lasted, lastingRound } from '../../support/long-round.js';

const SAMPLES = 10;

/** A round that is long enough on this machine for three looks at least. */
async function longEnough(lock: string): Promise<Lasted> {
  for (let ns = 2e9; ; ns *= 2) {
    const lasted = await lastingRound({ lock, processes: 8, ns, samples: SAMPLES });
    if (lasted.footprints.every(({ length }) => length >= 3)) return lasted;
  }
}

for (const lock of ['fcntl', 'flock']) {
  test(`eight processes under ${lock} keep nothing`, async () => {
    const { turns, footprints } = await longEnough(lock);
    assert.ok(turns > 0);
    assert.equal(footprints.length, 8);
    assert.deepEqual(keptBy({ footprints }), []);
  });
}

test('a worker that keeps something is named, with what it keeps', () => {
  const had = { shared: 2, maps: 140, descriptors: 25, lowBytes: 4096, residentBytes: 50e6 };
  const kept = (last: Partial<typeof had>): string[] =>
    keptBy({
      footprints: [
        [had, had, { ...had }],
        [had, { ...had, ...last }],
      ],
    });
  // A block of the engine's is its own.
  assert.deepEqual(kept({ residentBytes: 51e6, maps: 141 }), []);
  assert.deepEqual(kept({ descriptors: 26 }), ['worker 1 keeps 1 more descriptors']);
  assert.deepEqual(kept({ lowBytes: 8192, shared: 3 }), [
    'worker 1 keeps 1 more shared',
    'worker 1 keeps 4096 more lowBytes',
  ]);
  assert.deepEqual(kept({ residentBytes: 100e6 }), ['worker 1 keeps 50000000 more residentBytes']);
  assert.throws(() => keptBy({ footprints: [[had]] }), /two looks or more were expected/);
});
