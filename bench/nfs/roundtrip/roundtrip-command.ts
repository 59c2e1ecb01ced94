/**
 * `lockbench nfs roundtrip`: what an increment over NFS costs, call by call, as the network's round trip grows; and when
 * it is the textbook's 80 times a local one.
 */

import { BROKEN, INCOMPLETE } from '../../base/exit-codes.js';
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import { type BareCommand, Option, type OptionsOf } from '../../command-line/commander.js';
import { seedOption, strategiesOption } from '../../command-line/common-options.js';
import { htmlOption } from '../../command-line/page-output.js';
import { list, parseCount, parseSeed } from '../../command-line/parse.js';
import { namesOf } from '../../command-line/strategy-list.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { EXPORTS, VERSIONS } from '../../lab/lab.js';
import { describeEnvironment } from '../../machine/host.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { nextLine, pageStep } from '../../text/next-line.js';
import { drawingOutput, jsonOutput, type Outputs, openAll } from '../../text/outputs.js';
import { print } from '../../text/standard-streams.js';
import { requireFit } from '../frame/client-strategies.js';
import { experimentCommand, withExperimentOptions } from '../frame/lab-experiment.js';
import { parseChoices, parseRoundTrip } from '../frame/lab-options.js';
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
  strategies: USUAL_SWEEP.strategies,
  versions: USUAL_SWEEP.versions.join(),
  exports: USUAL_SWEEP.exports.join(),
  rtt: USUAL_SWEEP.roundTripsNs.map((ns) => `${ns / 1e3}us`).join(),
  blocks: String(USUAL_SWEEP.blocks),
  increments: String(USUAL_SWEEP.increments),
};

const EXAMPLES = `
Examples:
  lockbench nfs roundtrip                                   fcntl, over NFSv3 and NFSv4.2
  lockbench nfs roundtrip fcntl excl --exports ext4,tmpfs --rtt 0us,500us,2ms --blocks 6
  lockbench nfs roundtrip --svg sweep.svg --json sweep.json

Exit codes: 0 all well; 1 updates were lost; 2 bad usage; 3 the lab did not start, or something could not be measured
in it; 130, 143, 129 ended by a signal.`;

const declare = (nfs: BareCommand) =>
  withExperimentOptions(
    nfs
      .command('roundtrip [words...]')
      .usage('[strategies...] [options]')
      .description('measure what an increment over NFS costs, call by call, as the round-trip time grows'),
  )
    .addOption(strategiesOption(DEFAULTS.strategies.join(',')))
    .option('--versions <list>', 'versions of NFS', DEFAULTS.versions)
    .option('--exports <list>', `file systems behind the exports: ${EXPORTS.join(', ')}`, DEFAULTS.exports)
    .option('--rtt <durations>', 'round-trip times that the network adds, one after the other', DEFAULTS.rtt)
    .option('--blocks <n>', 'blocks; each holds every case once', DEFAULTS.blocks)
    .option('--increments <n>', 'increments in a round over NFS', DEFAULTS.increments)
    .addOption(seedOption())
    .option('--svg <file>', 'draw the result')
    .addOption(htmlOption())
    // The same as --rtt, where this program is the one in the virtual machine.
    .addOption(new Option('--round-trips <durations>').hideHelp())
    .addHelpText('after', EXAMPLES);

type RoundTripOptionValues = OptionsOf<typeof declare>;

export function addRoundTripCommand(nfs: BareCommand): void {
  declare(nfs).action(roundTrip);
}

function parseSweep(strategies: readonly string[], raw: RoundTripOptionValues): Sweep {
  const roundTripsNs = [...new Set(list(raw.roundTrips ?? raw.rtt).map(parseRoundTrip))].sort(
    (a, b) => a - b,
  );
  if (roundTripsNs.length < 2) {
    throw new UsageError(
      `--rtt: at least two round trips were expected, since a line is drawn through them, got "${raw.rtt}"`,
      'for example --rtt 0us,1ms',
    );
  }
  return {
    strategies,
    versions: parseChoices('--versions', raw.versions, VERSIONS),
    exports: parseChoices('--exports', raw.exports, EXPORTS),
    roundTripsNs,
    blocks: parseCount('--blocks', raw.blocks, 1, MOST_BLOCKS),
    increments: parseCount('--increments', raw.increments, 1, MOST_INCREMENTS),
    seed: parseSeed(raw.seed),
  };
}

const PREDICTIONS = `Predicted by the model, not measured: this machine outside the lab, over a network in one building. These are
lower bounds, since the time that server and client take for a call is left out.`;

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
    nextLine(['lockbench reproduce 80x', 'lockbench nfs faults', ...pageStep()]),
  ];
  print(parts.join('\n'));
}

function exitCodeOf({ findings }: RoundTripResult): number {
  if (findings.rounds.some(({ lost }) => lost !== 0)) return BROKEN;
  return findings.failures.length > 0 ? INCOMPLETE : 0;
}

/** What becomes of a result. Throws UsageError; then nothing is left. */
const openOutputs = (json: string | null, drawing: Drawing | null): Outputs<RoundTripResult> =>
  openAll<RoundTripResult>([
    ...(json === null ? [] : [() => jsonOutput(json)]),
    ...(drawing === null ? [] : [() => drawingOutput('--svg', drawing.path, drawing.plot)]),
  ]);

interface Drawing {
  readonly path: string;
  readonly plot: (result: RoundTripResult) => string;
}

/** The library is loaded by those who want a drawing: where the processor is emulated it takes seconds. */
async function drawingOf(path: string | undefined): Promise<Drawing | null> {
  if (path === undefined) return null;
  return { path, plot: (await import('./roundtrip-plot.js')).roundTripPlot };
}

async function roundTrip(words: readonly string[], raw: RoundTripOptionValues): Promise<void> {
  const { named, json } = parseSubjects('nfs roundtrip', words, raw, { directories: 'none' });
  const sweep = parseSweep(named === null ? DEFAULTS.strategies : namesOf('nfs roundtrip', named), raw);
  sweep.strategies.forEach(requireFit);
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
    json,
    words: sweepWords(sweep),
    experiment: () => roundTripExperiment(sweep),
    outputs: () => openOutputs(json, drawing),
    async outside(signal) {
      outside = await measureOutside(sweep.strategies, signal);
    },
    complete: resultOf,
    show,
    judge: exitCodeOf,
  });
}
