/**
 * The experiment on faults of NFS locks, in the lab: one process of client1 holds a lock and has read the number, others
 * on client2 and client3 want it, and then something happens to the holder's client, to the network or to the server. Who
 * gets in, when, and beside whom? All locks over both versions of NFS live through each fault side by side.
 */

import { loadStrategy } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/error-message.js';
import type { Experiment } from '../../lab/in-lab.js';
import type { Lab, Version } from '../../lab/lab.js';
import { ownAccelerator } from '../../lab/virtual-machine.js';
import { describeEnvironment } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import { look } from '../../measure/parent/preflight.js';
import { canWait, offers, type Policy, policyName } from '../../measure/worker/policy.js';
import { HOLDER } from '../../scenario/overtaking.js';
import { Scenario, type ScenarioSpec } from '../../scenario/scenario.js';
import type { FaultName } from './fault-names.js';
import { type Circumstances, HOST_OF, NEWCOMER, type Pair, playFault, WAITER } from './fault-plays.js';
import { BYSTANDER, judgeFault } from './fault-verdict.js';
import type { FaultScenario, FaultsFindings } from './faults-schema.js';

/** How a lock that cannot block is waited for: a try is a request to the server, and three poll at once. */
const POLLING: Policy = { kind: 'sleep', ns: 20e6 };
/** A waiter that sleeps in a lock of version 4 asks again after so long, unless the server calls it before. */
const WAITERS_PAUSE_NS = 30e9;
const MARGIN_NS = 5e9;

/** So long is waited for what ends a lease: until it is over and every waiter has asked again. */
export const patienceFor = (leaseNs: number): number => leaseNs + WAITERS_PAUSE_NS + MARGIN_NS;

export interface FaultsRequest {
  /** `policy`: null for block where the lock can, else for trying again after a pause. */
  readonly specs: readonly { readonly strategy: string; readonly policy: Policy | null }[];
  readonly versions: readonly Version[];
  readonly faults: readonly FaultName[];
  readonly leaseNs: number;
  readonly patienceNs: number;
  readonly roundTripNs: number;
  readonly identity: Identity | null;
}

/** A lock that is played, over one version. */
interface Roles {
  readonly spec: Omit<ScenarioSpec, 'prefixes'>;
  readonly version: Version;
}

/** How a lock waits here, as it was wished. Throws an Error that says why if it cannot, or does not work here at all. */
async function policyHere(strategy: Strategy, directory: string, wished: Policy | null): Promise<Policy> {
  const { findings } = await look([strategy.name], [directory], null);
  const found = findings[strategy.name]?.[directory];
  if (found?.available !== true) throw new Error(found?.reason ?? 'it was not tried');
  const policy = wished ?? (found.members.lock ? { kind: 'block' } : POLLING);
  if (!canWait(policy, found.members)) {
    throw new Error(`it cannot wait by ${policyName(policy)}: its lock ${offers(found.members)}`);
  }
  return policy;
}

async function choose(
  lab: Lab,
  { specs, versions, identity }: FaultsRequest,
): Promise<{ allRoles: Roles[]; unavailable: FaultsFindings['unavailable'] }> {
  const allRoles: Roles[] = [];
  const unavailable: FaultsFindings['unavailable'] = [];
  for (const spec of specs) {
    const strategy = await loadStrategy(spec.strategy);
    try {
      for (const version of versions) {
        const directory = lab.paths[version].ext4;
        const policy = await policyHere(strategy, directory, spec.policy);
        // See NumberUse: a name in a directory makes no client look at the server for what another file holds.
        const number = strategy.family === 'kernel file lock' ? 'kept-open' : 'reopened';
        allRoles.push({ spec: { strategy, policy, directory, identity, number }, version });
      }
    } catch (error) {
      const reason = messageOf(error);
      unavailable.push({ strategy: strategy.name, reason });
    }
  }
  return { allRoles, unavailable };
}

const prefixesOf = (lab: Lab): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(HOST_OF).map(([name, host]) => [name, lab.host(host).prefix]));

/** Has a pair of scenarios for each set of roles, all at once. */
async function onStages<T>(
  specs: readonly ScenarioSpec[],
  withFree: boolean,
  action: (pairs: readonly Pair[]) => Promise<T>,
  pairs: readonly Pair[] = [],
): Promise<T> {
  const [spec, ...rest] = specs;
  if (spec === undefined) return action(pairs);
  return Scenario.play(spec, [HOLDER, WAITER, NEWCOMER], (scenario) => {
    const goOn = (free: Scenario | null): Promise<T> =>
      onStages(rest, withFree, action, [...pairs, { scenario, free }]);
    return withFree ? Scenario.play(spec, [BYSTANDER], goOn) : goOn(null);
  });
}

const nameOf = ({ spec, version }: Roles, fault: FaultName) => ({
  ...{ strategy: spec.strategy.name, wait: policyName(spec.policy) },
  ...{ version, fault },
});

const notPlayed = (allRoles: readonly Roles[], fault: FaultName, error: unknown): FaultScenario[] =>
  allRoles.map((roles) => ({
    ...nameOf(roles, fault),
    state: 'not-played',
    reason: messageOf(error),
  }));

/** Plays one fault in all scenarios, and has the lab mended. Throws an Error that says why if it could not be played. */
async function play(
  fault: FaultName,
  allRoles: readonly Roles[],
  circumstances: Circumstances,
): Promise<FaultScenario[]> {
  try {
    const timelines = await playFault(fault, circumstances);
    const numbers = await Promise.all(circumstances.pairs.map(({ scenario }) => scenario.number()));
    return allRoles.map((roles, i) => {
      const timeline = timelines[i] ?? [];
      const verdict = judgeFault(fault, timeline, numbers[i] ?? 0);
      return { ...nameOf(roles, fault), state: 'played', ...verdict, timeline };
    });
  } finally {
    // Before the scenarios are cleared: a process that waits for its server cannot be killed.
    await circumstances.lab.mend();
  }
}

/**
 * Plays faults, one after the other, on one set of scenarios, until one cannot be played, after which the scenarios are of no
 * use. Calls `begin` before each, and `end` after it. Returns how many there were.
 */
async function playSome(
  lab: Lab,
  faults: readonly FaultName[],
  allRoles: readonly Roles[],
  patienceNs: number,
  { begin, end }: { begin(fault: FaultName): void; end(scenarios: readonly FaultScenario[]): void },
): Promise<number> {
  const prefixes = prefixesOf(lab);
  const specs = allRoles.map(({ spec }) => ({ ...spec, prefixes }));
  let count = 0;
  try {
    await onStages(specs, faults.includes('server-restart'), async (pairs) => {
      for (const fault of faults) {
        begin(fault);
        const scenarios = await play(fault, allRoles, { lab, pairs, patienceNs });
        count++;
        end(scenarios);
      }
    });
  } catch (error) {
    const fault = faults[count];
    if (fault === undefined) throw error;
    end(notPlayed(allRoles, fault, error));
    count++;
  }
  return count;
}

/** Plays all faults. What is known is told after each. */
export function playFaults(request: FaultsRequest): Experiment<FaultsFindings> {
  const { faults, leaseNs, roundTripNs, patienceNs, identity } = request;
  return async (lab, listener, signal) => {
    const { allRoles, unavailable } = await choose(lab, request);
    const scenarios: FaultScenario[] = [];
    const tell = (): void =>
      listener.result({
        ...{ environment: describeEnvironment(identity), accelerator: ownAccelerator() },
        ...{ unavailable, leaseNs, roundTripNs, scenarios },
      });
    if (allRoles.length === 0) return tell();
    let done = 0;
    const watching = {
      begin: (fault: FaultName) => listener.progress(fault, faults.indexOf(fault), faults.length),
      end(played: readonly FaultScenario[]) {
        // Its processes were killed under it: it tells nothing.
        if (signal.aborted) return;
        scenarios.push(...played);
        tell();
      },
    };
    while (done < faults.length && !signal.aborted) {
      done += await playSome(lab, faults.slice(done), allRoles, patienceNs, watching);
    }
  };
}
