/**
 * What each lock costs in each directory and company.
 */
import { bounds, digits, duration, percent, tellsBounds, withBounds } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { describeConditions, type Group } from '../../measure/result/groups.js';
import { cellName, isMeasured, timingRounds } from '../../measure/result/result.js';
import type { Cell, MeasuredCell } from '../../measure/result/result-schema.js';
import { figure } from '../chart.js';
import { familyLegend } from '../families.js';
import { type Html, html, NOTHING } from '../html.js';
import { type Column, table } from '../html-table.js';
import { lockName } from '../names.js';
import type { Section } from '../page.js';
import { tickDuration } from '../ticks.js';
import { type DotRow, dotRows } from './dot-rows.js';
import { ownerChanges } from './finding.js';
import { type RunView, shortConditions } from './run-view.js';
import { deathWord, exclusionWord, spoken } from './verdicts.js';

/** As many plots as stand side by side. */
const SIDE_BY_SIDE = 4;

const share = (value: number | null): string => (value === null ? '–' : percent(value));

function columnsOf(view: RunView): Column<Cell>[] {
  const figure = (
    heading: string,
    of: (cell: MeasuredCell) => number | null,
    text: (value: number) => string,
  ): Column<Cell> => {
    const numberOf = (cell: Cell): number | null => (isMeasured(cell) ? of(cell) : null);
    return {
      heading,
      align: 'right',
      cell: (cell) => {
        const value = numberOf(cell);
        return value === null ? '–' : text(value);
      },
      sortBy: numberOf,
    };
  };
  return [
    { heading: 'lock/wait', cell: lockName, sortBy: cellName },
    figure('per increment', ({ nsPerIncrement }) => nsPerIncrement.median, duration),
    {
      heading: 'low–high',
      align: 'right',
      cell: (cell) =>
        isMeasured(cell) && tellsBounds(cell.nsPerIncrement)
          ? bounds(cell.nsPerIncrement.low, cell.nsPerIncrement.high, cell.nsPerIncrement.median)
          : '–',
    },
    figure('× fcntl', ({ ratio }) => ratio?.median ?? null, digits),
    figure('owner changes', ownerChanges, share),
    figure('wait p99', ({ acquireNs }) => acquireNs?.p99 ?? null, duration),
    figure('CPU', cpuPerTurn, duration),
    {
      heading: 'excludes',
      cell: (cell) =>
        isMeasured(cell)
          ? spoken(exclusionWord(cell))
          : html`${cell.state} <span class="note">${cell.reason}</span>`,
      sortBy: (cell) => exclusionWord(cell).text,
    },
    {
      heading: 'holder dies',
      cell: (cell) => spoken(deathWord(view.lock(cell).death)),
      sortBy: (cell) => deathWord(view.lock(cell).death).text,
    },
  ];
}

/** Of all processes together. */
export function cpuPerTurn(cell: MeasuredCell): number {
  const turns = timingRounds(cell).reduce((sum, round) => sum + round.turns, 0);
  return (cell.cpu.userNs + cell.cpu.systemNs) / turns;
}

const groupTable = (view: RunView, { conditions, cells }: Group): Html => {
  const heading = describeConditions(conditions, view.result.environment.cpus);
  return html`<h3>${heading}</h3>
${table({
  label: heading,
  columns: columnsOf(view),
  rows: cells,
  keyOf: (cell) => view.lock(cell).key,
  classOf: (cell) => (view.lock(cell).isControl ? 'control' : ''),
})}`;
};

function costFigure(view: RunView, groups: readonly Group[]): Html {
  const rows = groups.flatMap(({ conditions, cells }) =>
    cells.filter(isMeasured).map((cell): DotRow => {
      const { nsPerIncrement: of } = cell;
      return {
        lock: view.lock(cell),
        median: of.median,
        bounds: tellsBounds(of) ? [of.low, of.high] : null,
        says: `${cellName(cell)}: ${withBounds(of)}`,
        facet: shortConditions(conditions).join('\n'),
      };
    }),
  );
  if (rows.length === 0) return NOTHING;
  const paths = new Set(groups.map(({ conditions }) => conditions.directory.path));
  const inOrder = [...rows].sort((a, b) => order(view, a) - order(view, b));
  return figure({
    title: `Cost of an increment${paths.size === 1 ? ` in ${visible([...paths][0] ?? '')}` : ''}`,
    how: 'One plot for each directory and number of processes, one row for each lock, in the order of the first table; further left is cheaper. The axis is logarithmic: from one line to the next it is ten times as much.',
    says: `Cost of ${new Set(rows.map(({ lock }) => lock.name)).size} locks under ${groups.length} conditions; all figures are in the table below.`,
    foot: view.foot,
    wide: groups.length > 2 ? 1300 : 900,
    legend: familyLegend(rows.map(({ lock }) => lock.family)),
    draw: (width) =>
      dotRows(
        {
          rows: inOrder,
          label: 'wall time per increment',
          tick: tickDuration,
          rowHeight: 16,
          facets: groups.map(({ conditions }) => shortConditions(conditions).join('\n')),
        },
        width,
      ),
  });
}

/** Where a lock stands in the first table. */
function order(view: RunView, { lock }: DotRow): number {
  const at = view.primary.cells.findIndex((cell) => view.lock(cell) === lock);
  return at === -1 ? Number.MAX_SAFE_INTEGER : at;
}

/** All groups, or where they are many those of a directory, as many as have room. */
function sideBySide(groups: readonly Group[]): Group[][] {
  if (groups.length <= SIDE_BY_SIDE) return [[...groups]];
  const byPath = new Map<string, Group[]>();
  for (const group of groups) {
    const { path } = group.conditions.directory;
    byPath.set(path, [...(byPath.get(path) ?? []), group]);
  }
  return [...byPath.values()].flatMap((own) =>
    Array.from({ length: Math.ceil(own.length / SIDE_BY_SIDE) }, (_, i) =>
      own.slice(i * SIDE_BY_SIDE, (i + 1) * SIDE_BY_SIDE),
    ),
  );
}

export function costSection(view: RunView): Section {
  return {
    id: 'cost',
    heading: 'Cost',
    body: html`${sideBySide(view.groups).map((groups) => costFigure(view, groups))}
<details><summary>All figures, by directory and processes</summary>
${view.groups.map((group) => groupTable(view, group))}</details>`,
  };
}
