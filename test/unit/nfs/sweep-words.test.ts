/**
 * What the program in the machine is told of a sweep.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepWords, USUAL_SWEEP } from '../../../bench/nfs/roundtrip/measure-roundtrip.js';

test('tells the program in the machine all of the sweep', () => {
  assert.deepEqual(
    sweepWords({ ...USUAL_SWEEP, seed: 7, strategies: ['fcntl', 'excl'], roundTripsNs: [0, 1500] }),
    [
      ...['nfs', 'roundtrip', '--lines', '--seed', '7', '--strategies', 'fcntl,excl'],
      ...['--versions', 'v3,v4.2', '--exports', 'tmpfs', '--round-trips', '0ns,1500ns'],
      ...['--blocks', '3', '--increments', '100'],
    ],
  );
});
