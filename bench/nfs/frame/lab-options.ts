/**
 * The options that the commands of the lab share, from texts to types.
 */
import type { Command } from 'commander';
import { parseDuration } from '../../base/duration.js';
import { UsageError } from '../../base/usage-error.js';
import { parseCount } from '../../command-line/parse.js';
import { USUAL_PLACE } from '../../lab/in-lab.js';
import type { Accelerator } from '../../lab/virtual-machine.js';

const LEAST_MIB = 768;
const MOST_MIB = 1_048_576;
const MOST_PROCESSORS = 64;
const MOST_ROUND_TRIP_NS = 10e9;

export interface RawLabOptions {
  readonly on?: string;
  readonly kernel?: string;
  readonly modules?: string;
  readonly accel?: string;
  readonly rtt?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly disk?: string;
}

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
export const withKernelOptions = (command: Command): Command =>
  command
    .option('--kernel <file>', 'kernel of the virtual machine (default: an installed or a fetched one)')
    .option('--modules <directory>', 'its modules: where its modules.dep lies');

export const withLabOptions = (command: Command): Command =>
  withPlaceOptions(
    command.option('--rtt <duration>', 'what the network adds to each request and answer together', '0s'),
  );

/** Where the lab is, for commands that have their own way with the network. */
export const withPlaceOptions = (command: Command): Command =>
  withKernelOptions(
    command.option('--on <vm|host>', 'in a virtual machine, or on this kernel, as root', 'vm'),
  )
    .option('--accel <auto|kvm|tcg>', 'how the virtual machine runs; auto tries KVM first', 'auto')
    .option('--memory <MiB>', 'memory of the virtual machine', String(USUAL_PLACE.memoryMiB))
    .option('--cpus <n>', 'its processors (default: those of this machine, 4 at most)')
    .option('--disk <path>', 'with --on host: block device or image of an ext4 (default: a new image)');

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
    `for example ${option} ${choices[0]}`,
  );
}

/** What the network shall add, in ns. Throws UsageError. */
export function parseRoundTrip(text: string): number {
  const ns = parseDuration(text, '--rtt');
  if (ns <= MOST_ROUND_TRIP_NS) return ns;
  throw new UsageError(`--rtt: at most 10s was expected, got "${text}"`, 'for example --rtt 200us');
}

export function parseLabOptions(raw: RawLabOptions): LabCommandOptions {
  const on = parseChoice('--on', raw.on ?? 'vm', ['vm', 'host']);
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
    accelerator: parseChoice('--accel', raw.accel ?? 'auto', ['auto', 'kvm', 'tcg']),
    roundTripNs: parseRoundTrip(raw.rtt ?? '0s'),
    memoryMiB: parseCount('--memory', raw.memory ?? String(USUAL_PLACE.memoryMiB), LEAST_MIB, MOST_MIB),
    processors: raw.cpus === undefined ? null : parseCount('--cpus', raw.cpus, 1, MOST_PROCESSORS),
    disk: raw.disk,
  };
}
