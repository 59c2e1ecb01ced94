/**
 * What `crash` and `order` share: their options, the choice of strategies, and the frame around a result.
 */

import { loadStrategy, registered, strategyNames } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { UsageError } from '../base/usage-error.js';
import { fileSystemOf } from '../machine/file-system.js';
import { describeEnvironment, type Environment } from '../machine/host.js';
import type { Identity } from '../machine/identity.js';
import { isNotWritten } from '../measure/parent/foreign-worker.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import { existingDirectory, memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { canWait, offers, type Policy, parsePolicy, policyName } from '../measure/worker/policy.js';
import type { Finding } from '../measure/worker/prober.js';
import {
  contenderName,
  type Runtime,
  runtimeMark,
  type StrategySpec,
} from '../measure/worker/strategy-spec.js';
import { scenarioPolicy } from '../scenario/participant-lock.js';
import type { ScenarioSpec } from '../scenario/scenario.js';
import { jsonOutput, NOWHERE, type Outputs, openAll } from '../text/outputs.js';
import type { Talk } from '../text/status-line.js';
import { commandLine } from './command-line.js';
import type { BareCommand, OptionsOf } from './commander.js';
import {
  directoryOption,
  jsonOption,
  quietOption,
  stayRootOption,
  strategiesOption,
  verboseOption,
} from './common-options.js';
import { type Interruption, interruptible } from './interruption.js';
import { htmlOption, openPage, type PageOutput } from './page-output.js';
import { contendersOf, nameOption, onlyIn, parseRuntimes, runtimeOption, workerOption } from './runtimes.js';
import { parseSubjects } from './subjects.js';
import { workersIdentity } from './workers-identity.js';

export interface ScenarioOptions extends Talk {
  /** null: those that the command takes by default, in each of `runtimes`. */
  readonly specs: readonly StrategySpec[] | null;
  readonly runtimes: readonly Runtime[];
  readonly policy: Policy | null;
  readonly directory: string;
  readonly identity: Identity | null;
  readonly asRoot: boolean;
  readonly json: string | null;
  /** Where the page goes; undefined for none. */
  readonly html: string | undefined;
}

/** `usual`: which strategies are taken if none are named. */
export const withScenarioOptions = (command: BareCommand<[string[]]>, usual: string) =>
  command
    .usage('[strategies...] [directory] [options]')
    .addOption(strategiesOption(usual))
    .addOption(runtimeOption())
    .addOption(workerOption())
    .addOption(nameOption())
    .option('--wait <policy>', 'how to wait (default: block, else sleep:100us)')
    .addOption(directoryOption('/dev/shm'))
    .addOption(jsonOption())
    .addOption(htmlOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(stayRootOption());

/** Throws UsageError. */
export function parseScenarioOptions(
  command: string,
  words: readonly string[],
  raw: OptionsOf<typeof withScenarioOptions>,
): ScenarioOptions {
  const identity = workersIdentity(raw);
  const { named, directories, json } = parseSubjects(command, words, raw, { directories: 'one' });
  return {
    specs:
      named === null && raw.worker === undefined && raw.name === undefined
        ? null
        : contendersOf(named, raw, { usual: [], besideOwn: [] }),
    runtimes: parseRuntimes(raw.runtime),
    policy: raw.wait === undefined ? null : parsePolicy(raw.wait),
    directory: directories?.[0] === undefined ? memoryDirectory() : existingDirectory(directories[0]),
    identity,
    asRoot: identity === null && process.getuid?.() === 0,
    json,
    html: raw.html,
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
  };
}

type Available = Extract<Finding, { available: true }>;

/** A strategy that will be played. */
export interface PlayedStrategy {
  readonly spec: ScenarioSpec;
  readonly finding: Available;
}

/** A strategy that does not work here. */
export interface Unavailable {
  readonly strategy: string;
  readonly runtime?: string | undefined;
  readonly reason: string;
}

/** What a strategy is called in results, and in what it is written if that is not Node. */
const inResults = ({ strategy, runtime }: StrategySpec): { strategy: string; runtime?: string } => {
  const mark = runtimeMark(runtime);
  return mark === undefined ? { strategy } : { strategy, runtime: mark };
};

async function usual(
  isDefault: (strategy: Strategy) => boolean,
  runtimes: readonly Runtime[],
): Promise<StrategySpec[]> {
  const everywhere = strategyNames.flatMap((strategy) =>
    runtimes.map((runtime) => ({ strategy, policy: null, named: false, runtime })),
  );
  const loaded = await Promise.all(
    [...everywhere, ...onlyIn(runtimes)].map(
      async (spec) => [spec, await loadStrategy(spec.strategy)] as const,
    ),
  );
  return loaded.flatMap(([spec, strategy]) => (isDefault(strategy) ? [spec] : []));
}

/** The strategies that were asked for, or those that `isDefault`, each with its policy; and those that do not work here. */
export async function choose(
  {
    specs,
    runtimes = ['node'],
    policy,
    directory,
    identity,
  }: Pick<ScenarioOptions, 'specs' | 'policy' | 'directory' | 'identity'> &
    Partial<Pick<ScenarioOptions, 'runtimes'>>,
  isDefault: (strategy: Strategy) => boolean,
): Promise<{ played: PlayedStrategy[]; unavailable: Unavailable[] }> {
  await requireUsable([directory], identity);
  const wanted = specs ?? (await usual(isDefault, runtimes));
  const { strategies, findings, foreign = {} } = await lookEverywhere(wanted, [directory], identity);

  const played: PlayedStrategy[] = [];
  const unavailable: Unavailable[] = [];
  for (const spec of wanted) {
    const name = contenderName(spec);
    const finding = findings[name]?.[directory];
    const strategy = strategies[name];
    if (strategy === undefined || finding === undefined) throw new Error(`${name} was not tried`);
    if (!finding.available) {
      // Nobody asked for this one by its name.
      if (spec.named || !isNotWritten(finding.reason))
        unavailable.push({ ...inResults(spec), reason: finding.reason });
      continue;
    }
    const how = spec.policy ?? policy ?? scenarioPolicy(finding.members);
    if (!canWait(how, finding.members)) {
      throw new UsageError(
        `${spec.strategy} cannot wait by ${policyName(how)}: its lock ${offers(finding.members)}`,
        `name another policy for it, for example ${spec.strategy}/${policyName(scenarioPolicy(finding.members))}`,
      );
    }
    const worker = foreign[name];
    played.push({
      spec: { strategy, policy: how, directory, identity, ...(worker && { foreign: worker }) },
      finding,
    });
  }
  return { played, unavailable };
}

/** Whether a lock from outside, which was named, is not among what was played. */
export const lacksOutsideLock = ({
  unavailable,
}: {
  readonly unavailable: readonly Pick<Unavailable, 'strategy' | 'runtime'>[];
}): boolean =>
  unavailable.some(({ strategy, runtime }) => runtime === 'worker' || registered(strategy) !== undefined);

/** What every result begins with, once it is finished. */
export interface Head {
  readonly command: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly interruptedBy: string | null;
  readonly environment: Environment;
  readonly directory: { path: string; filesystem: string; options: string[] };
}

/**
 * Runs a command that plays scenarios. `action` gets what tells of signals and what makes a result's head; it returns
 * the result, which a signal may have cut short, or null if nothing was played; `finish` shows it and returns the exit
 * code; `openMore` opens what else the result is written to. Sets the exit code. Throws UsageError, and what `action` throws, unless a signal came.
 */
export async function playInterruptibly<Result>(
  options: ScenarioOptions,
  action: (interruption: Interruption, head: () => Head) => Promise<Result | null>,
  finish: (result: Result) => number,
  openMore: () => Outputs<Result> = () => NOWHERE,
): Promise<void> {
  const interruption = interruptible();
  const startedAt = new Date();
  const environment = describeEnvironment(options.identity);
  const mount = fileSystemOf(options.directory);
  const directory = {
    path: options.directory,
    filesystem: mount?.filesystem ?? 'unknown',
    options: [...(mount?.options ?? [])],
  };
  let output: Outputs<Result> | null = null;
  let page: PageOutput | null = null;
  try {
    const { json } = options;
    output = openAll<Result>([...(json === null ? [] : [() => jsonOutput(json)]), openMore]);
    page = openPage(options.html);
    const result = await action(interruption, () => ({
      command: commandLine(),
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      interruptedBy: interruption.by(),
      environment,
      directory,
    }));
    const code = result === null ? 0 : finish(result);
    if (result !== null) {
      output?.finish(result);
      await page.finish(result);
    }
    process.exitCode = interruption.exitCode() ?? code;
  } catch (error) {
    process.exitCode = interruption.exitCodeAfter(error);
  } finally {
    output?.close();
    page?.close();
    await interruption.end();
  }
}
