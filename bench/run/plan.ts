/**
 * The plan: which cells there are. A cell is a strategy, a waiting policy and the conditions under which both are
 * measured; those that cannot run have their reason from the start.
 */
import { fileSystemOf } from '../environment/file-system.js';
import type { PlacementKind } from '../environment/topology.js';
import type { Conditions } from '../report/result.js';
import { UsageError } from '../usage-error.js';
import type { NumberMode, Pause } from './job.js';
import { canWait, defaultPolicy, type Members, offers, type Policy, policyName } from './policy.js';
import type { Look } from './preflight.js';

/** A strategy as asked for: alone, or with the policy that was named for it (`excl/spin`); or one of all there are. */
export interface Wish {
  readonly strategy: string;
  readonly policy: Policy | null;
  readonly named: boolean;
}

export interface PlanRequest {
  readonly wishes: readonly Wish[];
  /** To be joined with every strategy that no policy was named for; empty for each strategy's default. */
  readonly policies: readonly Policy[];
  readonly directories: readonly string[];
  readonly processes: readonly number[];
  readonly readers: number;
  readonly rogues: number;
  readonly pin: PlacementKind | null;
  readonly increments: number;
  readonly number: NumberMode;
  readonly hold: Pause | null;
  readonly think: Pause | null;
}

export interface PlannedCell {
  readonly strategy: string;
  readonly policy: Policy;
  readonly wait: string;
  readonly conditions: Conditions;
  /** Why it cannot run, or null. */
  readonly unavailable: string | null;
}

/** The policies that a strategy shall be measured with, all of them possible. Throws UsageError if there are none. */
function policiesFor({ strategy, policy }: Wish, members: Members, wanted: readonly Policy[]): Policy[] {
  if (policy === null && wanted.length === 0) return [defaultPolicy(members)];
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

/** All cells, in the order of the options: directories, processes, strategies. */
export function plan(request: PlanRequest, { findings }: Look): PlannedCell[] {
  const { increments, number, hold, think, readers, rogues, pin } = request;
  return request.directories.flatMap((path) => {
    const mount = fileSystemOf(path);
    const directory = {
      path,
      filesystem: mount?.filesystem ?? 'unknown',
      options: [...(mount?.options ?? [])],
    };
    return request.processes.flatMap((processes) =>
      request.wishes.flatMap((wish): PlannedCell[] => {
        const { strategy } = wish;
        const conditions = { processes, readers, rogues, pin, increments, directory, number, hold, think };
        const finding = findings[strategy]?.[path];
        if (finding?.available !== true) {
          const policy = wish.policy ?? request.policies[0] ?? { kind: 'block' };
          const unavailable = finding?.reason ?? 'it was not tried';
          return [{ strategy, policy, wait: policyName(policy), conditions, unavailable }];
        }
        if (readers > 0 && !finding.members.shared) {
          if (wish.named) throw noReaders(strategy);
          return [];
        }
        return policiesFor(wish, finding.members, request.policies).map((policy) => ({
          strategy,
          policy,
          wait: policyName(policy),
          conditions,
          unavailable: null,
        }));
      }),
    );
  });
}
