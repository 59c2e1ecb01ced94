/**
 * The plan: which cells there are. A cell is a strategy, a waiting policy and the conditions under which both are
 * measured; those that cannot run have their reason from the start.
 */

import { UsageError } from '../../base/usage-error.js';
import { fileSystemNotes, fileSystemOf } from '../../machine/file-system.js';
import type { Mount } from '../../machine/mount.js';
import type { PlacementKind } from '../../machine/topology.js';
import type { Conditions } from '../result/result-schema.js';
import type { NumberMode, Pause } from '../worker/job.js';
import { canWait, defaultPolicy, type Members, offers, type Policy, policyName } from '../worker/policy.js';
import type { AskedFor } from '../worker/strategy-spec.js';
import type { Look } from './preflight.js';

/** What was asked for by its name, or one of all there are. */
export interface Wish extends AskedFor {
  readonly named: boolean;
}

/** Where cells run: a directory, seen from one host or from several. */
export interface Ground {
  readonly directory: string;
  /** As the workers see it; null if there is none. */
  readonly mount: Mount | null;
  /** See `RoundSpec`; empty for this host. */
  readonly hosts: readonly (readonly string[])[];
  /** Where the hosts are those of a lab. */
  readonly nfs?: Conditions['nfs'];
}

/** A directory of this host. */
export const groundHere = (directory: string): Ground => ({
  directory,
  mount: fileSystemOf(directory),
  hosts: [],
});

/** What a reader must know of a ground: sentences without their full stop. */
export const groundNotes = ({ directory, mount }: Ground): string[] =>
  mount === null ? [] : fileSystemNotes(mount).map((note) => `${directory}: ${note}`);

export interface PlanRequest {
  readonly wishes: readonly Wish[];
  /** To be joined with every strategy that no policy was named for; empty for each strategy's default. */
  readonly policies: readonly Policy[];
  /** The default of locks that can only be tried; `spin` if left out. */
  readonly polling?: Policy;
  readonly grounds: readonly Ground[];
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
  readonly hosts: readonly (readonly string[])[];
  /** Why it cannot run, or null. */
  readonly unavailable: string | null;
}

/** The policies that a strategy shall be measured with, all of them possible. Throws UsageError if there are none. */
function policiesFor(
  { strategy, policy }: Wish,
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

/** All cells, in the order of the options: grounds, processes, strategies. */
export function plan(request: PlanRequest, { findings }: Look): PlannedCell[] {
  const { increments, number, hold, think, readers, rogues, pin } = request;
  return request.grounds.flatMap(({ directory: path, mount, hosts, nfs }) => {
    const directory = {
      path,
      filesystem: mount?.filesystem ?? 'unknown',
      options: [...(mount?.options ?? [])],
    };
    return request.processes.flatMap((processes) =>
      request.wishes.flatMap((wish): PlannedCell[] => {
        const { strategy } = wish;
        const crew = { processes, readers, rogues, pin };
        const plain = { ...crew, increments, directory, number, hold, think };
        const conditions: Conditions = nfs === undefined ? plain : { ...plain, nfs };
        const finding = findings[strategy]?.[path];
        if (finding?.available !== true) {
          const policy = wish.policy ?? request.policies[0] ?? { kind: 'block' };
          const unavailable = finding?.reason ?? 'it was not tried';
          return [{ strategy, policy, wait: policyName(policy), conditions, hosts, unavailable }];
        }
        if (readers > 0 && !finding.members.shared) {
          if (wish.named) throw noReaders(strategy);
          return [];
        }
        return policiesFor(wish, finding.members, request).map((policy) => ({
          strategy,
          policy,
          wait: policyName(policy),
          conditions,
          hosts,
          unavailable: null,
        }));
      }),
    );
  });
}
