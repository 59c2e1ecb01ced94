/**
 * `lockbench nfs roundtrip`: what an increment over NFS costs, call by call, as the network's round trip grows; and when
 * it is the textbook's 80 times a local one.
 */
import { type Command, Option } from 'commander';
import { parseDuration } from '../duration.js';
import { describeEnvironment } from '../environment/host.js';
import { unprivilegedIdentity } from '../environment/identity.js';
import { type LabPlace, runExperiment, tellingStdout } from '../lab/experiment.js';
import { EXPORTS, type Export, VERSIONS, type Version } from '../lab/lab.js';
import { LabError } from '../lab/lab-error.js';
import { hasOwnMounts } from '../lab/own-mounts.js';
import { measureOutside } from '../nfs/outside.js';
import { roundTripExperiment, type Sweep } from '../nfs/roundtrip.js';
import { drawingOutput, jsonOutput, type Outputs } from '../report/outputs.js';
import { figuresOf } from '../report/roundtrip-figures.js';
import {
  type Findings,
  type Outside,
  ROUND_TRIP_SCHEMA_VERSION,
  type RoundTripResult,
} from '../report/roundtrip-result.js';
import {
  callsTable,
  networkTable,
  predictionsTable,
  roundTripFindings,
  sweepTable,
} from '../report/roundtrip-text.js';
import { StatusLine } from '../report/status-line.js';
import { UsageError } from '../usage-error.js';
import { commandLine } from './command-line.js';
import { type Interruption, interruptible } from './interruption.js';
import {
  parseChoice,
  parseLabOptions,
  parseRoundTrip,
  type RawLabOptions,
  withPlaceOptions,
} from './nfs-options.js';
import { list, parseCount, parseSeed, requireStrategy } from './parse.js';

const BROKEN = 1;
const INCOMPLETE = 3;
const MOST_BLOCKS = 100;
const MOST_INCREMENTS = 100_000;
const DEFAULTS = {
  strategies: 'fcntl,excl',
  exports: 'ext4',
  rtt: '0us,100us,200us,500us,1ms',
  blocks: '3',
  increments: '100',
  timeLimit: '20min',
} as const;

const EXAMPLES = `
Examples:
  lockbench nfs roundtrip                                   fcntl and excl, over NFSv3 and NFSv4.2
  lockbench nfs roundtrip --strategies fcntl --exports ext4,tmpfs --rtt 0us,500us,2ms --blocks 6
  lockbench nfs roundtrip --svg sweep.svg --json sweep.json

Exit codes: 0 all well; 1 updates were lost; 2 bad usage; 3 the lab could not be brought up, or something in it could
not be measured; 130, 143 ended by a signal.`;

interface RawRoundTripOptions extends Omit<RawLabOptions, 'rtt'> {
  readonly strategies: string;
  readonly versions: string;
  readonly exports: string;
  readonly rtt: string;
  readonly blocks: string;
  readonly increments: string;
  readonly seed?: string;
  readonly timeLimit: string;
  readonly json?: string;
  readonly svg?: string;
  readonly quiet?: boolean;
  readonly asLines?: boolean;
}

export function addRoundTripCommand(nfs: Command): void {
  const command = nfs
    .command('roundtrip')
    .description('what an increment over NFS costs, call by call, as the round trip grows')
    .option('--strategies <names>', 'ways of locking', DEFAULTS.strategies)
    .option('--versions <list>', 'of NFS', VERSIONS.join(','))
    .option('--exports <list>', `file systems behind the exports: ${EXPORTS.join(', ')}`, DEFAULTS.exports)
    .option('--rtt <durations>', 'what the network adds to each request and its answer', DEFAULTS.rtt)
    .option('--blocks <n>', 'each holds every case once', DEFAULTS.blocks)
    .option('--increments <n>', 'of a round over NFS', DEFAULTS.increments)
    .option('--seed <n>', 'of the order (default: drawn)')
    .option('--json <file>', 'write the result; "-" is standard output')
    .option('--svg <file>', 'write a drawing')
    .option('--time-limit <duration>', 'the virtual machine is killed after this', DEFAULTS.timeLimit)
    .option('--quiet', 'no progress and no talk')
    .addOption(new Option('--as-lines', 'as the program in the virtual machine talks').hideHelp());
  withPlaceOptions(command)
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
  const roundTripsNs = [...new Set(list(raw.rtt).map(parseRoundTrip))].sort((a, b) => a - b);
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

/** The same command for the program in the virtual machine. */
const wordsOf = (sweep: Sweep): string[] => [
  ...['nfs', 'roundtrip', '--as-lines'],
  ...['--strategies', sweep.strategies.join()],
  ...['--versions', sweep.versions.join()],
  ...['--exports', sweep.exports.join()],
  ...['--rtt', sweep.roundTripsNs.map((ns) => `${ns}ns`).join()],
  ...['--blocks', String(sweep.blocks), '--increments', String(sweep.increments)],
  ...['--seed', String(sweep.seed)],
];

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** As the program in the virtual machine: everything is told, in lines, to the one outside. */
async function tellAll(sweep: Sweep, place: LabPlace, signal: AbortSignal): Promise<number> {
  const experiment = roundTripExperiment(sweep);
  return runExperiment({ place, words: [], experiment, listener: tellingStdout(), signal, say });
}

interface Destinations {
  readonly json: string | null;
  readonly svg: string | null;
}

/** Opens what was asked for. Throws UsageError; then nothing is left. */
async function openOutputs({ json, svg }: Destinations): Promise<Outputs<RoundTripResult>[]> {
  const outputs: Outputs<RoundTripResult>[] = [];
  try {
    if (json !== null) outputs.push(jsonOutput(json));
    if (svg !== null) {
      // Loaded by those who want a drawing: it takes seconds where the processor is emulated.
      const { roundTripPlot } = await import('../report/roundtrip-plot.js');
      outputs.push(drawingOutput('--svg', svg, roundTripPlot));
    }
    return outputs;
  } catch (error) {
    for (const output of outputs) output.close();
    throw error;
  }
}

/** Measures outside, then in the lab. Returns null if a program started in our place has told everything. */
async function measure(
  sweep: Sweep,
  place: LabPlace,
  quiet: boolean,
  { signal, by }: Interruption,
): Promise<{ result: RoundTripResult | null; code: number }> {
  const startedAt = new Date();
  const status = new StatusLine(quiet);
  let findings: Findings | null = null;
  let outside: Outside[] = [];
  // Else the same program is started once more, and measures.
  if (place.on === 'vm' || hasOwnMounts()) outside = await measureOutside(sweep.strategies, signal);
  let code: number;
  try {
    code = await runExperiment<Findings>({
      place,
      words: wordsOf(sweep),
      experiment: roundTripExperiment(sweep),
      listener: {
        progress: (what, done, total) => status.show(what, done, total),
        result: (told) => {
          findings = told;
        },
      },
      signal,
      say: quiet ? () => {} : say,
    });
  } catch (error) {
    // What was found until a signal came is kept.
    if (!signal.aborted) throw error;
    code = INCOMPLETE;
  } finally {
    status.clear();
  }
  if (findings === null) return { result: null, code };
  const result: RoundTripResult = {
    schemaVersion: ROUND_TRIP_SCHEMA_VERSION,
    command: commandLine(),
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    interruptedBy: by(),
    seed: sweep.seed,
    environment: describeEnvironment(unprivilegedIdentity()),
    outside,
    findings,
    figures: figuresOf(findings, outside),
  };
  return { result, code };
}

const PREDICTIONS = `By the model, not measured: on this machine outside of the lab, over a network in one building; at least so many times,
since the time that server and client take for a call is left out.`;

function show(result: RoundTripResult): void {
  const { kernel, machine } = result.findings;
  const parts = [
    `${kernel}, ${machine === 'host' ? 'this kernel' : `in a virtual machine under ${machine.toUpperCase()}`}`,
    networkTable(result),
    callsTable(result),
    sweepTable(result),
    ...(result.figures.predictions.length === 0 ? [] : [PREDICTIONS, predictionsTable(result)]),
    roundTripFindings(result).join('\n'),
  ];
  process.stdout.write(`${parts.join('\n')}\n`);
}

function exitCodeOf({ findings }: RoundTripResult): number {
  if (findings.rounds.some(({ lost }) => lost !== 0)) return BROKEN;
  return findings.failures.length > 0 ? INCOMPLETE : 0;
}

async function roundTrip(raw: RawRoundTripOptions): Promise<void> {
  const sweep = parseSweep(raw);
  const { rtt: _, ...lab } = raw;
  const place: LabPlace = {
    ...parseLabOptions(lab),
    deadlineNs: parseDuration(raw.timeLimit, '--time-limit'),
  };
  const interruption = interruptible();
  let outputs: Outputs<RoundTripResult>[] = [];
  try {
    if (raw.asLines === true) {
      process.exitCode = await tellAll(sweep, place, interruption.signal);
      return;
    }
    outputs = await openOutputs({ json: raw.json ?? null, svg: raw.svg ?? null });
    const { result, code } = await measure(sweep, place, raw.quiet ?? false, interruption);
    if (result !== null && raw.json !== '-') show(result);
    if (result !== null) for (const output of outputs) output.finish(result);
    process.exitCode = interruption.exitCode() ?? (result === null ? code : exitCodeOf(result));
  } catch (error) {
    if (!interruption.signal.aborted) {
      if (!(error instanceof LabError)) throw error;
      say(`lockbench: ${error.message}`);
    }
    process.exitCode = interruption.exitCode() ?? INCOMPLETE;
  } finally {
    for (const output of outputs) output.close();
    interruption.end();
  }
}
