/**
 * `lockbench nfs roundtrip`: what an increment over NFS costs, call by call, as the network's round trip grows; and when
 * it is the textbook's 80 times a local one.
 */

import { type Command, Option } from 'commander';
import { BROKEN, INCOMPLETE } from '../../base/exit-codes.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import { list, parseCount, parseSeed, requireStrategy } from '../../command-line/parse.js';
import { EXPORTS, type Export, VERSIONS, type Version } from '../../lab/lab.js';
import { describeEnvironment } from '../../machine/host.js';
import { unprivilegedIdentity } from '../../machine/identity.js';
import { drawingOutput, jsonOutput, type Outputs } from '../../text/outputs.js';
import { print } from '../../text/standard-streams.js';
import {
  experimentCommand,
  type RawExperimentOptions,
  withExperimentOptions,
} from '../frame/lab-experiment.js';
import { parseChoice, parseRoundTrip, withPlaceOptions } from '../frame/lab-options.js';
import { measurementOf, sweepWords, USUAL_SWEEP } from './measure-roundtrip.js';
import { measureOutside } from './outside.js';
import type { Findings, Outside, RoundTripResult } from './roundtrip-schema.js';
import {
  callsTable,
  networkTable,
  predictionsTable,
  roundTripFindings,
  sweepTable,
} from './roundtrip-text.js';
import { roundTripExperiment, type Sweep } from './sweep.js';
import { ROUND_TRIP_SCHEMA_VERSION } from './sweep-ways.js';

const MOST_BLOCKS = 100;
const MOST_INCREMENTS = 100_000;
const DEFAULTS = {
  strategies: USUAL_SWEEP.strategies.join(),
  versions: USUAL_SWEEP.versions.join(),
  exports: USUAL_SWEEP.exports.join(),
  rtt: USUAL_SWEEP.roundTripsNs.map((ns) => `${ns / 1e3}us`).join(),
  blocks: String(USUAL_SWEEP.blocks),
  increments: String(USUAL_SWEEP.increments),
};

const EXAMPLES = `
Examples:
  lockbench nfs roundtrip                                   fcntl, over NFSv3 and NFSv4.2
  lockbench nfs roundtrip --strategies fcntl,excl --exports ext4,tmpfs --rtt 0us,500us,2ms --blocks 6
  lockbench nfs roundtrip --svg sweep.svg --json sweep.json

Exit codes: 0 all well; 1 updates were lost; 2 bad usage; 3 the lab could not be brought up, or something in it could
not be measured; 130, 143 ended by a signal.`;

interface RawRoundTripOptions extends RawExperimentOptions {
  readonly strategies: string;
  readonly versions: string;
  readonly exports: string;
  readonly rtt: string;
  /** The same, where this program is the one in the virtual machine. */
  readonly roundTrips?: string;
  readonly blocks: string;
  readonly increments: string;
  readonly seed?: string;
  readonly svg?: string;
}

export function addRoundTripCommand(nfs: Command): void {
  const command = nfs
    .command('roundtrip')
    .description('what an increment over NFS costs, call by call, as the round trip grows')
    .option('--strategies <names>', 'ways of locking', DEFAULTS.strategies)
    .option('--versions <list>', 'of NFS', DEFAULTS.versions)
    .option('--exports <list>', `file systems behind the exports: ${EXPORTS.join(', ')}`, DEFAULTS.exports)
    .option('--rtt <durations>', 'what the network adds to each request and its answer', DEFAULTS.rtt)
    .option('--blocks <n>', 'each holds every case once', DEFAULTS.blocks)
    .option('--increments <n>', 'of a round over NFS', DEFAULTS.increments)
    .option('--seed <n>', 'repeat the order of a run (default: random, printed)')
    .option('--svg <file>', 'write a drawing')
    .addOption(new Option('--round-trips <durations>').hideHelp());
  withExperimentOptions(command, withPlaceOptions)
    .addHelpText('after', EXAMPLES)
    .action((raw: RawRoundTripOptions) => roundTrip(raw));
}

/** The items of a list, all of them among `choices`, each once. Throws UsageError. */
function parseChoices<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice[] {
  const chosen = [...new Set(list(text).map((item) => parseChoice(option, item, choices)))];
  if (chosen.length > 0) return chosen;
  throw new UsageError(`${option}: at least one was expected, got "${text}"`, `for example ${choices[0]}`);
}

function parseSweep(raw: RawRoundTripOptions): Sweep {
  const strategies = [...new Set(list(raw.strategies).map((name) => requireStrategy(name)))];
  const roundTripsNs = [...new Set(list(raw.roundTrips ?? raw.rtt).map(parseRoundTrip))].sort(
    (a, b) => a - b,
  );
  if (strategies.length === 0) {
    throw new UsageError(
      '--strategies: at least one was expected, got none',
      'for example --strategies fcntl',
    );
  }
  if (roundTripsNs.length < 2) {
    throw new UsageError(
      `--rtt: at least two round trips were expected, since a line is drawn through them, got "${raw.rtt}"`,
      'for example --rtt 0us,1ms',
    );
  }
  return {
    strategies,
    versions: parseChoices<Version>('--versions', raw.versions, VERSIONS),
    exports: parseChoices<Export>('--exports', raw.exports, EXPORTS),
    roundTripsNs,
    blocks: parseCount('--blocks', raw.blocks, 1, MOST_BLOCKS),
    increments: parseCount('--increments', raw.increments, 1, MOST_INCREMENTS),
    seed: parseSeed(raw.seed),
  };
}

const PREDICTIONS = `By the model, not measured: on this machine outside of the lab, over a network in one building; at least so many times,
since the time that server and client take for a call is left out.`;

function show(result: RoundTripResult): void {
  const { findings, figures, seed } = result;
  const { kernel, machine, calls } = findings;
  const where = machine === 'host' ? 'this kernel' : `in a virtual machine under ${machine.toUpperCase()}`;
  const parts = [
    `${kernel}, ${where}; seed ${seed}`,
    ...(figures.emptyCall.points.length === 0 ? [] : [networkTable(result)]),
    ...(calls.length === 0 ? [] : [callsTable(result)]),
    ...(figures.curves.length === 0 ? [] : [sweepTable(result)]),
    ...(figures.predictions.length === 0 ? [] : [PREDICTIONS, predictionsTable(result)]),
    roundTripFindings(result).join('\n'),
  ];
  print(parts.join('\n'));
}

function exitCodeOf({ findings }: RoundTripResult): number {
  if (findings.rounds.some(({ lost }) => lost !== 0)) return BROKEN;
  return findings.failures.length > 0 ? INCOMPLETE : 0;
}

/** What becomes of a result. Throws UsageError; then nothing is left. */
function openOutputs(json: string | null, drawing: Drawing | null): Outputs<RoundTripResult> {
  const outputs: Outputs<RoundTripResult>[] = [];
  const close = (): void => {
    for (const output of outputs) output.close();
  };
  try {
    if (json !== null) outputs.push(jsonOutput(json));
    if (drawing !== null) outputs.push(drawingOutput('--svg', drawing.path, drawing.plot));
  } catch (error) {
    close();
    throw error;
  }
  return {
    save(result) {
      for (const output of outputs) output.save(result);
    },
    finish(result) {
      for (const output of outputs) output.finish(result);
    },
    close,
  };
}

interface Drawing {
  readonly path: string;
  readonly plot: (result: RoundTripResult) => string;
}

/** The library is loaded by those who want a drawing: where the processor is emulated it takes seconds. */
async function drawingOf(path: string | undefined): Promise<Drawing | null> {
  if (path === undefined) return null;
  return { path, plot: (await import('./roundtrip-plot.js')).roundTripPlot };
}

async function roundTrip(raw: RawRoundTripOptions): Promise<void> {
  const sweep = parseSweep(raw);
  // The lab's own round trip is set as the sweep goes.
  const { rtt: _, svg, ...rest } = raw;
  const drawing = await drawingOf(svg);
  const startedAt = new Date();
  const environment = describeEnvironment(unprivilegedIdentity());
  let outside: Outside[] = [];
  const resultOf = (findings: Findings, interruptedBy: string | null): RoundTripResult => ({
    schemaVersion: ROUND_TRIP_SCHEMA_VERSION,
    command: commandLine(),
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    interruptedBy,
    seed: sweep.seed,
    environment,
    ...measurementOf(findings, outside),
  });
  await experimentCommand<Findings, RoundTripResult>({
    name: 'roundtrip',
    raw: rest,
    words: sweepWords(sweep),
    experiment: () => roundTripExperiment(sweep),
    outputs: () => openOutputs(raw.json ?? null, drawing),
    async outside(signal) {
      outside = await measureOutside(sweep.strategies, signal);
    },
    complete: resultOf,
    show,
    judge: exitCodeOf,
  });
}
