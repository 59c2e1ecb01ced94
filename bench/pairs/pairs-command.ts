/**
 * `lockbench pairs`: what lock and unlock cost in one process with nobody to wait for, without the number file.
 */
import type { Command } from 'commander';
import { strategyNames } from '../../strategies/index.js';
import { digits, duration } from '../base/format.js';
import { collect, directoriesOf } from '../command-line/directories.js';
import { parseCount, requireStrategy } from '../command-line/parse.js';
import { type Identity, unprivilegedIdentity } from '../machine/identity.js';
import { interruptibly } from '../measure/parent/interruption.js';
import { look, memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { defaultPolicy, policyName } from '../measure/worker/policy.js';
import { writeOut } from '../text/standard-streams.js';
import { plainTable } from '../text/table.js';
import { measurePair } from './pair-price.js';
import type { PairFigures } from './pair-worker.js';

const EXAMPLES = `
Examples:
  lockbench pairs
  lockbench pairs fcntl flock shm-flag --dir /tmp
  lockbench pairs --json | jq '.pairs[].figures.medianNs'`;

const MOST_SAMPLES = 100_000;
const BASELINE = 'fcntl';

interface Pair {
  readonly strategy: string;
  readonly wait: string;
  readonly directory: string;
  readonly figures: PairFigures;
}
interface Missing {
  readonly strategy: string;
  readonly directory: string;
  readonly reason: string;
}

export function addPairsCommand(program: Command): void {
  program
    .command('pairs [strategies...]')
    .description('cost of an uncontended lock and unlock in one process, by tinybench')
    .option('--dir <directory>', 'where to measure; repeatable (default: /dev/shm)', collect)
    .option('--samples <n>', 'samples; each is the mean of 100 pairs', '200')
    .option('--json', 'print JSON')
    .option('--stay-root', 'do not drop privileges when run as root')
    .addHelpText('after', EXAMPLES)
    .action(
      async (
        names: readonly string[],
        raw: { dir?: readonly string[]; samples: string; json?: boolean; stayRoot?: boolean },
      ) => {
        await interruptibly(async () => {
          const directories = raw.dir === undefined ? [memoryDirectory()] : directoriesOf(raw.dir);
          const samples = parseCount('--samples', raw.samples, 10, MOST_SAMPLES);
          const identity = raw.stayRoot === true ? null : unprivilegedIdentity();
          const wanted =
            names.length === 0 ? strategyNames : names.map((name) => requireStrategy(name, 'pairs'));
          await pairs(wanted, directories, samples, identity, raw.json ?? false);
        });
      },
    );
}

async function pairs(
  names: readonly string[],
  directories: readonly string[],
  samples: number,
  identity: Identity | null,
  json: boolean,
): Promise<void> {
  await requireUsable(directories, identity);
  const { findings } = await look(names, directories, identity);
  const measured: Pair[] = [];
  const missing: Missing[] = [];
  for (const directory of directories) {
    for (const strategy of names) {
      const finding = findings[strategy]?.[directory];
      if (finding?.available !== true) {
        missing.push({ strategy, directory, reason: finding?.reason ?? 'not tried' });
        continue;
      }
      const policy = defaultPolicy(finding.members);
      const job = { identity, strategy, policy, samples, inside: 'nothing' } as const;
      measured.push({
        strategy,
        wait: policyName(policy),
        directory,
        figures: await measurePair(job, directory),
      });
    }
  }
  writeOut(
    json
      ? `${JSON.stringify({ pairs: measured, unavailable: missing }, null, 1)}\n`
      : asText(measured, missing),
  );
}

function asText(measured: readonly Pair[], missing: readonly Missing[]): string {
  const baselines = new Map(
    measured.flatMap(({ strategy, directory, figures }) =>
      strategy === BASELINE ? [[directory, figures.medianNs] as const] : [],
    ),
  );
  const rows = [...measured]
    .sort((a, b) => a.directory.localeCompare(b.directory) || a.figures.medianNs - b.figures.medianNs)
    .map(({ strategy, wait, directory, figures }) => {
      const baseline = baselines.get(directory);
      return [
        `${strategy}/${wait}`,
        directory,
        duration(figures.medianNs),
        `${duration(figures.meanNs)} ± ${digits((100 * figures.marginNs) / figures.meanNs)} %`,
        duration(figures.p99Ns),
        baseline === undefined ? '-' : digits(figures.medianNs / baseline),
      ];
    });
  const heading = ['strategy/wait', 'directory', 'median', 'mean', '99th percentile', `× ${BASELINE}`];
  const reasons = missing.map(({ strategy, reason }) => `${strategy}: unavailable: ${reason}\n`);
  return `${plainTable(heading, rows)}\n${reasons.join('')}Lock and unlock, one process, no number file; a sample is the mean of 100 pairs.\n`;
}
