/**
 * `lockbench nfs roundtrip` for real: a small sweep in the lab, whose calls are known one by one.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { measureRoundTrip, USUAL_SWEEP } from '../../../bench/nfs/roundtrip/measure-roundtrip.js';
import { type RoundTripResult, roundTripSchema } from '../../../bench/nfs/roundtrip/roundtrip-schema.js';
import type { Way } from '../../../bench/nfs/roundtrip/sweep-ways.js';
import { experiment } from '../../../bench/reproduce/80x/80x.js';
import { smallSetting } from '../../support/setting.js';
import { needsLab, ONE_PROCESSOR } from '../../support/shared-lab.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

const INCREMENTS = 20;

describe('a small sweep in the lab', () => {
  let swept: Promise<{ result: RoundTripResult; svg: string; said: string }> | undefined;
  const sweep = (directory: string) => {
    swept ??= (async () => {
      const svg = join(directory, 'sweep.svg');
      const args = ['--strategies', 'fcntl', '--exports', 'tmpfs', '--rtt', '0us,1ms', '--blocks', '1'];
      const { code, stdout, stderr } = await lockbench([
        ...['nfs', 'roundtrip', ...ONE_PROCESSOR, ...args],
        ...['--increments', String(INCREMENTS), '--json', '-', '--svg', svg],
      ]);
      assert.equal(code, 0, stderr);
      const result = roundTripSchema.parse(JSON.parse(stdout));
      return { result, svg: existsSync(svg) ? readFileSync(svg, 'utf8') : '', said: stderr };
    })();
    return swept;
  };

  test('counts the calls of an increment exactly, and as the client counts them', async (t) => {
    if (!needsLab(t)) return;
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
    if (!needsLab(t)) return;
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
    if (!needsLab(t)) return;
    const { result } = await sweep(temporaryDirectory(t));
    const { emptyCalls } = result.findings;
    assert.deepEqual(emptyCalls.map(({ roundTripNs }) => roundTripNs).sort(), [0, 1_000_000]);
    for (const { roundTripNs, ns } of emptyCalls) assert.ok(Math.min(...ns) >= roundTripNs, `${ns}`);
  });

  test('draws what it measured', async (t) => {
    if (!needsLab(t)) return;
    const { svg } = await sweep(temporaryDirectory(t));
    assert.equal(svg.match(/<circle/g)?.length, 6);
  });

  test('the textbook’s claim holds under a round trip, and falls if updates are lost', async (t) => {
    if (!needsLab(t)) return;
    assert.equal(await experiment.missing?.(smallSetting()), null);
    const { result } = await sweep(temporaryDirectory(t));
    const { findings, figures, outside } = result;
    const evidence = experiment.evidence.parse({ testDirectory: 'lab', outside, findings, figures });
    const verdict = experiment.judge(evidence);
    assert.equal(verdict.answer, 'holds under', JSON.stringify(verdict));
    assert.match((await experiment.drawing?.(evidence)) ?? '', /^<svg/);
    assert.deepEqual(
      findings.calls.map(({ way, inSequence, turns }) => [way, Math.round(inSequence / turns)]),
      [
        ['v3', 5],
        ['v4.2', 3],
        ['v4.2-shared', 5],
      ],
    );

    const rounds = findings.rounds.map((round) => ({ ...round, lost: 1 }));
    const losing = experiment.evidence.parse({
      testDirectory: 'lab',
      outside,
      findings: { ...findings, rounds },
      figures,
    });
    assert.equal(experiment.judge(losing).answer, 'does not hold');
  });
});

describe('the sweep as a function', () => {
  const sweep = { ...USUAL_SWEEP, seed: 7 };

  test('returns null when it is ended before it found anything', async (t) => {
    if (!needsLab(t)) return;
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
