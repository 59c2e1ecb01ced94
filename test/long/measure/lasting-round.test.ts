/**
 * Processes that contend for long keep no more memory and no more descriptors for it; `npm run test:lasting` does it longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lasted, lastingRound } from '../../support/long-round.js';

const SAMPLES = 10;
/** The engine gives and takes so much as it likes. */
const ENGINES_BYTES = 16 * 1024 * 1024;

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
    for (const samples of footprints) {
      const [first, last] = [samples.at(0), samples.at(-1)];
      assert.ok(first !== undefined && last !== undefined);
      assert.equal(last.descriptors, first.descriptors);
      assert.equal(last.shared, first.shared);
      assert.equal(last.lowBytes, first.lowBytes);
      assert.ok(last.residentBytes - first.residentBytes < ENGINES_BYTES, JSON.stringify(samples));
    }
  });
}
