/**
 * A group as a table: a row a lock with a bar of its cost, what happens when its holder dies and whether it excluded beside
 * it, the controls in one row, what could not be measured in one line each.
 */
import type { ChalkInstance } from 'chalk';
import { allNames } from '../../../strategies/index.js';
import { duration, percent } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { describeConditions, type Group } from '../../measure/result/groups.js';
import { isMeasured, needsProof, turnsOf } from '../../measure/result/result.js';
import type { Cell, MeasuredCell } from '../../measure/result/result-schema.js';
import { axisLine, bar, type LogAxis, logAxis } from '../../text/bars.js';
import { folded, shortened } from '../../text/words.js';
import { columnsFor, type SummaryColumn } from './group-columns.js';
import { type Subject, shortName } from './subject.js';

/** How it shall look. */
export interface Look {
  /** Characters. */
  readonly width: number;
  readonly chalk: ChalkInstance;
  readonly recommended: ReadonlySet<MeasuredCell>;
}

const INDENT = '  ';
const LEAST_BAR = 6;
const MOST_BAR = 40;
const CONTROLS = 'controls';

interface Layout {
  readonly columns: readonly SummaryColumn[];
  readonly widths: readonly number[];
  readonly nameWidth: number;
  readonly gap: string;
  /** null where there is no room for bars. */
  readonly axis: LogAxis | null;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Between two columns, more where there is room for it. */
const gapFor = (width: number): string => (width >= 100 ? '   ' : '  ');

function layoutOf(subject: Subject, groups: readonly Group[], { width }: Look): Layout {
  const cells = groups.flatMap((group) => candidatesOf(group, subject));
  const columns = columnsFor(width);
  const gap = gapFor(width);
  const widths = columns.map(({ heading, text }) =>
    Math.max(heading.length, ...cells.map((cell) => text(cell, subject).length)),
  );
  const names = groups
    .flatMap(({ cells }) => cells)
    .filter(({ strategy }) => !subject.controls.has(strategy));
  const nameWidth = Math.max(CONTROLS.length, ...names.map((cell) => shortName(subject, cell).length));
  const room = width - INDENT.length - nameWidth - sum(widths) - gap.length * (columns.length + 1);
  const costs = cells.map(({ nsPerIncrement }) => nsPerIncrement.median);
  const axis = costs.length === 0 || room < LEAST_BAR ? null : logAxis(costs, Math.min(room, MOST_BAR));
  return { columns, widths, nameWidth, gap, axis };
}

/** Measured cells that are no controls, in the order of the group. */
const candidatesOf = ({ cells }: Group, { controls }: Subject): MeasuredCell[] =>
  cells.filter(isMeasured).filter(({ strategy }) => !controls.has(strategy));

const aligned = (text: string, width: number, align: 'left' | 'right'): string =>
  align === 'left' ? text.padEnd(width) : text.padStart(width);

/** What stands before the columns: a name, and a bar or the axis. */
const leftPart = (name: string, drawn: string, { nameWidth, axis, gap }: Layout): string =>
  INDENT + name.padEnd(nameWidth) + (axis === null ? '' : `${gap}${drawn.padEnd(axis.width)}`);

/** The title, and the headings beside it, or beside the axis where the title is long. */
function head(title: string, layout: Layout, { chalk, width }: Look): string[] {
  const { columns, widths, gap, axis } = layout;
  const headings = columns.map(({ heading, align }, i) => aligned(heading, widths[i] ?? 0, align)).join(gap);
  const scale = leftPart('', axis === null ? '' : axisLine(axis), layout);
  const fits = title.length + gap.length <= scale.length;
  const right = `${gap}${chalk.bold(headings.trimEnd())}`;
  // The conditions stand behind the path.
  const shown = title.length <= width ? title : `…${title.slice(1 - width)}`;
  return fits
    ? [chalk.bold(shown) + ' '.repeat(scale.length - title.length) + right, chalk.dim(scale.trimEnd())]
    : [chalk.bold(shown), chalk.dim(scale) + right];
}

function row(cell: MeasuredCell, subject: Subject, layout: Layout, { chalk, recommended }: Look): string {
  const { columns, widths, axis, gap } = layout;
  const drawn = axis === null ? '' : bar(cell.nsPerIncrement.median, axis);
  const paint = recommended.has(cell) ? chalk.green : (text: string) => text;
  const texts = columns.map((column, i) => {
    const text = column.text(cell, subject);
    const padded = aligned(text, widths[i] ?? 0, column.align);
    return column.tone?.(text) === 'bad' ? chalk.red(padded) : paint(padded);
  });
  return [paint(leftPart(shortName(subject, cell), drawn, layout)), ...texts].join(gap).trimEnd();
}

const reasonOf = (cell: Exclude<Cell, MeasuredCell>): string => `${cell.state}: ${visible(cell.reason)}`;

/** Who named it can mend it, by the whole of what is wrong. */
const isOwn = ({ strategy, runtime }: Cell): boolean => runtime === 'worker' || !allNames.includes(strategy);

/**
 * What was not measured: one line each, the reason as far as it fits; of a lock from outside of the catalogue all of it, once.
 * `told`: those that were.
 */
function unmeasured(
  { cells }: Group,
  subject: Subject,
  { nameWidth, gap }: Layout,
  { width }: Look,
  told: Set<string>,
): string[] {
  return cells.flatMap((cell) => {
    if (isMeasured(cell)) return [];
    const left = INDENT + shortName(subject, cell).padEnd(nameWidth) + gap;
    const reason = reasonOf(cell);
    const key = `${cell.strategy}: ${reason}`;
    if (!isOwn(cell) || told.has(key)) return [left + shortened(reason, width - left.length)];
    told.add(key);
    return folded(reason, width - left.length).map(
      (line, i) => (i === 0 ? left : ' '.repeat(left.length)) + line,
    );
  });
}

/** What the controls say of one who has company: whether anything would have been noticed. */
function checks(cells: readonly MeasuredCell[]): string {
  const [none, broken] = ['none', 'broken'].map((name) => cells.find(({ strategy }) => strategy === name));
  const parts: string[] = [];
  if (none !== undefined) {
    const share = none.verdict.lost / turnsOf(none);
    parts.push(`without a lock ${share === 0 ? 'no' : percent(share)} of the updates were lost`);
  }
  const isCaught = broken?.verdict.exclusion === 'violated';
  // Without a proof it may well have had no chance to let two in.
  const isTried = isCaught || broken?.rounds.some(({ kind }) => kind === 'prove') === true;
  if (isTried) parts.push(`the broken lock let ${isCaught ? 'two' : 'nobody else'} in`);
  if (parts.length === 0) return 'not tried: --handoffs 0 leaves the proofs out';
  const work = (none === undefined || none.verdict.lost > 0) && (!isTried || isCaught);
  return `${parts.join(', ')}: ${work ? 'the checks work' : 'THE CHECKS FOUND NOTHING'}`;
}

function controls(
  { cells, conditions }: Group,
  subject: Subject,
  { nameWidth, gap }: Layout,
  { width }: Look,
): string[] {
  const found = cells.filter(isMeasured).filter(({ strategy }) => subject.controls.has(strategy));
  if (found.length === 0) return [];
  const none = found.find(({ strategy }) => strategy === 'none');
  const alone =
    none === undefined ? [] : [`without a lock the same takes ${duration(none.nsPerIncrement.median)}`];
  const texts = needsProof(conditions) ? [checks(found)] : alone;
  const left = `${INDENT}${CONTROLS.padEnd(nameWidth)}${gap}`;
  return texts
    .flatMap((text) => folded(text, width - left.length))
    .map((line, i) => (i === 0 ? left : ' '.repeat(left.length)) + line);
}

/** The groups as tables, the lines of each, on one scale. */
export function groupTables(subject: Subject, groups: readonly Group[], look: Look): string[][] {
  const layout = layoutOf(subject, groups, look);
  const told = new Set<string>();
  return groups.map((group) => [
    ...head(describeConditions(group.conditions, null), layout, look),
    ...candidatesOf(group, subject).map((cell) => row(cell, subject, layout, look)),
    ...unmeasured(group, subject, layout, look, told),
    ...controls(group, subject, layout, look),
  ]);
}
