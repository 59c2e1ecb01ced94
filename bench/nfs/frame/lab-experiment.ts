/**
 * What the experiments of `lockbench nfs` have in common: the options, the way into the lab and out of it, and what
 * becomes of a result.
 */

import { parseDuration } from '../../base/duration.js';
import { INCOMPLETE } from '../../base/exit-codes.js';
import { type BareCommand, Option, type OptionsOf } from '../../command-line/commander.js';
import { jsonOption, quietOption, verboseOption } from '../../command-line/common-options.js';
import { type Interruption, interruptible } from '../../command-line/interruption.js';
import { openWithPage } from '../../command-line/page-output.js';
import { type Experiment, type Listener, runExperiment, tellingStdout } from '../../lab/in-lab.js';
import { LabError } from '../../lab/lab-error.js';
import { hasOwnMounts } from '../../lab/own-mounts.js';
import { onThisKernel, requireLab } from '../../lab/session.js';
import type { Outputs } from '../../text/outputs.js';
import { say } from '../../text/standard-streams.js';
import { StatusLine } from '../../text/status-line.js';
import { type LabCommandOptions, parseLabOptions, withPlaceOptions } from './lab-options.js';

/** Without that of the network's round trip, which may be the experiment's own. `--lines`: hidden, see `lines` below. */
export const withExperimentOptions = (command: BareCommand<[string[]]>) =>
  withPlaceOptions(command)
    .addOption(jsonOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .option('--time-limit <duration>', 'kill the virtual machine after this', '60min')
    .addOption(new Option('--lines').hideHelp());

/** As written. `lines`: set where this program is the one in the virtual machine. */
export type ExperimentOptionValues = OptionsOf<typeof withExperimentOptions> & {
  readonly rtt?: string;
  readonly strategies?: string;
  readonly html?: string;
};

/** Options of the lab and of what becomes of a result: the program in the machine is told of them otherwise, or not. */
const OUTER: readonly string[] = [
  ...['on', 'kernel', 'modules', 'accel', 'rtt', 'memory', 'cpus', 'disk'],
  ...['json', 'html', 'exportCsv', 'exportMarkdown', 'exportJson'],
  ...['record', 'quiet', 'verbose', 'timeLimit', 'lines'],
];

/** The other options, as words of a command line again. */
function wordsOf(raw: object): string[] {
  return Object.entries(raw).flatMap(([key, value]) => {
    if (OUTER.includes(key) || value === undefined) return [];
    const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [option] : [option, String(value)];
  });
}

/** `Told`: what the experiment tells; `Result`: what is made of it outside. */
export interface ExperimentCommand<Told, Result> {
  /** The subcommand's name. */
  readonly name: string;
  readonly raw: ExperimentOptionValues;
  /** Where the result goes as JSON: a file, "-", or null. */
  readonly json: string | null;
  /** The command for the virtual machine, where it is not this one with the same options. */
  readonly words?: readonly string[];
  readonly experiment: (options: LabCommandOptions) => Experiment<Told>;
  /** Of the server: its lease and grace period, where they are not the kernel's own. */
  readonly leaseNs?: number;
  /** Opened before the lab is. Throws UsageError. */
  readonly outputs: () => Outputs<Result>;
  /** What is done outside of the lab, before it is there. */
  readonly outside?: (signal: AbortSignal) => Promise<void>;
  /** What the outside knows better; `interruptedBy`: the signal that ended the experiment, or null. */
  readonly complete: (told: Told, interruptedBy: string | null) => Result;
  readonly show: (result: Result) => void;
  /** The exit code that the result deserves. */
  readonly judge: (result: Result) => number;
}

/** Does the experiment, wherever the lab is, and shows and keeps its result. Sets the exit code. Throws UsageError. */
export async function experimentCommand<Told, Result>(
  command: ExperimentCommand<Told, Result>,
): Promise<void> {
  const interruption = interruptible();
  try {
    process.exitCode = await perform(command, interruption);
  } catch (error) {
    if (interruption.signal.aborted) process.exitCode = interruption.exitCode() ?? INCOMPLETE;
    else if (error instanceof LabError) {
      say(`lockbench: ${error.message}`);
      process.exitCode = INCOMPLETE;
    } else throw error;
  } finally {
    await interruption.end();
  }
}

async function perform<Told, Result>(
  command: ExperimentCommand<Told, Result>,
  interruption: Interruption,
): Promise<number> {
  const { raw, name, json, leaseNs, complete, show, judge } = command;
  const options = { ...parseLabOptions(raw), ...(leaseNs === undefined ? {} : { leaseNs }) };
  const deadlineNs = parseDuration(raw.timeLimit, '--time-limit');
  const { signal } = interruption;
  const experiment = command.experiment(options);
  const session = { ...options, signal };
  // Started again before anything is opened, which the second one would find there.
  if (options.on === 'host' && !hasOwnMounts()) return onThisKernel(session, async () => 0);
  const enter = (listener: Listener<Told>): Promise<number> =>
    runExperiment({
      roundDirectory: { ...options, deadlineNs },
      words: command.words ?? ['nfs', name, '--lines', ...wordsOf(raw)],
      experiment,
      listener,
      signal,
      say: (text) => {
        if (raw.quiet !== true) say(text);
      },
    });
  if (raw.lines === true) return enter(tellingStdout());

  const outputs = openWithPage(command.outputs, raw.html);
  const status = new StatusLine({ quiet: raw.quiet ?? false, verbose: raw.verbose ?? false });
  let latest: Told | null = null;
  let failure: LabError | null = null;
  try {
    try {
      if (command.outside !== undefined) {
        requireLab(options);
        await command.outside(signal);
      }
      await enter({
        progress: (what, done, total) => status.show(what, done, total),
        result(told) {
          latest = told;
          outputs.save(complete(told, null));
        },
      });
    } catch (error) {
      // What is known by then is worth showing.
      if (error instanceof LabError && latest !== null) failure = error;
      else if (!signal.aborted) throw error;
    } finally {
      status.clear();
    }
    if (latest === null) {
      if (raw.quiet !== true) say('Ended before anything was measured: nothing is kept.');
      return interruption.exitCode() ?? INCOMPLETE;
    }
    const result = complete(latest, interruption.by());
    if (json !== '-') show(result);
    await outputs.finish(result);
    if (failure !== null && !signal.aborted) say(`lockbench: ${failure.message}`);
    return interruption.exitCode() ?? (failure === null ? judge(result) : INCOMPLETE);
  } finally {
    outputs.close();
  }
}
