/**
 * The result of `lockbench nfs roundtrip` as a drawing, SVG: what was measured, the line through each sweep, and the
 * textbook's ratio. This is the one file that knows Observable Plot.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { lineAt } from '../statistics/least-squares.js';
import type { Curve, RoundTripResult } from './roundtrip-result.js';

const WIDTH = 960;
/** Of the part for one file system. */
const HEIGHT = 400;
const LABEL_HEIGHT = 15;
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

/** A name at the right end of each line, moved up where another one stands there. */
function labels(lines: readonly Mark[], marks: readonly Mark[]): Mark[] {
  const ratios = marks.map(({ ratio }) => ratio);
  const apart = (Math.max(...ratios) / Math.min(...ratios)) ** (LABEL_HEIGHT / HEIGHT);
  const placed: Mark[] = [];
  const last = lines.filter(
    (mark, i) => mark.curve !== lines[i + 1]?.curve || mark.us > (lines[i + 1]?.us ?? 0),
  );
  for (const mark of [...last].sort((a, b) => a.ratio - b.ratio)) {
    const below = placed.filter((one) => one.export === mark.export).at(-1);
    placed.push({ ...mark, ratio: Math.max(mark.ratio, below === undefined ? 0 : below.ratio * apart) });
  }
  return placed;
}

/** The drawing, a text that is a file. */
export function roundTripPlot({ figures }: RoundTripResult): string {
  const { curves, wantedRatio } = figures;
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const [lines, dots] = [modelled(curves), measured(curves)];
  const exports = new Set(curves.map((curve) => curve.export));
  const place = { x: 'us', y: 'ratio', fy: 'export' };
  const chart = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT * exports.size + 2 * LABEL_HEIGHT,
    marginLeft: 60,
    marginRight: LABEL_WIDTH,
    grid: true,
    style: { background: 'white', color: 'black', fontSize: '12px' },
    x: { label: 'round trip that the network adds (µs) →' },
    y: { type: 'log', label: '↑ times as long as on the export itself' },
    fy: { label: null, axis: exports.size > 1 ? 'left' : null },
    marks: [
      Plot.frame({ stroke: '#ccc' }),
      Plot.ruleY([wantedRatio], { stroke: 'black', strokeDasharray: '5 4' }),
      Plot.line(lines, { ...place, stroke: 'curve' }),
      Plot.dot(dots, { ...place, fill: 'curve', r: 4 }),
      Plot.text(labels(lines, [...lines, ...dots]), {
        ...place,
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
  // Not every reader of SVG knows backgrounds.
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: 'white' }))
    paper.setAttribute(name, value);
  const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  title.textContent = 'How many times as long an increment takes over NFS, by the round trip of the network';
  chart.prepend(title, paper);
  // The library sets it in a way that this document forgets; without it a file is no drawing.
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${chart.outerHTML}\n`;
}
