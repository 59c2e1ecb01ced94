/**
 * What a run, or the result of an earlier one, looks like in the terminal.
 */
import { print } from '../text/standard-streams.js';
import { chalkForStdout, tableWidth } from '../text/table.js';
import { wrapped } from '../text/words.js';
import { columnsWithin } from './columns.js';
import { latencyTables } from './latency-table.js';
import { resultTable } from './result-table.js';
import { findings } from './sentences.js';
import type { Subject } from './summary/subject.js';
import { type Footing, NOT_KEPT, summary } from './summary/summary.js';

/** How much is shown. */
export interface Extent {
  /** The table of every group. */
  readonly all: boolean;
  /** All that is known: every group, every column, every sentence. */
  readonly verbose: boolean;
  readonly latency: boolean;
}

/** The table with every column, and the sentences below it. */
function printDetails({ result, controls, judgement }: Subject): void {
  const width = tableWidth();
  print('');
  if (result.cells.length > 0) print(resultTable(result, controls, width));
  print(findings(result, judgement, controls, columnsWithin(width, result.cells)).join('\n'));
}

/** A run that goes on, in lines that leave the last column of the terminal free. */
export function soFar(subject: Subject): string[] {
  const width = tableWidth() - 1;
  const text = summary(subject, { width, chalk: chalkForStdout(), all: false }, NOT_KEPT);
  return [...wrapped(text, width).split('\n'), ''];
}

export function printRun(subject: Subject, { all, verbose, latency }: Extent, footing: Footing): void {
  const look = { width: tableWidth(), chalk: chalkForStdout(), all: all || verbose };
  print(summary(subject, look, footing));
  if (latency) print(`\n${latencyTables(subject.result, subject.controls)}`);
  if (verbose) printDetails(subject);
}
