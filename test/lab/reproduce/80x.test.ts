/**
 * fcntl over NFS: its verdict turns when a turn asks the server for nothing. What it says of fcntl is told of the sweep that
 * the test of `nfs roundtrip` makes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeMissing, kernelOrNull, missingFor } from '../../../bench/lab/requirements.js';
import { overNfs } from '../../../bench/reproduce/80x/80x.js';
import { verdictOf } from '../../support/setting.js';
import { needs } from '../../support/support.js';

/** A line needs two points, and what is counted does not depend on how often. */
const SMALL = { roundTripsNs: [0, 1e6], increments: 20 };

const missing = missingFor('vm', kernelOrNull());
const able = missing.reasons.length === 0;
const why = `the lab needs ${describeMissing(missing)}`;

test('the claim falls if a turn asks the server for nothing', async (t) => {
  if (!needs(t, able, why)) return;
  const least = overNfs({ ...SMALL, versions: ['v3'] });
  assert.equal((await verdictOf(least, { lock: 'shm-flag' })).answer, 'does not hold');
});
