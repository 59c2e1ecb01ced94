/**
 * `lockbench run`: look, plan, measure, save, show.
 */

import type { Strategy } from '../../strategies/strategy.js';
import { quoted } from '../base/visible.js';
import type { BareCommand } from '../command-line/commander.js';
import { interruptible } from '../command-line/interruption.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { describeEnvironment } from '../machine/host.js';
import { clearLeftovers } from '../measure/parent/kept-directories.js';
import { hasContent } from '../measure/parent/measure-cells.js';
import { memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { loadContender } from '../measure/parent/worker-of.js';
import { keepLast } from '../measure/result/last-run.js';
import type { Result } from '../measure/result/result-schema.js';
import { exitCode, type Judgement, judge } from '../measure/verdict/judgement.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import { asText, madeInto, openOutputs } from '../text/outputs.js';
import { print, say } from '../text/standard-streams.js';
import { tableWidth } from '../text/table.js';
import { columnsWithin } from './columns.js';
import { latencyTables } from './latency-table.js';
import { measureAndSave } from './measure-and-save.js';
import { recordFiles } from './recorded-readme.js';
import { resultTable } from './result-table.js';
import { declareRun, type RunOptions } from './run-options.js';
import { findings } from './sentences.js';
import { openTraceFile, type TraceFile } from './trace-file.js';

export function addRunCommand(program: BareCommand): void {
  declareRun(program, async (options) => {
    process.exitCode = await run(options);
  });
}

/** All strategies that were asked for, loaded. */
async function chosen(
  specs: readonly StrategySpec[],
): Promise<{ specs: readonly StrategySpec[]; strategies: Map<string, Strategy> }> {
  const loaded = await Promise.all(specs.map(loadContender));
  return { specs, strategies: new Map(loaded.map((strategy) => [strategy.name, strategy])) };
}

/** Keeps the result for commands that name it `last`. Where it cannot be kept, nothing is lost but that. */
function keep(result: Result): void {
  try {
    keepLast(asText(result));
  } catch {
    // Full, closed, or not there: a run does not fail for it.
  }
}

/** Runs the command; returns the exit code. Throws UsageError. */
export async function run(options: RunOptions): Promise<number> {
  const identity = workersIdentity(options);
  const { specs, strategies } = await chosen(options.specs);
  const interruption = interruptible();
  // Before the outputs are opened: a new folder in results/ would make the clone look changed.
  const environment = describeEnvironment(identity);
  const controls = new Set(
    [...strategies.values()].flatMap(({ family, name }) => (family === 'control' ? name : [])),
  );
  const judged = ({ cells }: Result): Judgement =>
    judge(cells, strategies, identity === null && process.getuid?.() === 0);
  const withFindings = (result: Result): Result => ({
    ...result,
    findings: findings(result, judged(result), controls),
  });
  const outputs = madeInto(openOutputs(options, recordFiles), withFindings);
  let traceFile: TraceFile | null = null;
  try {
    traceFile = options.traceFile === null ? null : openTraceFile(options.traceFile);
    const { removed, problems } = await clearLeftovers([...options.directories, memoryDirectory()], identity);
    if (removed.length > 0 && !options.quiet) {
      say(`removed what a killed run left behind: ${removed.map(quoted).join(', ')}`);
    }
    for (const problem of problems) say(`left behind by a killed run: ${problem}`);
    await requireUsable(options.directories, identity);
    const setting = { environment, identity, specs };
    const result = await measureAndSave(options, setting, { outputs, traceFile }, interruption);
    const judgement = judged(result);
    if (options.json !== '-') {
      if (result.cells.length > 0) print(resultTable(result, controls));
      if (options.latency) print(latencyTables(result, controls));
      print(findings(result, judgement, controls, columnsWithin(tableWidth())).join('\n'));
    }
    if (hasContent(result)) {
      keep(withFindings(result));
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
    await interruption.end();
  }
}
