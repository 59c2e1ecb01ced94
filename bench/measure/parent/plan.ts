/**
 * The plan: which cells there are. A cell is a strategy, a waiting policy and the conditions under which both are
 * measured; those that cannot run have their reason from the start.
 */

import type { Strategy } from '../../../strategies/strategy.js';
import { UsageError } from '../../base/usage-error.js';
import { visible } from '../../base/visible.js';
import { isSilent } from '../../machine/answering.js';
import { fileSystemNotes, fileSystemOf, hasBlockGroups } from '../../machine/file-system.js';
import type { Mount } from '../../machine/mount.js';
import type { Conditions } from '../result/result-schema.js';
import { canWait, defaultPolicy, type Members, offers, type Policy, policyName } from '../worker/policy.js';
import { contenderName, runtimeMark, type StrategySpec } from '../worker/strategy-spec.js';
import type { ForeignWorker } from './foreign-worker.js';
import type { Look } from './preflight.js';
import type { SharedConditions } from './request.js';

/** Where cells run: a directory, seen from one host or from several. */
export interface TestDirectory {
  readonly directory: string;
  /** As the workers see it; null if there is none. */
  readonly mount: Mount | null;
  /** See `RoundSpec`; empty for this host. */
  readonly hosts: readonly (readonly string[])[];
  /** Where the hosts are those of a lab. */
  readonly nfs?: Conditions['nfs'];
}

/** A directory of this host. */
export const testDirectoryHere = (directory: string): TestDirectory => ({
  directory,
  // Where nobody answers, only looking tells whether a link leads elsewhere.
  mount: isSilent(directory) ? null : fileSystemOf(directory),
  hosts: [],
});

/** What a reader must know of a directory: sentences without their full stop. */
export const testDirectoryNotes = ({ directory, mount }: TestDirectory): string[] =>
  mount === null ? [] : fileSystemNotes(mount).map((note) => `${visible(directory)}: ${note}`);

export interface PlanRequest {
  readonly specs: readonly StrategySpec[];
  /** To be joined with every strategy that no policy was named for; empty for each strategy's default. */
  readonly policies: readonly Policy[];
  /** The default of locks that can only be tried; `spin` if left out. */
  readonly polling?: Policy;
  readonly testDirectories: readonly TestDirectory[];
  readonly processes: readonly number[];
  readonly conditions: SharedConditions;
}

export interface PlannedCell {
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly wait: string;
  readonly conditions: Conditions;
  readonly hosts: readonly (readonly string[])[];
  /** What it is marked with, where that is not Node. */
  readonly runtime?: string;
  /** The program that contends, where it is none of ours. */
  readonly foreign?: ForeignWorker;
  /** Why it cannot run, or null. */
  readonly unavailable: string | null;
  /** Whether it could not be tried, since the directory's file system does not answer. */
  readonly hangs?: true;
}

/** The policies that a strategy shall be measured with, all of them possible. Throws UsageError if there are none. */
function policiesFor(
  { strategy, policy }: StrategySpec,
  members: Members,
  { policies: wanted, polling }: PlanRequest,
): Policy[] {
  if (policy === null && wanted.length === 0) return [defaultPolicy(members, polling)];
  const asked = policy === null ? wanted : [policy];
  const possible = asked.filter((one) => canWait(one, members));
  if (possible.length > 0) return possible;
  const example = policyName(defaultPolicy(members));
  throw new UsageError(
    `${strategy} cannot wait by ${asked.map(policyName).join(' or ')}: its lock ${offers(members)}`,
    `name another policy for it, for example ${strategy}/${example}`,
  );
}

const noReaders = (strategy: string): UsageError =>
  new UsageError(
    `--readers: a strategy with a shared mode was expected, ${strategy} has none`,
    'name others, for example --strategies fcntl,flock',
  );

/** In the order in which a result has them. */
function conditionsOf(
  { directory: path, mount, nfs }: TestDirectory,
  processes: number,
  { readers, rogues, pin, increments, freshInodes, ...turn }: SharedConditions,
): Conditions {
  const directory = {
    path,
    filesystem: mount?.filesystem ?? 'unknown',
    options: [...(mount?.options ?? [])],
  };
  const plain = {
    ...{ processes, readers, rogues, pin, increments, directory, ...turn },
    ...(freshInodes && mount !== null && hasBlockGroups(mount) ? { freshInodes } : {}),
  };
  return nfs === undefined ? plain : { ...plain, nfs };
}

/** All cells, in the order of the options: directories, processes, strategies. */
export function plan(request: PlanRequest, { strategies, findings, foreign = {} }: Look): PlannedCell[] {
  return request.testDirectories.flatMap((testDirectory) => {
    const { directory, hosts } = testDirectory;
    return request.processes.flatMap((processes) => {
      const conditions = conditionsOf(testDirectory, processes, request.conditions);
      return request.specs.flatMap((spec): PlannedCell[] => {
        const name = contenderName(spec);
        const strategy = strategies[name];
        if (strategy === undefined) throw new Error(`${name} was not looked at`);
        const finding = findings[name]?.[directory];
        const mark = runtimeMark(spec.runtime);
        const program = foreign[name];
        const runtime = {
          ...(mark === undefined ? {} : { runtime: mark }),
          ...(program === undefined ? {} : { foreign: program }),
        };
        if (finding?.available !== true) {
          // As it would wait if it were there, as far as another runtime or another directory tells.
          const elsewhere = [
            findings[spec.strategy]?.[directory],
            ...Object.values(findings[name] ?? {}),
          ].find((other) => other?.available);
          const usual = elsewhere?.available ? defaultPolicy(elsewhere.members, request.polling) : null;
          const policy = spec.policy ?? request.policies[0] ?? usual ?? { kind: 'block' };
          const unavailable = finding?.reason ?? 'it was not tried';
          const wait = policyName(policy);
          const hangs = finding?.hangs === true ? ({ hangs: true } as const) : {};
          return [{ strategy, policy, wait, conditions, hosts, ...runtime, unavailable, ...hangs }];
        }
        if (conditions.readers > 0 && !finding.members.shared) {
          if (spec.named) throw noReaders(spec.strategy);
          return [];
        }
        return policiesFor(spec, finding.members, request).map((policy) => ({
          strategy,
          policy,
          wait: policyName(policy),
          conditions,
          hosts,
          ...runtime,
          unavailable: null,
        }));
      });
    });
  });
}
