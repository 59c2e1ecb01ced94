/**
 * The same locks under more and more processes.
 */
import { duration } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { isMeasured } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { figure, Plot } from '../chart.js';
import { LINE_COLOURS } from '../families.js';
import { type Html, html, NOTHING } from '../html.js';
import { plainTable } from '../html-table.js';
import { type LineOf, lines } from '../lines.js';
import type { Section } from '../page.js';
import { logTicks, roomy, tickDuration } from '../ticks.js';
import { type RunView, shortConditions } from './run-view.js';

/** Cells whose conditions differ by the number of processes alone. */
function families(view: RunView): MeasuredCell[][] {
  const byRest = new Map<string, MeasuredCell[]>();
  for (const cell of view.result.cells.filter(isMeasured)) {
    const { conditions } = cell;
    if (conditions.readers > 0 || conditions.rogues > 0 || conditions.nfs !== undefined) continue;
    const key = JSON.stringify({ ...conditions, processes: 0 });
    byRest.set(key, [...(byRest.get(key) ?? []), cell]);
  }
  return [...byRest.values()].filter(
    (cells) => new Set(cells.map(({ conditions }) => conditions.processes)).size > 1,
  );
}

function scalingFigure(view: RunView, cells: readonly MeasuredCell[]): Html {
  const counts = [...new Set(cells.map(({ conditions }) => conditions.processes))].sort((a, b) => a - b);
  const [fewest = 1] = counts;
  const most = counts.at(-1) ?? fewest;
  const byLock = new Map<string, MeasuredCell[]>();
  for (const cell of cells) {
    const { name, isControl } = view.lock(cell);
    if (!isControl) byLock.set(name, [...(byLock.get(name) ?? []), cell]);
  }
  const drawn = [...byLock].flatMap(([, own]): LineOf[] => {
    const points = own
      .map((cell) => ({ x: cell.conditions.processes, y: cell.nsPerIncrement.median }))
      .sort((a, b) => a.x - b.x);
    return own[0] === undefined || points.length < 2 ? [] : [{ ...view.lock(own[0]), points }];
  });
  if (drawn.length === 0) return NOTHING;
  const ys = drawn.flatMap(({ points }) => points.map(({ y }) => y));
  const [where] = shortConditions((cells[0] as MeasuredCell).conditions);
  const perfect = drawn.flatMap(({ name, points }) => {
    const at = view.featured.indexOf(name);
    const [first] = points;
    return at === -1 || first === undefined || first.x !== fewest
      ? []
      : [{ y: first.y, colour: LINE_COLOURS[at] }];
  });
  return figure({
    title: `More processes, in ${where}`,
    how: `Time per increment, of all processes together. Dotted: the perfect line, on which a waiting process costs nothing. What rises above it is the price of contention.`,
    says: `Cost of ${drawn.length} locks with ${counts.join(', ')} processes; the figures are in the table.`,
    foot: view.foot,
    wide: 640,
    draw: (width) =>
      lines(
        {
          lines: drawn,
          featured: view.featured,
          base: 2,
          x: { label: 'processes', ticks: counts, tick: String, domain: [fewest, most] },
          y: {
            label: 'per increment',
            ticks: logTicks(roomy(ys, 1.3)),
            tick: tickDuration,
            domain: roomy(ys, 1.3),
          },
          below: perfect.map(({ y, colour = 'var(--soft)' }) =>
            Plot.ruleY([y], { stroke: colour, strokeDasharray: '1 4', strokeWidth: 1.4 }),
          ),
        },
        width,
      ),
    table: plainTable(
      'Cost by number of processes',
      ['lock/wait', ...counts.map((count) => `${count} ${count === 1 ? 'process' : 'processes'}`)],
      drawn.map(({ name, points }) => [
        html`<bdi>${visible(name)}</bdi>`,
        ...counts.map((count) => {
          const point = points.find(({ x }) => x === count);
          return point === undefined ? '–' : duration(point.y);
        }),
      ]),
    ),
  });
}

export function scalingSection(view: RunView): Section | null {
  const figures = families(view)
    .map((cells) => scalingFigure(view, cells))
    .filter((one) => one !== NOTHING);
  if (figures.length === 0) return null;
  return { id: 'scaling', heading: 'Scaling', body: html`<div class="two">${figures}</div>` };
}
