/**
 * How long an acquisition takes, and how rarely longer: the distribution by its percentiles, which are what a result keeps.
 */
import { duration } from '../../base/format.js';
import { describeConditions, type Group } from '../../measure/result/groups.js';
import { cellName, isMeasured } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { figure } from '../chart.js';
import { type Html, html, NOTHING } from '../html.js';
import { lockColumn, table } from '../html-table.js';
import { type LineOf, lines } from '../lines.js';
import type { Section } from '../page.js';
import { logTicks, roomy, tickDuration } from '../ticks.js';
import type { RunView } from './run-view.js';

type Percentiles = NonNullable<MeasuredCell['acquireNs']>;

/** The share that took longer, with the time. */
export function tailPoints({ samples, p50, p90, p99, p999, max }: Percentiles): { x: number; y: number }[] {
  const all = [
    [0.5, p50],
    [0.1, p90],
    [0.01, p99],
    [0.001, p999],
    [1 / samples, max],
  ] as const;
  // Of few samples the last percentiles are the greatest.
  return all
    .filter(([y], i) => i === all.length - 1 || y > 1 / samples)
    .map(([y, x]) => ({ x: Math.max(x, 1), y }));
}

export const SHARES = [0.5, 0.1, 0.01, 0.001, 0.0001];
export const shareOf = (share: number): string =>
  share === 0.5 ? 'half' : `1 in ${Math.round(1 / share).toLocaleString('en')}`;

function tailFigure(view: RunView, group: Group, which: 'acquireNs' | 'handoffNs'): Html {
  const traced = group.cells.filter(isMeasured).flatMap((cell) => {
    const of = cell[which];
    return of === null || of.samples < 2 ? [] : [{ cell, of }];
  });
  if (traced.length === 0) return NOTHING;
  const drawn = traced.map(({ cell, of }): LineOf => ({ ...view.lock(cell), points: tailPoints(of) }));
  const xs = drawn.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = drawn.flatMap(({ points }) => points.map(({ y }) => y));
  const isAcquire = which === 'acquireNs';
  const worst = traced.reduce((a, b) => (b.of.p99 > a.of.p99 ? b : a));
  return figure({
    title: isAcquire ? 'How long a process waits for the lock' : 'From a release to the next holder',
    how: `How often it took longer than the time below: a line that falls steeply means that all waits are alike; a long tail to the right, that some process waited long. ${isAcquire ? '' : 'Only hand-offs to a process that was waiting. '}From trace rounds, by percentiles.`,
    says: `${isAcquire ? 'Waits' : 'Hand-offs'} of ${traced.length} locks; the longest 99th percentile has ${cellName(worst.cell)} with ${duration(worst.of.p99)}.`,
    foot: view.foot,
    wide: 640,
    draw: (width) =>
      lines(
        {
          lines: drawn,
          featured: view.featured,
          x: {
            label: 'time',
            ticks: logTicks(roomy(xs, 1.5), width < 400 ? 4 : 9),
            tick: tickDuration,
            domain: roomy(xs, 1.5),
          },
          y: {
            label: 'took longer',
            ticks: SHARES.filter((share) => share >= Math.min(...ys)),
            tick: shareOf,
            domain: [Math.min(...ys), 0.7],
          },
        },
        width,
      ),
    table: table({
      label: 'Percentiles',
      columns: [
        lockColumn(({ cell }: (typeof traced)[number]) => cellName(cell)),
        ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((name) => ({
          heading: name === 'p999' ? 'p99.9' : name,
          align: 'right' as const,
          cell: ({ of }: (typeof traced)[number]) => duration(of[name]),
          sortBy: ({ of }: (typeof traced)[number]) => of[name],
        })),
        { heading: 'of', align: 'right', cell: ({ of }) => of.samples, sortBy: ({ of }) => of.samples },
      ],
      rows: traced,
      keyOf: ({ cell }) => view.lock(cell).key,
    }),
  });
}

export function latencySection(view: RunView): Section | null {
  const { primary } = view;
  const body = html`${tailFigure(view, primary, 'acquireNs')}${tailFigure(view, primary, 'handoffNs')}`;
  if (!body.text.includes('<figure')) return null;
  return {
    id: 'latency',
    heading: 'Latency',
    body: html`<p class="soft">${describeConditions(primary.conditions, view.result.environment.cpus)}.</p>
<div class="two">${body}</div>`,
  };
}
