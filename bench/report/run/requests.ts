/**
 * What an increment asks of an NFS server.
 */
import { digits } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { asksLockd } from '../../machine/mount-description.js';
import { isMeasured } from '../../measure/result/result.js';
import type { Cell } from '../../measure/result/result-schema.js';
import { figure, isNarrow, ofLock, Plot, type PlotOptions } from '../chart.js';

import { type Html, html } from '../html.js';
import { plainTable } from '../html-table.js';
import type { Section } from '../page.js';
import { rowsOf } from '../rows.js';
import { type Lock, type RunView, shortConditions } from './run-view.js';

/** What one lock asks under some conditions, of one operation. */
export interface Bar {
  readonly lock: Lock;
  readonly facet: string;
  readonly operation: string;
  readonly count: number;
}

/** The last is for the others. */
const COLOURS = [1, 2, 3, 4, 5, 6, 8, 7].map((i) => `var(--f${i})`);
const OTHERS = 'others';
const MOST_OPERATIONS = COLOURS.length - 1;
/** Rarer ones are of opening and closing, not of the turns. */
const LEAST = 0.01;
const SIDE_BY_SIDE = 4;

function barsOf(view: RunView): Bar[] {
  const first = (cell: Cell): number =>
    view.primary.cells.findIndex((one) => view.lock(one) === view.lock(cell));
  return view.groups.flatMap(({ conditions, cells }) =>
    [...cells.filter(isMeasured)]
      .sort((a, b) => first(a) - first(b))
      .flatMap((cell) =>
        Object.entries(cell.rpcsPerIncrement ?? {})
          .filter(([, count]) => count >= LEAST)
          .map(([operation, count]) => ({
            ...{ lock: view.lock(cell), facet: shortConditions(conditions).join('\n') },
            ...{ operation: visible(operation), count },
          })),
      ),
  );
}

/** One bar for each operation of a lock in a facet, in the order of the first table. */
function summed(bars: readonly Bar[]): Bar[] {
  const byKey = new Map<string, Bar>();
  for (const bar of bars) {
    const key = [bar.lock.key, bar.facet, bar.operation].join(' ');
    byKey.set(key, { ...bar, count: bar.count + (byKey.get(key)?.count ?? 0) });
  }
  return [...byKey.values()];
}

/** The most frequent, and what is left. */
function operationsOf(bars: readonly Bar[]): string[] {
  const sums = new Map<string, number>();
  for (const { operation, count } of bars) sums.set(operation, (sums.get(operation) ?? 0) + count);
  return [...sums].sort((a, b) => b[1] - a[1]).map(([operation]) => operation);
}

const colourOf = (operation: string, i: number): string =>
  (operation === OTHERS ? COLOURS.at(-1) : COLOURS[i]) ?? '';

const legend = (operations: readonly string[]): Html =>
  html`<ul class="legend">${operations.map(
    (operation, i) =>
      html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" fill="${colourOf(operation, i)}" /></svg>${operation}</li>`,
  )}</ul>`;

const TICKS = { wide: 4, narrow: 5 };

function options(
  bars: readonly Bar[],
  operations: readonly string[],
  facets: readonly string[],
  width: number,
): PlotOptions {
  const locks = bars.map(({ lock }) => lock);
  const { frame, marks, channel } = rowsOf({ locks, facets, rowHeight: 15 }, width);
  return {
    ...frame,
    x: {
      ...{ label: 'requests per increment', labelAnchor: 'center', labelArrow: 'none', labelOffset: 34 },
      ...{ grid: true, ticks: isNarrow(width) ? TICKS.narrow : TICKS.wide },
    },
    color: { type: 'ordinal', domain: [...operations], range: operations.map(colourOf) },
    marks: [
      ...marks,
      Plot.barX(
        bars,
        Plot.stackX({
          ...{ ...channel, x: 'count', fill: 'operation', order: [...operations] },
          y: ({ lock }: Bar) => lock.key,
          title: ({ lock, operation, count }: Bar) => `${lock.name}: ${operation} ${digits(count)}`,
          render: ofLock(bars, ({ lock }) => lock.key),
        }),
      ),
    ],
  };
}

export interface RequestsSpec {
  readonly bars: readonly Bar[];
  readonly how: string;
  readonly foot: string;
}

/** Figures of a few conditions each, side by side. */
export function requestFigures({ bars: found, how, foot }: RequestsSpec): Html {
  const all = operationsOf(found);
  const operations = all.length > MOST_OPERATIONS ? [...all.slice(0, MOST_OPERATIONS), OTHERS] : all;
  const bars = summed(
    found.map((bar) => (operations.includes(bar.operation) ? bar : { ...bar, operation: OTHERS })),
  );
  const facets = [...new Set(bars.map(({ facet }) => facet))];
  const chunks = Array.from({ length: Math.ceil(facets.length / SIDE_BY_SIDE) }, (_, i) =>
    facets.slice(i * SIDE_BY_SIDE, (i + 1) * SIDE_BY_SIDE),
  );
  const figures = chunks.map((these) => {
    const own = bars.filter(({ facet }) => these.includes(facet));
    return figure({
      title: 'Requests to the server',
      how,
      says: `Requests per increment by operation, under ${these.length} conditions; the figures are in the table.`,
      foot,
      wide: these.length > 2 ? 1300 : 900,
      legend: legend(operations),
      draw: (width) => options(own, operations, these, width),
      table: plainTable(
        'Requests per increment',
        ['lock/wait', 'conditions', 'requests'],
        [...new Map(own.map((bar) => [`${bar.lock.key} ${bar.facet}`, bar])).values()].map((first) => [
          html`<bdi>${first.lock.name}</bdi>`,
          first.facet.replace('\n', ', '),
          found
            .filter(({ lock, facet }) => lock === first.lock && facet === first.facet)
            .map(({ operation, count }) => `${operation} ${digits(count)}`)
            .join(', '),
        ]),
      ),
    });
  });
  return html`${figures}`;
}

export function requestsSection(view: RunView): Section | null {
  const bars = barsOf(view);
  if (bars.length === 0) return null;
  const lockd = view.groups.some(({ conditions }) => asksLockd(conditions.directory));
  const how = `Each bar is what an increment asked of the NFS server, by operation.${lockd ? ' NFSv3 asks for fcntl and flock locks by another protocol (NLM), which is not counted.' : ''}`;
  return {
    id: 'requests',
    heading: 'Requests over NFS',
    body: requestFigures({ bars, how, foot: view.foot }),
  };
}
