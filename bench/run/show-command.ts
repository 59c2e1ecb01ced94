/**
 * `lockbench show`: a result that was kept, as `run` printed it.
 */
import { allNames, loadStrategy } from '../../strategies/index.js';
import type { BareCommand } from '../command-line/commander.js';
import {
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
  openExports,
} from '../command-line/export-options.js';
import { LAST } from '../measure/result/last-run.js';
import type { Result } from '../measure/result/result-schema.js';
import { exitCode } from '../measure/verdict/judgement.js';
import { RUN_FORMATS } from './exports/run-formats.js';
import { printRun } from './print-run.js';
import { type Strategies, subjectOf } from './summary/subject.js';
import { NOT_KEPT } from './summary/summary.js';

const EXAMPLES = `
Examples:
  lockbench show                          the latest run again
  lockbench show last --verbose           with every column and every sentence
  lockbench show result.json --all        a file that --json wrote
  lockbench show whole-catalogue --export-csv rounds.csv

Exit codes: those of the run that is shown; 2 bad usage.`;

/** What the catalogue knows of the strategies in a result. Others are told of by their names. */
async function strategiesOf({ cells }: Result): Promise<Strategies> {
  const names = [...new Set(cells.map(({ strategy }) => strategy))];
  const loaded = await Promise.all(names.filter((name) => allNames.includes(name)).map(loadStrategy));
  return new Map(loaded.map((strategy) => [strategy.name, strategy]));
}

export function addShowCommand(program: BareCommand): void {
  program
    .command('show [result]')
    .option('--all', 'print the table of every directory and number of processes')
    .option('--latency', 'print how long acquisitions and hand-offs took, in the trace rounds')
    .option('--verbose', 'print every column and every sentence')
    .addOption(exportCsvOption('round'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (word, raw) => {
      // The library of schemas takes longer to load than the help takes to print.
      const { namedRun } = await import('../measure/result/named-run.js');
      const result = namedRun(word ?? LAST);
      const exports = openExports(exportsOf(raw), RUN_FORMATS);
      try {
        const subject = subjectOf(result, await strategiesOf(result));
        const { all = false, latency = false, verbose = false } = raw;
        printRun(subject, { all, latency, verbose }, NOT_KEPT);
        exports.finish(result);
        process.exitCode = exitCode(subject.judgement);
      } finally {
        exports.close();
      }
    });
}
