/**
 * A row for each lock, a dot on an axis of powers of ten, and the interval that it stands in: what most plots of costs are.
 */
import { axisX } from '../axes.js';
import { ofLock, Plot, type PlotOptions } from '../chart.js';
import { rowsOf } from '../rows.js';
import { logTicks, roomy } from '../ticks.js';
import type { Lock } from './run-view.js';

export interface DotRow {
  readonly lock: Lock;
  readonly median: number;
  /** Null where there are too few rounds for bounds. */
  readonly bounds: readonly [number, number] | null;
  /** Shown on pointing at it. */
  readonly says: string;
  readonly facet?: string;
}

export interface Line {
  readonly at: number;
  readonly text: string;
  readonly side: 'left' | 'right';
}

export interface DotRowsSpec {
  readonly rows: readonly DotRow[];
  readonly label: string;
  readonly tick: (value: number) => string;
  readonly lines?: readonly Line[];
  readonly rowHeight?: number;
  /** Facets, side by side where there is room, in this order. */
  readonly facets?: readonly string[];
}

/** Room for the name of a mark on the axis. */
const TICK = 62;

export function dotRows(
  { rows, label, tick, lines = [], rowHeight = 18, facets = [] }: DotRowsSpec,
  width: number,
): PlotOptions {
  const values = rows.flatMap(({ median, bounds }) => [median, ...(bounds ?? [])]);
  const domain = roomy([...values, ...lines.map(({ at }) => at)]);
  const { frame, marks, channel, across } = rowsOf(
    { locks: rows.map(({ lock }) => lock), facets, rowHeight },
    width,
  );
  const bounded = rows.filter(({ bounds }) => bounds !== null);
  const place = { ...channel, y: ({ lock }: DotRow) => lock.key };
  const familyOf = ({ lock }: DotRow): string => lock.family;
  const keyOf = ({ lock }: DotRow): string => lock.key;
  return {
    ...frame,
    x: { type: 'log', domain },
    marks: [
      ...axisX({ ticks: logTicks(domain, Math.max(2, Math.floor(across / TICK))), tick, label }),
      ...marks,
      ...lines.flatMap(({ at, text, side }) => [
        Plot.ruleX([at], { stroke: 'var(--ink)', strokeDasharray: '4 3', strokeOpacity: 0.75 }),
        Plot.text([at], {
          ...{ x: (value: number) => value, text: () => text, frameAnchor: 'top', dy: -14 },
          ...(side === 'left' ? { dx: -3, textAnchor: 'end' } : { dx: 3, textAnchor: 'start' }),
        }),
      ]),
      Plot.ruleY(bounded, {
        ...place,
        x1: ({ bounds }: DotRow) => bounds?.[0],
        x2: ({ bounds }: DotRow) => bounds?.[1],
        ...{ stroke: familyOf, strokeWidth: 2, strokeOpacity: 0.6 },
        render: ofLock(bounded, keyOf),
      }),
      Plot.dot(rows, {
        ...{ ...place, x: 'median', fill: familyOf, symbol: familyOf, r: 4, title: 'says' },
        render: ofLock(rows, keyOf),
      }),
    ],
  };
}
