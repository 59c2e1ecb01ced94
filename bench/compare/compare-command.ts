/**
 * `lockbench compare`: what changed from one run to another, and whether it is more than noise.
 */
import { BROKEN } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import type { BareCommand } from '../command-line/commander.js';
import { Option } from '../command-line/commander.js';
import { jsonOption } from '../command-line/common-options.js';
import { collect } from '../command-line/directories.js';
import { exportJsonOption } from '../command-line/export-options.js';
import { interruptibly } from '../command-line/interruption.js';
import { htmlOption, openPage, type PageOutput } from '../command-line/page-output.js';
import { LAST, PREVIOUS } from '../measure/result/last-run.js';
import { asText as asJson, openAll, drawingOutput as textOutput } from '../text/outputs.js';
import { print, say, writeOut } from '../text/standard-streams.js';
import { areEnough } from './can-tell.js';
import { compareRuns, howToCompare, type NamedRun } from './compare-runs.js';
import type { Comparisons } from './compare-schema.js';
import { asCsv, asMarkdown, asText } from './compare-table.js';
import { COMPARE_VERSION } from './compare-version.js';
import { failure, parseCondition } from './fail-if.js';

const EXAMPLES = `
A result is "last" or "previous", a file that run --json wrote, or a name in results/. The others are compared with
the first one, or with that of --baseline, one by one; "last" alone is compared with the run before it. With --to, all
results before it are the runs of one version and those behind it the runs of another. Only that tells a changed lock
from runs that differ by themselves: it takes four runs of each or more, made in turn.

Examples:
  lockbench compare last                  with "previous", the run before it
  lockbench compare before.json after.json
  lockbench compare --baseline default-2-cpus last
  lockbench compare old[1-4].json --to new[1-4].json --fail-if slower:10% --fail-if verdict

Exit codes: 0 compared; 1 a condition of --fail-if was met; 2 bad usage.`;

const declare = (program: BareCommand) =>
  program
    .command('compare <results...>')
    .usage('<results...> [options]')
    .option(
      '--to <results...>',
      'the runs of the later version; those named before it are of the earlier one',
    )
    .option('--baseline <result>', 'the result that the others are compared with (default: the first one)')
    .addOption(
      new Option(
        '--basis <basis>',
        'cost in time, or ratio to fcntl/block (default: ratio between machines)',
      ).choices(['cost', 'ratio'] as const),
    )
    .addOption(
      new Option(
        '--fail-if <condition>',
        'exit with 1 on "slower:10%", or on "verdict": a lock that excluded now fails; repeatable',
      ).argParser(collect),
    )
    .addOption(jsonOption())
    .addOption(exportJsonOption())
    .option('--export-markdown <file>', 'write the tables as Markdown')
    .option('--export-csv <file>', 'write a row for each cell as CSV')
    .addOption(htmlOption())
    .addHelpText('after', EXAMPLES);

const FORMATS = {
  '--json': asJson,
  '--export-json': asJson,
  '--export-markdown': ({ comparisons }: Comparisons): string => comparisons.map(asMarkdown).join('\n'),
  '--export-csv': ({ comparisons }: Comparisons): string => asCsv(comparisons),
};

interface Sides {
  readonly earlier: readonly string[];
  /** Each is compared with the earlier side. */
  readonly later: readonly (readonly string[])[];
}

/** `to`: what --to names. Throws UsageError. */
function sidesOf(named: readonly string[], to: readonly string[] | null): Sides {
  if (to !== null) {
    const twice = [named, to].flatMap((side) => side.filter((name, i) => side.indexOf(name) !== i));
    if (twice[0] === undefined) return { earlier: named, later: [to] };
    throw new UsageError(
      `compare: each run once was expected, got ${quoted(twice[0])} twice`,
      'a run that is counted twice looks like two runs that agree',
    );
  }
  const [first, ...others] = named.length === 1 && named[0] === LAST ? [PREVIOUS, LAST] : named;
  if (first !== undefined && others.length > 0) {
    return { earlier: [first], later: others.map((name) => [name]) };
  }
  throw new UsageError(
    `compare: two results or more were expected, got ${named.length}`,
    'for example lockbench compare before.json last; "compare last" takes the run before it',
  );
}

/** A job that could never fail would look like one that found nothing. */
function requireTelling(earlier: readonly NamedRun[], later: readonly NamedRun[]): void {
  const { sample, inTurn } = howToCompare(earlier, later);
  const isEnough = sample === 'run' && areEnough(earlier.length, later.length);
  if (isEnough && inTurn) return;
  const got = `${earlier.length} and ${later.length}${isEnough ? ', but more than two of one version in a row' : ''}`;
  throw new UsageError(
    `--fail-if slower: four runs of each version or more, made in turn, were expected, got ${got}`,
    'measure old, new, old, new and so on, then: lockbench compare old*.json --to new*.json --fail-if slower:10%',
  );
}

export function addCompareCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async () => {
      const conditions = (raw.failIf ?? []).map(parseCondition);
      const json = raw.json === undefined ? null : raw.json === true ? '-' : raw.json;
      const named = raw.baseline === undefined ? words : [raw.baseline, ...words];
      const sides = sidesOf(named, raw.to ?? null);
      // The library of schemas takes longer to load than the help takes to print.
      const { namedRun } = await import('../measure/result/named-run.js');
      const read = (names: readonly string[]): NamedRun[] =>
        names.map((name) => ({ name, result: namedRun(name) }));
      const earlier = read(sides.earlier);
      const later = sides.later.map(read);
      if (conditions.some(({ kind }) => kind === 'slower')) {
        for (const side of later) requireTelling(earlier, side);
      }
      const asked = {
        '--json': json,
        '--export-json': raw.exportJson ?? null,
        '--export-markdown': raw.exportMarkdown ?? null,
        '--export-csv': raw.exportCsv ?? null,
      };
      const options = Object.keys(FORMATS) as (keyof typeof FORMATS)[];
      // Standard output is for one of them, and for the tables only if none of them goes there.
      const [toStdout, second] = options.filter((option) => asked[option] === '-');
      if (second !== undefined) {
        throw new UsageError(
          `compare: one result on standard output was expected, got ${toStdout} and ${second}`,
          'name a file for one of them',
        );
      }
      const files = openAll<Comparisons>(
        options.flatMap((option) => {
          const path = asked[option];
          return path === null || path === '-' ? [] : [() => textOutput(option, path, FORMATS[option])];
        }),
      );
      let page: PageOutput | null = null;
      try {
        page = openPage(raw.html);
        const comparisons = later.map((side) => compareRuns(earlier, side, raw.basis ?? null));
        const found: Comparisons = { schemaVersion: COMPARE_VERSION, comparisons };
        if (toStdout === undefined) print(comparisons.map(asText).join('\n\n'));
        else writeOut(FORMATS[toStdout](found));
        files.finish(found);
        await page.finish(found);
        const failures = comparisons.flatMap(({ cells }) =>
          cells.flatMap((cell) => conditions.flatMap((condition) => failure(cell, condition) ?? [])),
        );
        for (const one of failures) say(`lockbench: --fail-if: ${one}`);
        if (failures.length > 0) process.exitCode = BROKEN;
      } finally {
        files.close();
        page?.close();
      }
    }),
  );
}
