/**
 * Counts the calls of one client's turns, one way of reaching the file at a time, and checks the count against the
 * client's own.
 */

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processName } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import type { Host } from '../../lab/lab.js';
import { inSequence, type Procedure, type RpcTracer } from '../../lab/rpc-trace.js';
import type { Identity } from '../../machine/identity.js';
import { type NfsMount, operationsBetween, parseMountstats } from '../../machine/mountstats.js';
import { Child } from '../../measure/parent/child.js';
import { keepDirectory, USUAL_PATIENCE_NS } from '../../measure/parent/kept-directories.js';
import { removeAll } from '../../measure/parent/unremoved.js';
import type { Policy } from '../../measure/worker/policy.js';
import type { CountedMessage } from './counted-turns.js';
import { keepOpen } from './delegation.js';
import type { Calls } from './roundtrip-schema.js';

/** The first turns look names up and ask for permissions, of which the client then knows. */
const FIRST_TURNS = 20;
/** Calls that nobody waits for come in after the turn that made them. */
const SETTLING_MS = 150;
const NFS = 'nfs';
/** Renews a client's lease about once a minute, and belongs to no turn; every client of this kernel sends it. */
const LEASE_RENEWAL = 'SEQUENCE';

/** The client's mount of `path`, as it counts by now. Throws if it has none. */
export function mountSeenBy({ pid }: Host, path: string): NfsMount {
  const mount = parseMountstats(readFileSync(`/proc/${pid}/mountstats`, 'utf8')).find(
    ({ mountPoint }) => mountPoint === path,
  );
  if (mount === undefined) throw new Error(`an NFS mount was expected on ${path}, there is none`);
  return mount;
}

/** Calls by procedure, in the order of the first of each. */
export function tally(requests: readonly Procedure[]): Calls['procedures'] {
  const counts = new Map<string, Calls['procedures'][number]>();
  for (const { program, version, name } of requests) {
    const id = `${program} ${version} ${name}`;
    counts.set(id, { program, version, name, calls: (counts.get(id)?.calls ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** What the mount counted otherwise than the trace, or sent twice, in words; null if nothing. */
export function disagreement(
  procedures: Calls['procedures'],
  before: NfsMount,
  after: NfsMount,
): string | null {
  const seen = operationsBetween(before, after);
  const traced = new Map(
    procedures.filter(({ program }) => program === NFS).map(({ name, calls }) => [name, calls]),
  );
  const differing = [...new Set([...traced.keys(), ...seen.keys()])].flatMap((name) => {
    const { calls = 0, transmissions = 0 } = seen.get(name) ?? {};
    if (calls !== (traced.get(name) ?? 0))
      return [`${name}: traced ${traced.get(name) ?? 0}, mountstats ${calls}`];
    return transmissions === calls ? [] : [`${name}: ${transmissions - calls} sent again`];
  });
  return differing.length === 0 ? null : differing.join('; ');
}

export interface CountRequest {
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly identity: Identity | null;
  readonly client: Host;
  /** The client's mount, and the export itself on the server. */
  readonly directory: string;
  /** Whether the number is kept open for writing on the server. */
  readonly shared: boolean;
  readonly turns: number;
  /** The network's, for how long to wait until all calls are over. */
  readonly roundTripNs: number;
}

export type Counted = Pick<Calls, 'turns' | 'procedures' | 'inSequence' | 'disagreement'>;

/** Throws what the process says when it fails, and an Error if the trace has lost events. */
export async function countCalls(request: CountRequest, tracer: RpcTracer): Promise<Counted> {
  const { strategy, policy, identity, client, directory, shared } = request;
  const roundDirectory = await keepDirectory(directory, 1, strategy, identity, USUAL_PATIENCE_NS);
  let release = (): void => {};
  let child: Child<CountedMessage> | null = null;
  try {
    if (shared) release = keepOpen([roundDirectory.job.dir]);
    const job = {
      parentPid: process.pid,
      identity,
      strategy: processName(strategy),
      policy,
      roundDirectory: roundDirectory.job,
    };
    child = new Child<CountedMessage>(new URL('counted-turns.js', import.meta.url), job, {
      prefix: client.prefix,
      takesOrders: true,
    });
    return await counted(child, request, tracer);
  } finally {
    child?.kill();
    await child?.gone;
    release();
    await removeAll([() => roundDirectory.destroy()]);
  }
}

/** What a process's turns ask of the server; it has been started, and has said nothing yet. */
async function counted(
  child: Child<CountedMessage>,
  { client, directory, turns, roundTripNs }: CountRequest,
  tracer: RpcTracer,
): Promise<Counted> {
  const settle = (): Promise<void> => delay(SETTLING_MS + (5 * roundTripNs) / 1e6);
  const take = async (count: number): Promise<void> => {
    child.tell(String(count));
    await child.next();
    await settle();
  };
  await child.next();
  await take(FIRST_TURNS);
  const before = mountSeenBy(client, directory);
  tracer.start();
  await take(turns);
  const trace = tracer.stop();
  const after = mountSeenBy(client, directory);
  if (trace.lost > 0) throw new Error(`the kernel's trace lost ${trace.lost} events: count fewer turns`);
  const procedures = tally(trace.requests.filter(({ name }) => name !== LEASE_RENEWAL));
  return {
    turns,
    procedures,
    inSequence: inSequence(trace.waits),
    disagreement: disagreement(procedures, before, after),
  };
}
