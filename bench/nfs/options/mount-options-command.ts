/**
 * `lockbench nfs options`: what mount options do to locks between clients, and what one client sees of it.
 */

import { loadStrategy } from '../../../strategies/index.js';
import { parseDuration } from '../../base/duration.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import type { BareCommand, OptionsOf } from '../../command-line/commander.js';
import { strategiesOption } from '../../command-line/common-options.js';
import { htmlOption } from '../../command-line/page-output.js';
import { list, parseAmount, parseCount } from '../../command-line/parse.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { EXPORTS, VERSIONS, type Version } from '../../lab/lab.js';
import { LEAST_HANDOFFS } from '../../measure/verdict/exclusion.js';
import { exitCode } from '../../measure/verdict/judgement.js';
import { nextLine, pageStep } from '../../text/next-line.js';
import { jsonOutput, NOWHERE } from '../../text/outputs.js';
import { print } from '../../text/standard-streams.js';
import { parseStrategies } from '../frame/client-strategies.js';
import { experimentCommand, withExperimentOptions } from '../frame/lab-experiment.js';
import { type LabCommandOptions, parseChoice, parseChoices, roundTripOption } from '../frame/lab-options.js';
import { type MountOptionsRequest, mountOptions } from './mount-options.js';
import type { MountOptionsResult } from './mount-options-schema.js';
import { mountOptionsFindings } from './mount-options-sentences.js';
import { mountOptionsTables } from './mount-options-table.js';
import { CONTROL, DEFAULT, judgeMountOptions } from './mount-options-verdict.js';

const MOST_HANDOFFS = 1_000_000;
/** Each cell is proven once, and none is timed. */
const PROOFS_ALONE = { blocks: 0, seed: 0, proofs: 1, trace: false, untilShare: null };
const STRATEGIES = ['fcntl', 'flock', 'excl'];

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
  lockbench nfs options excl --options default,noac,nocto,lookupcache=none,soft+nolock

Exit codes: 0 all well; 1 a claim was broken; 2 bad usage; 3 the lab did not start, something did not finish, or a
control, or a mount that keeps locks from the server, was not caught;
130, 143, 129 ended by a signal.`;

const declare = (nfs: BareCommand) =>
  withExperimentOptions(
    nfs
      .command('options [words...]')
      .usage('[strategies...] [options]')
      .description('show what mount options do to locks between clients, and what one client notices'),
  )
    .addOption(roundTripOption())
    .addOption(strategiesOption(STRATEGIES.join(',')))
    .option('--versions <list>', `versions of NFS (default: ${VERSIONS.join(',')})`)
    .option(
      '--options <list>',
      `mount options, such as ${DEFAULT},nolock,soft+noac (default: those that matter to locks)`,
    )
    .option('--export <name>', `file system behind the export: ${EXPORTS.join(', ')}`, EXPORTS[0])
    .option(
      '--handoffs <n>',
      `hand-offs that prove a lock (default: ${LEAST_HANDOFFS}, the minimum for a verdict)`,
    )
    .option(
      '--budget <duration>',
      'end a proof after this, or after 100ms a hand-off if that is longer (default: 20s)',
    )
    .option('--round-limit <duration>', 'kill a proof after this', '120s')
    .addOption(htmlOption())
    .addHelpText('after', EXAMPLES);

type MountOptionsValues = OptionsOf<typeof declare>;

export function addMountOptionsCommand(nfs: BareCommand): void {
  declare(nfs).action(run);
}

/** mount(8) would read more than one option into what is not one word. */
function parseOption(text: string): string {
  if (text.split('+').every((one) => /^[a-z][a-z_]*(=[\w.]+)?$/.test(one))) return text;
  throw new UsageError(
    `--options: names of mount options were expected, got "${text}"`,
    `for example --options ${DEFAULT},nolock,local_lock=flock,soft+noac`,
  );
}

async function requestOf(
  named: readonly string[],
  raw: MountOptionsValues,
): Promise<Omit<MountOptionsRequest, 'roundTripNs'>> {
  const specs = (await parseStrategies(named)).filter(({ strategy }) => strategy !== CONTROL);
  const options = raw.options === undefined ? null : [...new Set(list(raw.options).map(parseOption))];
  if (specs.length === 0) {
    throw new UsageError(
      `--strategies: at least one lock was expected, got "${named.join()}"`,
      'for example --strategies fcntl,excl',
    );
  }
  if (options?.length === 0) {
    throw new UsageError(
      `--options: at least one was expected, got "${raw.options}"`,
      `for example --options ${DEFAULT},nolock`,
    );
  }
  return {
    specs,
    versions: parseChoices('--versions', raw.versions ?? VERSIONS.join(), VERSIONS),
    options: options === null ? OPTIONS : { v3: options, 'v4.2': options },
    export: parseChoice('--export', raw.export, EXPORTS),
    sampling: {
      ...PROOFS_ALONE,
      handoffs: parseCount('--handoffs', raw.handoffs ?? String(LEAST_HANDOFFS), 1, MOST_HANDOFFS),
    },
    limits: {
      atLeastNs: 0,
      budgetNs: parseAmount('--budget', raw.budget ?? '20s'),
      timeLimitNs: parseDuration(raw.roundLimit, '--round-limit'),
      maxTimeNs: null,
    },
    command: commandLine(),
  };
}

async function run(words: readonly string[], raw: MountOptionsValues): Promise<void> {
  const subjects = parseSubjects('nfs options', words, raw, { directories: 'none' });
  const { json } = subjects;
  const named = subjects.named ?? STRATEGIES;
  const request = await requestOf(named, raw);
  const strategies = new Map(
    await Promise.all(
      request.specs.map(async ({ strategy }) => [strategy, await loadStrategy(strategy)] as const),
    ),
  );
  await experimentCommand<MountOptionsResult, MountOptionsResult>({
    name: 'options',
    // For the program in the virtual machine, which is told of strategies by the option.
    raw: { ...raw, strategies: named.join(',') },
    json,
    experiment: ({ roundTripNs }: LabCommandOptions) => mountOptions({ ...request, roundTripNs }),
    outputs: () => (json === null ? NOWHERE : jsonOutput(json)),
    complete: (result, interruptedBy) => ({ ...result, command: request.command, interruptedBy }),
    show(result) {
      const judgement = judgeMountOptions(result, strategies);
      const next = nextLine([
        'lockbench doctor MOUNT --require nfs-clients',
        'lockbench nfs faults',
        ...pageStep(),
      ]);
      print([mountOptionsTables(result), ...mountOptionsFindings(result, judgement), next].join('\n'));
    },
    judge: (result) => exitCode(judgeMountOptions(result, strategies)),
  });
}
