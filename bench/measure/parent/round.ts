/**
 * One round: a cell, run once, by fresh processes, on a fresh place. Launching and running are two steps, since several
 * rounds' processes start and warm up side by side before the first of those rounds is timed; while a round is timed,
 * the processes of the others sleep.
 */

import { strategy as noLock } from '../../../strategies/none.js';
import { now, spin } from '../../../strategies/posix/clock.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { formatDuration } from '../../base/duration.js';
import { messageOf } from '../../base/program.js';
import type { Identity } from '../../machine/identity.js';
import type { RpcCounts } from '../../machine/rpc-counts.js';
import { ControlBlock, Stage } from '../worker/control-block.js';
import { STAMPS } from '../worker/instruments.js';
import type {
  Role,
  RoundConditions,
  RoundKind,
  WorkerFigures,
  WorkerJob,
  WorkerMessage,
} from '../worker/job.js';
import { NUMBER_NAME, readNumber } from '../worker/number-file.js';
import type { Policy } from '../worker/policy.js';
import { Child } from './child.js';
import type { RoundLimits } from './request.js';
import { destroyAll, type MadeRoundDirectory, makeRoundDirectory } from './round-directory.js';
import { RpcMeter } from './rpc-meter.js';

/** What a round does, and where. */
export interface RoundSpec {
  readonly kind: RoundKind;
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly conditions: RoundConditions;
  /**
   * Commands that run another command on a host where the directory is the same one, by its NFS mount perhaps: worker i is
   * started by `hosts[i % hosts.length]`. Left out or empty: on this host.
   */
  readonly hosts?: readonly (readonly string[])[];
  /** Where warm-up places go: memory, if the machine has a directory in memory. */
  readonly memory: string;
  /** The processor of each worker, or null to let the kernel choose. */
  readonly processors: readonly number[] | null;
  /** For a prove round: it ends after so many hand-offs. */
  readonly enoughHandoffs: number;
  readonly limits: RoundLimits;
  readonly identity: Identity | null;
}

/** What came out, by worker: `ledgers[i]` has the numbers that worker i took or read, in order. */
export interface RoundFigures {
  /** When the gate opened, CLOCK_MONOTONIC. */
  readonly gateNs: bigint;
  readonly wallNs: number;
  /** Processor time of this process, its threads included, from the gate until the last worker had reported. */
  readonly parentCpuNs: number;
  /** The number that stands in the file. */
  readonly final: number;
  readonly roles: readonly Role[];
  readonly workers: readonly WorkerFigures[];
  readonly ledgers: readonly Int32Array[];
  /** Of a prove round: how often the one who came in was not the one who had come in before, readers being one. */
  readonly handoffs: number;
  /** Of a trace round, three an acquisition: see `tracing`. */
  readonly stamps: readonly BigInt64Array[];
  /** What the hosts asked of the NFS server from the gate until all workers were gone; null elsewhere. */
  readonly rpcs: RpcCounts | null;
}

export type RoundOutcome =
  | { readonly state: 'measured'; readonly figures: RoundFigures }
  | { readonly state: 'timed-out' | 'errored'; readonly reason: string };

/** No loop on any machine takes a turn in less, memory alone included: so much room a ledger needs at most. */
const LEAST_NS_PER_TURN = 250;
const REHEARSAL_TURNS = 1_000;
/** Alone there is nobody to collide with; some turns on a third lock show that the code fits locks it has not seen. */
const REHEARSAL_TURNS_ALONE = 200;
/** A rehearsal shall compile the path of a held lock, not measure it. */
const REHEARSAL_NS = 10e6;
/** The 99.9th percentile of a worker is its fifth longest wait then. */
const MOST_TRACED_TURNS = 5_000;
/** Half of the turns of a prove round pause for 12 µs on average, inside and outside. */
const LEAST_NS_PER_PROVING_TURN = 5_000;

/** Numbers that a worker's ledger has room for. A timing round has room for whole laps. */
function capacityOf({ kind, conditions: { increments }, limits }: RoundSpec): number {
  switch (kind) {
    case 'timing':
      return Math.max(1, Math.ceil(limits.atLeastNs / LEAST_NS_PER_TURN / increments)) * increments;
    case 'trace':
      return Math.min(increments, MOST_TRACED_TURNS);
    case 'prove':
      return Math.ceil(limits.budgetNs / LEAST_NS_PER_PROVING_TURN);
  }
}

/** Lockers come first, then readers, then rogues. */
function roleOf({ processes, readers, rogues }: RoundConditions, workerIndex: number): Role {
  if (workerIndex >= processes - rogues) return 'rogue';
  return workerIndex >= processes - rogues - readers ? 'reader' : 'locker';
}

/** What a worker contends for, by name: a rogue for nothing. */
const lockOf = (role: Role, { strategy, policy }: RoundSpec): Pick<WorkerJob, 'strategy' | 'policy'> =>
  role === 'rogue'
    ? { strategy: noLock.name, policy: { kind: 'block' } }
    : { strategy: strategy.name, policy };

/** Turns of a rehearsal, before what is timed. */
function rehearsalTurns({ kind, conditions }: RoundSpec): number {
  if (kind === 'prove') return 0;
  return conditions.processes > 1 ? REHEARSAL_TURNS : REHEARSAL_TURNS_ALONE;
}

/** Node's timers make 1 ms of less. */
const SHORTEST_TIMER_NS = 1e6;

const WORKER = new URL('../worker/worker.js', import.meta.url);

class TimedOut extends Error {}

export class Round {
  readonly #control: ControlBlock;
  readonly #roundDirectories: MadeRoundDirectory[] = [];
  readonly #workers: Child<WorkerMessage>[] = [];
  readonly #timed: MadeRoundDirectory;
  readonly #warm: Promise<void>;
  /** Whether all workers have ended by themselves. */
  #isOver = false;

  private constructor(private readonly spec: RoundSpec) {
    const { kind, conditions, limits } = spec;
    const { processes, directory } = conditions;
    const capacity = capacityOf(spec);
    this.#control = ControlBlock.create({ workers: processes, capacity, traced: kind === 'trace' });
    try {
      this.#timed = this.#make(directory.path, processes);
      const rehearsal = this.#make(directory.path, processes);
      for (let workerIndex = 0; workerIndex < processes; workerIndex++) {
        const role = roleOf(conditions, workerIndex);
        const job: WorkerJob = {
          parentPid: process.pid,
          kind,
          role,
          conditions,
          enoughHandoffs: spec.enoughHandoffs,
          processor: spec.processors?.[workerIndex] ?? null,
          identity: spec.identity,
          ...lockOf(role, spec),
          workerIndex,
          warmUp: this.#make(spec.memory, 1).job,
          rehearsalTurns: rehearsalTurns(spec),
          rehearsal: rehearsal.job,
          timed: this.#timed.job,
          // One lap to the ledger's end, unless it is timed.
          lap: kind === 'timing' ? conditions.increments : capacity,
          atLeastNs: kind === 'timing' ? limits.atLeastNs : 0,
          capacity,
        };
        const { hosts = [] } = spec;
        const prefix = hosts[workerIndex % hosts.length];
        this.#workers.push(
          new Child<WorkerMessage>(WORKER, job, { fd: this.#control.fd, ...(prefix && { prefix }) }),
        );
      }
    } catch (error) {
      for (const worker of this.#workers) worker.kill();
      this.#destroy();
      throw error;
    }
    this.#warm = this.#within(this.#nextOfAll()).then(() => {});
    // `run` awaits it, maybe much later; until then a failure must not count as unhandled.
    this.#warm.catch(() => {});
  }

  /** Makes the places and starts the processes. Throws if a place cannot be made; then nothing is left. */
  static launch(spec: RoundSpec): Round {
    return new Round(spec);
  }

  /** The workers' process ids; those that could not be started have none. */
  get pids(): number[] {
    return this.#workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Waits until all workers are warm and asleep, or one has failed, of which `run` will tell. */
  async settled(): Promise<void> {
    await this.#warm.catch(() => {});
  }

  /** Rehearses, opens the gate, and waits for the last worker. Does not throw for what a worker does. */
  async run(): Promise<RoundOutcome> {
    try {
      await this.#warm;
      const figures = await this.#within(this.#rehearseAndTime());
      // Of nothing there is no cost per turn.
      if (figures.ledgers.every(({ length }) => length === 0)) throw new TimedOut(this.#noTurn());
      return { state: 'measured', figures };
    } catch (error) {
      const reason = messageOf(error);
      return { state: error instanceof TimedOut ? 'timed-out' : 'errored', reason };
    } finally {
      await this.end();
    }
  }

  /** Ends the processes and removes all that was made. May be called twice. */
  async end(): Promise<void> {
    for (const worker of this.#workers) worker.kill();
    await Promise.all(this.#workers.map(({ gone }) => gone));
    this.#destroy();
  }

  #destroy(): void {
    try {
      destroyAll(this.#roundDirectories.splice(0));
    } finally {
      // What was started by a command of a host, and not by us, may outlive that command if it is killed.
      this.#control.release(this.#isOver || (this.spec.hosts ?? []).length === 0);
    }
  }

  #make(parent: string, workers: number): MadeRoundDirectory {
    const roundDirectory = makeRoundDirectory(parent, workers, this.spec.strategy, this.spec.identity);
    this.#roundDirectories.push(roundDirectory);
    return roundDirectory;
  }

  async #rehearseAndTime(): Promise<RoundFigures> {
    const control = this.#control;
    control.open(Stage.rehearsal);
    await this.#stopAfter(REHEARSAL_NS, this.#nextOfAll());
    control.stop = false;
    const meter = RpcMeter.start(this.#pidOfEachHost(), this.spec.conditions.directory.path);
    try {
      const cpuBefore = process.cpuUsage();
      control.gateNs = now();
      control.open(Stage.timed);
      const messages = await this.#stopAfter(this.spec.limits.budgetNs, this.#nextOfAll());
      const { user, system } = process.cpuUsage(cpuBefore);
      // Over NFS, what a process wrote reaches the server when it closes the file at the latest, and not before its end.
      await Promise.all(this.#workers.map(({ gone }) => gone));
      this.#isOver = true;
      const workers = messages.flatMap((message) => (message.at === 'done' ? [message.figures] : []));
      return {
        gateNs: control.gateNs,
        parentCpuNs: (user + system) * 1000,
        wallNs: Math.max(...workers.map(({ endNs }) => endNs)),
        rpcs: meter.stop(),
        final: this.#timed.asOwner((here) => readNumber(here.path(NUMBER_NAME))),
        roles: workers.map((_, i) => roleOf(this.spec.conditions, i)),
        workers,
        ledgers: workers.map(({ turns }, i) => control.ledger(i).slice(0, turns)),
        handoffs: Atomics.load(control.ownerWords.handoffs, 0),
        stamps: workers.map(({ turns }, i) => control.stamps(i).slice(0, turns * STAMPS)),
      };
    } finally {
      meter.close();
    }
  }

  #pidOfEachHost(): number[] {
    return this.pids.slice(0, Math.max(1, this.spec.hosts?.length ?? 0));
  }

  /** The next message of every worker; throws as soon as one of them fails. */
  #nextOfAll(): Promise<Exclude<WorkerMessage, { at: 'error' }>[]> {
    return Promise.all(this.#workers.map((worker) => worker.next()));
  }

  #noTurn(): string {
    return `no turn finished within ${formatDuration(this.spec.limits.budgetNs)}; raise --budget`;
  }

  /** Passes `work` through, but throws TimedOut when the time limit is over first. */
  async #within<T>(work: Promise<T>): Promise<T> {
    const { timeLimitNs } = this.spec.limits;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const reason = `not finished after ${formatDuration(timeLimitNs)}; raise --time-limit, or end earlier with --budget`;
        reject(new TimedOut(reason));
      }, timeLimitNs / 1e6);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sets the stop flag when `work` has lasted `ns`. */
  async #stopAfter<T>(ns: number, work: Promise<T>): Promise<T> {
    if (ns < SHORTEST_TIMER_NS) {
      spin(ns);
      this.#control.stop = true;
      return work;
    }
    const timer = setTimeout(() => {
      this.#control.stop = true;
    }, ns / 1e6);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }
}
