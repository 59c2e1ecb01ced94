/**
 * `lockbench pairs`: what lock and unlock cost in one process with nobody to wait for, without the number file.
 */

import { registered, strategyNames } from '../../strategies/index.js';
import { messageOf } from '../base/error-message.js';
import { INCOMPLETE } from '../base/exit-codes.js';
import { digits, duration, factorWithBounds } from '../base/format.js';
import { visible } from '../base/visible.js';
import type { BareCommand } from '../command-line/commander.js';
import {
  directoriesOption,
  jsonOption,
  quietOption,
  stayRootOption,
  strategiesOption,
  verboseOption,
} from '../command-line/common-options.js';
import { deliver } from '../command-line/deliver.js';
import { checkDirectories, directoriesOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { parseCount } from '../command-line/parse.js';
import { parseRuntimes, runtimeOption } from '../command-line/runtimes.js';
import { namesOf } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import type { Identity } from '../machine/identity.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { cellName, lockName } from '../measure/result/result.js';
import { defaultPolicy, type Policy, policyName } from '../measure/worker/policy.js';
import { contenderName, type Runtime, runtimeMark } from '../measure/worker/strategy-spec.js';
import type { MedianEstimate } from '../statistics/median.js';
import { StatusLine, type Talk } from '../text/status-line.js';
import { plainTable } from '../text/table.js';
import { blocksOf, type FiguresByBlock, overC, together } from './pair-blocks.js';
import { measurePair } from './pair-price.js';
import type { PairFigures } from './pair-worker.js';

const EXAMPLES = `
Examples:
  lockbench pairs
  lockbench pairs fcntl flock shm-flag --dir /tmp
  lockbench pairs fcntl shm-flag --runtime node,c,python
  lockbench pairs --json - | jq '.pairs[].figures.medianNs'

Exit codes: 0 all well; 2 bad usage; 3 something failed; 130, 143, 129 ended by a signal.`;

const MOST_SAMPLES = 100_000;
const BASELINE = 'fcntl';

interface Pair {
  readonly strategy: string;
  readonly wait: string;
  /** What it is written in, where that is not Node. */
  readonly runtime?: string;
  readonly directory: string;
  readonly figures: PairFigures;
  /** How many times as long as the same lock in C, where both were measured. */
  readonly overC?: MedianEstimate;
}
interface Missing {
  readonly strategy: string;
  readonly runtime?: string;
  readonly directory: string;
  readonly reason: string;
}

const declare = (program: BareCommand) =>
  program
    .command('pairs [words...]')
    .usage('[strategies and directories...] [options]')
    .addOption(strategiesOption('all'))
    .addOption(directoriesOption('/dev/shm'))
    .addOption(runtimeOption())
    .option('--samples <n>', 'samples; each is the mean of 100 pairs', '200')
    .addOption(jsonOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

export function addPairsCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async (signal) => {
      const { named, directories, json } = parseSubjects('pairs', words, raw, { directories: 'several' });
      const request = {
        names: named === null ? strategyNames : namesOf('pairs', named),
        directories: directories === null ? [memoryDirectory()] : directoriesOf(directories),
        runtimes: parseRuntimes(raw.runtime),
        samples: parseCount('--samples', raw.samples, 10, MOST_SAMPLES),
        identity: workersIdentity(raw),
        talk: { quiet: raw.quiet ?? false, verbose: raw.verbose ?? false },
        signal,
      };
      await deliver(
        json,
        () => measurePairs(request),
        ({ pairs, unavailable }) => asText(pairs, unavailable),
      );
    }),
  );
}

interface PairsRequest {
  readonly names: readonly string[];
  readonly runtimes: readonly Runtime[];
  readonly directories: readonly string[];
  readonly samples: number;
  readonly identity: Identity | null;
  readonly talk: Talk;
  readonly signal: AbortSignal;
}

/** Measures; what was finished when a signal came, or when one of them failed, is kept. */
async function measurePairs({
  names,
  runtimes,
  directories,
  samples,
  identity,
  talk,
  signal,
}: PairsRequest): Promise<{ pairs: Pair[]; unavailable: Missing[] }> {
  await checkDirectories(directories, identity);
  const specs = names.flatMap((strategy) =>
    runtimes.map((runtime) => ({ strategy, runtime, policy: null, named: true })),
  );
  const { findings, foreign = {} } = await lookEverywhere(specs, directories, identity);
  const unavailable: Missing[] = [];
  const measured = new Map<string, Measured>();
  const status = new StatusLine(talk);
  const all: Subject[] = [];
  for (const directory of directories) {
    for (const spec of specs) {
      const { strategy } = spec;
      const name = contenderName(spec);
      const mark = runtimeMark(spec.runtime);
      const subject = { strategy, directory, ...(mark === undefined ? {} : { runtime: mark }) };
      const finding = findings[name]?.[directory];
      if (finding?.available === true) all.push({ ...subject, name, policy: defaultPolicy(finding.members) });
      else {
        unavailable.push({ ...subject, reason: finding?.reason ?? 'not tried' });
        if (registered(strategy) !== undefined || finding?.hangs === true) process.exitCode = INCOMPLETE;
      }
    }
  }
  const failed = new Set<Subject>();
  const { blocks, samples: each } = blocksOf(runtimes, samples);
  for (let step = 0; step < blocks * all.length && !signal.aborted; step++) {
    const block = Math.floor(step / all.length);
    // There and back, so that none always has the same one before it.
    const place = step % all.length;
    const subject = all[block % 2 === 0 ? place : all.length - 1 - place];
    if (subject === undefined || failed.has(subject)) continue;
    const { name, policy, ...row } = subject;
    status.show(name, step, blocks * all.length);
    try {
      const job = { identity, strategy: row.strategy, policy, samples: each, inside: 'nothing' } as const;
      const figures = await measurePair(job, row.directory, foreign[name]);
      const before = measured.get(keyOf(row));
      const byBlock = new Map([...(before?.byBlock ?? []), [block, figures] as const]);
      measured.set(keyOf(row), { row: { ...row, wait: policyName(policy) }, byBlock });
    } catch (error) {
      if (signal.aborted && measured.size === 0) throw error;
      // Its process was killed by us: that says nothing of it.
      if (signal.aborted) break;
      failed.add(subject);
      measured.delete(keyOf(row));
      unavailable.push({ ...row, reason: messageOf(error) });
      process.exitCode = INCOMPLETE;
    }
  }
  status.clear();
  return { pairs: [...measured.values()].map((one) => pairOf(one, measured)), unavailable };
}

interface Subject {
  readonly strategy: string;
  readonly runtime?: string;
  readonly directory: string;
  readonly name: string;
  readonly policy: Policy;
}

interface Measured {
  readonly row: Omit<Pair, 'figures' | 'overC'>;
  readonly byBlock: FiguresByBlock;
}

const keyOf = ({ strategy, runtime, directory }: Omit<Pair, 'figures' | 'wait'>): string =>
  JSON.stringify([strategy, runtime ?? null, directory]);

function pairOf({ row, byBlock }: Measured, all: ReadonlyMap<string, Measured>): Pair {
  const c = all.get(keyOf({ ...row, runtime: 'c' }));
  const over = c === undefined || row.runtime === 'c' ? null : overC(byBlock, c.byBlock);
  return { ...row, figures: together(byBlock), ...(over === null ? {} : { overC: over }) };
}

/** Of C itself it is 1. */
function asOverC({ runtime, overC: over }: Pair): string {
  if (over === undefined) return runtime === 'c' ? digits(1) : '-';
  return factorWithBounds(over);
}

function asText(measured: readonly Pair[], missing: readonly Missing[]): string {
  // Of several runtimes the first one that was named.
  const baselines = new Map(
    [...measured]
      .reverse()
      .flatMap(({ strategy, directory, figures }) =>
        strategy === BASELINE ? [[directory, figures.medianNs] as const] : [],
      ),
  );
  const hasC = measured.some(({ overC: over }) => over !== undefined);
  const rows = [...measured]
    .sort((a, b) => a.directory.localeCompare(b.directory) || a.figures.medianNs - b.figures.medianNs)
    .map((pair) => {
      const { directory, figures } = pair;
      const baseline = baselines.get(directory);
      return [
        cellName(pair),
        visible(directory),
        duration(figures.medianNs),
        `${duration(figures.meanNs)} ± ${digits((100 * figures.marginNs) / figures.meanNs)}%`,
        duration(figures.p99Ns),
        baseline === undefined ? '-' : digits(figures.medianNs / baseline),
        ...(hasC ? [asOverC(pair)] : []),
      ];
    });
  const heading = [
    ...['strategy/wait', 'directory', 'median', 'mean', '99th percentile', `x ${BASELINE}`],
    ...(hasC ? ['x C'] : []),
  ];
  const isOne = new Set([...measured, ...missing].map(({ directory }) => directory)).size === 1;
  const reasons = missing.map((one) => {
    const name = isOne ? lockName(one) : `${lockName(one)} in ${visible(one.directory)}`;
    return `${name}: unavailable: ${one.reason}
`;
  });
  return `${plainTable(heading, rows)}\n${reasons.join('')}Lock and unlock, one process, no number file; a sample is the mean of 100 pairs.`;
}
