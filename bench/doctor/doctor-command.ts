/**
 * `lockbench doctor`: what of this machine and of a directory matters to locks, and what works there.
 */
import { strategyNames } from '../../strategies/index.js';
import { quoted, visible } from '../base/visible.js';
import type { BareCommand } from '../command-line/commander.js';
import {
  directoriesOption,
  jsonOption,
  stayRootOption,
  strategiesOption,
} from '../command-line/common-options.js';
import { directoriesOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { namesOf } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { fileSystemNotes } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import { describeMount } from '../machine/mount-description.js';
import { testDirectoryHere } from '../measure/parent/plan.js';
import { look, requireUsable } from '../measure/parent/preflight.js';
import { withinReach } from '../measure/parent/reach.js';
import { offers } from '../measure/worker/policy.js';
import { jsonOutput } from '../text/outputs.js';
import { print } from '../text/standard-streams.js';

const EXAMPLES = `
Examples:
  lockbench doctor
  lockbench doctor /mnt/nfs
  lockbench doctor fcntl flock --dir /mnt/a --dir /mnt/b
  lockbench doctor /mnt/nfs --json - | jq '.directories[].notes'`;

const declare = (program: BareCommand) =>
  program
    .command('doctor [words...]')
    .usage('[directories and strategies...] [options]')
    .description('describe what matters to locks on this machine and in a directory')
    .addOption(directoriesOption('/dev/shm and the temporary directory'))
    .addOption(strategiesOption('all'))
    .addOption(jsonOption())
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

export function addDoctorCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async () => {
      const subjects = parseSubjects('doctor', words, raw, { directories: 'several' });
      const names = subjects.named === null ? strategyNames : namesOf('doctor', subjects.named);
      const directories = directoriesOf(subjects.directories);
      const output = subjects.json === null ? null : jsonOutput(subjects.json);
      try {
        const tell = subjects.json === '-' ? () => {} : print;
        const found = await doctor({ names, directories, stayRoot: raw.stayRoot ?? false }, tell);
        output?.finish(found);
      } finally {
        output?.close();
      }
    }),
  );
}

interface DoctorRequest {
  readonly names: readonly string[];
  readonly directories: readonly string[];
  readonly stayRoot: boolean;
}

/** Tells what it finds, line by line, as it is found; returns the same for programs. Throws UsageError. */
async function doctor(
  { names, directories, stayRoot }: DoctorRequest,
  tell: (line: string) => void,
): Promise<unknown> {
  const identity = workersIdentity({ stayRoot });
  const environment = describeEnvironment(identity);
  tell(`${environment.kernel}, ${environment.architecture}, ${environment.cpuModel}`);
  tell(
    `processors: ${environment.cpus}${environment.governor === null ? '' : `, governor ${environment.governor}`}`,
  );
  const packages = Object.entries(environment.packages).map(
    ([name, version]) => `${name} ${version ?? '(missing)'}`,
  );
  tell(`Node ${environment.node}, ${packages.join(', ')}`);
  tell(
    identity === null
      ? `workers run as uid ${environment.uid}, like you`
      : `you are root; workers drop to uid ${identity.uid} (--stay-root keeps them root)`,
  );
  if (environment.architecture !== 'x64') tell('unverified: lockbench is tested on x86-64 only');

  await requireUsable(directories, identity);
  const testDirectories = directories.map(testDirectoryHere);
  const { findings } = withinReach(await look(names, directories, identity), testDirectories);
  const found = testDirectories.map(({ directory, mount }) => ({
    directory,
    filesystem: mount?.filesystem ?? null,
    options: mount?.options ?? [],
    mount: mount === null ? null : describeMount(mount),
    notes: mount === null ? [] : fileSystemNotes(mount),
    strategies: names.map((name) => ({
      name,
      ...(findings[name]?.[directory] ?? { available: false as const, reason: 'not tried' }),
    })),
  }));
  for (const { directory, filesystem, options, mount, notes, strategies } of found) {
    tell('');
    tell(`${quoted(directory)}: ${filesystem ?? 'unknown file system'}, ${visible(options.join(','))}`);
    if (mount !== null) tell(`  mount: ${mount}`);
    for (const note of notes) tell(`  note: ${note}`);
    for (const { name, ...finding } of strategies) {
      tell(
        finding.available
          ? `  ${name.padEnd(15)} works; ${offers(finding.members)}`
          : `  ${name.padEnd(15)} does not: ${finding.reason}`,
      );
    }
  }
  return { environment, workersUid: identity?.uid ?? environment.uid, directories: found };
}
