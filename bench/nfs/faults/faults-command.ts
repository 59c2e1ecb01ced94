/**
 * `lockbench nfs faults`: what happens to locks over NFS when a client, the network or the server fails.
 */

import { loadStrategy } from '../../../strategies/index.js';
import { parseDuration } from '../../base/duration.js';
import { ALL_WELL, INCOMPLETE } from '../../base/exit-codes.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import type { BareCommand, OptionsOf } from '../../command-line/commander.js';
import { strategiesOption } from '../../command-line/common-options.js';
import { htmlOption } from '../../command-line/page-output.js';
import { parseStrategySpecs } from '../../command-line/strategy-list.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { VERSIONS } from '../../lab/lab.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { policyName } from '../../measure/worker/policy.js';
import type { StrategySpec } from '../../measure/worker/strategy-spec.js';
import { nextLine, pageStep } from '../../text/next-line.js';
import { jsonOutput, NOWHERE } from '../../text/outputs.js';
import { print } from '../../text/standard-streams.js';
import { requireFit } from '../frame/client-strategies.js';
import { experimentCommand, withExperimentOptions } from '../frame/lab-experiment.js';
import { parseChoices, roundTripOption } from '../frame/lab-options.js';
import { type FaultsRequest, patienceFor, playFaults } from './fault-cases.js';
import { FAULTS, FAULTS_SCHEMA_VERSION } from './fault-names.js';
import type { FaultsFindings, FaultsResult } from './faults-schema.js';
import { faultFindings } from './faults-sentences.js';
import { faultsTable, faultsTimeLines } from './faults-table.js';

const DEFAULT_STRATEGIES = ['fcntl', 'excl'];
/** The minimum that Linux allows. */
const LEAST_LEASE_NS = 10e9;
const MOST_LEASE_NS = 3600e9;

const EXAMPLES = `
Examples:
  lockbench nfs faults                                  fcntl and excl, all faults, in some minutes
  lockbench nfs faults fcntl --faults cut-long --versions v4.2 --timeline
  lockbench nfs faults fcntl flock --lease 30s --json faults.json

Faults: ${FAULTS.join(', ')}.
Exit codes: 0 every fault was played; 2 bad usage; 3 the lab did not start, or a fault could not be played;
130, 143, 129 ended by a signal.`;

const declare = (nfs: BareCommand) =>
  withExperimentOptions(
    nfs
      .command('faults [words...]')
      .usage('[strategies...] [options]')
      .description('show what happens to locks over NFS when a client, the network or the server fails'),
  )
    .addOption(strategiesOption(DEFAULT_STRATEGIES.join(',')))
    .addOption(roundTripOption())
    .addOption(htmlOption())
    .option('--faults <list>', 'which faults, see below', FAULTS.join(','))
    .option('--versions <list>', 'versions of NFS', VERSIONS.join(','))
    .option('--lease <duration>', 'lease and grace period of the server, at least 10s', '10s')
    .option(
      '--patience <duration>',
      'a lock that nobody gets within this is stuck (default: the lease and 35s)',
    )
    .option('--timeline', 'draw what every process did')
    .addHelpText('after', EXAMPLES);

type FaultsOptionValues = OptionsOf<typeof declare>;

export function addNfsFaultsCommand(nfs: BareCommand): void {
  declare(nfs).action(faults);
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
  requireFit(spec.strategy);
  const { claims } = await loadStrategy(spec.strategy);
  if (claims.excludesAcrossNfs === 'not applicable') {
    throw new UsageError(
      `nfs faults: a strategy that locks by files was expected, got "${spec.strategy}", which lives on one host`,
      'for example fcntl, flock or excl',
    );
  }
  return spec;
}

/** Those of `all` that were asked for, in its order, in which they are played. */
const inOrder = <Choice extends string>(option: string, text: string, all: readonly Choice[]): Choice[] => {
  const chosen = parseChoices(option, text, all);
  return all.filter((one) => chosen.includes(one));
};

async function requestOf(
  named: readonly string[],
  raw: FaultsOptionValues,
): Promise<Omit<FaultsRequest, 'roundTripNs'>> {
  const leaseNs = parseLease(raw.lease);
  return {
    specs: await Promise.all(parseStrategySpecs(named).map(requireFiles)),
    versions: inOrder('--versions', raw.versions, VERSIONS),
    faults: inOrder('--faults', raw.faults, FAULTS),
    leaseNs,
    patienceNs: raw.patience === undefined ? patienceFor(leaseNs) : parsePatience(raw.patience),
    identity: unprivilegedIdentity(),
  };
}

/** The command that does the same in the virtual machine. */
const wordsOf = ({
  specs,
  versions,
  faults,
  leaseNs,
  patienceNs,
}: Omit<FaultsRequest, 'roundTripNs'>): string[] => [
  ...['nfs', 'faults', '--lines'],
  ...['--faults', faults.join(','), '--versions', versions.join(',')],
  ...['--lease', `${leaseNs}ns`, '--patience', `${patienceNs}ns`],
  ...specs.map(({ strategy, policy }) => (policy === null ? strategy : `${strategy}/${policyName(policy)}`)),
];

async function faults(words: readonly string[], raw: FaultsOptionValues): Promise<void> {
  const { named, json } = parseSubjects('nfs faults', words, raw, { directories: 'none' });
  const request = await requestOf(named ?? DEFAULT_STRATEGIES, raw);
  const startedAt = new Date();
  await experimentCommand<FaultsFindings, FaultsResult>({
    name: 'faults',
    raw,
    json,
    words: wordsOf(request),
    leaseNs: request.leaseNs,
    experiment: ({ roundTripNs }) => playFaults({ ...request, roundTripNs }),
    outputs: () => (json === null ? NOWHERE : jsonOutput(json)),
    complete: (findings, interruptedBy) => ({
      schemaVersion: FAULTS_SCHEMA_VERSION,
      command: commandLine(),
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      interruptedBy,
      ...findings,
    }),
    show: (result) => show(result, raw.timeline ?? false),
    judge: ({ scenarios }) => (scenarios.some(({ state }) => state === 'not-played') ? INCOMPLETE : ALL_WELL),
  });
}

function show(result: FaultsResult, timeline: boolean): void {
  const parts = [faultsTable(result), faultFindings(result).join('\n')];
  if (timeline) parts.push(`${faultsTimeLines(result)}\n`);
  const pictures = timeline ? [] : ['add --timeline'];
  parts.push(nextLine(['lockbench nfs options', ...pictures, ...pageStep()]));
  print(parts.filter((part) => part !== '').join('\n'));
}
