/**
 * The options of `reproduce`, from text to types.
 */
import { UsageError } from '../base/usage-error.js';
import { type BareCommand, Option, type OptionsOf } from '../command-line/commander.js';
import {
  directoryOption,
  jsonOption,
  quietOption,
  recordOption,
  seedOption,
  verboseOption,
} from '../command-line/common-options.js';
import { collect, directoryOf } from '../command-line/directories.js';
import { htmlOption } from '../command-line/page-output.js';
import { list, parseCount, parseRecordName, parseSeed, requireStrategy } from '../command-line/parse.js';
import { type Nouns, parseSubjects } from '../command-line/subjects.js';
import { existingDirectory } from '../measure/parent/preflight.js';
import { parseStrategySpec, specName } from '../measure/worker/strategy-spec.js';
import type { Talk } from '../text/status-line.js';
import type { Experiment, Roles } from './experiment/experiment.js';
import { experimentNames, loadExperiment } from './experiments.js';

const EXAMPLES = `
Examples:
  lockbench reproduce                             all that this machine allows, in under five minutes
  lockbench reproduce 75x /home                   a lock file against fcntl, on the file system of /home
  lockbench reproduce 80x --nfs /mnt/export       fcntl over your own NFS mount against a local file
  lockbench reproduce race --with locked=flock    the same with another strategy in a part
  lockbench reproduce --json results.json --record my-machine

Exit codes: 0 all claims hold, possibly under stated conditions; 1 one does not hold here; 2 bad usage;
3 an experiment failed, or one that was named cannot be run here; 130, 143, 129 ended by a signal.`;

const declare = (program: BareCommand) =>
  program
    .command('reproduce [words...]')
    .usage('[experiments...] [directory] [options]')
    .description(`test the claims of the textbook here: ${experimentNames.join(', ')}`)
    .addOption(directoryOption('the temporary directory'))
    .option('--rounds <n>', 'how often each case is timed', '6')
    .addOption(
      new Option('--with <part=strategy>', 'let another strategy play a part; repeatable').argParser(collect),
    )
    .option('--nfs <directory>', '80x: use this NFS mount instead of the lab')
    .option('--filesystems', '75x: measure fresh ext4, xfs and btrfs images too (as root; takes minutes)')
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(htmlOption())
    .addOption(recordOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES);

/** `action` sets the exit code. */
export function declareReproduce(
  program: BareCommand,
  action: (options: ReproduceOptions) => Promise<void>,
): void {
  declare(program).action(async (words, raw) => action(await parseReproduceOptions(words, raw)));
}

/** An experiment, and who plays in it. */
export interface Production {
  readonly experiment: Experiment;
  readonly roles: Roles<string>;
}

export interface ReproduceOptions extends Talk {
  readonly productions: readonly Production[];
  /** Whether they were named: then one that cannot be done here leaves the request unfulfilled. */
  readonly named: boolean;
  readonly disk: string;
  readonly nfs: string | null;
  readonly filesystems: boolean;
  readonly rounds: number;
  readonly seed: number;
  readonly json: string | null;
  /** Where the page goes; undefined for none. */
  readonly html: string | undefined;
  readonly record: string | null;
}

const MOST_ROUNDS = 100;

const EXPERIMENTS: Nouns = {
  what: 'an experiment',
  names: experimentNames,
  hint: `there are ${experimentNames.join(', ')}`,
  isOne: (word) => list(word).length > 0 && list(word).every((item) => experimentNames.includes(item)),
};

/** The roles with the replacements `PART=STRATEGY`. Throws UsageError. */
function recast({ name, roles }: Experiment, replacements: readonly string[]): Roles<string> {
  const changed: Record<string, string> = { ...roles };
  for (const replacement of replacements) {
    const [part = '', ...rest] = replacement.split('=');
    const parts = Object.keys(roles);
    if (!parts.includes(part)) {
      throw new UsageError(
        `--with: PART=STRATEGY was expected, ${name} having the parts ${parts.join(', ')}, got "${replacement}"`,
        `for example --with ${parts[0]}=${roles[parts[0] ?? '']}`,
      );
    }
    const way = rest.join('=');
    const spec = parseStrategySpec(way);
    changed[part] = specName({ ...spec, strategy: requireStrategy(spec.strategy, '--with') });
  }
  return changed;
}

/** Throws UsageError. */
async function parseReproduceOptions(
  words: readonly string[],
  raw: OptionsOf<typeof declare>,
): Promise<ReproduceOptions> {
  const subjects = parseSubjects('reproduce', words, raw, { nouns: EXPERIMENTS, directories: 'one' });
  const chosen = [...new Set(subjects.named ?? experimentNames)];
  const replacements = raw.with ?? [];
  const [only] = chosen;
  if (replacements.length > 0 && (chosen.length > 1 || only === undefined)) {
    throw new UsageError(
      `--with: one experiment was expected, since each has parts of its own, got ${chosen.length}`,
      'for example lockbench reproduce race --with locked=flock',
    );
  }
  if (raw.filesystems === true && process.getuid?.() !== 0) {
    throw new UsageError(
      '--filesystems: root was expected, since file systems are made and mounted',
      'use sudo, or leave it out',
    );
  }
  const experiments = await Promise.all(chosen.map(loadExperiment));
  return {
    productions: experiments.map((experiment) => ({ experiment, roles: recast(experiment, replacements) })),
    named: subjects.named !== null,
    disk: directoryOf(subjects.directories),
    nfs: raw.nfs === undefined ? null : existingDirectory(raw.nfs),
    filesystems: raw.filesystems ?? false,
    rounds: parseCount('--rounds', raw.rounds, 1, MOST_ROUNDS),
    seed: parseSeed(raw.seed),
    json: subjects.json,
    html: raw.html,
    record: parseRecordName(raw.record),
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
  };
}
