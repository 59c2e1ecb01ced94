/**
 * The result of `lockbench nfs roundtrip` as a drawing, SVG: what was measured, the line through each sweep, and the
 * textbook's ratio. This is the one file that knows Observable Plot.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { lineAt } from '../statistics/least-squares.js';
import type { Curve, RoundTripResult } from './roundtrip-result.js';

const WIDTH = 960;
const HEIGHT = 480;
const STEPS = 60;

interface Mark {
  readonly curve: string;
  readonly export: string;
  readonly us: number;
  readonly ratio: number;
}

const nameOf = ({ strategy, wait, way }: Curve): string => `${strategy}/${wait}, ${way}`;

/** Medians of the ratio, as they were measured. */
const measured = (curves: readonly Curve[]): Mark[] =>
  curves.flatMap((curve) =>
    curve.points.flatMap(({ roundTripNs, ratio }) =>
      ratio === null
        ? []
        : [{ curve: nameOf(curve), export: curve.export, us: roundTripNs / 1e3, ratio: ratio.median }],
    ),
  );

/** The fitted lines, in steps: on a scale of powers of ten they are bent. */
const modelled = (curves: readonly Curve[]): Mark[] =>
  curves.flatMap((curve) => {
    const { fit, localNs, points } = curve;
    if (fit === null || localNs === null) return [];
    const longest = Math.max(...points.map(({ roundTripNs }) => roundTripNs));
    const line = { intercept: fit.interceptNs, slope: fit.slope };
    return Array.from({ length: STEPS + 1 }, (_, i) => {
      const ns = (longest * i) / STEPS;
      return {
        curve: nameOf(curve),
        export: curve.export,
        us: ns / 1e3,
        ratio: lineAt(line, ns) / localNs,
      };
    });
  });

/** The drawing, a text that is a file. */
export function roundTripPlot({ figures }: RoundTripResult): string {
  const { curves, wantedRatio } = figures;
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 60,
    marginRight: 40,
    grid: true,
    style: { background: 'white', color: 'black', fontSize: '12px' },
    x: { label: 'round trip that the network adds (µs) →' },
    y: { type: 'log', label: '↑ times as long as on the export itself' },
    fx: { label: null },
    color: { legend: false },
    marks: [
      Plot.frame({ stroke: '#ccc' }),
      Plot.ruleY([wantedRatio], { stroke: 'black', strokeDasharray: '5 4' }),
      Plot.line(modelled(curves), { x: 'us', y: 'ratio', stroke: 'curve', fx: 'export' }),
      Plot.dot(measured(curves), { x: 'us', y: 'ratio', fill: 'curve', fx: 'export', r: 4 }),
    ],
  });
  return `${chart.outerHTML}\n`;
}
