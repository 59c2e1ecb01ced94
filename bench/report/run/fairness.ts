/**
 * Whether the processes got equal shares, and how often the lock changed hands.
 */
import { percent } from '../../base/format.js';
import { isMeasured } from '../../measure/result/result.js';
import { axisX } from '../axes.js';
import { figure, ofLock, Plot, type PlotOptions } from '../chart.js';
import { familyLegend } from '../families.js';
import { lockColumn, table } from '../html-table.js';
import type { Section } from '../page.js';
import { rowsOf } from '../rows.js';
import { ownerChanges } from './finding.js';
import type { Lock, RunView } from './run-view.js';

interface Row {
  readonly lock: Lock;
  readonly changes: number;
  readonly jain: number;
  readonly longest: number;
}

interface Dot {
  readonly lock: Lock;
  readonly facet: string;
  readonly value: number;
  readonly says: string;
}

const PANELS = ['turns after which another had it', 'Jain’s index of the turns'] as const;

const SHARES = [0, 0.25, 0.5, 0.75, 1];

function options(rows: readonly Row[], processes: number, width: number): PlotOptions {
  const locks = rows.map(({ lock }) => lock);
  const { frame, marks, channel } = rowsOf({ locks, facets: PANELS, rowHeight: 17 }, width);
  const dots = rows.flatMap(({ lock, changes, jain }): Dot[] => [
    {
      lock,
      facet: PANELS[0],
      value: changes,
      says: `${lock.name}: another had it after ${percent(changes)} of the turns`,
    },
    { lock, facet: PANELS[1], value: jain, says: `${lock.name}: Jain’s index ${jain.toFixed(3)}` },
  ]);
  const place = { ...channel, y: ({ lock }: Dot) => lock.key };
  const familyOf = ({ lock }: Dot): string => lock.family;
  const render = ofLock(dots, ({ lock }) => lock.key);
  return {
    ...frame,
    x: { domain: [0, 1] },
    marks: [
      ...axisX({ ticks: SHARES, tick: String, label: null }),
      ...marks,
      Plot.ruleX([{ facet: PANELS[1], value: 1 / processes }], {
        ...{ ...channel, x: 'value', stroke: 'var(--ink)', strokeDasharray: '4 3', strokeOpacity: 0.7 },
      }),
      Plot.ruleY(dots, { ...place, x1: 0, x2: 'value', stroke: familyOf, strokeOpacity: 0.35, render }),
      Plot.dot(dots, { ...place, x: 'value', r: 4, title: 'says', fill: familyOf, symbol: familyOf, render }),
    ],
  };
}

export function fairnessSection(view: RunView): Section | null {
  const { conditions, cells } = view.primary;
  const rows = cells.filter(isMeasured).flatMap((cell): Row[] => {
    const changes = ownerChanges(cell);
    if (changes === null || cell.contention === null) return [];
    const { jain, longestRun } = cell.contention;
    return [{ lock: view.lock(cell), changes, jain, longest: longestRun }];
  });
  if (rows.length === 0) return null;
  const least = rows.reduce((a, b) => (b.changes < a.changes ? b : a));
  return {
    id: 'fairness',
    heading: 'Fairness',
    body: figure({
      title: 'Does the lock change hands, and does everybody get a share?',
      how: `Left: of how many turns the next was another process’s; near 0 one process keeps the lock, and it is hardly contended. Right: 1 where all had as many turns; dashed, one of ${conditions.processes} had them all.`,
      says: `Fairness of ${rows.length} locks; seldomest changed ${least.lock.name} hands, after ${percent(least.changes)} of the turns.`,
      foot: view.foot,
      legend: familyLegend(rows.map(({ lock }) => lock.family)),
      draw: (width) => options(rows, conditions.processes, width),
      table: table({
        label: 'Fairness',
        columns: [
          lockColumn(({ lock }: Row) => lock.name),
          {
            heading: 'owner changes',
            align: 'right',
            cell: ({ changes }) => percent(changes),
            sortBy: ({ changes }) => changes,
          },
          {
            heading: 'longest run',
            align: 'right',
            cell: ({ longest }) => longest,
            sortBy: ({ longest }) => longest,
          },
          {
            heading: 'Jain’s index',
            align: 'right',
            cell: ({ jain }) => jain.toFixed(3),
            sortBy: ({ jain }) => jain,
          },
        ],
        rows,
        keyOf: ({ lock }) => lock.key,
      }),
    }),
  };
}
