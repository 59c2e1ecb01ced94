/**
 * The options that the commands of the lab share, from texts to types.
 */
import { parseDuration } from '../../base/duration.js';
import { suggestion } from '../../base/suggestion.js';
import { UsageError } from '../../base/usage-error.js';
import { type BareCommand, Option, type OptionsOf } from '../../command-line/commander.js';
import { list, parseCount } from '../../command-line/parse.js';
import { USUAL_PLACE } from '../../lab/in-lab.js';
import type { Accelerator } from '../../lab/virtual-machine.js';

const LEAST_MIB = 768;
const MOST_MIB = 1_048_576;
const MOST_PROCESSORS = 64;
const MOST_ROUND_TRIP_NS = 10e9;

export interface LabCommandOptions {
  readonly on: 'vm' | 'host';
  readonly kernel: string | undefined;
  readonly modules: string | undefined;
  readonly accelerator: Accelerator | 'auto';
  readonly roundTripNs: number;
  readonly memoryMiB: number;
  readonly processors: number | null;
  /** A block device or an image with an ext4 file system; undefined for one that is made and removed. */
  readonly disk: string | undefined;
}

/** Which kernel a virtual machine boots. */
export const withKernelOptions = <Arguments extends unknown[]>(command: BareCommand<Arguments>) =>
  command
    .option('--kernel <file>', 'kernel of the virtual machine (default: an installed or a fetched one)')
    .option('--modules <directory>', 'its modules: the directory that has modules.dep');

/** Where the lab is, for commands that have their own way with the network. */
export const withPlaceOptions = <Arguments extends unknown[]>(command: BareCommand<Arguments>) =>
  withKernelOptions(command)
    .option('--on <vm|host>', 'in a virtual machine, or on this kernel, as root', 'vm')
    .option('--accel <auto|kvm|tcg>', 'how the virtual machine runs; auto tries KVM first', 'auto')
    .option('--memory <MiB>', 'memory of the virtual machine', String(USUAL_PLACE.memoryMiB))
    .option('--cpus <n>', 'its processors (default: those of this machine, at most 4)')
    .option('--disk <path>', 'with --on host: block device or image of an ext4 (default: a new image)');

export const roundTripOption = () =>
  new Option('--rtt <duration>', 'round-trip time that the network adds').default('0s');

export const withLabOptions = <Arguments extends unknown[]>(command: BareCommand<Arguments>) =>
  withPlaceOptions(command).addOption(roundTripOption());

/** As written; of an experiment that has its own way with the network, without the round trip. */
export type LabOptionValues = OptionsOf<typeof withPlaceOptions> & { readonly rtt?: string };

/** One of a few words. Throws UsageError. */
export function parseChoice<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new UsageError(
    `${option}: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)} was expected, got "${text}"`,
    suggestion(text, choices) ?? `for example ${option} ${choices[0]}`,
  );
}

/** The items of a list, all of them among `choices`, each once. Throws UsageError. */
export function parseChoices<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice[] {
  const chosen = [...new Set(list(text).map((item) => parseChoice(option, item, choices)))];
  if (chosen.length > 0) return chosen;
  throw new UsageError(
    `${option}: at least one was expected, got "${text}"`,
    `for example ${option} ${choices[0]}`,
  );
}

/** What the network shall add, in ns. Throws UsageError. */
export function parseRoundTrip(text: string): number {
  const ns = parseDuration(text, '--rtt');
  if (ns <= MOST_ROUND_TRIP_NS) return ns;
  throw new UsageError(`--rtt: at most 10s was expected, got "${text}"`, 'for example --rtt 200us');
}

export function parseLabOptions(raw: LabOptionValues): LabCommandOptions {
  const on = parseChoice('--on', raw.on, ['vm', 'host']);
  if (raw.disk !== undefined && on === 'vm') {
    throw new UsageError(
      `--disk: it goes with --on host, got --disk ${raw.disk} for a virtual machine`,
      'leave it out: the machine has a disk of its own',
    );
  }
  return {
    on,
    kernel: raw.kernel,
    modules: raw.modules,
    accelerator: parseChoice('--accel', raw.accel, ['auto', 'kvm', 'tcg']),
    roundTripNs: parseRoundTrip(raw.rtt ?? '0s'),
    memoryMiB: parseCount('--memory', raw.memory, LEAST_MIB, MOST_MIB),
    processors: raw.cpus === undefined ? null : parseCount('--cpus', raw.cpus, 1, MOST_PROCESSORS),
    disk: raw.disk,
  };
}
