/**
 * The result of `lockbench nfs roundtrip` for the terminal: the calls, the sweep, and what follows.
 */
import { bounds, digits, duration } from './format.js';
import type { Calls, Curve, Key, Prediction, RoundTripResult } from './roundtrip-result.js';
import { plainTable } from './table.js';

const lockOf = ({ strategy, wait }: Pick<Key, 'strategy' | 'wait'>): string => `${strategy}/${wait}`;

/** A signed duration: "-1.2 ms". */
const signed = (ns: number): string => `${ns < 0 ? '-' : '+'}${duration(Math.abs(ns))}`;

/** "LOCK", or "LOCK 0.01" where it is not called once in each turn. */
function procedureText({ procedures, turns }: Calls): string {
  return procedures
    .map(({ program, name, calls }) => {
      // The lock manager's LOCK is another program's than version 4's.
      const called = program === 'nfs' ? name : `${program === 'lockd' ? 'NLM' : program} ${name}`;
      return calls === turns ? called : `${called} × ${digits(calls / turns)}`;
    })
    .join(', ');
}

/** Which calls one increment makes. */
export function callsTable({ findings }: RoundTripResult): string {
  const head = ['strategy/wait', 'way', 'export', 'calls', 'in a row', 'which'];
  return plainTable(
    head,
    findings.calls.map((one) => [
      lockOf(one),
      one.way,
      one.export,
      digits(one.procedures.reduce((sum, { calls }) => sum + calls, 0) / one.turns),
      digits(one.inSequence / one.turns),
      procedureText(one),
    ]),
  );
}

const interval = ({ median, low, high }: { median: number; low: number; high: number }): string =>
  `${duration(median)} (${bounds(low, high, median)})`;

/** The sweep: a line for each round trip of each way. */
export function sweepTable({ figures }: RoundTripResult): string {
  const head = ['strategy/wait, way, export', 'round trip', 'an increment', '× local', 'model', 'residual'];
  const rows = figures.curves.flatMap((curve) =>
    curve.points.map(({ roundTripNs, nsPerIncrement, ratio, modelNs, residualNs }, i) => [
      i === 0 ? `${lockOf(curve)}, ${curve.way}, ${curve.export}` : '',
      duration(roundTripNs),
      interval(nsPerIncrement),
      ratio === null ? '-' : `${digits(ratio.median)} (${digits(ratio.low)}–${digits(ratio.high)})`,
      modelNs === null ? '-' : duration(modelNs),
      residualNs === null ? '-' : signed(residualNs),
    ]),
  );
  return plainTable(head, rows);
}

/** What the network was asked for, and what an empty call took. */
export function networkTable({ figures }: RoundTripResult): string {
  const { points } = figures.emptyCall;
  const atZero = points.find(({ roundTripNs }) => roundTripNs === 0)?.ns.median;
  return plainTable(
    ['round trip asked for', 'an empty call', 'more than at 0'],
    points.map(({ roundTripNs, ns }) => [
      duration(roundTripNs),
      interval(ns),
      atZero === undefined ? '-' : duration(ns.median - atZero),
    ]),
  );
}

/** Where the model has the textbook's ratio. */
function wantedSentence({ wantedRatioAtNs, ratioAtZero, points }: Curve, wanted: number): string {
  if (wantedRatioAtNs === null || ratioAtZero === null) return '';
  if (wantedRatioAtNs < 0) {
    return ` Without any round trip it is ${digits(ratioAtZero)} times the local one already: ${wanted} falls at none.`;
  }
  const longest = Math.max(...points.map(({ roundTripNs }) => roundTripNs));
  const beyond = wantedRatioAtNs > longest ? ', beyond what was swept' : '';
  return ` It is ${wanted} times the local one at a round trip of ${duration(wantedRatioAtNs)}${beyond}.`;
}

function curveSentence(curve: Curve, wanted: number): string {
  const { fit, callsPerIncrement, inSequencePerIncrement, localNs } = curve;
  if (fit === null) return '';
  const name = `${lockOf(curve)}, ${curve.way}, ${curve.export}`;
  const local = localNs === null ? '' : ` (local: ${duration(localNs)})`;
  const counted =
    callsPerIncrement === inSequencePerIncrement
      ? `${digits(inSequencePerIncrement)} calls were counted`
      : `of ${digits(callsPerIncrement)} calls, ${digits(inSequencePerIncrement)} one after another were counted`;
  return (
    `${name}: ${duration(fit.interceptNs)} + ${digits(fit.slope)} round trips${local}; ${counted}.` +
    wantedSentence(curve, wanted)
  );
}

function predictionSentence(prediction: Prediction, wanted: number): string {
  const { way, directory, filesystem, localNs, inSequencePerIncrement, roundTripNs, ratio } = prediction;
  const { wantedRatioAtNs } = prediction;
  const there = wantedRatioAtNs === null ? '' : `; ${wanted} times at ${duration(wantedRatioAtNs)}`;
  return (
    `${lockOf(prediction)}, ${way}: ${duration(localNs)} in ${directory} (${filesystem}), ` +
    `${digits(inSequencePerIncrement)} calls of ${duration(roundTripNs)}: at least ${digits(ratio)} times${there}.`
  );
}

/** Sentences under the tables, a line each. */
export function roundTripFindings({ findings, figures, interruptedBy }: RoundTripResult): string[] {
  const { wantedRatio, emptyCall, curves, predictions } = figures;
  const { fit } = emptyCall;
  const lost = findings.rounds.filter((round) => round.lost !== 0);
  return [
    ...(fit === null
      ? []
      : [
          `The network: an empty call takes ${duration(fit.interceptNs)} and ${digits(fit.slope)} times the round trip asked for.`,
        ]),
    ...curves.map((curve) => curveSentence(curve, wantedRatio)).filter((text) => text !== ''),
    ...(predictions.length === 0
      ? []
      : [
          'By the model, not measured: on this machine without the virtual one, over a network in one building, the ' +
            'time that server and client take for a call left out:',
          ...predictions.map((one) => `  ${predictionSentence(one, wantedRatio)}`),
        ]),
    ...findings.calls.flatMap((one) =>
      one.disagreement === null
        ? []
        : [`${lockOf(one)}, ${one.way}, ${one.export}: mountstats counted otherwise: ${one.disagreement}.`],
    ),
    ...lost.map(
      (round) =>
        `UPDATES WERE LOST: ${lockOf(round)}, ${round.way}, ${round.export}: ${round.lost} of ${round.turns}.`,
    ),
    ...findings.failures.map(({ what, reason }) => `${what}: ${reason}.`),
    ...(interruptedBy === null ? [] : [`Ended early by ${interruptedBy}; what was measured is shown.`]),
  ];
}
