/**
 * What waiting burns, against how long it lasts.
 */
import { digits, duration } from '../../base/format.js';
import { countsPerTurn, timedTurns } from '../../measure/result/per-turn.js';
import { cellName, isMeasured } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { apart } from '../../text/drawing.js';
import { axisX, axisY, roomFor } from '../axes.js';
import { figure, isNarrow, ofLock, Plot, type PlotOptions } from '../chart.js';
import { familyLegend, familyScales } from '../families.js';
import { lockColumn, table } from '../html-table.js';
import { fitting } from '../names.js';
import type { Section } from '../page.js';
import { logTicks, roomy, tickDuration } from '../ticks.js';
import { cpuPerTurn } from './cost.js';
import type { Lock, RunView } from './run-view.js';

interface Dot {
  readonly lock: Lock;
  readonly cell: MeasuredCell;
  readonly wait: number;
  readonly cpu: number;
  readonly says: string;
}

const HEIGHT = 430;
const [TOP, BOTTOM] = [34, 44];

/** Names of some dots, in a column of their own at the right edge, each at the height of its dot as far as there is room. */
function options(dots: readonly Dot[], featured: readonly string[], width: number): PlotOptions {
  const narrow = isNarrow(width);
  const named = dots.filter(({ lock }) => featured.includes(lock.name));
  const cpus = dots.map(({ cpu }) => cpu);
  const waits = dots.map(({ wait }) => wait);
  const domain = roomy(cpus, 1.6);
  const [, right] = roomy(waits, 1.6);
  const across = logTicks(roomy(waits, 1.6), narrow ? 3 : 8);
  const up = logTicks(domain);
  const heights = apart(
    named.map(({ cpu }) => cpu),
    domain,
    HEIGHT - TOP - BOTTOM,
  );
  const most = narrow ? 12 : 24;
  const labels = named.map((dot, i) => ({
    ...dot,
    at: heights[i] ?? dot.cpu,
    right,
    text: fitting(dot.lock.name, featured, most),
  }));
  return {
    height: HEIGHT,
    marginLeft: roomFor(up.map(tickDuration)),
    marginRight: roomFor(labels.map(({ text }) => text)),
    marginTop: TOP,
    marginBottom: BOTTOM,
    ...familyScales,
    x: { type: 'log', domain: roomy(waits, 1.6) },
    y: { type: 'log', domain },
    marks: [
      ...axisX({ ticks: across, tick: tickDuration, label: 'wait for the lock, 99th percentile' }),
      ...axisY({ ticks: up, tick: tickDuration, label: 'processor time per increment' }),
      Plot.link(labels, {
        ...{
          x1: 'wait',
          x2: 'right',
          y1: 'cpu',
          y2: 'at',
          stroke: 'var(--soft)',
          strokeOpacity: 0.45,
          strokeWidth: 0.8,
        },
        render: ofLock(labels, ({ lock }) => lock.key),
      }),
      Plot.dot(dots, {
        ...{ x: 'wait', y: 'cpu', r: 4.5, title: 'says' },
        fill: ({ lock }: Dot) => lock.family,
        symbol: ({ lock }: Dot) => lock.family,
        render: ofLock(dots, ({ lock }) => lock.key),
      }),
      Plot.text(labels, {
        ...{ x: 'right', y: 'at', text: 'text', textAnchor: 'start', dx: 5 },
        fill: ({ lock }: Dot) => lock.family,
        render: ofLock(labels, ({ lock }) => lock.key),
      }),
    ],
  };
}

export function cpuSection(view: RunView): Section | null {
  const dots = view.primary.cells.filter(isMeasured).flatMap((cell): Dot[] => {
    const wait = cell.acquireNs?.p99;
    const cpu = cpuPerTurn(cell);
    if (wait === undefined || !(cpu > 0) || wait === 0) return [];
    const says = `${cellName(cell)}: ${duration(cpu)} of processor time, waits ${duration(wait)}`;
    return [{ lock: view.lock(cell), cell, wait, cpu, says }];
  });
  if (dots.length < 2) return null;
  const most = dots.reduce((a, b) => (b.cpu > a.cpu ? b : a));
  return {
    id: 'cpu',
    heading: 'Processor time',
    body: figure({
      title: 'What an increment burns, and how long it waits',
      how: 'Further down burns less, further left waits less. A lock that is polled stands high: it burns the processor while it waits. All processes together.',
      says: `${dots.length} locks; most processor time takes ${most.says}.`,
      foot: view.foot,
      legend: familyLegend(dots.map(({ lock }) => lock.family)),
      draw: (width) => options(dots, view.featured, width),
      table: table({
        label: 'Processor time and waits',
        columns: [
          lockColumn(({ lock }: Dot) => lock.name),
          {
            heading: 'processor time',
            align: 'right',
            cell: ({ cpu }) => duration(cpu),
            sortBy: ({ cpu }) => cpu,
          },
          {
            heading: 'wait p99',
            align: 'right',
            cell: ({ wait }) => duration(wait),
            sortBy: ({ wait }) => wait,
          },
          {
            heading: 'failed tries per turn',
            align: 'right',
            cell: ({ cell }) => failedTries(cell).toFixed(2),
            sortBy: ({ cell }) => failedTries(cell),
          },
          ...countsPerTurn(view.primary.cells).map(({ heading, of }) => ({
            heading: `${heading} per turn`,
            align: 'right' as const,
            cell: ({ cell }: Dot) => {
              const count = of(cell);
              return count === null ? '–' : digits(count);
            },
            sortBy: ({ cell }: Dot) => of(cell) ?? 0,
          })),
        ],
        rows: dots,
        keyOf: ({ lock }) => lock.key,
      }),
    }),
  };
}

const failedTries = (cell: MeasuredCell): number => cell.failedTries / timedTurns(cell);
