/**
 * `lockbench report`: results as one page to look at.
 */
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { interruptibly } from '../command-line/interruption.js';
import { drawingOutput } from '../text/outputs.js';
import { anyOutputFailed, say, writeOut } from '../text/standard-streams.js';

const EXAMPLES = `
Examples:
  lockbench report last                      your latest run
  lockbench report run.json crash.json -o locks.html
  lockbench report whole-catalogue -o - > catalogue.html

A result is "last", a file that --json wrote, or the name of a recorded run. The page fetches nothing from the network.`;

const USUAL = 'report.html';

export function addReportCommand(program: BareCommand): void {
  program
    .command('report [results...]')
    .usage('<results...> [options]')
    .option('-o, --output <file>', 'where the page goes; "-" is standard output', USUAL)
    .addHelpText('after', EXAMPLES)
    .action((results, { output }) => interruptibly(() => report(results, output)));
}

async function report(words: readonly string[], output: string): Promise<void> {
  if (words.length === 0) {
    throw new UsageError(
      'report: a result was expected, got none',
      'name one: "last", a file that --json wrote, or a recorded run',
    );
  }
  // The library of schemas takes longer to load than the help takes to print.
  const { resultFile } = await import('../measure/result/named-run.js');
  const files = words.map(resultFile);
  const { readReported } = await import('./read-report.js');
  const results = files.map(readReported);
  if (output === '-') {
    const { reportOn } = await import('./report.js');
    writeOut(await reportOn(results));
    return;
  }
  const file = drawingOutput<string>('--output', output, (page) => page);
  try {
    const { reportOn } = await import('./report.js');
    file.finish(await reportOn(results));
    if (!anyOutputFailed()) say(`${output}: a page on ${words.join(', ')}; open it in a browser`);
  } finally {
    file.close();
  }
}
