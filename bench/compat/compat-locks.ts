/**
 * Which locks meet: by name and language, and the command flock of util-linux.
 */
import { register } from '../../strategies/index.js';
import { UsageError } from '../base/usage-error.js';
import { contendersOf } from '../command-line/runtimes.js';
import type { Identity } from '../machine/identity.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import type { Look } from '../measure/parent/preflight.js';
import { contenderName, type Runtime, type StrategySpec } from '../measure/worker/strategy-spec.js';
import { scenarioPolicy } from '../scenario/participant-lock.js';
import { strategy as flockCommand } from './flock-command.js';
import type { Candidate } from './hold-and-try.js';

/** As a module of ours, so that the processes that lock load it by itself. */
const FLOCK_COMMAND = Object.create(flockCommand, {
  module: { value: new URL('flock-command.js', import.meta.url).href },
}) as typeof flockCommand;

/** What stands in a list of strategies for the command flock. */
export const FLOCK = flockCommand.name;

const spec = (strategy: string, runtime: Runtime = 'node'): StrategySpec => ({
  ...{ strategy, policy: null, named: false, runtime },
});

/** Kernel locks, names and the command, in the languages in which services, cron jobs and scripts have them. */
const USUAL: readonly StrategySpec[] = [
  ...[spec('fcntl'), spec('ofd'), spec('lockf', 'c'), spec('fcntl', 'python')],
  ...[spec('flock'), spec('flock', 'python'), spec(FLOCK)],
  ...[spec('excl'), spec('mkdir', 'python'), spec('proper-lockfile')],
];

interface LockOptions {
  readonly runtime?: string;
  readonly worker?: string;
  readonly name?: string;
}

/** What was named, `flock(1)` among it, or the usual ones; each once. Throws UsageError. */
export function specsOf(named: readonly string[] | null, options: LockOptions): StrategySpec[] {
  register(FLOCK_COMMAND, null);
  if (named === null && options.runtime === undefined) return [...contendersOf([], options), ...USUAL];
  const { runtime } = options;
  const languages = runtime === undefined ? {} : { runtime };
  const items = named ?? [...new Set(USUAL.map(({ strategy }) => strategy))];
  const command = { ...spec(FLOCK), named: named !== null };
  const specs = [
    ...contendersOf([], options),
    ...items.flatMap((item) => (item === FLOCK ? [command] : contendersOf([item], languages))),
    ...(items.includes('all') ? [spec(FLOCK)] : []),
  ];
  const waiting = specs.find(({ policy }) => policy !== null);
  if (waiting !== undefined) {
    throw new UsageError(
      `compat: a strategy without a policy was expected, since nothing is timed here, got one for "${waiting.strategy}"`,
      `name ${waiting.strategy} alone`,
    );
  }
  return [...new Map(specs.map((one) => [contenderName(one), one])).values()];
}

/** Those of the locks that can meet in a directory; and those that cannot, with the reason. */
export interface Gathered {
  readonly participants: readonly Candidate[];
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}

const INHERITED = 'its processes inherit it as a descriptor: no other program can find it';

/** Throws if a strategy cannot be loaded. */
export const gather = async (
  specs: readonly StrategySpec[],
  directory: string,
  identity: Identity | null,
): Promise<Gathered> => gatheredFrom(await lookEverywhere(specs, [directory], identity), specs, directory);

/** The same, from what was looked at already. */
export function gatheredFrom(
  { strategies, findings, foreign = {} }: Look,
  specs: readonly StrategySpec[],
  directory: string,
): Gathered {
  const participants: Candidate[] = [];
  const unavailable: { name: string; reason: string }[] = [];
  for (const name of specs.map(contenderName)) {
    const strategy = strategies[name];
    const finding = findings[name]?.[directory];
    if (strategy === undefined || finding === undefined) throw new Error(`${name} was not tried`);
    if (!finding.available) unavailable.push({ name, reason: finding.reason });
    else if (strategy.inherited) unavailable.push({ name, reason: INHERITED });
    else {
      const { members } = finding;
      const worker = foreign[name];
      participants.push({
        ...{ name, strategy, members, policy: scenarioPolicy(members) },
        ...(worker !== undefined && { foreign: worker }),
      });
    }
  }
  return { participants, unavailable };
}
