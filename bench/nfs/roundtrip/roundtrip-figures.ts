/**
 * From what the lab's rounds found to figures: medians, ratios, a straight line through each sweep, and what follows
 * from the count of calls for a machine that was not measured.
 */

import { fitLine, lineAt } from '../../statistics/least-squares.js';
import { estimateMedian, median } from '../../statistics/median.js';
import { compareByBlock, type SamplesByBlock } from '../../statistics/paired-ratio.js';
import type {
  Calls,
  Curve,
  Figures,
  Findings,
  Key,
  Outside,
  Prediction,
  SweepRound,
} from './roundtrip-schema.js';

/** What an increment over NFS cost, as the textbook has it, where a local one costs 1. */
export const TEXTBOOK_RATIO = 80;
/** Of a network in one building; assumed, not measured. */
const LAN_ROUND_TRIP_NS = 200e3;

const isSame = (a: Key, b: Key): boolean =>
  a.strategy === b.strategy && a.wait === b.wait && a.way === b.way && a.export === b.export;

const perIncrement = ({ wallNs, turns }: SweepRound): number => wallNs / turns;

const byBlock = (rounds: readonly SweepRound[]): SamplesByBlock =>
  new Map(rounds.map((round) => [round.block, perIncrement(round)]));

/** Different values, smallest first. */
const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

function curveOf(calls: Calls, rounds: readonly SweepRound[]): Curve {
  const { strategy, wait, way, export: exported, turns, procedures, inSequence } = calls;
  const own = rounds.filter((round) => isSame(round, calls));
  const local = rounds.filter((round) => isSame(round, { ...calls, way: 'local' }));
  const localNs = local.length === 0 ? null : median(local.map(perIncrement));
  const medians = ascending(own.map(({ roundTripNs }) => roundTripNs)).map((roundTripNs) => {
    const here = own.filter((round) => round.roundTripNs === roundTripNs);
    const ratio = compareByBlock(byBlock(here), byBlock(local))?.ratio ?? null;
    return { roundTripNs, nsPerIncrement: estimateMedian(here.map(perIncrement)), ratio };
  });
  // Through the medians: squares would let one disturbed round tilt the line.
  const fit = fitLine(
    medians.map(({ roundTripNs, nsPerIncrement }) => ({ x: roundTripNs, y: nsPerIncrement.median })),
  );
  return {
    strategy,
    wait,
    way,
    export: exported,
    localNs,
    callsPerIncrement: procedures.reduce((sum, one) => sum + one.calls, 0) / turns,
    inSequencePerIncrement: inSequence / turns,
    points: medians.map((point) => {
      const modelNs = fit === null ? null : lineAt(fit, point.roundTripNs);
      const residualNs = modelNs === null ? null : point.nsPerIncrement.median - modelNs;
      return { ...point, modelNs, residualNs };
    }),
    fit: fit === null ? null : { interceptNs: fit.intercept, slope: fit.slope },
    ratioAtZero: fit === null || localNs === null ? null : fit.intercept / localNs,
    wantedRatioAtNs:
      fit === null || localNs === null || fit.slope <= 0
        ? null
        : (TEXTBOOK_RATIO * localNs - fit.intercept) / fit.slope,
  };
}

/**
 * What the count of calls means where an increment takes `outside` locally: each call that is waited for costs one round
 * trip, and nothing else. The time that server and client take for a call is left out, so that the ratio is the least.
 */
function predictionsOf(outside: readonly Outside[], curves: readonly Curve[]): Prediction[] {
  return outside.flatMap(({ strategy, wait, directory, filesystem, nsPerIncrement }) => {
    const localNs = median(nsPerIncrement);
    const seen = new Set<string>();
    return curves.flatMap((curve): Prediction[] => {
      // Calls are the protocol's; the file system behind the export changes none of them.
      if (curve.strategy !== strategy || curve.wait !== wait || seen.has(curve.way)) return [];
      seen.add(curve.way);
      const calls = curve.inSequencePerIncrement;
      return [
        {
          strategy,
          wait,
          way: curve.way,
          directory,
          filesystem,
          localNs,
          inSequencePerIncrement: calls,
          roundTripNs: LAN_ROUND_TRIP_NS,
          ratio: (localNs + calls * LAN_ROUND_TRIP_NS) / localNs,
          wantedRatioAtNs: calls === 0 ? null : ((TEXTBOOK_RATIO - 1) * localNs) / calls,
        },
      ];
    });
  });
}

/** Works the figures out. */
export function figuresOf(findings: Findings, outside: readonly Outside[]): Figures {
  const { calls, rounds, emptyCalls } = findings;
  const curves = calls.map((one) => curveOf(one, rounds)).filter(({ points }) => points.length > 0);
  const medians = emptyCalls.map(({ roundTripNs, ns }) => ({ roundTripNs, ns: median(ns) }));
  const points = ascending(medians.map(({ roundTripNs }) => roundTripNs)).map((roundTripNs) => ({
    roundTripNs,
    ns: estimateMedian(medians.filter((one) => one.roundTripNs === roundTripNs).map(({ ns }) => ns)),
  }));
  const fit = fitLine(points.map(({ roundTripNs, ns }) => ({ x: roundTripNs, y: ns.median })));
  return {
    wantedRatio: TEXTBOOK_RATIO,
    emptyCall: {
      points,
      fit: fit === null ? null : { interceptNs: fit.intercept, slope: fit.slope },
    },
    curves,
    predictions: predictionsOf(outside, curves),
  };
}
