/**
 * What the experiment `80x` has seen, in the lab or on a mount, what that says of the claim, and how it is shown.
 */

import { z } from 'zod';
import { digits, duration } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { areKeptLocal, asksLockd, fileSystemName } from '../../machine/mount-description.js';
import { cellName } from '../../measure/result/result.js';
import { compareCells } from '../../measure/verdict/ranking.js';
import { TEXTBOOK_RATIO } from '../../nfs/roundtrip/roundtrip-figures.js';
import {
  type Curve,
  figuresSchema,
  findingsSchema,
  outsideSchema,
  type Prediction,
} from '../../nfs/roundtrip/roundtrip-schema.js';
import { callsGrid, networkHeld, predictionsGrid, sweepGrid } from '../../nfs/roundtrip/roundtrip-text.js';
import type { MedianEstimate } from '../../statistics/median.js';
import { cellSchema } from '../experiment/experiment-cells.js';
import type { Table, Verdict } from '../experiment/reproduction-schema.js';

const lab = z.strictObject({
  testDirectory: z.literal('lab'),
  outside: z.array(outsideSchema).describe('local increments on this machine, outside of the lab'),
  findings: findingsSchema,
  figures: figuresSchema,
});
const mount = z.strictObject({
  testDirectory: z.literal('mount'),
  local: z.array(cellSchema).describe('in memory, then on the file system that was asked about'),
  remote: cellSchema,
});
export const nfsEvidence = z.discriminatedUnion('testDirectory', [lab, mount]);
export type NfsEvidence = z.infer<typeof nfsEvidence>;
type LabEvidence = z.infer<typeof lab>;
type MountEvidence = z.infer<typeof mount>;

/** "80" is one machine's figure: so far from it by a factor, another machine has it too. */
const NEAR = 1.5;
/** Fewer calls than this in a turn are what the client does by the clock. */
const FEWEST_CALLS = 0.5;

const times = ({ median, low, high }: MedianEstimate): string =>
  `${digits(median)} times (${digits(low)}–${digits(high)})`;

/** What of a lab's curve and of the calls that it makes is to be told together. */
interface Way {
  readonly curve: Curve;
  /** For the temporary directory, a file system as the book's, if it was measured. */
  readonly prediction: Prediction | undefined;
}

const waysOf = ({ figures }: LabEvidence): Way[] =>
  figures.curves.map((curve) => ({
    curve,
    prediction: figures.predictions.filter(({ way }) => way === curve.way).at(-1),
  }));

const crossesNetwork = ({ curve }: Way): boolean => curve.inSequencePerIncrement >= FEWEST_CALLS;

/** Where 80 falls in the lab itself, if it does at a round trip that it could have. */
const inLab = ({ wantedRatioAtNs }: Curve): number | null =>
  wantedRatioAtNs !== null && wantedRatioAtNs > 0 ? wantedRatioAtNs : null;

/** "340 times (222–1080) at 0 ns, 686 times (592–864) at 1.00 ms". */
const endsOf = ({ points }: Curve): string =>
  [points[0], points.at(-1)]
    .flatMap((point) =>
      point === undefined || point.ratio === null
        ? []
        : [`${times(point.ratio)} at ${duration(point.roundTripNs)}`],
    )
    .join(', ');

/** "44.5 µs (v3), 74.0 µs (v4.2)"; where one way's is not known it is left out. A shared file is as version 3 has it. */
const roundTripsOf = (ways: readonly Way[], roundTripOf: (way: Way) => number | null | undefined): string =>
  ways
    .filter(({ curve }) => curve.way !== 'v4.2-shared')
    .flatMap((way) => {
      const ns = roundTripOf(way);
      return ns === null || ns === undefined ? [] : [`${duration(ns)} (${way.curve.way})`];
    })
    .join(', ');

function judgeLab(evidence: LabEvidence): Verdict {
  const ways = waysOf(evidence);
  const lost = evidence.findings.rounds.reduce((sum, round) => sum + round.lost, 0);
  const [first] = ways;
  if (first === undefined) {
    const reasons = evidence.findings.failures.map(({ what, reason }) => `${what}: ${reason}`);
    return { answer: 'undecided', here: '-', why: `Nothing was measured in the lab: ${reasons.join('; ')}.` };
  }
  const { curve } = first;
  const calls = digits(curve.inSequencePerIncrement);
  const here = `${endsOf(curve)}, over ${curve.way} in the lab; ${calls} calls in a row`;
  if (lost > 0) return { answer: 'does not hold', here, why: `${lost} updates were lost over NFS.` };
  if (!ways.every(crossesNetwork)) {
    return {
      answer: 'does not hold',
      here,
      why: `${curve.strategy}/${curve.wait} makes no call to the server in most turns, so no round trip makes it 80 times as slow.`,
    };
  }
  const why =
    `An increment waits for ${calls} calls in a row, so the ratio depends on the round trip and on the cost of a local ` +
    'increment. A faster machine reaches 80 at a shorter round trip.';
  const measured = networkHeld(evidence.figures) ? roundTripsOf(ways, ({ curve }) => inLab(curve)) : '';
  if (measured !== '') {
    return {
      answer: 'holds under',
      under: `a round trip of about ${measured}, measured in the lab`,
      here,
      why,
    };
  }
  const modelled = roundTripsOf(ways, ({ prediction }) => prediction?.wantedRatioAtNs);
  return {
    answer: 'holds under',
    under: `a round trip of at most ${modelled}, by the calls counted and what a local increment takes here`,
    predicted: true,
    here,
    why: `${why} In the lab, the calls alone cost more than that.`,
  };
}

/** Requests in a turn. The mount does not count those that fcntl makes to lockd, one for each of its two calls. */
function callsOnMount({ remote }: MountEvidence): number {
  const { directory } = remote.conditions;
  const counted = Object.values(remote.rpcsPerIncrement ?? {}).reduce((sum, calls) => sum + calls, 0);
  return counted + (asksLockd(directory) && !areKeptLocal('posix', directory) ? 2 : 0);
}

function judgeMount(evidence: MountEvidence): Verdict {
  const { local, remote } = evidence;
  const base = local.at(-1);
  const ratio = base === undefined ? null : (compareCells(remote, base)?.ratio ?? null);
  if (base === undefined || ratio === null) throw new Error('a local file was expected to compare to');
  const calls = callsOnMount(evidence);
  const here = `${times(ratio)} over ${fileSystemName(remote.conditions.directory)}; ${digits(calls)} calls an increment`;
  if (remote.verdict.lost > 0) {
    return { answer: 'does not hold', here, why: `${remote.verdict.lost} updates were lost over NFS.` };
  }
  const localNs = base.nsPerIncrement.median;
  const callNs = (remote.nsPerIncrement.median - localNs) / calls;
  if (calls < FEWEST_CALLS || callNs <= 0) {
    const why = `${cellName(remote)} makes no call to the server in most turns: locks or file pages stay on the client.`;
    return { answer: 'does not hold', here, why };
  }
  const why = `Each of the ${digits(calls)} calls of an increment takes ${duration(callNs)} here, and a local increment ${duration(localNs)}.`;
  if (ratio.median >= TEXTBOOK_RATIO / NEAR && ratio.median <= TEXTBOOK_RATIO * NEAR) {
    return { answer: 'holds', here, why };
  }
  const wantedNs = ((TEXTBOOK_RATIO - 1) * localNs) / calls;
  return {
    answer: 'holds under',
    under: `calls of about ${duration(wantedNs)} each`,
    predicted: true,
    here,
    why,
  };
}

export const judgeNfs = (evidence: NfsEvidence): Verdict =>
  evidence.testDirectory === 'lab' ? judgeLab(evidence) : judgeMount(evidence);

function labTables({ findings, figures }: LabEvidence): Table[] {
  const { kernel, machine, failures } = findings;
  const where = machine === 'host' ? kernel : `${kernel} under ${machine.toUpperCase()}`;
  const [{ roundTripNs = 0 } = {}] = figures.predictions;
  const tables: Table[] = [
    { title: `An increment over NFS as the round trip grows (${where})`, ...sweepGrid(figures) },
    { title: 'The calls of an increment', ...callsGrid(findings) },
    {
      title: `Predicted by the model, not measured: this machine outside the lab, at a round trip of ${duration(roundTripNs)}`,
      ...predictionsGrid(figures),
    },
  ];
  if (failures.length > 0) {
    const rows = failures.map(({ what, reason }) => [what, reason]);
    tables.push({ title: 'What could not be measured', head: ['what', 'why'], rows });
  }
  return tables;
}

function mountTables({ local, remote }: MountEvidence): Table[] {
  return [
    {
      title: 'An increment of one process',
      head: ['directory', 'an increment', 'NFS takes'],
      rows: [...local, remote].map((cell) => {
        const { path, filesystem } = cell.conditions.directory;
        const ratio = cell === remote ? null : (compareCells(remote, cell)?.ratio ?? null);
        return [
          `${visible(path)} (${filesystem})`,
          duration(cell.nsPerIncrement.median),
          ratio === null ? '-' : times(ratio),
        ];
      }),
    },
    {
      title: 'Requests to the server per increment, without those to lockd',
      head: ['operation', 'an increment'],
      rows: Object.entries(remote.rpcsPerIncrement ?? {}).map(([name, calls]) => [name, digits(calls)]),
    },
  ];
}

export const nfsTables = (evidence: NfsEvidence): Table[] =>
  evidence.testDirectory === 'lab' ? labTables(evidence) : mountTables(evidence);
