/**
 * `lockbench doctor`: what of this machine and of a directory matters to locks, and what works there.
 */
import type { Command } from 'commander';
import { loadAll, strategyNames } from '../../strategies/index.js';
import { collect, directoriesOf } from '../command-line/directories.js';
import { fileSystemNotes } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import { unprivilegedIdentity } from '../machine/identity.js';
import { describeMount } from '../machine/mount-description.js';
import { interruptibly } from '../measure/parent/interruption.js';
import { testDirectoryHere } from '../measure/parent/plan.js';
import { look, requireUsable } from '../measure/parent/preflight.js';
import { withinReach } from '../measure/parent/reach.js';
import { offers } from '../measure/worker/policy.js';
import { print } from '../text/standard-streams.js';

const EXAMPLES = `
Examples:
  lockbench doctor
  lockbench doctor --dir /mnt/nfs`;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what of this machine and of a directory matters to locks')
    .option('--dir <directory>', 'the directory; repeatable (default: those of run)', collect)
    .option('--stay-root', 'do not drop privileges when run as root')
    .addHelpText('after', EXAMPLES)
    .action(({ dir, stayRoot }: { dir?: readonly string[]; stayRoot?: boolean }) =>
      interruptibly(() => doctor(dir, stayRoot ?? false)),
    );
}

async function doctor(dir: readonly string[] | undefined, stayRoot: boolean): Promise<void> {
  const directories = directoriesOf(dir);
  const identity = stayRoot ? null : unprivilegedIdentity();
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
  const { findings } = await withinReach(await look(strategyNames, directories, identity), testDirectories);
  const strategies = await loadAll();
  for (const { directory, mount } of testDirectories) {
    const described = mount === null ? null : describeMount(mount);
    print('');
    print(
      `${JSON.stringify(directory)}: ${mount?.filesystem ?? 'unknown file system'}, ${mount?.options.join(',') ?? ''}`,
    );
    if (described !== null) print(`  mount: ${described}`);
    for (const note of mount === null ? [] : fileSystemNotes(mount)) print(`  note: ${note}`);
    for (const { name } of strategies) {
      const finding = findings[name]?.[directory];
      print(
        finding?.available === true
          ? `  ${name.padEnd(15)} works; ${offers(finding.members)}`
          : `  ${name.padEnd(15)} does not: ${finding?.reason ?? 'not tried'}`,
      );
    }
  }
}
