/**
 * `lockbench run`: look, plan, measure, save, show.
 */

import type { Command } from 'commander';
import { loadStrategy, usualNames } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { collect } from '../command-line/directories.js';
import { removeLeftovers } from '../machine/files/leftovers.js';
import { describeEnvironment } from '../machine/host.js';
import { unprivilegedIdentity } from '../machine/identity.js';
import { interruptible } from '../measure/parent/interruption.js';
import { hasContent } from '../measure/parent/measuring.js';
import { memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { exitCode, judge } from '../measure/verdict/judgement.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import { openOutputs } from '../text/outputs.js';
import { print, say } from '../text/standard-streams.js';
import { latencyTables } from './latency-table.js';
import { measure } from './measure.js';
import { recordFiles } from './recorded-readme.js';
import { resultTable } from './result-table.js';
import { parseRunOptions, type RawRunOptions, type RunOptions } from './run-options.js';
import { findings } from './sentences.js';
import { openTraceFile, type TraceFile } from './trace-file.js';

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
    .option('--strategies <list>', `names, name/policy, or "all" (default: ${usualNames.join(',')})`)
    .option(
      '--wait <list>',
      'policies: block, spin, yield, sleep:1ms, backoff (default: block, else spin, in a queue yield)',
    )
    .option('--processes <list>', 'contending processes (default: 1 and as many as CPUs, at least 2)')
    .option('--readers <n>', 'processes that take the shared lock and only read the number')
    .option('--writers <n>', 'the other processes, if there are readers (default: 1)')
    .option('--rogue <n>', 'so many of the processes take numbers without locking')
    .option('--pin <placement>', 'keep workers on processors: "compact" or "spread"')
    .option('--increments <n>', 'numbers that each process takes (default: 10000)')
    .option('--rounds <n>', 'blocks; each holds every cell once (default: 6)')
    .option('--until <percent>', 'add blocks until no bound is further from its median than this, such as 5%')
    .option('--handoffs <n>', 'hand-offs that prove a lock; 0 proves none (default: 2000)')
    .option('--trace <file>', 'keep the owner log of the trace rounds, as CSV')
    .option('--latency', 'print how long acquisitions and hand-offs took, in the trace rounds')
    .option('--no-trace', 'no trace rounds: no latencies')
    .option(
      '--dir <directory>',
      'where to measure; repeatable (default: /dev/shm and the temporary directory)',
      collect,
    )
    .option('--number <mode>', 'number file "kept-open" (default) or "reopened" on each turn')
    .option('--hold <duration>', 'time to pass while holding the lock; sleep:1ms sleeps instead of spinning')
    .option('--think <duration>', 'time to pass between turns')
    .option('--one-host', "on a network's file system, measure locks in this host's memory too")
    .option(
      '--min-round <duration>',
      'repeat laps until a round lasts so long (default: 200ms, less if rounds are many)',
    )
    .option(
      '--budget <duration>',
      'stop a round after this, with the turns it has done (default: 20s, less if rounds are many and --increments is not given; 100ms if nothing says what to measure)',
    )
    .option(
      '--max-time <duration>',
      'begin no block that would end later (default: none; 46s if nothing says what to measure; 5min with --until)',
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

/** All strategies that were asked for, loaded; without wishes, the usual ones. */
async function chosen(
  asked: readonly StrategySpec[] | null,
): Promise<{ specs: readonly StrategySpec[]; strategies: Map<string, Strategy> }> {
  const specs = asked ?? usualNames.map((strategy) => ({ strategy, policy: null, named: false }));
  const names = [...new Set(specs.map(({ strategy }) => strategy))];
  const loaded = await Promise.all(names.map(loadStrategy));
  return { specs, strategies: new Map(loaded.map((strategy) => [strategy.name, strategy])) };
}

/** Runs the command; returns the exit code. Throws UsageError. */
export async function run(options: RunOptions): Promise<number> {
  const identity = options.stayRoot ? null : unprivilegedIdentity();
  const { specs, strategies } = await chosen(options.specs);
  const interruption = interruptible();
  // Before the outputs are opened: a new folder in results/ would make the clone look changed.
  const environment = describeEnvironment(identity);
  const outputs = openOutputs(options, recordFiles);
  let traceFile: TraceFile | null = null;
  try {
    traceFile = options.traceFile === null ? null : openTraceFile(options.traceFile);
    const { removed, problems } = removeLeftovers([...options.directories, memoryDirectory()], identity);
    if (removed.length > 0 && !options.quiet) {
      say(`removed what a killed run left behind: ${removed.map((path) => JSON.stringify(path)).join(', ')}`);
    }
    for (const { message } of problems) say(`left behind by a killed run: ${message}`);
    await requireUsable(options.directories, identity);
    const setting = { environment, identity, specs };
    const result = await measure(options, setting, { outputs, traceFile }, interruption);
    const judgement = judge(result.cells, strategies, identity === null && process.getuid?.() === 0);
    if (options.json !== '-') {
      const controls = new Set(
        [...strategies.values()].flatMap(({ family, name }) => (family === 'control' ? name : [])),
      );
      if (result.cells.length > 0) print(resultTable(result, controls));
      if (options.latency) print(latencyTables(result, controls));
      print(findings(result, judgement, controls).join('\n'));
    }
    if (hasContent(result)) {
      outputs.finish(result);
      traceFile?.finish();
    }
    return interruption.exitCode() ?? exitCode(judgement);
  } catch (error) {
    // Whatever failed because its processes were killed under it.
    const code = interruption.exitCode();
    if (code === null) throw error;
    return code;
  } finally {
    outputs.close();
    traceFile?.close();
    interruption.end();
  }
}
