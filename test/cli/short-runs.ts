/**
 * What the tests of whole runs share: options that make a run short, and the cells of its result.
 */
import { isMeasured, type MeasuredCell, resultSchema } from '../../bench/report/result.js';

export const tiny = ['run', '--increments', '300', '--rounds', '1', '--min-round', '1ms', '--quiet'];

/** The measured cells of a result file's text, in its order. */
export const measured = (json: string): MeasuredCell[] =>
  resultSchema.parse(JSON.parse(json)).cells.filter(isMeasured);

export const kindsOf = (cell: MeasuredCell | undefined): string[] =>
  (cell?.rounds ?? []).map(({ kind }) => kind);
