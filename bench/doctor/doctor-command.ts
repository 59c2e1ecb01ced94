/**
 * `lockbench doctor`: what of this machine and of a directory matters to locks, and what works there.
 */
import { strategyNames } from '../../strategies/index.js';
import { UsageError } from '../base/usage-error.js';
import { type BareCommand, Option } from '../command-line/commander.js';
import {
  directoriesOption,
  jsonOption,
  stayRootOption,
  strategiesOption,
} from '../command-line/common-options.js';
import { directoriesOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { namesOf } from '../command-line/strategy-list.js';
import { isDirectory, parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { isSilent } from '../machine/answering.js';
import { readCpuLimit } from '../machine/cpu-limit.js';
import { fileSystemNotes, fileSystemOf } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import type { Identity } from '../machine/identity.js';
import { lockReach } from '../machine/lock-reach.js';
import { readLoad } from '../machine/machine-load.js';
import { describeMount } from '../machine/mount-description.js';
import { describeNoise } from '../machine/noise.js';
import { noiseVerdict } from '../machine/noise-warnings.js';
import { fixedSpin } from '../machine/spin.js';
import { testDirectoryHere } from '../measure/parent/plan.js';
import { existingDirectory, lookOrFail, requireUsable } from '../measure/parent/preflight.js';
import { withinReach } from '../measure/parent/reach.js';
import { nextLine } from '../text/next-line.js';
import { jsonOutput } from '../text/outputs.js';
import { print } from '../text/standard-streams.js';
import { details, type Found, nextSteps, REQUIREMENTS, sentence, verdict } from './diagnosis.js';

const EXAMPLES = `
Examples:
  lockbench doctor
  lockbench doctor /mnt/nfs --verbose
  lockbench doctor /mnt/nfs --require nfs-clients && start-the-job
  lockbench doctor fcntl flock --dir /mnt/a --dir /mnt/b
  lockbench doctor /mnt/nfs --json - | jq '.directories[].notes'

Exit codes: 0 all well, or as required; 1 not as required; 2 bad usage; 3 a directory cannot be used, no strategy could
be tried, or how far locks reach is not known.`;

const declare = (program: BareCommand) =>
  program
    .command('doctor [words...]')
    .usage('[directories and strategies...] [options]')
    .addOption(directoriesOption('/dev/shm and the temporary directory'))
    .addOption(strategiesOption('all'))
    .addOption(
      new Option(
        '--require <reach>',
        'exit with 1 unless locks exclude between processes of one host, or between NFS clients',
      ).choices(REQUIREMENTS),
    )
    .addOption(jsonOption())
    .option('--verbose', 'list the machine, the mount options, notes, and each strategy')
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

export function addDoctorCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async () => {
      const subjects = parseSubjects('doctor', words, raw, { directories: 'several' });
      const names = subjects.named === null ? strategyNames : namesOf('doctor', subjects.named);
      const directories = lookedAt(subjects.directories);
      const output = subjects.json === null ? null : jsonOutput(subjects.json);
      try {
        const found = await doctor({ names, directories, stayRoot: raw.stayRoot ?? false });
        const isVerbose = raw.verbose === true;
        // A script that asks whether locks reach so far has no next question.
        const next = raw.require === undefined ? nextSteps(found.directories, isVerbose) : [];
        const lines = [
          ...found.directories.map(sentence),
          ...(isVerbose ? details(found) : []),
          ...(next.length === 0 ? [] : [...(isVerbose ? [''] : []), nextLine(next)]),
        ];
        if (subjects.json !== '-') print(lines.join('\n'));
        process.exitCode = verdict(found.directories, raw.require ?? null);
        output?.finish(found);
      } finally {
        output?.close();
      }
    }),
  );
}

/** A directory, and what keeps it from being used, or null. */
interface LookedAt {
  readonly directory: string;
  readonly problem: string | null;
}

const told = ({ message, hint }: UsageError): string =>
  hint === undefined ? message : `${message}; ${hint}`;

/** What an attempt refuses, as a problem. Throws whatever is no UsageError. */
function problemOf(error: unknown): string {
  if (error instanceof UsageError) return told(error);
  throw error;
}

/** The directories that were named, those that are not there included, unless none is. Throws UsageError. */
function lookedAt(named: readonly string[] | null): LookedAt[] {
  const all = (named ?? directoriesOf(null)).map((path): LookedAt => {
    try {
      return { directory: existingDirectory(path), problem: null };
    } catch (error) {
      return { directory: path, problem: problemOf(error) };
    }
  });
  const [first] = all;
  if (first !== undefined && all.every(({ problem }) => problem !== null)) existingDirectory(first.directory);
  return [...new Map(all.map((one) => [one.directory, one])).values()];
}

/** The same, tried out: whether the workers can make and write files there. */
const triedOut = (all: readonly LookedAt[], identity: Identity | null): Promise<LookedAt[]> =>
  Promise.all(
    all.map(async ({ directory, problem }) => ({
      directory,
      problem: problem ?? (await requireUsable([directory], identity).then(() => null, problemOf)),
    })),
  );

interface DoctorRequest {
  readonly names: readonly string[];
  readonly directories: readonly LookedAt[];
  readonly stayRoot: boolean;
}

/** Looks. Throws UsageError. */
async function doctor({ names, directories, stayRoot }: DoctorRequest): Promise<Found> {
  const identity = workersIdentity({ stayRoot });
  const environment = describeEnvironment(identity);
  const before = readLoad();
  const spins = [fixedSpin()];
  const tried = await triedOut(directories, identity);
  const usable = tried.flatMap(({ directory, problem }) => (problem === null ? [directory] : []));
  const { findings } = withinReach(
    await lookOrFail(names, usable, identity),
    usable.map((directory) => testDirectoryHere(directory)),
  );
  spins.push(fixedSpin());
  return {
    environment,
    noise: noiseVerdict(describeNoise(before, readLoad(), spins, environment)),
    cpuLimit: readCpuLimit()?.cpus ?? null,
    workersUid: identity?.uid ?? environment.uid,
    directories: tried.map(({ directory, problem }) => {
      const mount = isDirectory(directory) && !isSilent(directory) ? fileSystemOf(directory) : null;
      return {
        directory,
        problem,
        filesystem: mount?.filesystem ?? null,
        options: mount?.options ?? [],
        mount: mount === null ? null : describeMount(mount),
        locks: mount === null ? null : lockReach(mount),
        notes: mount === null ? [] : fileSystemNotes(mount),
        strategies: (problem === null ? names : []).map((name) => ({
          name,
          ...(findings[name]?.[directory] ?? { available: false as const, reason: 'not tried' }),
        })),
      };
    }),
  };
}
