/**
 * `lockbench nfs roundtrip`: refusals; and a small sweep in the lab, whose calls are known one by one.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeMissing, kernelOrNull, missingFor } from '../../../bench/lab/requirements.js';
import { measureRoundTrip, sweepWords, USUAL_SWEEP } from '../../../bench/nfs/roundtrip/measure-roundtrip.js';
import { type RoundTripResult, roundTripSchema } from '../../../bench/nfs/roundtrip/roundtrip-schema.js';
import type { Way } from '../../../bench/nfs/roundtrip/sweep-ways.js';
import { assertRefused, sandbox } from '../../support/refusal.js';
import { lockbench, needs, temporaryDirectory } from '../../support/support.js';

describe('lockbench nfs roundtrip refuses', () => {
  for (const [title, args, refusal] of [
    [
      'a single round trip',
      ['--rtt', '1ms'],
      { expected: /at least two round trips were expected/, came: '"1ms"', hint: /--rtt 0us,1ms/ },
    ],
    [
      'a round trip without a unit',
      ['--rtt', '0us,5'],
      { expected: /a duration .* was expected/, came: '"5"', hint: /unit/ },
    ],
    [
      'an unknown version',
      ['--versions', 'v2'],
      { expected: /v3 or v4\.2 was expected/, came: '"v2"', hint: /--versions v3/ },
    ],
    [
      'an unknown export',
      ['--exports', 'xfs'],
      { expected: /ext4 or tmpfs was expected/, came: '"xfs"', hint: /--exports ext4/ },
    ],
    [
      'an unknown strategy',
      ['--strategies', 'fnctl'],
      { expected: /a strategy of the catalogue was expected/, came: '"fnctl"', hint: /fcntl/ },
    ],
    [
      'a drawing that cannot be written',
      ['--svg', '/no/such/place.svg'],
      { expected: /a file that can be written was expected/, came: '/no/such/place.svg', hint: /folder/ },
    ],
  ] as const) {
    test(title, (t) => assertRefused(sandbox(t), ['nfs', 'roundtrip', ...args], refusal));
  }
});

const missing = missingFor('vm', kernelOrNull());
const able = missing.reasons.length === 0;
const why = `the lab needs ${describeMissing(missing)}`;
const INCREMENTS = 20;

describe('a small sweep in the lab', () => {
  let swept: Promise<{ result: RoundTripResult; svg: string; said: string }> | undefined;
  const sweep = (directory: string) => {
    swept ??= (async () => {
      const svg = join(directory, 'sweep.svg');
      const args = ['--strategies', 'fcntl', '--exports', 'tmpfs', '--rtt', '0us,1ms', '--blocks', '1'];
      const { code, stdout, stderr } = await lockbench([
        ...['nfs', 'roundtrip', ...args],
        ...['--increments', String(INCREMENTS), '--json', '-', '--svg', svg],
      ]);
      assert.equal(code, 0, stderr);
      const result = roundTripSchema.parse(JSON.parse(stdout));
      return { result, svg: existsSync(svg) ? readFileSync(svg, 'utf8') : '', said: stderr };
    })();
    return swept;
  };

  test('counts the calls of an increment exactly, and as the client counts them', async (t) => {
    if (!needs(t, able, why)) return;
    const { result } = await sweep(temporaryDirectory(t));
    const perTurn = (way: Way): string[] | undefined => {
      const calls = result.findings.calls.find((one) => one.way === way);
      assert.equal(calls?.disagreement, null, way);
      return calls?.procedures.map(
        (one) => `${one.calls / calls.turns} ${one.program}v${one.version} ${one.name}`,
      );
    };
    assert.deepEqual(perTurn('v3'), [
      '1 lockdv4 LOCK',
      '1 nfsv3 GETATTR',
      '1 nfsv3 READ',
      '1 nfsv3 WRITE',
      '1 lockdv4 UNLOCK',
    ]);
    assert.deepEqual(perTurn('v4.2'), [
      '1 nfsv4 LOCK',
      '1 nfsv4 WRITE',
      '1 nfsv4 LOCKU',
      '1 nfsv4 FREE_STATEID',
    ]);
    assert.deepEqual(perTurn('v4.2-shared'), [
      '1 nfsv4 LOCK',
      '1 nfsv4 GETATTR',
      '1 nfsv4 READ',
      '1 nfsv4 WRITE',
      '1 nfsv4 LOCKU',
      '1 nfsv4 FREE_STATEID',
    ]);
  });

  test('measures each way at each round trip, and loses nothing', async (t) => {
    if (!needs(t, able, why)) return;
    const { result } = await sweep(temporaryDirectory(t));
    const { rounds, failures } = result.findings;
    assert.deepEqual(failures, []);
    assert.deepEqual(
      rounds.map(({ way, roundTripNs }) => `${way} ${roundTripNs}`).sort(),
      ['local 0', ...['v3', 'v4.2', 'v4.2-shared'].flatMap((way) => [`${way} 0`, `${way} 1000000`])].sort(),
    );
    for (const { way, turns, lost } of rounds) {
      if (way !== 'local') assert.equal(turns, INCREMENTS, way);
      assert.equal(lost, 0, way);
    }
    assert.deepEqual(
      result.figures.curves.map(({ way, points }) => [way, points.length]),
      [
        ['v3', 2],
        ['v4.2', 2],
        ['v4.2-shared', 2],
      ],
    );
  });

  test('asks empty calls, none of which is faster than the network was told to be', async (t) => {
    if (!needs(t, able, why)) return;
    const { result } = await sweep(temporaryDirectory(t));
    const { emptyCalls } = result.findings;
    assert.deepEqual(emptyCalls.map(({ roundTripNs }) => roundTripNs).sort(), [0, 1_000_000]);
    for (const { roundTripNs, ns } of emptyCalls) assert.ok(Math.min(...ns) >= roundTripNs, `${ns}`);
  });

  test('draws what it measured', async (t) => {
    if (!needs(t, able, why)) return;
    const { svg } = await sweep(temporaryDirectory(t));
    assert.equal(svg.match(/<circle/g)?.length, 6);
  });
});

describe('the sweep as a function', () => {
  const sweep = { ...USUAL_SWEEP, seed: 7 };

  test('tells the program in the machine all of the sweep', () => {
    assert.deepEqual(sweepWords({ ...sweep, strategies: ['fcntl', 'excl'], roundTripsNs: [0, 1500] }), [
      ...['nfs', 'roundtrip', '--lines', '--seed', '7', '--strategies', 'fcntl,excl'],
      ...['--versions', 'v3,v4.2', '--exports', 'tmpfs', '--round-trips', '0ns,1500ns'],
      ...['--blocks', '3', '--increments', '100'],
    ]);
  });

  test('returns null when it is ended before it found anything', async (t) => {
    if (!needs(t, able, why)) return;
    const user = new AbortController();
    const begun: string[] = [];
    const progress = (what: string): void => {
      begun.push(what);
      user.abort();
    };
    assert.equal(await measureRoundTrip({ sweep, progress, say() {}, signal: user.signal }), null);
    assert.equal(begun.length, 1);
  });
});
