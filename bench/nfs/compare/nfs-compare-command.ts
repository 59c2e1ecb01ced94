/**
 * `lockbench nfs`, without more words: strategies over NFS, between the lab's clients.
 */

import { loadStrategy } from '../../../strategies/index.js';
import { parseDuration } from '../../base/duration.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import type { BareCommand, OptionsOf } from '../../command-line/commander.js';
import {
  processesOption,
  recordOption,
  seedOption,
  strategiesOption,
} from '../../command-line/common-options.js';
import { htmlOption } from '../../command-line/page-output.js';
import { list, parseAmount, parseCount, parseRecordName, parseSeed } from '../../command-line/parse.js';
import { parseRuntimes, runtimeOption } from '../../command-line/runtimes.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { CLIENTS, EXPORTS, VERSIONS } from '../../lab/lab.js';
import { workerOf } from '../../measure/parent/worker-of.js';
import type { NumberMode, Result } from '../../measure/result/result-schema.js';
import { exitCode, judge } from '../../measure/verdict/judgement.js';
import { parsePolicy } from '../../measure/worker/policy.js';
import { nextLine, pageStep } from '../../text/next-line.js';
import { openOutputs } from '../../text/outputs.js';
import { print } from '../../text/standard-streams.js';
import { parseStrategies, QUICK } from '../frame/client-strategies.js';
import { experimentCommand, withExperimentOptions } from '../frame/lab-experiment.js';
import { type LabCommandOptions, parseChoice, parseChoices, roundTripOption } from '../frame/lab-options.js';
import { type ClientLayout, type CompareRequest, compare } from './compare-clients.js';
import { recordFiles } from './compare-overview.js';
import { nfsFindings } from './compare-sentences.js';
import { nfsTables } from './nfs-compare-table.js';

const NUMBERS: readonly NumberMode[] = ['kept-open', 'reopened'];
const MOST_PROCESSES = 64;
const MOST_INCREMENTS = 1_000_000;
const MOST_ROUNDS = 1000;
const MOST_HANDOFFS = 1_000_000;
/** A round over NFS is long by itself: one lap will do. */
const AT_LEAST_NS = 0;

const declare = (nfs: BareCommand) =>
  withExperimentOptions(
    nfs
      .command('compare [words...]', { isDefault: true })
      .usage('[strategies...] [options]')
      .description('compare strategies over NFS, between clients: do they exclude, and is no update lost?'),
  )
    .addOption(roundTripOption())
    .option('--quick', `the short comparison: ${QUICK.join(',')}, few turns, one round`)
    .addOption(strategiesOption('all that live in files, and the controls'))
    .addOption(runtimeOption())
    .option(
      '--wait <list>',
      'how to wait: block, spin, yield, sleep:1ms, backoff (default: block, else sleep:1ms)',
    )
    .option('--versions <list>', `versions of NFS (default: ${VERSIONS.join(',')})`)
    .option('--export <name>', `file system behind the export: ${EXPORTS.join(', ')}`, EXPORTS[0])
    .option(
      '--clients <list>',
      `number of clients that take part, 1 to ${CLIENTS} (default: 1 with 1 process, ${CLIENTS} with ${CLIENTS})`,
    )
    .addOption(processesOption('as --clients says'))
    .option('--number <list>', `how the number file is opened: ${NUMBERS.join(', ')} (default: both)`)
    .option('--increments <n>', 'numbers that each process takes (default: 200; 60 with --quick)')
    .option('--rounds <n>', 'blocks; each holds every cell once (default: 3; 1 with --quick)')
    .option(
      '--handoffs <n>',
      'hand-offs that prove a lock; 0 skips the proof (default: 500; 120 with --quick)',
    )
    .option('--proofs <n>', 'how often each cell is proven', '1')
    .option(
      '--budget <duration>',
      'end a round after this, with the turns done so far (default: 4s; 2s with --quick)',
    )
    .option('--round-limit <duration>', 'kill a round after this', '120s')
    .addOption(seedOption())
    .addOption(recordOption())
    .addOption(htmlOption());

type CompareOptionValues = OptionsOf<typeof declare>;

export function addCompareCommand(nfs: BareCommand): void {
  declare(nfs).action(run);
}

/** One process on a client for the cost, one on each of three for the verdict. */
const USUAL_LAYOUTS: readonly ClientLayout[] = [
  { clients: 1, processes: 1 },
  { clients: CLIENTS, processes: CLIENTS },
];

/** Layouts that can be: with fewer processes than clients some client has none. Throws UsageError if there are none. */
function parseClientLayouts(raw: CompareOptionValues): readonly ClientLayout[] {
  if (raw.clients === undefined && raw.processes === undefined) return USUAL_LAYOUTS;
  const { clients = `1,${CLIENTS}`, processes = `1,${CLIENTS}` } = raw;
  const hosts = list(clients).map((text) => parseCount('--clients', text, 1, CLIENTS));
  const counts = list(processes).map((text) => parseCount('--processes', text, 1, MOST_PROCESSES));
  const layouts = hosts.flatMap((clients) =>
    counts.flatMap((processes) => (processes < clients ? [] : [{ clients, processes }])),
  );
  if (layouts.length > 0) return layouts;
  throw new UsageError(
    `--processes: at least as many as clients were expected, got ${processes} for ${clients}`,
    `for example --clients ${CLIENTS} --processes ${CLIENTS}`,
  );
}

async function requestOf(
  named: readonly string[] | null,
  raw: CompareOptionValues,
): Promise<Omit<CompareRequest, 'roundTripNs'>> {
  const quick = raw.quick ?? false;
  const runtimes = parseRuntimes(raw.runtime);
  const count = (option: string, text: string | undefined, usual: string, least: number, most: number) =>
    parseCount(option, text ?? usual, least, most);
  return {
    specs: (await parseStrategies(named ?? (quick ? QUICK : null))).flatMap((spec) =>
      runtimes.map((runtime) => ({ ...spec, runtime })),
    ),
    policies: list(raw.wait ?? '').map(parsePolicy),
    versions: parseChoices('--versions', raw.versions ?? VERSIONS.join(','), VERSIONS),
    export: parseChoice('--export', raw.export, EXPORTS),
    layouts: parseClientLayouts(raw),
    numbers: parseChoices('--number', raw.number ?? NUMBERS.join(','), NUMBERS),
    increments: count('--increments', raw.increments, quick ? '60' : '200', 1, MOST_INCREMENTS),
    method: {
      sampling: {
        blocks: count('--rounds', raw.rounds, quick ? '1' : '3', 1, MOST_ROUNDS),
        seed: parseSeed(raw.seed),
        handoffs: count('--handoffs', raw.handoffs, quick ? '120' : '500', 0, MOST_HANDOFFS),
        proofs: count('--proofs', raw.proofs, '1', 1, MOST_ROUNDS),
        trace: false,
        untilShare: null,
      },
      limits: {
        atLeastNs: AT_LEAST_NS,
        budgetNs: parseAmount('--budget', raw.budget ?? (quick ? '2s' : '4s')),
        timeLimitNs: parseDuration(raw.roundLimit, '--round-limit'),
        maxTimeNs: null,
      },
    },
    command: commandLine(),
  };
}

async function run(words: readonly string[], raw: CompareOptionValues): Promise<void> {
  const { named, json } = parseSubjects('nfs', words, raw, { directories: 'none' });
  const request = await requestOf(named, raw);
  // Made here what has to be compiled: an emulated machine takes minutes for it.
  for (const { strategy, runtime } of request.specs) workerOf(strategy, runtime ?? 'node');
  const record = parseRecordName(raw.record);
  const strategies = new Map(
    await Promise.all(
      request.specs.map(async ({ strategy }) => [strategy, await loadStrategy(strategy)] as const),
    ),
  );
  const judgementOf = ({ cells }: Result) => judge(cells, strategies, false);
  const serverLocks = new Set(
    [...strategies.values()].filter(({ family }) => family === 'kernel file lock').map(({ name }) => name),
  );
  await experimentCommand<Result, Result>({
    name: 'compare',
    // For the program in the virtual machine, which is told of strategies by the option.
    raw: named === null ? raw : { ...raw, strategies: named.join(',') },
    json,
    experiment: ({ roundTripNs }: LabCommandOptions) => compare({ ...request, roundTripNs }),
    outputs: () => openOutputs({ json, record }, recordFiles),
    complete: (result, interruptedBy) => ({ ...result, command: request.command, interruptedBy }),
    show(result) {
      const next = nextLine(['lockbench nfs faults', 'lockbench nfs options', ...pageStep()]);
      print([nfsTables(result), ...nfsFindings(result, judgementOf(result), serverLocks), next].join('\n'));
    },
    judge: (result) => exitCode(judgementOf(result)),
  });
}
