/**
 * `lockbench nfs faults`: what happens to locks over NFS when a client, the network or the server fails.
 */

import { loadStrategy } from '../../../strategies/index.js';
import { parseDuration } from '../../base/duration.js';
import { INCOMPLETE } from '../../base/exit-codes.js';
import { suggestion } from '../../base/suggestion.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import { type BareCommand, Option, type OptionsOf } from '../../command-line/commander.js';
import {
  jsonOption,
  quietOption,
  strategiesOption,
  verboseOption,
} from '../../command-line/common-options.js';
import { list } from '../../command-line/parse.js';
import { parseStrategySpecs } from '../../command-line/strategy-list.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { runExperiment, tellingStdout, USUAL_PLACE } from '../../lab/in-lab.js';
import { VERSIONS } from '../../lab/lab.js';
import { LabError } from '../../lab/lab-error.js';
import { unprivilegedIdentity } from '../../machine/identity.js';
import { interruptible } from '../../measure/parent/interruption.js';
import { policyName } from '../../measure/worker/policy.js';
import type { StrategySpec } from '../../measure/worker/strategy-spec.js';
import { jsonOutput } from '../../text/outputs.js';
import { print, say } from '../../text/standard-streams.js';
import { StatusLine, type Talk } from '../../text/status-line.js';
import { type LabCommandOptions, parseLabOptions, withLabOptions } from '../frame/lab-options.js';
import { type FaultsRequest, patienceFor, playFaults } from './fault-cases.js';
import { FAULTS, FAULTS_SCHEMA_VERSION } from './fault-names.js';
import type { FaultsFindings, FaultsResult } from './faults-schema.js';
import { faultFindings } from './faults-sentences.js';
import { faultsTable, faultsTimeLines } from './faults-table.js';

const DEFAULT_STRATEGIES = ['fcntl', 'excl'];
/** The least that Linux allows. */
const LEAST_LEASE_NS = 10e9;
const MOST_LEASE_NS = 3600e9;

const EXAMPLES = `
Examples:
  lockbench nfs faults                                  fcntl and excl, all faults, in some minutes
  lockbench nfs faults fcntl --faults cut-long --versions v4.2 --timeline
  lockbench nfs faults fcntl flock --lease 30s --json faults.json

Faults: ${FAULTS.join(', ')}.
Exit codes: 0 all was played; 2 bad usage; 3 the lab did not start, or a fault could not be played;
130, 143, 129 ended by a signal.`;

interface FaultsOptions extends Talk {
  readonly lab: LabCommandOptions;
  readonly request: FaultsRequest;
  readonly timeline: boolean;
  readonly json: string | null;
  /** Whether we are the program in the virtual machine. */
  readonly lines: boolean;
}

const declare = (nfs: BareCommand) =>
  withLabOptions(
    nfs
      .command('faults [words...]')
      .usage('[strategies...] [options]')
      .description('show what becomes of locks over NFS when a client, the network or the server fails'),
  )
    .addOption(strategiesOption(DEFAULT_STRATEGIES.join(',')))
    .option('--faults <list>', 'which faults, see below', FAULTS.join(','))
    .option('--versions <list>', 'versions of NFS', VERSIONS.join(','))
    .option('--lease <duration>', 'lease and grace period of the server, at least 10s', '10s')
    .option(
      '--patience <duration>',
      'a lock that nobody gets within this is stuck (default: the lease and 35s)',
    )
    .option('--timeline', 'draw what every process did')
    .addOption(jsonOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(new Option('--lines').hideHelp())
    .addHelpText('after', EXAMPLES);

export function addNfsFaultsCommand(nfs: BareCommand): void {
  declare(nfs).action(async (words, raw) => faults(await parseFaultsOptions(words, raw)));
}

function parseChoices<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice[] {
  const chosen = list(text).map((name) => {
    const choice = choices.find((one) => one === name);
    if (choice !== undefined) return choice;
    throw new UsageError(
      `${option}: one of ${choices.join(', ')} was expected, got "${name}"`,
      suggestion(name, choices) ?? `for example ${option} ${choices[0]}`,
    );
  });
  if (chosen.length > 0) return choices.filter((one) => chosen.includes(one));
  throw new UsageError(
    `${option}: a list was expected, got "${text}"`,
    `for example ${option} ${choices[0]}`,
  );
}

function parseLease(text: string): number {
  const ns = parseDuration(text, '--lease');
  if (ns >= LEAST_LEASE_NS && ns <= MOST_LEASE_NS && ns % 1e9 === 0) return ns;
  throw new UsageError(
    `--lease: whole seconds from 10s to 3600s were expected, got "${text}"`,
    'for example --lease 10s',
  );
}

function parsePatience(text: string): number {
  const ns = parseDuration(text, '--patience');
  if (ns > 0) return ns;
  throw new UsageError(`--patience: more than 0 was expected, got "${text}"`, 'for example --patience 45s');
}

/** Throws UsageError for what has nothing to do with NFS. */
async function requireFiles(spec: StrategySpec): Promise<StrategySpec> {
  const { claims } = await loadStrategy(spec.strategy);
  if (claims.excludesAcrossNfs === 'not applicable') {
    throw new UsageError(
      `nfs faults: a strategy that locks by files was expected, got "${spec.strategy}", which lives on one host`,
      'for example fcntl, flock or excl',
    );
  }
  return spec;
}

async function parseFaultsOptions(
  words: readonly string[],
  raw: OptionsOf<typeof declare>,
): Promise<FaultsOptions> {
  const { named, json } = parseSubjects('nfs faults', words, raw, { directories: 'none' });
  const lab = parseLabOptions(raw);
  const leaseNs = parseLease(raw.lease);
  const specs = await Promise.all(parseStrategySpecs(named ?? DEFAULT_STRATEGIES).map(requireFiles));
  return {
    lab,
    request: {
      specs,
      versions: parseChoices('--versions', raw.versions, VERSIONS),
      faults: parseChoices('--faults', raw.faults, FAULTS),
      leaseNs,
      patienceNs: raw.patience === undefined ? patienceFor(leaseNs) : parsePatience(raw.patience),
      roundTripNs: lab.roundTripNs,
      identity: unprivilegedIdentity(),
    },
    timeline: raw.timeline ?? false,
    json,
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
    lines: raw.lines ?? false,
  };
}

/** The command that does the same in the virtual machine. */
const wordsOf = ({ specs, versions, faults, leaseNs, patienceNs }: FaultsRequest): string[] => [
  ...['nfs', 'faults', '--lines'],
  ...['--faults', faults.join(','), '--versions', versions.join(',')],
  ...['--lease', `${leaseNs}ns`, '--patience', `${patienceNs}ns`],
  ...specs.map(({ strategy, policy }) => (policy === null ? strategy : `${strategy}/${policyName(policy)}`)),
];

/** Plays, in the lab, and tells. Returns the exit code of a program that had to be started again, or 0. */
async function inLab(
  { lab, request, quiet, verbose, lines }: FaultsOptions,
  signal: AbortSignal,
  result: (findings: FaultsFindings) => void,
): Promise<number> {
  const status = new StatusLine({ quiet, verbose });
  const telling = {
    progress: (what: string, done: number, total: number) => status.show(what, done, total),
    result,
  };
  try {
    return await runExperiment<FaultsFindings>({
      roundDirectory: { ...USUAL_PLACE, ...lab, leaseNs: request.leaseNs },
      words: wordsOf(request),
      experiment: (lab, listener, signal) => playFaults(lab, request, listener, signal),
      listener: lines ? tellingStdout() : telling,
      signal,
      say: (text) => {
        if (!quiet) say(text);
      },
    });
  } finally {
    status.clear();
  }
}

async function faults(options: FaultsOptions): Promise<void> {
  const interruption = interruptible();
  const output = options.json === null ? null : jsonOutput(options.json);
  const startedAt = new Date();
  let findings: FaultsFindings | null = null;
  let code: number;
  try {
    code = await inLab(options, interruption.signal, (found) => {
      findings = found;
    });
  } catch (error) {
    if (!interruption.signal.aborted && !(error instanceof LabError)) throw error;
    if (!interruption.signal.aborted && error instanceof Error) say(`lockbench: ${error.message}`);
    code = INCOMPLETE;
  }
  try {
    if (findings !== null) {
      const result: FaultsResult = {
        schemaVersion: FAULTS_SCHEMA_VERSION,
        command: commandLine(),
        startedAt: startedAt.toISOString(),
        finishedAt: new Date().toISOString(),
        interruptedBy: interruption.by(),
        ...(findings as FaultsFindings),
      };
      if (options.json !== '-') show(result, options.timeline);
      output?.finish(result);
      if (result.scenarios.some(({ state }) => state === 'not-played')) code = INCOMPLETE;
    }
  } finally {
    output?.close();
    interruption.end();
  }
  process.exitCode = interruption.exitCode() ?? code;
}

function show(result: FaultsResult, timeline: boolean): void {
  const parts = [faultsTable(result), faultFindings(result).join('\n')];
  if (timeline) parts.push(faultsTimeLines(result));
  print(parts.filter((part) => part !== '').join('\n'));
}
