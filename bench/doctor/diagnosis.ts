/**
 * What doctor found, in words: one sentence a mount, the list of everything, and the exit code for scripts.
 */
import { ALL_WELL, BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { digits, plural } from '../base/format.js';
import { visible } from '../base/visible.js';
import type { Environment } from '../machine/host.js';
import type { LockReach } from '../machine/lock-reach.js';
import { machineWords } from '../machine/machine-words.js';
import { QUIET } from '../machine/noise-warnings.js';
import { offers } from '../measure/worker/policy.js';
import type { Finding } from '../measure/worker/prober.js';

/** How far locks may be required to exclude. */
export const REQUIREMENTS = ['one-host', 'nfs-clients'] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

/** What was found of a directory. */
export interface Diagnosis {
  readonly directory: string;
  readonly problem: string | null;
  readonly filesystem: string | null;
  readonly options: readonly string[];
  readonly mount: string | null;
  /** null where the file system is unknown. */
  readonly locks: LockReach | null;
  readonly notes: readonly string[];
  readonly strategies: readonly (Finding & { readonly name: string })[];
}

export interface Found {
  readonly environment: Environment;
  /** Processors' worth of time; null for no limit. */
  readonly cpuLimit: number | null;
  readonly workersUid: number;
  /** "quiet", or what disturbs measurements here now; null where nothing could be found out. */
  readonly noise: string | null;
  readonly directories: readonly Diagnosis[];
}

/** Kernel locks, which a file system may refuse. */
const KERNEL_LOCKS = ['fcntl', 'flock'];

/** Of the kernel's locks, those that were tried there and are refused. */
const refused = ({ strategies }: Diagnosis): string[] =>
  strategies.flatMap(({ name, available }) => (KERNEL_LOCKS.includes(name) && !available ? [name] : []));

/** What locks in a directory are good for, between whom, and why. */
export function sentence(one: Diagnosis): string {
  const { directory, problem, filesystem, locks } = one;
  const where = `${visible(directory)} (${filesystem ?? 'unknown file system'})`;
  if (problem !== null) return `${where}: cannot be used: ${visible(problem)}.`;
  const missing = refused(one);
  if (missing.length > 0)
    return `${where}: ${missing.join(' and ')} cannot be used here (--verbose says why).`;
  return `${where}: ${locks === null ? 'how far its locks reach is not known' : visible(locks.sentence)}.`;
}

/** What a run's verdict advises and a look at the machine has not. */
const NO_OPTION = /; (--verbose explains|try --until 5%)$/;

function ofMachine({ environment, cpuLimit, workersUid, noise }: Found): string[] {
  const { kernel, architecture, cpuModel, cpus, governor, node, packages, uid } = environment;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version ?? '(missing)'}`);
  return [
    `${kernel}, ${architecture}, ${cpuModel}`,
    `processors: ${cpus}${governor === null ? '' : `, governor ${governor}`}`,
    `Node ${node}, ${versions.join(', ')}`,
    workersUid === uid
      ? `workers run as uid ${uid}, like you`
      : `you are root; workers drop to uid ${workersUid} (--stay-root keeps them root)`,
    ...machineWords(environment.machine).map((line) => `machine: ${line}`),
    ...(noise === null
      ? []
      : [noise === QUIET ? 'quiet now: nothing else uses the machine' : noise.replace(NO_OPTION, '')]),
    ...(architecture === 'x64' ? [] : ['unverified: lockbench is tested on x86-64 only']),
    ...(cpuLimit === null
      ? []
      : [
          `processor time: limited by a control group to that of ${plural(Number(digits(cpuLimit)), 'processor')}; a process that it ` +
            'stops may be holding the lock',
        ]),
  ];
}

function ofDirectory({
  directory,
  filesystem,
  options,
  problem,
  mount,
  notes,
  strategies,
}: Diagnosis): string[] {
  return [
    '',
    `${visible(directory)}: ${filesystem ?? 'unknown file system'}, ${visible(options.join(', '))}`,
    ...(problem === null ? [] : [`  cannot be used: ${visible(problem)}`]),
    ...(mount === null ? [] : [`  mount: ${mount}`]),
    ...notes.map((note) => `  note: ${note}`),
    ...strategies.map(({ name, ...finding }) =>
      finding.available
        ? `  ${name.padEnd(15)} works; ${offers(finding.members)}`
        : `  ${name.padEnd(15)} does not: ${finding.reason}`,
    ),
  ];
}

/** The list: the machine, and each directory with its mount, notes and strategies. */
export const details = (found: Found): string[] => [
  '',
  ...ofMachine(found),
  ...found.directories.flatMap(ofDirectory),
];

/** What a shell takes as it is. */
const PLAIN_WORD = /^[\w./-]+$/;

/** What one would ask next of the first directory that can be used. */
export function nextSteps(directories: readonly Diagnosis[], isVerbose: boolean): string[] {
  const [first] = directories.filter(({ problem }) => problem === null);
  if (first === undefined) return isVerbose ? [] : ['add --verbose'];
  const { directory, locks } = first;
  const name = PLAIN_WORD.test(directory) ? directory : 'DIRECTORY';
  return [
    ...(isVerbose ? [] : [`lockbench doctor ${name} --verbose`]),
    // What other hosts see cannot be seen from here.
    ...(locks?.reach === 'this host' || locks?.reach === 'none other'
      ? []
      : [`lockbench hosts --pair ${name}`]),
    `lockbench run ${name}`,
    locks?.reach === 'all hosts' ? 'lockbench choose --nfs' : 'lockbench choose',
  ];
}

/** Whether locks in a directory exclude as far as required; null: not known, or it cannot be used. */
function meets(one: Diagnosis, requirement: Requirement): boolean | null {
  if (one.problem !== null) return null;
  if (refused(one).length > 0) return false;
  if (requirement === 'one-host') return true;
  if (one.locks === null || one.locks.reach === 'unknown') return null;
  return one.locks.reach === 'all hosts';
}

/** The exit code: what is wanting before what is not known. */
export function verdict(directories: readonly Diagnosis[], requirement: Requirement | null): 0 | 1 | 3 {
  if (requirement === null)
    return directories.some(({ problem }) => problem !== null) ? INCOMPLETE : ALL_WELL;
  const met = directories.map((one) => meets(one, requirement));
  if (met.includes(false)) return BROKEN;
  return met.includes(null) ? INCOMPLETE : ALL_WELL;
}
