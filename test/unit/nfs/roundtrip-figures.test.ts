/**
 * From rounds to figures, tables, sentences and the drawing: on rounds whose truth is known, since they were made up.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { figuresOf } from '../../../bench/nfs/roundtrip/roundtrip-figures.js';
import { roundTripPlot } from '../../../bench/nfs/roundtrip/roundtrip-plot.js';
import {
  type Findings,
  findingsSchema,
  type RoundTripResult,
  roundTripSchema,
} from '../../../bench/nfs/roundtrip/roundtrip-schema.js';
import {
  callsTable,
  networkTable,
  predictionsTable,
  roundTripFindings,
  sweepTable,
} from '../../../bench/nfs/roundtrip/roundtrip-text.js';
import { ROUND_TRIP_SCHEMA_VERSION, type Way } from '../../../bench/nfs/roundtrip/sweep-ways.js';

const FCNTL = { strategy: 'fcntl', wait: 'block', export: 'ext4' } as const;
const TURNS = 100;
const LOCAL_NS = 30_000;
const SWEEP_NS = [0, 100_000, 1_000_000];

const calls = (way: Way, names: readonly string[], inSequence: number): Findings['calls'][number] => ({
  ...FCNTL,
  way,
  turns: TURNS,
  procedures: names.map((name) => ({
    program: name.startsWith('NLM') ? 'lockd' : 'nfs',
    version: 3,
    name: name.replace('NLM ', ''),
    calls: TURNS,
  })),
  inSequence: inSequence * TURNS,
  roundTripNs: 1_000_000,
  disagreement: null,
});

/** Blocks in which all took longer by the same factor: ratios stay what they are. */
const FACTORS = [1, 1.5, 0.8];

function findingsOf(startNs: number, slope: number): Findings {
  const round = (way: Way, roundTripNs: number, block: number, nsPerIncrement: number) => ({
    ...FCNTL,
    way,
    roundTripNs,
    block,
    order: 0,
    turns: TURNS,
    wallNs: TURNS * nsPerIncrement,
    lost: 0,
    requests: way === 'local' ? null : { GETATTR: TURNS + 1, READ: TURNS, WRITE: TURNS, OPEN: 1 },
  });
  return findingsSchema.parse({
    kernel: 'Linux 6.1.0',
    machine: 'tcg',
    cpus: 2,
    calls: [calls('v3', ['NLM LOCK', 'GETATTR', 'READ', 'WRITE', 'NLM UNLOCK'], 5)],
    rounds: FACTORS.flatMap((factor, block) => [
      round('local', 0, block, factor * LOCAL_NS),
      ...SWEEP_NS.map((ns) => round('v3', ns, block, factor * (startNs + slope * ns))),
    ]),
    emptyCalls: SWEEP_NS.map((roundTripNs) => ({
      roundTripNs,
      block: 0,
      order: 0,
      ns: [roundTripNs + 400_000, roundTripNs + 500_000, roundTripNs + 900_000],
    })),
    failures: [],
  });
}

const OUTSIDE = [
  {
    strategy: 'fcntl',
    wait: 'block',
    directory: '/tmp',
    filesystem: 'ext4',
    nsPerIncrement: [990, 1000, 1100],
  },
];

function resultOf(findings: Findings): RoundTripResult {
  return roundTripSchema.parse({
    schemaVersion: ROUND_TRIP_SCHEMA_VERSION,
    command: 'lockbench nfs roundtrip',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:01:00.000Z',
    interruptedBy: null,
    seed: 1,
    environment: {
      kernel: 'Linux 6.1.0',
      architecture: 'x64',
      cpuModel: 'a processor',
      cpus: 2,
      memoryBytes: 1,
      governor: null,
      node: 'v20.0.0',
      v8: '11',
      packages: {},
      lockbench: '0.1.0',
      gitRevision: null,
      uid: 0,
      workers: null,
    },
    outside: OUTSIDE,
    findings,
    figures: figuresOf(findings, OUTSIDE),
  });
}

describe('the figures of a sweep', () => {
  const [curve] = figuresOf(findingsOf(600_000, 5), OUTSIDE).curves;

  test('pair each ratio within its block', () => {
    const ratios = curve?.points.map(({ ratio }) => ratio?.median);
    assert.deepEqual(
      ratios,
      [600_000, 1_100_000, 5_600_000].map((ns) => ns / LOCAL_NS),
    );
  });

  test('have the line, its residuals and the round trip of the textbook’s ratio', () => {
    const exact = figuresOf({ ...findingsOf(600_000, 5), rounds: onlyBlock(0, findingsOf(600_000, 5)) }, []);
    const [one] = exact.curves;
    assert.ok(Math.abs((one?.fit?.slope ?? 0) - 5) < 1e-9);
    assert.ok(Math.abs((one?.fit?.interceptNs ?? 0) - 600_000) < 1e-3);
    assert.ok(one?.points.every(({ residualNs }) => Math.abs(residualNs ?? 1) < 1e-3));
    // 600 µs + 5 × 360 µs = 2400 µs = 80 × 30 µs
    assert.ok(Math.abs((one?.wantedRatioAtNs ?? 0) - 360_000) < 1e-3);
    assert.equal(one?.callsPerIncrement, 5);
  });

  test('predict from local cost and counted calls alone', () => {
    const [prediction] = figuresOf(findingsOf(600_000, 5), OUTSIDE).predictions;
    assert.equal(prediction?.localNs, 1000);
    assert.equal(prediction?.ratio, (1000 + 5 * 200_000) / 1000);
    assert.equal(prediction?.wantedRatioAtNs, (79 * 1000) / 5);
  });

  test('of the network are those of empty calls', () => {
    const { emptyCall } = figuresOf(findingsOf(600_000, 5), []);
    assert.deepEqual(
      emptyCall.points.map(({ ns }) => ns.median),
      SWEEP_NS.map((ns) => ns + 500_000),
    );
    assert.ok(Math.abs((emptyCall.fit?.slope ?? 0) - 1) < 1e-9);
  });
});

const onlyBlock = (block: number, { rounds }: Findings): Findings['rounds'] =>
  rounds.filter((round) => round.block === block);

describe('the text of a sweep', () => {
  const result = resultOf({ ...findingsOf(600_000, 5), rounds: onlyBlock(0, findingsOf(600_000, 5)) });

  test('names the calls, the lock manager’s as its own', () => {
    assert.match(callsTable(result), /NLM LOCK, GETATTR, READ, WRITE, NLM UNLOCK/);
  });

  test('has a line for each round trip', () => {
    const table = sweepTable(result);
    assert.match(table, /fcntl\/block, v3, ext4 .* 600 µs/);
    assert.match(table, /1\.00 ms .* 5\.60 ms/);
    assert.match(networkTable(result), /100 µs .* 600 µs .* \+100 µs/);
  });

  test('says where 80 falls', () => {
    const text = roundTripFindings(result).join('\n');
    assert.match(
      text,
      /600 µs \+ 5\.00 round trips, 5\.00 times what an empty call grew by \(local: 30\.0 µs\); 5\.00 calls were counted\./,
    );
    assert.match(text, /80 times the local one at a round trip of 360 µs\./);
  });

  test('has the model’s statement for the machine outside', () => {
    assert.match(predictionsTable(result), /v3 .* 1\.00 µs .* \/tmp \(ext4\) .* 5\.00 .* ≥ 1000 .* 15\.8 µs/);
  });

  test('says that 80 falls at no round trip, where a call alone costs as much', () => {
    const slow = findingsOf(3_000_000, 5);
    const text = roundTripFindings(resultOf({ ...slow, rounds: onlyBlock(0, slow) })).join('\n');
    assert.match(
      text,
      /Even without a round trip it is 100 times the local one, so no round trip gives 80\./,
    );
  });

  test('distrusts its times where an empty call does not grow with the round trip', () => {
    const findings = findingsOf(600_000, 5);
    const emptyCalls = findings.emptyCalls.map((one) => ({ ...one, ns: one.ns.map((ns) => 2 * ns) }));
    assert.match(
      roundTripFindings(result).join(),
      /takes 500 µs \+ 1\.00 times the round trip asked for\.(,|$)/,
    );
    assert.match(
      roundTripFindings(resultOf({ ...findings, emptyCalls })).join(),
      /1\.00 ms \+ 2\.00 times .* other work/,
    );
  });

  test('says that a timed round made other calls than those counted', () => {
    const findings = findingsOf(600_000, 5);
    assert.doesNotMatch(roundTripFindings(result).join('\n'), /made other calls/);
    const rounds = findings.rounds.map((round, i) =>
      i === 1 ? { ...round, requests: { WRITE: TURNS, OPEN: 1 } } : round,
    );
    assert.match(
      roundTripFindings(resultOf({ ...findings, rounds })).join('\n'),
      /fcntl\/block, v3, ext4: 1 of 9 rounds made other calls .* \(GETATTR × 1, READ × 1, WRITE × 1\): WRITE × 1\./,
    );
  });

  test('says what was lost and what failed', () => {
    const findings = findingsOf(600_000, 5);
    const [first, ...rest] = findings.rounds;
    assert.ok(first !== undefined);
    const text = roundTripFindings(
      resultOf({
        ...findings,
        rounds: [{ ...first, lost: 3 }, ...rest],
        failures: [{ what: 'link/spin', reason: 'it broke' }],
      }),
    ).join('\n');
    assert.match(text, /UPDATES WERE LOST: fcntl\/block, local, ext4: 3 of 100\./);
    assert.match(text, /link\/spin: it broke\./);
  });
});

test('the drawing has a dot for each point, a line for each curve and the textbook’s ratio', () => {
  const svg = roundTripPlot(resultOf(findingsOf(600_000, 5)));
  assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.equal(svg.match(/<circle/g)?.length, SWEEP_NS.length);
  assert.match(svg, /stroke-dasharray/);
  assert.match(svg, /fcntl\/block, v3/);
});
