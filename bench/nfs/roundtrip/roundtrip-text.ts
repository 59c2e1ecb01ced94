/**
 * The result of `lockbench nfs roundtrip` for the terminal: the calls, the sweep, and what follows.
 */

import { digits, duration, withBounds } from '../../base/format.js';
import { cellName } from '../../measure/result/result.js';
import { plainTable } from '../../text/table.js';
import type { Calls, Curve, Figures, Findings, Key, RoundTripResult } from './roundtrip-schema.js';

/** A table before it is laid out. */
export interface Grid {
  readonly head: string[];
  readonly rows: string[][];
}

const laidOut = ({ head, rows }: Grid): string => plainTable(head, rows);

/** "fcntl/block, v3, tmpfs". */
export const describe = (key: Key): string => `${cellName(key)}, ${key.way}, ${key.export}`;

/** A signed duration: "-1.2 ms". */
const signed = (ns: number): string => `${ns < 0 ? '-' : '+'}${duration(Math.abs(ns))}`;

/** The lock manager's LOCK is another program's than version 4's. */
export const callName = ({ program, name }: Calls['procedures'][number]): string =>
  program === 'nfs' ? name : `${program === 'lockd' ? 'NLM' : program} ${name}`;

/** "LOCK", or "LOCK 0.01" where it is not called once in each turn. */
function procedureText({ procedures, turns }: Calls): string {
  return procedures
    .map((procedure) => {
      const { calls } = procedure;
      const called = callName(procedure);
      return calls === turns ? called : `${called} × ${digits(calls / turns)}`;
    })
    .join(', ');
}

/** Which calls one increment makes. */
export const callsGrid = ({ calls }: Findings): Grid => ({
  head: ['strategy/wait', 'way', 'export', 'calls', 'in a row', 'which'],
  rows: calls.map((one) => [
    cellName(one),
    one.way,
    one.export,
    digits(one.procedures.reduce((sum, { calls }) => sum + calls, 0) / one.turns),
    digits(one.inSequence / one.turns),
    procedureText(one),
  ]),
});

export const callsTable = ({ findings }: RoundTripResult): string => laidOut(callsGrid(findings));

/** The sweep: a line for each round trip of each way. */
export const sweepGrid = ({ curves }: Figures): Grid => ({
  head: ['strategy/wait, way, export', 'round trip', 'an increment', 'x local', 'model', 'residual'],
  rows: curves.flatMap((curve) =>
    curve.points.map(({ roundTripNs, nsPerIncrement, ratio, modelNs, residualNs }, i) => [
      i === 0 ? describe(curve) : '',
      duration(roundTripNs),
      withBounds(nsPerIncrement),
      ratio === null ? '-' : `${digits(ratio.median)} (${digits(ratio.low)}–${digits(ratio.high)})`,
      modelNs === null ? '-' : duration(modelNs),
      residualNs === null ? '-' : signed(residualNs),
    ]),
  ),
});

export const sweepTable = ({ figures }: RoundTripResult): string => laidOut(sweepGrid(figures));

/** What the network was asked for, and what an empty call took. */
export function networkGrid({ emptyCall: { points } }: Figures): Grid {
  const atZero = points.find(({ roundTripNs }) => roundTripNs === 0)?.ns.median;
  return {
    head: ['round trip asked for', 'an empty call', 'more than at 0'],
    rows: points.map(({ roundTripNs, ns }) => [
      duration(roundTripNs),
      withBounds(ns),
      atZero === undefined ? '-' : signed(ns.median - atZero),
    ]),
  };
}

export const networkTable = ({ figures }: RoundTripResult): string => laidOut(networkGrid(figures));

/** What the counted calls mean outside of the lab: the model's statement, of which only the local cost was measured. */
export function predictionsGrid({ wantedRatio, predictions }: Figures): Grid {
  const [{ roundTripNs = 0 } = {}] = predictions;
  return {
    head: [
      'strategy/wait, way',
      'local, measured',
      'in',
      'calls in a row',
      `ratio at ${duration(roundTripNs)}`,
      `${wantedRatio} times at`,
    ],
    rows: predictions.map((one) => [
      `${cellName(one)}, ${one.way}`,
      duration(one.localNs),
      `${one.directory} (${one.filesystem})`,
      digits(one.inSequencePerIncrement),
      `≥ ${digits(one.ratio)}`,
      one.wantedRatioAtNs === null ? '-' : duration(one.wantedRatioAtNs),
    ]),
  };
}

export const predictionsTable = ({ figures }: RoundTripResult): string => laidOut(predictionsGrid(figures));

/** "3.10 ms + 4.98 round trips" */
const lineText = ({ interceptNs, slope }: { interceptNs: number; slope: number }): string =>
  `${interceptNs < 0 ? '-' : ''}${duration(Math.abs(interceptNs))} ${slope < 0 ? '-' : '+'} ${digits(Math.abs(slope))}`;

/** Where the model has the textbook's ratio. */
function wantedSentence({ wantedRatioAtNs, ratioAtZero, points }: Curve, wanted: number): string {
  if (wantedRatioAtNs === null || ratioAtZero === null) return '';
  if (wantedRatioAtNs < 0) {
    return ` Even without a round trip it is ${digits(ratioAtZero)} times the local one, so no round trip gives ${wanted}.`;
  }
  const longest = Math.max(...points.map(({ roundTripNs }) => roundTripNs));
  const beyond = wantedRatioAtNs > longest ? ', beyond the sweep' : '';
  return ` It is ${wanted} times the local one at a round trip of ${duration(wantedRatioAtNs)}${beyond}.`;
}

/** `emptySlope`: how much an empty call grew for each round trip asked for; a curve is judged by what the network did. */
function curveSentence(curve: Curve, wanted: number, emptySlope: number | null): string {
  const { fit, callsPerIncrement, inSequencePerIncrement, localNs } = curve;
  if (fit === null) return '';
  const local = localNs === null ? '' : ` (local: ${duration(localNs)})`;
  const counted = digits(inSequencePerIncrement);
  const all = digits(callsPerIncrement);
  const calls =
    all === counted
      ? `${counted} calls were counted`
      : `${all} calls were counted, ${counted} of them in a row`;
  const seen =
    emptySlope === null || emptySlope <= 0
      ? ''
      : `, ${digits(Math.abs(fit.slope / emptySlope))} times what an empty call grew by`;
  return `${describe(curve)}: ${lineText(fit)} round trips${seen}${local}; ${calls}.${wantedSentence(curve, wanted)}`;
}

/** An empty call takes the round trip once: what differs by more than this is the machine's other work. */
const TOLERANCE = 0.2;

/** Whether the network delayed what it was asked to delay. */
export const networkHeld = ({ emptyCall: { fit } }: Figures): boolean =>
  fit !== null && Math.abs(fit.slope - 1) <= TOLERANCE;

function networkSentences({ figures }: RoundTripResult): string[] {
  const { fit } = figures.emptyCall;
  if (fit === null) return [];
  const text = `The network: an empty call takes ${lineText(fit)} times the round trip asked for.`;
  if (networkHeld(figures)) return [text];
  return [`${text} 1.00 was expected: this machine had other work, and no time measured here is valid.`];
}

/** The operations that each turn calls once or more, whatever else time has brought on. */
const usual = (counts: readonly (readonly [string, number])[], turns: number): string =>
  counts
    .filter(([, calls]) => Math.round(calls / turns) > 0)
    .map(([name, calls]) => `${name} × ${Math.round(calls / turns)}`)
    .sort()
    .join(', ');

/** Timed rounds whose turns called for something else than those that were counted: a delegation given or not. */
function otherCallsSentences({ findings: { calls, rounds } }: RoundTripResult): string[] {
  return calls.flatMap((counted) => {
    const { procedures, turns } = counted;
    const nfs = procedures.filter(({ program }) => program === 'nfs');
    const expected = usual(
      nfs.map((one) => [one.name, one.calls]),
      turns,
    );
    const own = rounds.filter((round) => describe(round) === describe(counted) && round.requests !== null);
    const other = own.map((round) => usual(Object.entries(round.requests ?? {}), round.turns));
    const [first, ...more] = other.filter((text) => text !== expected);
    if (first === undefined) return [];
    return [
      `${describe(counted)}: ${more.length + 1} of ${own.length} rounds made other calls than those counted (${expected}): ${first}.`,
    ];
  });
}

/** Sentences under the tables, a line each. */
export function roundTripFindings(result: RoundTripResult): string[] {
  const { findings, figures, interruptedBy } = result;
  const lost = findings.rounds.filter((round) => round.lost !== 0);
  return [
    ...networkSentences(result),
    ...figures.curves
      .map((curve) => curveSentence(curve, figures.wantedRatio, figures.emptyCall.fit?.slope ?? null))
      .filter((text) => text !== ''),
    ...findings.calls.flatMap((one) =>
      one.disagreement === null ? [] : [`${describe(one)}: mountstats disagrees: ${one.disagreement}.`],
    ),
    ...otherCallsSentences(result),
    ...lost.map((round) => `UPDATES WERE LOST: ${describe(round)}: ${round.lost} of ${round.turns}.`),
    ...findings.failures.map(({ what, reason }) => `${what}: ${reason}.`),
    ...(interruptedBy === null ? [] : [`Ended early by ${interruptedBy}; what was measured is shown.`]),
  ];
}
