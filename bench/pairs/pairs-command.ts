/**
 * `lockbench pairs`: what lock and unlock cost in one process with nobody to wait for, without the number file.
 */

import { strategyNames } from '../../strategies/index.js';
import { INCOMPLETE } from '../base/exit-codes.js';
import { commandLine } from '../command-line/command-line.js';
import type { BareCommand } from '../command-line/commander.js';
import {
  directoriesOption,
  jsonOption,
  quietOption,
  stayRootOption,
  strategiesOption,
  verboseOption,
} from '../command-line/common-options.js';
import { checkDirectories, directoriesOf } from '../command-line/directories.js';
import {
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
  openExports,
} from '../command-line/export-options.js';
import { interruptibly } from '../command-line/interruption.js';
import { htmlOption, openWithPage } from '../command-line/page-output.js';
import { parseCount } from '../command-line/parse.js';
import { parseRuntimes, runtimeOption } from '../command-line/runtimes.js';
import { namesOf } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { isSilent } from '../machine/answering.js';
import { fileSystemOf } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { jsonOutput, openAll } from '../text/outputs.js';
import { print } from '../text/standard-streams.js';
import { StatusLine, type Talk } from '../text/status-line.js';
import { measurePairs, type PairsRequest } from './measure-pairs.js';
import { PAIRS_FORMATS } from './pairs-exports.js';
import type { PairsResult } from './pairs-schema.js';
import { pairsText } from './pairs-text.js';
import { PAIRS_SCHEMA_VERSION } from './pairs-version.js';

const EXAMPLES = `
Examples:
  lockbench pairs
  lockbench pairs fcntl flock shm-flag --dir /tmp
  lockbench pairs fcntl shm-flag --runtime node,c,python
  lockbench pairs fcntl flock --html pairs.html --export-markdown pairs.md
  lockbench pairs --json - | jq '.pairs[].figures.medianNs'

Exit codes: 0 all well; 2 bad usage; 3 something failed; 130, 143, 129 ended by a signal.`;

const MOST_SAMPLES = 100_000;

const declare = (program: BareCommand) =>
  program
    .command('pairs [words...]')
    .usage('[strategies and directories...] [options]')
    .addOption(strategiesOption('all'))
    .addOption(directoriesOption('/dev/shm'))
    .addOption(runtimeOption())
    .option('--samples <n>', 'samples; each is the mean of 100 pairs', '200')
    .addOption(jsonOption())
    .addOption(htmlOption())
    .addOption(exportCsvOption('lock'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

export function addPairsCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async (signal, by) => {
      const { named, directories, json } = parseSubjects('pairs', words, raw, { directories: 'several' });
      const request = {
        names: named === null ? strategyNames : namesOf('pairs', named),
        directories: directories === null ? [memoryDirectory()] : directoriesOf(directories),
        runtimes: parseRuntimes(raw.runtime),
        samples: parseCount('--samples', raw.samples, 10, MOST_SAMPLES),
        identity: workersIdentity(raw),
        signal,
      };
      const output = openWithPage<PairsResult>(
        () =>
          openAll<PairsResult>([
            ...(json === null ? [] : [() => jsonOutput(json)]),
            () => openExports(exportsOf(raw), PAIRS_FORMATS),
          ]),
        raw.html,
      );
      try {
        const talk = { quiet: raw.quiet ?? false, verbose: raw.verbose ?? false };
        const result = await resultOf(request, talk, by);
        if (json !== '-') print(pairsText(result));
        await output.finish(result);
      } finally {
        output.close();
      }
    }),
  );
}

/** Measures. Sets the exit code where something is missing that should not be. `by`: the signal that came, or null. */
async function resultOf(request: PairsRequest, talk: Talk, by: () => string | null): Promise<PairsResult> {
  const { directories, identity } = request;
  const startedAt = new Date();
  await checkDirectories(directories, identity);
  const status = new StatusLine(talk);
  try {
    const { pairs, unavailable, isIncomplete } = await measurePairs(request, (name, done, total) =>
      status.show(name, done, total),
    );
    if (isIncomplete) process.exitCode = INCOMPLETE;
    return {
      ...{ schemaVersion: PAIRS_SCHEMA_VERSION, command: commandLine() },
      ...{ startedAt: startedAt.toISOString(), finishedAt: new Date().toISOString() },
      ...{ interruptedBy: by(), environment: describeEnvironment(identity) },
      directories: directories.map((path) => ({
        path,
        filesystem: isSilent(path) ? 'unknown' : (fileSystemOf(path)?.filesystem ?? 'unknown'),
      })),
      ...{ pairs, unavailable },
    };
  } finally {
    status.clear();
  }
}
