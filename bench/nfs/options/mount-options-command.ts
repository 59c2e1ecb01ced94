/**
 * `lockbench nfs options`: what mount options do to locks between clients, and what one client sees of it.
 */

import type { Command } from 'commander';
import { loadStrategy } from '../../../strategies/index.js';
import { parseDuration } from '../../base/duration.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import { list, parseAmount, parseCount } from '../../command-line/parse.js';
import { EXPORTS, type Export, VERSIONS, type Version } from '../../lab/lab.js';
import { LEAST_HANDOFFS } from '../../measure/verdict/exclusion.js';
import { exitCode } from '../../measure/verdict/judgement.js';
import { jsonOutput, type Outputs } from '../../text/outputs.js';
import { writeOut } from '../../text/standard-streams.js';
import { parseStrategies } from '../frame/client-strategies.js';
import {
  experimentCommand,
  type RawExperimentOptions,
  withExperimentOptions,
} from '../frame/lab-experiment.js';
import { type LabCommandOptions, parseChoice } from '../frame/lab-options.js';
import { type MountOptionsRequest, mountOptions } from './mount-options.js';
import type { MountOptionsResult } from './mount-options-schema.js';
import { mountOptionsFindings } from './mount-options-sentences.js';
import { mountOptionsTables } from './mount-options-table.js';
import { CONTROL, DEFAULT, judgeMountOptions } from './mount-options-verdict.js';

const MOST_HANDOFFS = 1_000_000;
/** Each cell is proven once, and none is timed. */
const PROOFS_ALONE = { blocks: 0, seed: 0, proofs: 1, trace: false, untilShare: null };
const STRATEGIES = 'fcntl,flock,excl';

/** What is looked at by default. NFSv4 knows no local locks: two options show what becomes of them there. */
const OPTIONS: Readonly<Record<Version, readonly string[]>> = {
  v3: [
    DEFAULT,
    ...['none', 'posix', 'flock', 'all'].map((kind) => `local_lock=${kind}`),
    ...['nolock', 'soft', 'noac', 'sync'],
  ],
  'v4.2': [DEFAULT, 'local_lock=all', 'nolock', 'soft', 'noac', 'sync'],
};

const EXAMPLES = `
Examples:
  lockbench nfs options                                       all options, NFSv3 and NFSv4.2
  lockbench nfs options --versions v3 --options default,nolock
  lockbench nfs options --strategies excl --options default,noac,nocto,lookupcache=none,soft+nolock

Exit codes: 0 all well; 1 a claim was broken; 2 bad usage; 3 a mount that keeps locks from the server, or the control,
was not caught, or something did not finish, or the lab could not be brought up; 130, 143 ended by a signal.`;

interface RawMountOptions extends RawExperimentOptions {
  readonly strategies?: string;
  readonly versions?: string;
  readonly options?: string;
  readonly export?: string;
  readonly handoffs?: string;
  readonly budget?: string;
  readonly roundLimit?: string;
}

export function addMountOptionsCommand(nfs: Command): void {
  withExperimentOptions(
    nfs
      .command('options')
      .description('what mount options do to locks between clients, and what one client sees of it'),
  )
    .option('--strategies <list>', `names, or name/policy (default: ${STRATEGIES})`)
    .option('--versions <list>', `versions of NFS (default: ${VERSIONS.join(',')})`)
    .option(
      '--options <list>',
      `mount options, such as ${DEFAULT},nolock,soft+noac (default: those that matter)`,
    )
    .option('--export <name>', `file system behind the export: ${EXPORTS.join(', ')}`, EXPORTS[0])
    .option('--handoffs <n>', `hand-offs that prove a lock (default: ${LEAST_HANDOFFS}, the least that tell)`)
    .option(
      '--budget <duration>',
      'a proof may take so long, or 100ms a hand-off if that is more (default: 20s)',
    )
    .option('--round-limit <duration>', 'kill a proof after this (default: 120s)')
    .addHelpText('after', EXAMPLES)
    .action((raw: RawMountOptions) => run(raw));
}

/** mount(8) would read more than one option into what is not one word. */
function parseOption(text: string): string {
  if (text.split('+').every((one) => /^[a-z][a-z_]*(=[\w.]+)?$/.test(one))) return text;
  throw new UsageError(
    `--options: names of mount options were expected, got "${text}"`,
    `for example --options ${DEFAULT},nolock,local_lock=flock,soft+noac`,
  );
}

async function requestOf(raw: RawMountOptions): Promise<Omit<MountOptionsRequest, 'roundTripNs'>> {
  const named = await parseStrategies({ strategies: raw.strategies ?? STRATEGIES });
  const specs = named.filter(({ strategy }) => strategy !== CONTROL);
  const options = raw.options === undefined ? null : [...new Set(list(raw.options).map(parseOption))];
  if (specs.length === 0) {
    throw new UsageError(
      `--strategies: at least one lock was expected, got "${raw.strategies}"`,
      'for example --strategies fcntl,excl',
    );
  }
  if (options?.length === 0) {
    throw new UsageError(
      `--options: at least one was expected, got "${raw.options}"`,
      `for example --options ${DEFAULT},nolock`,
    );
  }
  const versions = list(raw.versions ?? VERSIONS.join()).map((word) =>
    parseChoice<Version>('--versions', word, VERSIONS),
  );
  return {
    specs,
    versions: [...new Set(versions)],
    options: options === null ? OPTIONS : { v3: options, 'v4.2': options },
    export: parseChoice<Export>('--export', raw.export ?? EXPORTS[0], EXPORTS),
    sampling: {
      ...PROOFS_ALONE,
      handoffs: parseCount('--handoffs', raw.handoffs ?? String(LEAST_HANDOFFS), 1, MOST_HANDOFFS),
    },
    limits: {
      atLeastNs: 0,
      budgetNs: parseAmount('--budget', raw.budget ?? '20s'),
      timeLimitNs: parseDuration(raw.roundLimit ?? '120s', '--round-limit'),
      maxTimeNs: null,
    },
    command: commandLine(),
  };
}

const NOWHERE: Outputs<unknown> = { save() {}, finish() {}, close() {} };

async function run(raw: RawMountOptions): Promise<void> {
  const request = await requestOf(raw);
  const strategies = new Map(
    await Promise.all(
      request.specs.map(async ({ strategy }) => [strategy, await loadStrategy(strategy)] as const),
    ),
  );
  await experimentCommand<MountOptionsResult, MountOptionsResult>({
    name: 'options',
    raw,
    experiment: ({ roundTripNs }: LabCommandOptions) => mountOptions({ ...request, roundTripNs }),
    outputs: () => (raw.json === undefined ? NOWHERE : jsonOutput(raw.json)),
    complete: (result, interruptedBy) => ({ ...result, command: request.command, interruptedBy }),
    show(result) {
      const judgement = judgeMountOptions(result, strategies);
      writeOut(`${mountOptionsTables(result)}\n${mountOptionsFindings(result, judgement).join('\n')}\n`);
    },
    judge: (result) => exitCode(judgeMountOptions(result, strategies)),
  });
}
