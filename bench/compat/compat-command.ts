/**
 * `lockbench compat`: which locks see each other, on one file.
 */
import { ALL_WELL, BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { commandLine } from '../command-line/command-line.js';
import type { BareCommand, OptionsOf } from '../command-line/commander.js';
import {
  directoriesOption,
  jsonOption,
  quietOption,
  stayRootOption,
  strategiesOption,
  verboseOption,
} from '../command-line/common-options.js';
import {
  type Exports,
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
  openExports,
} from '../command-line/export-options.js';
import { interruptible } from '../command-line/interruption.js';
import { htmlOption, openWithPage } from '../command-line/page-output.js';
import { parseAmount } from '../command-line/parse.js';
import { nameOption, workerOption } from '../command-line/runtimes.js';
import { parseSubjects, STRATEGIES } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { fileSystemOf } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import type { Identity } from '../machine/identity.js';
import { existingDirectory, memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { contenderName, type StrategySpec } from '../measure/worker/strategy-spec.js';
import { jsonOutput, type Outputs, openAll } from '../text/outputs.js';
import { print, say } from '../text/standard-streams.js';
import { StatusLine, type Talk } from '../text/status-line.js';
import { COMPAT_FORMATS } from './compat-exports.js';
import { FLOCK, gather, specsOf } from './compat-locks.js';
import { playCompat } from './compat-play.js';
import { NO_ROUND } from './compat-reason.js';
import type { CompatPlace, CompatResult } from './compat-schema.js';
import { compatText } from './compat-text.js';
import { COMPAT_SCHEMA_VERSION } from './compat-version.js';
import type { ContentionLimits } from './contend.js';
import { budgetOption, everyPairOption, handoffsOption, pairLimits } from './pair-options.js';

const EXAMPLES = `
Examples:
  lockbench compat                                   the usual locks, in memory
  lockbench compat fcntl flock 'flock(1)' /mnt/nfs   on the file system that matters
  lockbench compat ./my-lock.mjs fcntl excl          a lock of your own beside others
  lockbench compat fcntl flock --runtime node,python the same in two languages
  lockbench compat fcntl flock excl --html compat.html --export-markdown compat.md
  lockbench compat --json - | jq '.places[].cells[] | select(.verdict != "excludes")'

Exit codes: 0 all pairs were tried; 1 a lock does not exclude itself though it claims to, or a pair lets two in;
2 bad usage; 3 a pair failed or was not proven, or a lock that was named is unavailable; 130, 143, 129 ended by a signal.`;

const declare = (program: BareCommand) =>
  program
    .command('compat [words...]')
    .usage('[strategies...] [directories...] [options]')
    .addOption(strategiesOption('kernel locks, names and flock(1), in several languages'))
    .addOption(directoriesOption('/dev/shm'))
    .option('--runtime <list>', 'languages of the locks: node, c, python (default: a selection)')
    .addOption(workerOption())
    .addOption(nameOption())
    .addOption(handoffsOption())
    .addOption(everyPairOption())
    .addOption(budgetOption('10s'))
    .option('--time-limit <duration>', 'kill a round after this', '60s')
    .addOption(jsonOption())
    .addOption(htmlOption())
    .addOption(exportCsvOption('ordered pair'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

/** What words name besides directories: strategies, and the command flock. */
export const LOCKS = {
  ...STRATEGIES,
  names: [...STRATEGIES.names, FLOCK],
  isOne: (word: string): boolean => word.split(',').every((item) => item === FLOCK || STRATEGIES.isOne(item)),
};

export function addCompatCommand(program: BareCommand): void {
  declare(program).action(compat);
}

interface CompatRequest extends Talk {
  readonly specs: readonly StrategySpec[];
  readonly directories: readonly string[];
  readonly identity: Identity | null;
  readonly limits: ContentionLimits;
  readonly json: string | null;
  readonly exports: Exports;
  readonly html: string | undefined;
}

/** Throws UsageError. */
function requestOf(words: readonly string[], raw: OptionsOf<typeof declare>): CompatRequest {
  const identity = workersIdentity(raw);
  const { named, directories, json } = parseSubjects('compat', words, raw, {
    nouns: LOCKS,
    directories: 'several',
  });
  return {
    specs: specsOf(named, raw),
    directories:
      directories === null
        ? [memoryDirectory()]
        : [...new Set(directories.map((path) => existingDirectory(path)))],
    identity,
    limits: pairLimits(raw, parseAmount('--time-limit', raw.timeLimit)),
    json,
    exports: exportsOf(raw),
    html: raw.html,
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
  };
}

/** Opens what a result is written to. Throws UsageError; then nothing is left. */
export const compatOutputs = (json: string | null, exports: Exports): Outputs<CompatResult> =>
  openAll<CompatResult>([
    ...(json === null ? [] : [() => jsonOutput(json)]),
    () => openExports(exports, COMPAT_FORMATS),
  ]);

/** 1 a claim is broken; 3 something is not known; else 0. `named`: locks that have to be there. */
export function compatExitCode(
  { places }: Pick<CompatResult, 'places'>,
  named: readonly string[],
  claims: ReadonlySet<string>,
): number {
  const cells = places.flatMap((place) => place.cells);
  const broken = cells.some(
    ({ holder, other, verdict }) =>
      claims.has(holder) &&
      claims.has(other) &&
      (verdict === 'lets-two-in' || (holder === other && verdict === 'does-not-see-it')),
  );
  if (broken) return BROKEN;
  const isUnknown =
    // That there be no round is what was asked for.
    cells.some(
      ({ verdict, reason }) => verdict === 'failed' || (verdict === 'not-proven' && reason !== NO_ROUND),
    ) ||
    places.some(({ controlCaught }) => controlCaught === false) ||
    places.some(({ unavailable }) => unavailable.some(({ name }) => named.includes(name)));
  return isUnknown ? INCOMPLETE : ALL_WELL;
}

async function compat(words: readonly string[], raw: OptionsOf<typeof declare>): Promise<void> {
  const request = requestOf(words, raw);
  const { specs, directories, identity, limits, json, exports, html } = request;
  const interruption = interruptible();
  const { signal } = interruption;
  const startedAt = new Date();
  const output = openWithPage(() => compatOutputs(json, exports), html);
  const status = new StatusLine(request);
  const places: CompatPlace[] = [];
  const claims = new Set<string>();
  try {
    await requireUsable(directories, identity);
    for (const directory of directories) {
      if (signal.aborted) break;
      const filesystem = fileSystemOf(directory)?.filesystem ?? 'unknown';
      const where = `${directory} (${filesystem})`;
      const { participants, unavailable } = await gather(specs, directory, identity);
      for (const { name, strategy } of participants) if (strategy.claims.excludes) claims.add(name);
      const played = await playCompat(
        { participants, directory, identity, filesystem, limits },
        {
          begins: (pair, done, total) => status.show(`${pair}, in ${where}`, done, total),
          isOver: () => signal.aborted,
        },
      );
      if (played.cells.length > 0 || !signal.aborted)
        places.push({ where, directory, filesystem, nfs: null, unavailable: [...unavailable], ...played });
    }
    status.clear();
    if (places.length > 0) {
      const result: CompatResult = {
        ...{ schemaVersion: COMPAT_SCHEMA_VERSION, command: commandLine() },
        ...{ startedAt: startedAt.toISOString(), finishedAt: new Date().toISOString() },
        ...{ interruptedBy: interruption.by(), environment: describeEnvironment(identity) },
        ...{ handoffs: limits.handoffs, places },
      };
      if (json !== '-') print(compatText(result, request));
      await output.finish(result);
      const named = specs.filter((spec) => spec.named).map(contenderName);
      process.exitCode = compatExitCode(result, named, claims);
    }
  } catch (error) {
    // Whatever failed because its processes were killed under it.
    if (!signal.aborted) throw error;
  } finally {
    status.clear();
    output.close();
    await interruption.end();
  }
  if (places.length === 0 && !request.quiet) say('Ended before a pair was tried: nothing is kept.');
  process.exitCode = interruption.exitCode() ?? process.exitCode ?? ALL_WELL;
}
