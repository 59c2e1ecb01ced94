/**
 * What one sees first of a run: what to take from it, the verdict of each lock, how they compare, and how to repeat it.
 */
import { bounds, digits, duration, factorWithBounds, tellsBounds, withBounds } from '../../base/format.js';
import { describeConditions } from '../../measure/result/groups.js';
import { cellName, isMeasured } from '../../measure/result/result.js';
import type { Cell, MeasuredCell } from '../../measure/result/result-schema.js';
import { figure } from '../chart.js';
import { warningList } from '../environment.js';
import { familyLegend } from '../families.js';
import { type Html, html, NOTHING, type Part } from '../html.js';
import { type Column, table } from '../html-table.js';
import { lockName } from '../names.js';
import { tickDuration } from '../ticks.js';
import { type DotRow, dotRows, type Line } from './dot-rows.js';
import { findingOf } from './finding.js';
import type { RunView } from './run-view.js';
import { deathWord, exclusionWord, spoken } from './verdicts.js';

/** What the textbook measured: a lock file against a record lock, and a record lock over NFS against one on a disk. */
const BOOK: readonly Line[] = [
  { at: 75, text: '75', side: 'left' },
  { at: 80, text: '80', side: 'right' },
];
/** With more rows than this they stand closer. */
const DENSE = 16;

const figureOf = (cell: Cell, of: (cell: MeasuredCell) => Part): Part => (isMeasured(cell) ? of(cell) : '');

function verdictTable(view: RunView, cells: readonly Cell[], recommended: ReadonlySet<MeasuredCell>): Html {
  const columns: Column<Cell>[] = [
    { heading: 'lock/wait', cell: lockName, sortBy: cellName },
    {
      heading: 'excludes',
      cell: (cell) => spoken(exclusionWord(cell)),
      sortBy: (cell) => exclusionWord(cell).text,
    },
    {
      heading: 'holder dies',
      cell: (cell) => spoken(deathWord(view.lock(cell).death)),
      sortBy: (cell) => deathWord(view.lock(cell).death).text,
    },
    {
      heading: 'per op',
      align: 'right',
      cell: (cell) => figureOf(cell, ({ nsPerIncrement }) => duration(nsPerIncrement.median)),
      sortBy: (cell) => (isMeasured(cell) ? cell.nsPerIncrement.median : null),
    },
    {
      heading: 'range',
      wideOnly: true,
      align: 'right',
      cell: (cell) =>
        figureOf(cell, ({ nsPerIncrement: of }) =>
          tellsBounds(of) ? bounds(of.low, of.high, of.median) : '–',
        ),
    },
    {
      heading: html`×&nbsp;fcntl`,
      align: 'right',
      cell: (cell) => figureOf(cell, ({ ratio }) => (ratio === null ? '–' : digits(ratio.median))),
      sortBy: (cell) => (isMeasured(cell) ? (cell.ratio?.median ?? null) : null),
    },
  ];
  return table({
    label: 'Verdict and cost of each lock',
    columns,
    rows: cells,
    keyOf: (cell) => view.lock(cell).key,
    classOf: (cell) =>
      view.lock(cell).isControl ? 'control' : isMeasured(cell) && recommended.has(cell) ? 'best' : '',
  });
}

const said = (cell: MeasuredCell): string =>
  `${cellName(cell)}: ${cell.ratio === null ? '' : `${factorWithBounds(cell.ratio)} times fcntl, `}${withBounds(cell.nsPerIncrement)}`;

/** Ratios to the record lock; times where there is none to compare to. */
function ratioFigure(view: RunView): Html {
  const cells = view.primary.cells.filter(isMeasured);
  const compared = cells.filter(({ ratio }) => ratio !== null);
  const asRatio = compared.length > 0;
  const rows = (asRatio ? compared : cells).map((cell): DotRow => {
    const of = (asRatio ? cell.ratio : null) ?? cell.nsPerIncrement;
    return {
      lock: view.lock(cell),
      median: of.median,
      bounds: tellsBounds(of) ? [of.low, of.high] : null,
      says: said(cell),
    };
  });
  if (rows.length === 0) return NOTHING;
  const [least, most] = [rows[0], rows.at(-1)];
  return figure({
    title: asRatio ? 'Times as much as fcntl' : 'Cost of an operation',
    how: asRatio
      ? 'Median and interval; left of 1 is cheaper. Dashed: the textbook’s 75 (lock file) and 80 (NFS).'
      : 'Each dot is a median, its bar the interval.',
    says: `${rows.length} locks on a logarithmic axis, from ${least?.says} to ${most?.says}.`,
    foot: view.foot,
    wide: 720,
    legend: familyLegend(rows.map(({ lock }) => lock.family)),
    draw: (width) =>
      dotRows(
        {
          rows,
          label: asRatio ? 'times as much as fcntl/block' : 'per increment',
          tick: asRatio ? String : tickDuration,
          lines: asRatio ? [{ at: 1, text: '1', side: 'left' }, ...BOOK] : [],
          rowHeight: rows.length > DENSE ? 15 : 24,
        },
        width,
      ),
  });
}

export function firstScreen(view: RunView): Html {
  const { headline, more, notes, isAlarm, recommended } = findingOf(view);
  const { conditions, cells } = view.primary;
  const dense = cells.length > DENSE ? 'dense' : '';
  const deaths = cells.map((cell) => view.lock(cell).death).filter((death) => death !== null);
  const seen = deaths.some(({ wasSeen }) => wasSeen);
  return html`<p class="finding${isAlarm ? ' bad' : ''}">${headline}</p>
<p class="more">${more.join(' ')}</p>
<code class="command" aria-label="The command that repeats it">${view.result.command}</code>
<div class="first ${dense}">
<div><h2>${describeConditions(conditions, view.result.environment.cpus)}</h2>
<p class="how">Holder dies: ${seen ? 'as seen in the result of crash' : 'as claimed; lockbench crash shows it'}.</p>
${verdictTable(view, cells, recommended)}</div>
<div>${ratioFigure(view)}</div>
</div>
${warningList(notes)}`;
}
