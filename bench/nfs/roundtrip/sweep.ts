/**
 * The experiment of `lockbench nfs roundtrip`: one client, one process, a number counted up over NFS while the network's
 * round trip is swept, beside the same on the export itself. First the calls are counted, then, apart from that, rounds
 * are timed: each block holds every case once, in a shuffled order.
 */

import { availableParallelism, release } from 'node:os';
import { loadStrategy } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/error-message.js';
import type { Experiment, Listener } from '../../lab/in-lab.js';
import { EXPORTS, type Export, type Host, type Lab, type Version } from '../../lab/lab.js';
import { RpcTracer } from '../../lab/rpc-trace.js';
import { ownAccelerator } from '../../lab/virtual-machine.js';
import type { Identity } from '../../machine/identity.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { Child } from '../../measure/parent/child.js';
import { look } from '../../measure/parent/preflight.js';
import { defaultPolicy, type Policy, policyName } from '../../measure/worker/policy.js';
import { shuffled, xorshift32 } from '../../statistics/xorshift32.js';
import { countCalls, mountSeenBy } from './counting.js';
import type { NullJob, NullMessage } from './null-calls.js';
import type { Findings, Key } from './roundtrip-schema.js';
import { type Case, type Launched, launchRound } from './sweep-round.js';
import type { Way } from './sweep-ways.js';

export interface Sweep {
  readonly strategies: readonly string[];
  readonly versions: readonly Version[];
  readonly exports: readonly Export[];
  readonly roundTripsNs: readonly number[];
  readonly blocks: number;
  /** Of a round over NFS. */
  readonly increments: number;
  readonly seed: number;
}

/** Turns whose calls are counted. */
const COUNTED_TURNS = 100;
const EMPTY_CALLS = 20;
/** The processes of this many rounds are started and warmed up side by side. */
const BATCH = 4;

/** A strategy with the policy it is measured with. */
interface Contender {
  readonly strategy: Strategy;
  readonly policy: Policy;
}

/** A network's check in the place of a round: see null-calls.ts. */
interface EmptyCalls {
  readonly roundTripNs: number;
}
const isCase = (item: Case | EmptyCalls): item is Case => 'key' in item;

const versionOf = (way: Way): Version => (way === 'local' || way === 'v3' ? 'v3' : 'v4.2');

/** The export's path under the version that `way` goes by: off the clients it is the export itself. */
const directoryOf = (lab: Lab, way: Way, exported: Export): string => lab.paths[versionOf(way)][exported];

/** Only over version 4 there are delegations to be kept from the client. */
const waysOf = (versions: readonly Version[]): Way[] =>
  versions.flatMap((version): Way[] => (version === 'v4.2' ? ['v4.2', 'v4.2-shared'] : [version]));

const keyOf = ({ strategy, policy }: Contender, way: Way, exported: Export): Key => ({
  strategy: strategy.name,
  wait: policyName(policy),
  way,
  export: exported,
});

const describeKey = ({ strategy, wait, way, export: exported }: Key): string =>
  `${strategy}/${wait}, ${way}, ${exported}`;

class Run {
  readonly #findings: Findings;
  readonly #identity: Identity | null = unprivilegedIdentity();
  readonly #client: Host;
  #done = 0;
  #total: number;

  constructor(
    private readonly sweep: Sweep,
    private readonly lab: Lab,
    private readonly listener: Listener<Findings>,
    private readonly signal: AbortSignal,
  ) {
    const [client] = lab.clients;
    if (client === undefined) throw new Error('a lab with a client was expected');
    this.#client = client;
    this.#findings = {
      kernel: `Linux ${release()}`,
      machine: ownAccelerator() ?? 'host',
      cpus: availableParallelism(),
      calls: [],
      rounds: [],
      emptyCalls: [],
      failures: [],
    };
    this.#total = sweep.strategies.length * sweep.exports.length * waysOf(sweep.versions).length;
  }

  /** Tells that `what` begins. */
  #begin(what: string): void {
    this.listener.progress(what, this.#done++, this.#total);
  }

  #fail(what: string, error: unknown): void {
    // What a signal ended tells nothing.
    if (!this.signal.aborted) this.#findings.failures.push({ what, reason: messageOf(error) });
  }

  /** Those of the strategies that work over NFS, each with its usual policy. */
  async #contenders(): Promise<Contender[]> {
    const { strategies, exports, versions } = this.sweep;
    const [exported = EXPORTS[0]] = exports;
    const [version = 'v3'] = versions;
    const directory = this.lab.paths[version][exported];
    const { findings } = await look(strategies, [directory], this.#identity, this.#client.prefix);
    const contenders: Contender[] = [];
    for (const name of strategies) {
      const finding = findings[name]?.[directory];
      if (finding?.available !== true) this.#fail(name, new Error(finding?.reason ?? 'it was not tried'));
      else contenders.push({ strategy: await loadStrategy(name), policy: defaultPolicy(finding.members) });
    }
    return contenders;
  }

  /** Counts calls; at the longest round trip, where it is plainest which of them are waited for together. */
  async #count(contenders: readonly Contender[]): Promise<void> {
    const { exports, versions, roundTripsNs } = this.sweep;
    const roundTripNs = Math.max(...roundTripsNs);
    await this.lab.setRoundTrip(roundTripNs);
    const tracer = RpcTracer.open();
    try {
      for (const contender of contenders)
        for (const exported of exports)
          for (const way of waysOf(versions)) {
            if (this.signal.aborted) return;
            const key = keyOf(contender, way, exported);
            this.#begin(`counting calls: ${describeKey(key)}`);
            try {
              const counted = await countCalls(
                {
                  ...contender,
                  identity: this.#identity,
                  client: this.#client,
                  directory: directoryOf(this.lab, way, exported),
                  shared: way === 'v4.2-shared',
                  turns: COUNTED_TURNS,
                  roundTripNs,
                },
                tracer,
              );
              this.#findings.calls.push({ ...key, ...counted, roundTripNs });
            } catch (error) {
              this.#fail(`counting calls: ${describeKey(key)}`, error);
            }
          }
    } finally {
      tracer.close();
    }
  }

  /** What each turn calls that way. Left out: what time brings on, such as a look at whether a directory has changed. */
  #callsOfTurn(contender: Contender, way: Way, exported: Export): string {
    const key = describeKey(keyOf(contender, way, exported));
    const { procedures = [], turns = 1 } = this.#findings.calls.find((one) => describeKey(one) === key) ?? {};
    return procedures
      .map(({ name, calls }) => `${name} ${Math.round(calls / turns)}`)
      .filter((text) => !text.endsWith(' 0'))
      .sort()
      .join();
  }

  #cases(contenders: readonly Contender[]): Case[] {
    const { exports, versions, roundTripsNs, increments } = this.sweep;
    return contenders.flatMap((contender) =>
      exports.flatMap((exported) => {
        const one = (way: Way, roundTripNs: number): Case => ({
          ...contender,
          key: keyOf(contender, way, exported),
          directory: directoryOf(this.lab, way, exported),
          prefix: way === 'local' ? null : this.#client.prefix,
          identity: this.#identity,
          roundTripNs,
          increments,
        });
        // Timing a way that makes the same calls as another would measure that one twice.
        const remote = waysOf(versions).filter(
          (way) =>
            way !== 'v4.2-shared' ||
            this.#callsOfTurn(contender, way, exported) !== this.#callsOfTurn(contender, 'v4.2', exported),
        );
        return [one('local', 0), ...remote.flatMap((way) => roundTripsNs.map((ns) => one(way, ns)))];
      }),
    );
  }

  async #askNothing(
    asker: Child<NullMessage>,
    roundTripNs: number,
    block: number,
    order: number,
  ): Promise<void> {
    asker.tell(String(EMPTY_CALLS));
    const { ns } = await asker.next();
    this.#findings.emptyCalls.push({ roundTripNs, block, order, ns: [...ns] });
  }

  async #time({ one, round }: Launched, block: number, order: number): Promise<void> {
    const { key, roundTripNs } = one;
    try {
      const outcome = await round.run();
      if (this.signal.aborted) return;
      if (outcome.state !== 'measured') throw new Error(outcome.reason);
      const { wallNs, final, ledgers, rpcs } = outcome.figures;
      const turns = ledgers.reduce((sum, { length }) => sum + length, 0);
      const lost = turns + 1 - final;
      const requests = rpcs === null ? null : Object.fromEntries(Object.entries(rpcs));
      this.#findings.rounds.push({ ...key, roundTripNs, block, order, turns, wallNs, lost, requests });
    } catch (error) {
      this.#fail(describeKey(key), error);
    }
  }

  /** Starts the processes of some rounds side by side, then runs these rounds one by one. */
  async #batch(
    items: readonly (Case | EmptyCalls)[],
    asker: Child<NullMessage>,
    block: number,
    first: number,
  ): Promise<void> {
    const launched = new Map<Case | EmptyCalls, Launched>();
    try {
      for (const item of items) if (isCase(item)) launched.set(item, await launchRound(item));
      await Promise.all([...launched.values()].map(({ round }) => round.settled()));
      for (const [i, item] of items.entries()) {
        if (this.signal.aborted) return;
        const started = launched.get(item);
        this.#begin(isCase(item) ? describeKey(item.key) : 'empty calls');
        await this.lab.setRoundTrip(item.roundTripNs);
        if (started !== undefined) await this.#time(started, block, first + i);
        else await this.#askNothing(asker, item.roundTripNs, block, first + i);
      }
    } finally {
      await Promise.all([...launched.values()].map((one) => one.end()));
    }
  }

  async #blocks(cases: readonly Case[]): Promise<void> {
    const { blocks, roundTripsNs, seed } = this.sweep;
    const { device } = mountSeenBy(this.#client, directoryOf(this.lab, 'v3', EXPORTS[0]));
    const job: NullJob = { parentPid: process.pid, address: device.slice(0, device.lastIndexOf(':')) };
    const asker = new Child<NullMessage>(new URL('null-calls.js', import.meta.url), job, {
      prefix: this.#client.prefix,
      takesOrders: true,
    });
    const random = xorshift32(seed);
    const emptyCalls: EmptyCalls[] = roundTripsNs.map((roundTripNs) => ({ roundTripNs }));
    this.#total += blocks * (cases.length + roundTripsNs.length);
    try {
      for (let block = 0; block < blocks && !this.signal.aborted; block++) {
        const order = shuffled<Case | EmptyCalls>([...cases, ...emptyCalls], random);
        for (let first = 0; first < order.length; first += BATCH) {
          await this.#batch(order.slice(first, first + BATCH), asker, block, first);
          if (this.signal.aborted) return;
          this.listener.result(this.#findings);
        }
      }
    } finally {
      asker.kill();
      await asker.gone;
    }
  }

  async run(): Promise<void> {
    const contenders = await this.#contenders();
    await this.#count(contenders);
    if (this.signal.aborted) return;
    this.listener.result(this.#findings);
    await this.#blocks(this.#cases(contenders));
  }
}

export const roundTripExperiment =
  (sweep: Sweep): Experiment<Findings> =>
  (lab, listener, signal) =>
    new Run(sweep, lab, listener, signal).run();
