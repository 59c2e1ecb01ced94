/**
 * A result of `lockbench pairs` for other programs: tidy CSV, a row for each lock in each directory, and Markdown.
 */
import type { Formats } from '../command-line/export-options.js';
import { csvLine } from '../text/csv.js';
import { exportFoot } from '../text/export-foot.js';
import { markdownList, markdownTable } from '../text/markdown.js';
import type { Pair, PairsResult } from './pairs-schema.js';
import { missingLines, pairRows, ratioOf, WHAT_IS_TIMED } from './pairs-text.js';

type Field = string | number | null;

/** A heading, and what stands below it. */
const COLUMNS: readonly (readonly [heading: string, of: (pair: Pair, result: PairsResult) => Field])[] = [
  ['strategy', ({ strategy }) => strategy],
  ['runtime', ({ runtime }) => runtime ?? 'node'],
  ['wait', ({ wait }) => wait],
  ['directory', ({ directory }) => directory],
  [
    'filesystem',
    ({ directory }, { directories }) =>
      directories.find(({ path }) => path === directory)?.filesystem ?? null,
  ],
  ['samples', ({ figures }) => figures.samples],
  ['median_ns', ({ figures }) => figures.medianNs],
  ['mean_ns', ({ figures }) => figures.meanNs],
  ['mean_margin_ns', ({ figures }) => figures.marginNs],
  ['p99_ns', ({ figures }) => figures.p99Ns],
  ['times_fcntl', (pair, { pairs }) => ratioOf(pair, pairs)],
  ['times_c', ({ overC }) => overC?.median ?? null],
  ['times_c_low', ({ overC }) => overC?.low ?? null],
  ['times_c_high', ({ overC }) => overC?.high ?? null],
];

const pairsCsv = (result: PairsResult): string =>
  [
    csvLine(COLUMNS.map(([heading]) => heading)),
    ...result.pairs.map((pair) => csvLine(COLUMNS.map(([, of]) => of(pair, result) ?? ''))),
  ].join('');

function pairsMarkdown(result: PairsResult): string {
  const { head, rows } = pairRows(result.pairs);
  const missing = missingLines(result);
  return [
    ...markdownTable(
      head,
      rows,
      head.map((_, i) => (i < 2 ? ':--' : '--:')),
    ),
    '',
    ...(missing.length === 0 ? [] : [...markdownList(missing), '']),
    WHAT_IS_TIMED,
    ...exportFoot(result),
  ].join('\n');
}

export const PAIRS_FORMATS: Formats<PairsResult> = { csv: pairsCsv, markdown: pairsMarkdown };
