/**
 * A run: look, plan, measure, save, show.
 */

import type { Strategy } from '../../strategies/strategy.js';
import { quoted } from '../base/visible.js';
import { checkDirectories } from '../command-line/directories.js';
import { openExports } from '../command-line/export-options.js';
import { interruptible } from '../command-line/interruption.js';
import { openPage, type PageOutput } from '../command-line/page-output.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { isSilent } from '../machine/answering.js';
import { describeEnvironment } from '../machine/host.js';
import { clearLeftovers } from '../measure/parent/kept-directories.js';
import { hasContent } from '../measure/parent/measure-cells.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { loadContender } from '../measure/parent/worker-of.js';
import { keepLast, keptFile, LAST, PREVIOUS } from '../measure/result/last-run.js';
import type { Result } from '../measure/result/result-schema.js';
import { exitCode } from '../measure/verdict/judgement.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import { asText, madeInto, openAll, openOutputs } from '../text/outputs.js';
import { say } from '../text/standard-streams.js';
import { RUN_FORMATS } from './exports/run-formats.js';
import { measureAndSave } from './measure-and-save.js';
import { printRun, soFar } from './print-run.js';
import type { RunOptions } from './run-options.js';
import { recordFiles } from './run-readme.js';
import { findings } from './sentences.js';
import { type Subject, subjectOf } from './summary/subject.js';
import { type Footing, NOT_KEPT, saidInBrief } from './summary/summary.js';
import { openTraceFile, type TraceFile } from './trace-file.js';

/** All strategies that were asked for, loaded. */
async function chosen(
  specs: readonly StrategySpec[],
): Promise<{ specs: readonly StrategySpec[]; strategies: Map<string, Strategy> }> {
  const loaded = await Promise.all(specs.map(loadContender));
  return { specs, strategies: new Map(loaded.map((strategy) => [strategy.name, strategy])) };
}

/** Keeps the result for commands that name it `last`. Returns what to say of that. */
function keep(result: Result): Footing {
  try {
    keepLast(asText(result));
    return { savedAs: LAST, hasEarlier: keptFile(PREVIOUS) !== null };
  } catch {
    // Full, closed, or not there: nothing is lost but the name.
    return NOT_KEPT;
  }
}

/** Whether a run may become `last`: one that was ended before it timed anything would only hide the earlier one. */
export const isWorthKeeping = (result: Result): boolean =>
  result.interruptedBy === null ||
  result.cells.some((cell) => 'rounds' in cell && cell.rounds?.some(({ kind }) => kind === 'timing'));

/** Runs the command; returns the exit code. Throws UsageError. */
export async function run(options: RunOptions): Promise<number> {
  const identity = workersIdentity(options);
  const { specs, strategies } = await chosen(options.specs);
  const interruption = interruptible();
  // Before the outputs are opened: a new folder in results/ would make the clone look changed.
  const environment = describeEnvironment(identity);
  const subjectFor = (result: Result): Subject => subjectOf(result, strategies);
  const linesOf = (result: Result): readonly string[] => soFar(subjectFor(result));
  const withFindings = (result: Result): Result => {
    const subject = subjectFor(result);
    const whole = findings(result, subject.judgement, subject.controls);
    return { ...result, findings: [...saidInBrief(subject), ...whole] };
  };
  const outputs = madeInto(
    openAll([() => openOutputs(options, recordFiles), () => openExports(options.exports, RUN_FORMATS)]),
    withFindings,
  );
  let traceFile: TraceFile | null = null;
  let page: PageOutput | null = null;
  try {
    traceFile = options.traceFile === null ? null : openTraceFile(options.traceFile);
    page = openPage(options.html);
    const { removed, problems } = await clearLeftovers(
      [...options.directories.filter((path) => !isSilent(path)), memoryDirectory()],
      identity,
    );
    if (removed.length > 0 && !options.quiet) {
      say(`removed what a killed run left behind: ${removed.map(quoted).join(', ')}`);
    }
    for (const problem of problems) say(`left behind by a killed run: ${problem}`);
    await checkDirectories(options.directories, identity);
    const setting = { environment, identity, specs };
    const result = await measureAndSave(options, setting, { outputs, traceFile, linesOf }, interruption);
    const subject = subjectFor(result);
    const footing = isWorthKeeping(result) ? keep(withFindings(result)) : NOT_KEPT;
    if (options.json !== '-') printRun(subject, options, footing);
    if (hasContent(result)) {
      outputs.finish(result);
      traceFile?.finish();
      await page.finish(withFindings(result));
    }
    return interruption.exitCode() ?? exitCode(subject.judgement);
  } catch (error) {
    return interruption.exitCodeAfter(error);
  } finally {
    outputs.close();
    traceFile?.close();
    page?.close();
    await interruption.end();
  }
}
