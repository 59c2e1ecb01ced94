/**
 * The result of `lockbench nfs roundtrip` as a drawing, SVG: what was measured, the line through each sweep, and the
 * textbook's ratio.
 */

import { lineAt } from '../../statistics/least-squares.js';
import { apart, drawing, FRAME, Plot, RULE } from '../../text/drawing.js';
import type { Curve, RoundTripResult } from './roundtrip-schema.js';

/** Of the part for one file system. */
const HEIGHT = 400;
/** For the axis below, whose label stands under its numbers: beside them, the last one would stand in it. */
const FOOT = 45;
const LABEL_WIDTH = 190;
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

/** A name at the right end of each line, on a scale that has the marks and the ratio that is wanted. */
function labels(lines: readonly Mark[], marks: readonly Mark[], wantedRatio: number): Mark[] {
  const ends = lines.filter(
    (mark, i) => mark.curve !== lines[i + 1]?.curve || mark.us > (lines[i + 1]?.us ?? 0),
  );
  const extent = [...marks.map(({ ratio }) => ratio), wantedRatio];
  return [...new Set(ends.map((mark) => mark.export))].flatMap((name) => {
    const here = ends.filter((mark) => mark.export === name);
    const heights = apart(
      here.map(({ ratio }) => ratio),
      extent,
      HEIGHT,
    );
    return here.map((mark, i) => ({ ...mark, ratio: heights[i] ?? mark.ratio }));
  });
}

/** The drawing, a text that is a file. */
export function roundTripPlot({ figures }: Pick<RoundTripResult, 'figures'>): string {
  const { curves, wantedRatio } = figures;
  const [lines, dots] = [modelled(curves), measured(curves)];
  const exports = new Set(curves.map((curve) => curve.export));
  const roundDirectory = { x: 'us', y: 'ratio', fy: 'export' };
  const title = 'Time of an increment over NFS, as a multiple of a local one, by the network’s round trip';
  return drawing(title, {
    height: HEIGHT * exports.size + FOOT,
    marginLeft: 60,
    marginBottom: FOOT,
    marginRight: LABEL_WIDTH,
    grid: true,
    x: { label: 'round trip that the network adds (µs) →', labelAnchor: 'center', labelOffset: FOOT - 8 },
    y: { type: 'log', label: '↑ times as long as on the export itself' },
    fy: { label: null, axis: exports.size > 1 ? 'left' : null },
    marks: [
      Plot.frame({ stroke: FRAME }),
      Plot.ruleY([wantedRatio], { stroke: RULE, strokeDasharray: '5 4' }),
      Plot.line(lines, { ...roundDirectory, stroke: 'curve' }),
      Plot.dot(dots, { ...roundDirectory, fill: 'curve', r: 4 }),
      Plot.text(labels(lines, [...lines, ...dots], wantedRatio), {
        ...roundDirectory,
        text: 'curve',
        fill: 'curve',
        textAnchor: 'start',
        dx: 8,
      }),
      Plot.text([wantedRatio], {
        y: (ratio: number) => ratio,
        text: (ratio: number) => `${ratio} times`,
        frameAnchor: 'left',
        dx: 4,
        dy: -7,
      }),
    ],
  });
}
