/**
 * `lockbench reproduce`: the claims of the textbook and of the article, each as an experiment on this machine.
 */

import { messageOf } from '../base/error-message.js';
import { BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { commandLine } from '../command-line/command-line.js';
import type { BareCommand } from '../command-line/commander.js';
import { type Interruption, interruptible } from '../command-line/interruption.js';
import { openPage, type PageOutput } from '../command-line/page-output.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { againInOwnMounts, hasOwnMounts } from '../lab/own-mounts.js';
import { describeEnvironment } from '../machine/host.js';
import { clearLeftovers } from '../measure/parent/kept-directories.js';
import { memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { openOutputs } from '../text/outputs.js';
import { print, say } from '../text/standard-streams.js';
import { StatusLine } from '../text/status-line.js';
import type { Setting } from './experiment/experiment.js';
import type { Outcome, Reproduction } from './experiment/reproduction-schema.js';
import { REPRODUCTION_SCHEMA_VERSION } from './experiment/reproduction-version.js';
import { declareReproduce, type Production, type ReproduceOptions } from './reproduce-options.js';
import { reproductionReadme } from './reproduction-readme.js';
import { outcomeText, summaryText } from './reproduction-text.js';

export function addReproduceCommand(program: BareCommand): void {
  declareReproduce(program, async (options) => {
    const again = options.filesystems && !hasOwnMounts();
    process.exitCode = await (again ? againInOwnMounts() : reproduce(options));
  });
}

/** What is the same for all experiments of a run. */
type Common = Omit<Setting, 'progress' | 'warn'>;

/** Does one experiment; what keeps it from its end is an outcome, too. */
async function perform(
  { experiment, roles }: Production,
  common: Common,
  progress: Setting['progress'],
): Promise<{ outcome: Outcome; drawing: string | null }> {
  const { name, title, claim, source, book, method } = experiment;
  const identity = { name, title, claim, source, book, method, roles };
  const warnings = new Map<string, string>();
  const setting: Setting = {
    ...common,
    progress,
    // Several measurements of one experiment may warn of the same; only their figures differ.
    warn: (text) => warnings.set(text.replace(/\d+/g, ''), text),
  };
  const startedMs = performance.now();
  try {
    const reason = (await experiment.missing?.(setting)) ?? null;
    if (reason !== null) return { outcome: { ...identity, state: 'unavailable', reason }, drawing: null };
    const evidence = experiment.evidence.parse(await experiment.measure(setting, roles));
    const outcome: Outcome = {
      ...identity,
      state: 'measured',
      tookNs: Math.round((performance.now() - startedMs) * 1e6),
      verdict: experiment.judge(evidence),
      warnings: [...warnings.values()],
      tables: experiment.tables(evidence),
      evidence: evidence as Extract<Outcome, { state: 'measured' }>['evidence'],
    };
    return { outcome, drawing: (await experiment.drawing?.(evidence)) ?? null };
  } catch (error) {
    const reason = messageOf(error);
    return { outcome: { ...identity, state: 'errored', reason }, drawing: null };
  }
}

/** Does all of them, and says what came out; returns what was finished. */
async function performAll(
  { productions, json, quiet, verbose }: ReproduceOptions,
  common: Common,
  onOutcome: (outcome: Outcome, drawing: string | null) => void,
): Promise<void> {
  for (const [i, production] of productions.entries()) {
    if (common.ending.signal.aborted) return;
    const name = `${production.experiment.name}${productions.length === 1 ? '' : ` (experiment ${i + 1} of ${productions.length})`}`;
    const status = new StatusLine({ quiet, verbose });
    const { outcome, drawing } = await perform(production, common, (what, done, total) =>
      status.show(`${name}: ${what}`, done, total),
    ).finally(() => status.clear());
    // Its processes may have been killed under it: then it tells nothing.
    if (common.ending.signal.aborted) return;
    if (json !== '-') print(outcomeText(outcome));
    onOutcome(outcome, drawing);
  }
}

function exitCodeOf(outcomes: readonly Outcome[], named: boolean): number {
  const answers = outcomes.map((outcome) =>
    outcome.state === 'measured' ? outcome.verdict.answer : outcome.state,
  );
  if (answers.includes('does not hold')) return BROKEN;
  const failed = answers.includes('errored') || answers.includes('undecided');
  return failed || (named && answers.includes('unavailable')) ? INCOMPLETE : 0;
}

/** All in a table, and what one would ask next. */
function lastWords(outcomes: readonly Outcome[]): string {
  const isOne = outcomes.length === 1;
  return [
    ...(isOne ? [] : [summaryText({ outcomes: [...outcomes] })]),
    nextLine([isOne ? 'lockbench reproduce (all claims)' : 'lockbench choose', ...pageStep()]),
  ].join('\n');
}

/** Runs the command; returns the exit code. Throws UsageError. */
async function reproduce(options: ReproduceOptions): Promise<number> {
  const { disk, nfs, filesystems, rounds, seed } = options;
  const identity = workersIdentity(options);
  const interruption: Interruption = interruptible();
  const startedAt = new Date();
  const environment = describeEnvironment(identity);
  const outcomes: Outcome[] = [];
  const drawings = new Map<string, string>();
  const outputs = openOutputs<Reproduction>(options, (result, name) => {
    const files = new Map([...drawings.keys()].map((experiment) => [experiment, `${experiment}.svg`]));
    return {
      'README.md': reproductionReadme(name, result, files),
      ...Object.fromEntries([...drawings].map(([experiment, svg]) => [`${experiment}.svg`, svg])),
    };
  });
  const resultOf = (finishedAt: Date | null): Reproduction => ({
    ...{ schemaVersion: REPRODUCTION_SCHEMA_VERSION, command: commandLine() },
    ...{ startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
    ...{ interruptedBy: interruption.by(), seed, rounds, environment, outcomes },
  });
  let page: PageOutput | null = null;
  try {
    page = openPage(options.html);
    const memory = memoryDirectory();
    await clearLeftovers([memory, disk], identity);
    await requireUsable([memory, disk, ...(nfs === null ? [] : [nfs])], identity);
    const common = { memory, disk, identity, environment, rounds, seed, nfs, filesystems };
    await performAll(options, { ...common, ending: interruption }, (outcome, drawing) => {
      outcomes.push(outcome);
      if (drawing !== null) drawings.set(outcome.name, drawing);
      outputs.save(resultOf(null));
    });
    if (options.json !== '-' && outcomes.length > 0) print(lastWords(outcomes));
    if (outcomes.length > 0) {
      const result = resultOf(new Date());
      outputs.finish(result);
      await page.finish(result);
    }
    const by = interruption.by();
    const finished = outcomes.length === 0 ? 'no experiment was finished' : 'what was finished is shown';
    if (by !== null) say(`ended early by ${by}; ${finished}`);
    return interruption.exitCode() ?? exitCodeOf(outcomes, options.named);
  } catch (error) {
    return interruption.exitCodeAfter(error);
  } finally {
    outputs.close();
    page?.close();
    await interruption.end();
  }
}
