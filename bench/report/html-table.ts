/**
 * Tables of a page: narrower than a telephone they scroll in a frame of their own, and the page does not.
 */
import { type Html, html, NOTHING, type Part } from './html.js';

export interface Column<Row> {
  readonly heading: Part;
  readonly align?: 'right';
  /** Left out on a telephone. */
  readonly wideOnly?: true;
  readonly cell: (row: Row) => Part;
  /** What a click on the heading sorts by; left out where the order means nothing. */
  readonly sortBy?: (row: Row) => number | string | null;
}

export interface TableSpec<Row> {
  /** What the table shows; read aloud, and not shown where a heading says it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly classOf?: (row: Row) => string;
  readonly keyOf?: (row: Row) => string | null;
  readonly className?: string;
}

function classOf<Row>({ align, wideOnly }: Column<Row>): Html {
  const names = [...(align === 'right' ? ['figure'] : []), ...(wideOnly === true ? ['wide-only'] : [])];
  return names.length === 0 ? NOTHING : html` class="${names.join(' ')}"`;
}

function cellOf<Row>(column: Column<Row>, row: Row, isFirst: boolean): Html {
  const { cell, sortBy } = column;
  const value = sortBy?.(row) ?? null;
  const sort = value === null ? NOTHING : html` data-sort="${value}"`;
  const side = classOf(column);
  return isFirst ? html`<th scope="row"${sort}>${cell(row)}</th>` : html`<td${side}${sort}>${cell(row)}</td>`;
}

const headingOf = <Row>(column: Column<Row>): Html => {
  const sort = column.sortBy === undefined ? NOTHING : html` data-sortable`;
  return html`<th scope="col"${classOf(column)}${sort}>${column.heading}</th>`;
};

/** The first column where each row is of one lock: its name, and by what policy it waits. */
export const lockColumn = <Row>(nameOf: (row: Row) => string): Column<Row> => ({
  heading: 'lock/wait',
  cell: (row) => html`<bdi>${nameOf(row)}</bdi>`,
  sortBy: nameOf,
});

/** The first column names the row. */
export function table<Row>({
  label,
  columns,
  rows,
  classOf: rowClassOf,
  keyOf,
  className = '',
}: TableSpec<Row>): Html {
  const lines = rows.map((row) => {
    const key = keyOf?.(row) ?? null;
    const mark = key === null ? NOTHING : html` data-lock="${key}"`;
    const named = rowClassOf?.(row) ?? '';
    const classed = named === '' ? NOTHING : html` class="${named}"`;
    return html`<tr${mark}${classed}>${columns.map((column, i) => cellOf(column, row, i === 0))}</tr>\n`;
  });
  return html`<div class="scroll ${className}" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map(headingOf)}</tr></thead>
<tbody>
${lines}</tbody></table></div>`;
}

/** Rows of words. */
export const plainTable = (label: string, head: readonly Part[], rows: readonly (readonly Part[])[]): Html =>
  table({
    label,
    columns: head.map((heading, i) => ({ heading, cell: (row: readonly Part[]) => row[i] ?? '' })),
    rows,
  });
