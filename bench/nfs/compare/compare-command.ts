/**
 * `lockbench nfs`, without more words: strategies over NFS, between the lab's clients.
 */

import type { Command } from 'commander';
import { loadStrategy } from '../../../strategies/index.js';
import { parseDuration } from '../../base/duration.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import { list, parseAmount, parseCount, parseRecordName, parseSeed } from '../../command-line/parse.js';
import { CLIENTS, EXPORTS, type Export, VERSIONS, type Version } from '../../lab/lab.js';
import type { NumberMode, Result } from '../../measure/result/result-schema.js';
import { exitCode, judge } from '../../measure/verdict/judgement.js';
import { parsePolicy } from '../../measure/worker/policy.js';
import { openOutputs } from '../../text/outputs.js';
import { print } from '../../text/standard-streams.js';
import { parseStrategies, QUICK } from '../frame/client-strategies.js';
import {
  experimentCommand,
  type RawExperimentOptions,
  withExperimentOptions,
} from '../frame/lab-experiment.js';
import { type LabCommandOptions, parseChoice } from '../frame/lab-options.js';
import { type ClientLayout, type CompareRequest, compare } from './compare-clients.js';
import { recordFiles } from './compare-overview.js';
import { nfsFindings } from './compare-sentences.js';
import { nfsTables } from './compare-table.js';

const NUMBERS: readonly NumberMode[] = ['kept-open', 'reopened'];
const MOST_PROCESSES = 64;
const MOST_INCREMENTS = 1_000_000;
const MOST_ROUNDS = 1000;
const MOST_HANDOFFS = 1_000_000;
/** A round over NFS is long by itself: one lap will do. */
const AT_LEAST_NS = 0;

export interface RawCompareOptions extends RawExperimentOptions {
  readonly quick?: boolean;
  readonly strategies?: string;
  readonly wait?: string;
  readonly versions?: string;
  readonly export?: string;
  readonly clients?: string;
  readonly processes?: string;
  readonly number?: string;
  readonly increments?: string;
  readonly rounds?: string;
  readonly handoffs?: string;
  readonly proofs?: string;
  readonly budget?: string;
  readonly roundLimit?: string;
  readonly seed?: string;
  readonly record?: string;
}

export function addCompareCommand(nfs: Command): void {
  withExperimentOptions(
    nfs
      .command('compare', { isDefault: true })
      .description('strategies over NFS, between clients: do they exclude, and is no update lost?'),
  )
    .option('--quick', `the short comparison: ${QUICK}, few turns, one round`)
    .option(
      '--strategies <list>',
      'names, name/policy, or "all" (default: all that live in files, and controls)',
    )
    .option(
      '--wait <list>',
      'policies: block, spin, yield, sleep:1ms, backoff (default: block, else sleep:1ms)',
    )
    .option('--versions <list>', `versions of NFS (default: ${VERSIONS.join(',')})`)
    .option('--export <name>', `file system behind the export: ${EXPORTS.join(', ')}`, EXPORTS[0])
    .option(
      '--clients <list>',
      `hosts that take part, 1 to ${CLIENTS} (default: 1 with 1 process, ${CLIENTS} with ${CLIENTS})`,
    )
    .option('--processes <list>', 'processes, spread over the clients')
    .option('--number <list>', `number file ${NUMBERS.join(', ')} on each turn (default: both)`)
    .option('--increments <n>', 'numbers that each process takes (default: 200; 60 with --quick)')
    .option('--rounds <n>', 'blocks; each holds every cell once (default: 3; 1 with --quick)')
    .option('--handoffs <n>', 'hand-offs that prove a lock; 0 proves none (default: 500; 120 with --quick)')
    .option('--proofs <n>', 'how often each cell is proven', '1')
    .option(
      '--budget <duration>',
      'stop a round after this, with the turns it has done (default: 4s; 2s with --quick)',
    )
    .option('--round-limit <duration>', 'kill a round after this', '120s')
    .option('--seed <n>', 'repeat the order of a run (default: random, printed)')
    .option('--record <name>', 'keep the result, with a README, in results/<name>')
    .action((raw: RawCompareOptions) => run(raw));
}

/** The words of a list, each one of a few. Throws UsageError. */
const choices = <Choice extends string>(option: string, text: string, all: readonly Choice[]): Choice[] => [
  ...new Set(list(text).map((word) => parseChoice(option, word, all))),
];

/** One process on a client for the cost, one on each of three for the verdict. */
const USUAL_LAYOUTS: readonly ClientLayout[] = [
  { clients: 1, processes: 1 },
  { clients: CLIENTS, processes: CLIENTS },
];

/** Crews that can be: with fewer processes than clients some client has none. Throws UsageError if there are none. */
function parseClientLayouts(raw: RawCompareOptions): readonly ClientLayout[] {
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

async function requestOf(raw: RawCompareOptions): Promise<Omit<CompareRequest, 'roundTripNs'>> {
  const quick = raw.quick ?? false;
  const count = (option: string, text: string | undefined, usual: string, least: number, most: number) =>
    parseCount(option, text ?? usual, least, most);
  return {
    specs: await parseStrategies(raw),
    policies: list(raw.wait ?? '').map(parsePolicy),
    versions: choices<Version>('--versions', raw.versions ?? VERSIONS.join(','), VERSIONS),
    export: parseChoice<Export>('--export', raw.export ?? EXPORTS[0], EXPORTS),
    layouts: parseClientLayouts(raw),
    numbers: choices<NumberMode>('--number', raw.number ?? NUMBERS.join(','), NUMBERS),
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
        timeLimitNs: parseDuration(raw.roundLimit ?? '120s', '--round-limit'),
        maxTimeNs: null,
      },
    },
    command: commandLine(),
  };
}

async function run(raw: RawCompareOptions): Promise<void> {
  const request = await requestOf(raw);
  const record = parseRecordName(raw.record);
  const strategies = new Map(
    await Promise.all(
      request.specs.map(async ({ strategy }) => [strategy, await loadStrategy(strategy)] as const),
    ),
  );
  const judgementOf = ({ cells }: Result) => judge(cells, strategies, false);
  await experimentCommand<Result, Result>({
    name: 'compare',
    raw,
    experiment: ({ roundTripNs }: LabCommandOptions) => compare({ ...request, roundTripNs }),
    outputs: () => openOutputs({ json: raw.json ?? null, record }, recordFiles),
    complete: (result, interruptedBy) => ({ ...result, command: request.command, interruptedBy }),
    show(result) {
      print(`${nfsTables(result)}\n${nfsFindings(result, judgementOf(result)).join('\n')}`);
    },
    judge: (result) => exitCode(judgementOf(result)),
  });
}
