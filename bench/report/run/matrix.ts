/**
 * The matrix: which lock excluded, and kept the number right, where.
 */
import { plural } from '../../base/format.js';
import { cellName, isMeasured, needsProof } from '../../measure/result/result.js';
import type { Cell } from '../../measure/result/result-schema.js';
import { html, NOTHING, type Part } from '../html.js';
import { lockColumn, table } from '../html-table.js';
import type { Section } from '../page.js';
import { type RunView, shortConditions } from './run-view.js';
import { exclusionWord, spoken } from './verdicts.js';

function verdictOf(cell: Cell | undefined): Part {
  if (cell === undefined) return '–';
  if (!isMeasured(cell)) return html`<span class="soft">${cell.state}</span>`;
  const handoffs =
    cell.verdict.exclusion === 'held'
      ? html` <span class="note">${plural(cell.verdict.handoffs, 'hand-off')}</span>`
      : NOTHING;
  const violations =
    cell.verdict.violations > 0
      ? html` <span class="note">${plural(cell.verdict.violations, 'time')}</span>`
      : NOTHING;
  return html`${spoken(exclusionWord(cell))}${handoffs}${violations}`;
}

/** Null where every process was alone. */
export function matrixSection(view: RunView): Section | null {
  const groups = view.groups.filter(({ conditions }) => needsProof(conditions));
  if (groups.length === 0) return null;
  const names = [...new Set(groups.flatMap(({ cells }) => cells.map(cellName)))];
  const byName = groups.map(({ cells }) => new Map(cells.map((cell) => [cellName(cell), cell])));
  return {
    id: 'matrix',
    heading: 'Exclusion and coherence',
    body: html`<p class="how">Excludes: two were never inside at once while the lock changed hands as often as it says, with random delays. A lock that excludes may still lose updates over NFS, where a client’s cache shows the next holder an old number.</p>
${table({
  label: 'Exclusion by lock and place',
  columns: [
    lockColumn((name: string) => name),
    ...groups.map(({ conditions }, i) => ({
      heading: html`${shortConditions(conditions)[0]}<br>${shortConditions(conditions)[1]}`,
      cell: (name: string) => verdictOf(byName[i]?.get(name)),
    })),
  ],
  rows: names,
  keyOf: (name) =>
    [...view.result.cells].filter((cell) => cellName(cell) === name).map((cell) => view.lock(cell).key)[0] ??
    null,
  classOf: (name) =>
    view.result.cells.some((cell) => cellName(cell) === name && view.lock(cell).isControl) ? 'control' : '',
})}`,
  };
}
