/**
 * `lockbench doctor`: what of this machine and of a directory matters to locks, and what works there.
 */
import { strategyNames } from '../../strategies/index.js';
import type { BareCommand } from '../command-line/commander.js';
import { directoriesOption, stayRootOption, strategiesOption } from '../command-line/common-options.js';
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
import { print } from '../text/standard-streams.js';

const EXAMPLES = `
Examples:
  lockbench doctor
  lockbench doctor /mnt/nfs
  lockbench doctor fcntl flock --dir /mnt/a --dir /mnt/b`;

const declare = (program: BareCommand) =>
  program
    .command('doctor [words...]')
    .usage('[directories and strategies...] [options]')
    .description('describe what matters to locks on this machine and in a directory')
    .addOption(directoriesOption('/dev/shm and the temporary directory'))
    .addOption(strategiesOption('all'))
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

export function addDoctorCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async () => {
      const { named, directories } = parseSubjects('doctor', words, raw, { directories: 'several' });
      const names = named === null ? strategyNames : namesOf('doctor', named);
      await doctor(names, directoriesOf(directories), raw.stayRoot ?? false);
    }),
  );
}

async function doctor(
  names: readonly string[],
  directories: readonly string[],
  stayRoot: boolean,
): Promise<void> {
  const identity = workersIdentity({ stayRoot });
  const environment = describeEnvironment(identity);
  print(`${environment.kernel}, ${environment.architecture}, ${environment.cpuModel}`);
  print(
    `processors: ${environment.cpus}${environment.governor === null ? '' : `, governor ${environment.governor}`}`,
  );
  const packages = Object.entries(environment.packages).map(
    ([name, version]) => `${name} ${version ?? '(missing)'}`,
  );
  print(`Node ${environment.node}, ${packages.join(', ')}`);
  print(
    identity === null
      ? `workers run as uid ${environment.uid}, like you`
      : `you are root; workers drop to uid ${identity.uid} (--stay-root keeps them root)`,
  );
  if (environment.architecture !== 'x64') print('unverified: lockbench is tested on x86-64 only');

  await requireUsable(directories, identity);
  const testDirectories = directories.map(testDirectoryHere);
  const { findings } = await withinReach(await look(names, directories, identity), testDirectories);
  for (const { directory, mount } of testDirectories) {
    const described = mount === null ? null : describeMount(mount);
    print('');
    print(
      `${JSON.stringify(directory)}: ${mount?.filesystem ?? 'unknown file system'}, ${mount?.options.join(',') ?? ''}`,
    );
    if (described !== null) print(`  mount: ${described}`);
    for (const note of mount === null ? [] : fileSystemNotes(mount)) print(`  note: ${note}`);
    for (const name of names) {
      const finding = findings[name]?.[directory];
      print(
        finding?.available === true
          ? `  ${name.padEnd(15)} works; ${offers(finding.members)}`
          : `  ${name.padEnd(15)} does not: ${finding?.reason ?? 'not tried'}`,
      );
    }
  }
}
