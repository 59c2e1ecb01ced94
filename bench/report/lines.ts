/**
 * Lines on two axes of powers of ten, of which a few are told apart by colour and named at their ends, and the others are
 * grey: more than seven colours nobody can tell apart.
 */

import { apart } from '../text/drawing.js';
import { type AxisSpec, axisX, axisY, roomFor } from './axes.js';
import { isNarrow, Plot, type PlotOptions } from './chart.js';
import { LINE_COLOURS } from './families.js';
import { fitting } from './names.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What was measured, where the line itself is a model. */
export interface Measured extends Point {
  readonly low: number;
  readonly high: number;
}

export interface LineOf {
  readonly key: string;
  readonly name: string;
  readonly points: readonly Point[];
  /** Drawn in place of the points. */
  readonly measured?: readonly Measured[];
}

export interface Axis extends AxisSpec {
  readonly domain: readonly [number, number];
}

export interface LinesSpec {
  readonly lines: readonly LineOf[];
  /** Names, at most seven. */
  readonly featured: readonly string[];
  readonly x: Axis;
  readonly y: Axis;
  readonly base?: number;
  /** Of the axis below, which has powers of ten otherwise. */
  readonly linear?: true;
  /** Drawn below the lines. */
  readonly below?: PlotOptions['marks'];
  readonly height?: number;
}

const DASHES = ['none', '7 3', '2 3', '10 3 2 3', 'none', '5 5', '1 2'];
const [TOP, BOTTOM] = [34, 44];

/** Marks all that a mark draws. */
const marked =
  (key: string): Plot.RenderFunction =>
  (index, scales, values, dimensions, context, next) => {
    const group = next?.(index, scales, values, dimensions, context) ?? null;
    group?.setAttribute('data-lock', key);
    return group;
  };

export function lines(
  { lines, featured, x, y, base = 10, linear, below = [], height = 430 }: LinesSpec,
  width: number,
): PlotOptions {
  const narrow = isNarrow(width);
  const coloured = featured.flatMap((name, i) => {
    const line = lines.find((one) => one.name === name);
    return line === undefined
      ? []
      : [{ ...line, colour: LINE_COLOURS[i] ?? 'var(--ink)', dash: DASHES[i] ?? 'none' }];
  });
  const grey = lines.filter(({ name }) => !featured.includes(name));
  const ends = coloured.flatMap((line) => {
    const end = line.points.at(-1);
    return end === undefined ? [] : [{ ...line, ...end }];
  });
  const tall = narrow ? Math.round(height * 0.9) : height;
  const inner = tall - TOP - BOTTOM;
  const heights = apart(
    ends.map((end) => end.y),
    y.domain,
    inner,
  );
  const most = narrow ? 12 : 24;
  const [, right] = x.domain;
  const labels = ends.map((end, i) => ({
    ...{ ...end, right, at: heights[i] ?? end.y, text: fitting(end.name, featured, most) },
  }));
  const marginRight = roomFor(labels.map(({ text }) => text));
  const stroke = (one: { points: readonly Point[]; key: string }, style: object) =>
    Plot.line(one.points, {
      ...{ x: 'x', y: 'y', ...style },
      render: marked(one.key),
    });
  return {
    height: tall,
    marginLeft: roomFor(y.ticks.map(y.tick)),
    marginRight,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { ...(linear ? { type: 'linear' } : { type: 'log', base }), domain: [...x.domain] },
    y: { type: 'log', domain: [...y.domain] },
    marks: [
      ...axisX(x),
      ...axisY(y),
      ...below,
      ...grey.map((one) =>
        stroke(one, { stroke: 'var(--soft)', strokeOpacity: 0.35, strokeWidth: 1, title: () => one.name }),
      ),
      ...coloured.map((one) =>
        stroke(one, { stroke: one.colour, strokeWidth: 2.2, strokeDasharray: one.dash }),
      ),
      ...coloured.map((one) =>
        Plot.ruleX(one.measured ?? [], {
          ...{ x: 'x', y1: 'low', y2: 'high', stroke: one.colour, strokeWidth: 2, strokeOpacity: 0.6 },
          render: marked(one.key),
        }),
      ),
      ...coloured.map((one) =>
        Plot.dot(one.measured ?? one.points, {
          ...{ x: 'x', y: 'y', fill: one.colour, r: 3.2, title: () => one.name },
          render: marked(one.key),
        }),
      ),
      Plot.link(
        labels.filter((label) => label.x < right),
        {
          x1: 'x',
          x2: 'right',
          y1: 'y',
          y2: 'at',
          stroke: 'var(--soft)',
          strokeOpacity: 0.45,
          strokeWidth: 0.8,
        },
      ),
      ...labels.map((one) =>
        Plot.text([one], {
          ...{
            x: 'right',
            y: 'at',
            text: 'text',
            fill: one.colour,
            fontWeight: 600,
            textAnchor: 'start',
            dx: 8,
          },
          render: marked(one.key),
        }),
      ),
    ],
  };
}
