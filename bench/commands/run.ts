/**
 * `lockbench run`: look, plan, measure, save, show.
 */
import type { Command } from 'commander';
import { loadStrategy, strategyNames } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { fileSystemNotes, fileSystemOf } from '../environment/file-system.js';
import { describeEnvironment, type Environment } from '../environment/host.js';
import { type Identity, unprivilegedIdentity } from '../environment/identity.js';
import { type Outputs, openOutputs } from '../report/outputs.js';
import { Progress } from '../report/progress.js';
import { isMeasured, type Result, SCHEMA_VERSION } from '../report/result.js';
import { findings } from '../report/sentences.js';
import { summarise } from '../report/summarise.js';
import { resultTable } from '../report/table.js';
import { removeLeftovers } from '../run/leftovers.js';
import { type PlannedCell, plan, type Wish } from '../run/plan.js';
import { look, memoryDirectory, requireUsable } from '../run/preflight.js';
import { type CellProgress, runCells } from '../run/run.js';
import { exitCode, judge } from '../verdict/judgement.js';
import { commandLine } from './command-line.js';
import { type Interruption, interruptible } from './interruption.js';
import { collect, parseRunOptions, type RawRunOptions, type RunOptions } from './run-options.js';

/** Rounds shorter than this measure the gate and the scheduler more than the lock. */
const MIN_ROUND_NS = 200e6;
/** What all rounds together may take by repeating laps; many cells make shorter rounds, not a longer run. */
const REPEATING_NS = 6e9;
const LEAST_ROUND_NS = 20e6;

const EXAMPLES = `
Examples:
  lockbench run                                      what the defaults say, in under a minute
  lockbench run --strategies fcntl,excl --processes 1,4
  lockbench run --strategies excl --wait spin,yield,sleep:1ms,backoff
  lockbench run --strategies fcntl,flock --hold 10us --think 10us --processes 8
  lockbench run --dir /mnt/a --dir /mnt/b --json result.json
  lockbench run --quiet --json - | jq '.cells[].nsPerIncrement.median'

A strategy may name its policy: excl/spin, fcntl/block. Durations take units: ns, us, ms, s, min.
Exit codes: 0 all well; 1 a claim was broken; 2 bad usage; 3 a cell did not finish, or a control went uncaught;
130, 143 ended by a signal.`;

export function addRunCommand(program: Command): void {
  program
    .command('run', { isDefault: true })
    .description('measure strategies on one workload between real processes')
    .option('--strategies <list>', 'names, name/policy, or "all" (default: all that are synchronous)')
    .option('--wait <list>', 'policies: block, spin, yield, sleep:1ms, backoff (default: block, else spin)')
    .option('--processes <list>', 'contending processes (default: 1 and as many as CPUs, at least 2)')
    .option('--increments <n>', 'numbers that each process takes (default: 10000)')
    .option('--rounds <n>', 'blocks; each holds every cell once (default: 6)')
    .option(
      '--dir <directory>',
      'where to measure; repeatable (default: /dev/shm and the temporary directory)',
      collect,
    )
    .option('--number <mode>', 'number file "kept-open" (default) or "reopened" on each turn')
    .option('--hold <duration>', 'time to pass while holding the lock; sleep:1ms sleeps instead of spinning')
    .option('--think <duration>', 'time to pass between turns')
    .option(
      '--min-round <duration>',
      'repeat laps until a round lasts so long (default: 200ms, less if rounds are many)',
    )
    .option(
      '--budget <duration>',
      'stop a round after this, with the turns it has done (default: 20s; 200ms if nothing says what to measure)',
    )
    .option(
      '--max-time <duration>',
      'begin no block that would end later (default: none; 42s if nothing says what to measure)',
    )
    .option('--time-limit <duration>', 'kill a round after this', '60s')
    .option('--seed <n>', 'repeat the order of a run (default: random, printed)')
    .option('--json <file>', 'write the result; "-" is standard output')
    .option('--record <name>', 'keep the result, with a README, in results/<name>')
    .option('--quiet', 'no progress and no talk')
    .option('--stay-root', 'do not drop privileges when run as root')
    .addHelpText('after', EXAMPLES)
    .action(async (raw: RawRunOptions) => {
      process.exitCode = await run(parseRunOptions(raw));
    });
}

/** All strategies that were asked for, loaded; without wishes, all that are synchronous. */
async function chosen(
  wishes: readonly Wish[] | null,
): Promise<{ wishes: Wish[]; strategies: Map<string, Strategy> }> {
  const names = wishes === null ? strategyNames : wishes.map(({ strategy }) => strategy);
  const loaded = await Promise.all([...new Set(names)].map(loadStrategy));
  const wanted = wishes === null ? loaded.filter(({ calls }) => calls === 'synchronous') : loaded;
  return {
    wishes: wishes === null ? wanted.map(({ name }) => ({ strategy: name, policy: null })) : [...wishes],
    strategies: new Map(wanted.map((strategy) => [strategy.name, strategy])),
  };
}

function warningsFor(options: RunOptions): string[] {
  return options.directories.flatMap((directory) => {
    const mount = fileSystemOf(directory);
    return mount === null ? [] : fileSystemNotes(mount).map((warning) => `${directory}: ${warning}`);
  });
}

function minRoundNs(options: RunOptions, cells: readonly PlannedCell[]): number {
  if (options.minRoundNs !== null) return options.minRoundNs;
  const rounds = cells.filter(({ unavailable }) => unavailable === null).length * options.rounds;
  return Math.max(LEAST_ROUND_NS, Math.min(MIN_ROUND_NS, Math.floor(REPEATING_NS / Math.max(rounds, 1))));
}

/** A disk that is full for a while must not end a run; at the end the result is written once more. */
function saveOrWarn(outputs: Outputs, result: Result): void {
  try {
    outputs.save(result);
  } catch (error) {
    console.error(`the result so far could not be saved: ${error instanceof Error ? error.message : error}`);
  }
}

/** Measures. Returns the result as it is after the last block that began. */
async function measure(
  options: RunOptions,
  environment: Environment,
  identity: Identity | null,
  wishes: readonly Wish[],
  outputs: Outputs,
  interruption: Interruption,
): Promise<Result> {
  const startedAt = new Date();
  const names = [...new Set(wishes.map(({ strategy }) => strategy))];
  const found = await look(names, options.directories, identity);
  const cells = plan({ ...options, wishes }, found);
  const atLeastNs = minRoundNs(options, cells);
  const progress = new Progress(options.quiet);

  const resultOf = (all: readonly CellProgress[], finishedAt: Date | null): Result => ({
    schemaVersion: SCHEMA_VERSION,
    command: commandLine(),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    interruptedBy: interruption.by(),
    seed: options.seed,
    blocks: options.rounds,
    atLeastNs,
    budgetNs: options.budgetNs,
    measuredNs: all.reduce((sum, { rounds }) => sum + rounds.reduce((a, { wallNs }) => a + wallNs, 0), 0),
    emptyLoopNs: found.emptyLoopNs,
    environment,
    warnings: warningsFor(options),
    cells: summarise(all),
  });

  try {
    const all = await runCells(
      cells,
      {
        blocks: options.rounds,
        seed: options.seed,
        atLeastNs,
        budgetNs: options.budgetNs,
        maxTimeNs: options.maxTimeNs,
        timeLimitNs: options.timeLimitNs,
        memory: memoryDirectory(),
        identity,
        signal: interruption.signal,
      },
      {
        onRound: (cell, done, total) => progress.show(cell, done, total),
        onBlock: (all) => {
          const result = resultOf(all, null);
          if (hasContent(result)) saveOrWarn(outputs, result);
        },
      },
    );
    return resultOf(all, new Date());
  } finally {
    progress.clear();
  }
}

/** Whether a result may replace an earlier one: not if it was ended before anything was measured. */
const hasContent = ({ interruptedBy, cells }: Result): boolean =>
  interruptedBy === null || cells.some(isMeasured);

/** Runs the command; returns the exit code. Throws UsageError. */
export async function run(options: RunOptions): Promise<number> {
  const identity = options.stayRoot ? null : unprivilegedIdentity();
  const { wishes, strategies } = await chosen(options.wishes);
  const interruption = interruptible();
  // Before the outputs are opened: a new folder in results/ would make the clone look changed.
  const environment = describeEnvironment(identity);
  const outputs = openOutputs(options);
  try {
    const removed = removeLeftovers([...options.directories, memoryDirectory()], identity);
    if (removed.length > 0 && !options.quiet) {
      console.error(
        `removed what a killed run left behind: ${removed.map((path) => JSON.stringify(path)).join(', ')}`,
      );
    }
    await requireUsable(options.directories, identity);
    const result = await measure(options, environment, identity, wishes, outputs, interruption);
    const judgement = judge(result.cells, strategies, identity === null && process.getuid?.() === 0);
    if (options.json !== '-') {
      const controls = new Set(
        [...strategies.values()].flatMap(({ family, name }) => (family === 'control' ? name : [])),
      );
      process.stdout.write(`${resultTable(result, controls)}\n`);
      process.stdout.write(`${findings(result, judgement, controls).join('\n')}\n`);
    }
    if (hasContent(result)) outputs.finish(result);
    return interruption.exitCode() ?? exitCode(judgement);
  } catch (error) {
    // Whatever failed because its processes were killed under it.
    const code = interruption.exitCode();
    if (code === null) throw error;
    return code;
  } finally {
    outputs.close();
    interruption.end();
  }
}
