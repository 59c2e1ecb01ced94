/**
 * One round: a cell, run once, by fresh processes, on a fresh place. Launching and running are two steps, since several
 * rounds' processes start and warm up side by side before the first of those rounds is timed; while a round is timed,
 * the processes of the others sleep.
 *
 * Nothing here waits for a file system: directories are another process's business (kept-directories.ts), and a worker that
 * is stuck in a call is left to itself.
 */

import { now, spin } from '../../../strategies/posix/clock.js';
import { formatDuration } from '../../base/duration.js';
import { messageOf } from '../../base/error-message.js';
import { plural } from '../../base/format.js';
import type { RpcCounts } from '../../machine/rpc-counts.js';
import { ControlBlock, Stage } from '../worker/control-block.js';
import { STAMPS } from '../worker/instruments.js';
import type { Role, WorkerFigures, WorkerMessage } from '../worker/job.js';
import { Child, type Program } from './child.js';
import { requireDone, requireNext } from './foreign-messages.js';
import { giveUp, isStuck, type KeptDirectory, keepDirectory, USUAL_PATIENCE_NS } from './kept-directories.js';
import { endedOrAbandoned, NoAnswer } from './patience.js';
import {
  type Contender,
  contenderOf,
  jobOf,
  layoutOf,
  type RoundSpec,
  roleOf,
  warmsUp,
} from './round-spec.js';
import { RpcMeter } from './rpc-meter.js';
import { removeAll } from './unremoved.js';

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

/** A rehearsal shall compile the path of a held lock, not measure it. */
const REHEARSAL_NS = 10e6;

/** Node's timers make 1 ms of less. */
const SHORTEST_TIMER_NS = 1e6;

const WORKER = new URL('../worker/worker.js', import.meta.url);

class TimedOut extends Error {}

function programOf({ foreign }: Contender, role: Role): { program: Program; cwd: string } {
  if (foreign === undefined) return { program: WORKER, cwd: '/' };
  return { program: role === 'rogue' ? foreign.rogue : foreign.words, cwd: foreign.cwd };
}

export class Round {
  readonly #control: ControlBlock;
  readonly #roundDirectories: KeptDirectory[] = [];
  readonly #workers: Child<WorkerMessage>[] = [];
  #warm: Promise<void> = Promise.resolve();
  /** Whether all workers have ended by themselves. */
  #isOver = false;
  /** Those that have said what their timed turns came to. */
  readonly #done = new Set<Child<WorkerMessage>>();
  #isTimed = false;

  private constructor(private readonly spec: RoundSpec) {
    this.#control = ControlBlock.create(layoutOf(spec));
  }

  /** Makes the places and starts the processes. Throws if a place cannot be made; then nothing is left. */
  static async launch(spec: RoundSpec): Promise<Round> {
    const round = new Round(spec);
    try {
      await round.#start();
    } catch (error) {
      await round.end();
      throw error;
    }
    return round;
  }

  async #start(): Promise<void> {
    const { conditions, memory, hosts = [] } = this.spec;
    const { processes, directory, freshInodes = false } = conditions;
    const timedDirectory = await this.#keep(directory.path, processes, freshInodes);
    const rehearsalDirectory = await this.#keep(directory.path, processes, freshInodes);
    for (let workerIndex = 0; workerIndex < processes; workerIndex++) {
      const contender = contenderOf(this.spec, workerIndex);
      const timed = timedDirectory.jobOf(contender.strategy);
      const rehearsal = rehearsalDirectory.jobOf(contender.strategy);
      const warmUp = warmsUp(this.spec) ? (await this.#keep(memory, 1)).job : null;
      const job = jobOf(this.spec, workerIndex, { warmUp, rehearsal, timed });
      const prefix = hosts[workerIndex % hosts.length];
      const { program, cwd } = programOf(contender, job.role);
      const start = { fd: this.#control.fd, cwd, ...(prefix && { prefix }) };
      this.#workers.push(new Child<WorkerMessage>(program, job, start));
    }
    this.#warm = this.#within(this.#nextOfAll('warm')).then(() => {});
    // `run` awaits it, maybe much later; until then a failure must not count as unhandled.
    this.#warm.catch(() => {});
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
    const outcome = await this.#outcome();
    await this.end();
    // What was too late may only have been slow: now it is known.
    return outcome.state !== 'measured' && isStuck(this.spec.conditions.directory.path)
      ? { state: 'timed-out', reason: new NoAnswer().message }
      : outcome;
  }

  async #outcome(): Promise<RoundOutcome> {
    try {
      if (isStuck(this.spec.conditions.directory.path)) throw new NoAnswer();
      await this.#warm;
      const figures = await this.#within(this.#rehearseAndTime());
      // Of nothing there is no cost per turn.
      if (figures.ledgers.every(({ length }) => length === 0)) throw new TimedOut(this.#noTurn());
      return { state: 'measured', figures };
    } catch (error) {
      const late = error instanceof TimedOut || error instanceof NoAnswer;
      return { state: late ? 'timed-out' : 'errored', reason: messageOf(error) };
    }
  }

  /** Ends the processes and removes all that was made; what cannot be removed is kept for the end. May be called twice. */
  async end(): Promise<void> {
    const { hosts = [], limits, conditions } = this.spec;
    for (const worker of this.#workers) worker.kill();
    const ended = await Promise.all(this.#workers.map(endedOrAbandoned));
    if (ended.includes(false)) giveUp(conditions.directory.path);
    const limitNs = Math.min(limits.timeLimitNs, USUAL_PATIENCE_NS);
    await removeAll(this.#roundDirectories.splice(0).map((one) => () => one.destroy(limitNs)));
    // What was started by a command of a host, and not by us, may outlive that command if it is killed.
    this.#control.release(!ended.includes(false) && (this.#isOver || hosts.length === 0));
  }

  async #keep(parent: string, workers: number, freshInodes = false): Promise<KeptDirectory> {
    const { strategy, identity, limits, beside = [] } = this.spec;
    const kept = await keepDirectory(parent, workers, strategy, identity, limits.timeLimitNs, {
      beside: beside.map((contender) => contender.strategy),
      freshInodes,
    });
    this.#roundDirectories.push(kept);
    return kept;
  }

  async #rehearseAndTime(): Promise<RoundFigures> {
    const control = this.#control;
    const { limits } = this.spec;
    control.open(Stage.rehearsal);
    await this.#stopAfter(REHEARSAL_NS, this.#nextOfAll('ready'));
    control.stop = false;
    const meter = RpcMeter.start(this.#pidOfEachHost(), this.spec.conditions.directory.path);
    try {
      const cpuBefore = process.cpuUsage();
      control.gateNs = now();
      control.open(Stage.timed);
      this.#isTimed = true;
      const messages = await this.#stopAfter(limits.budgetNs, this.#nextOfAll('done'));
      const { user, system } = process.cpuUsage(cpuBefore);
      // What is endless has written its ledger over again.
      const layout = this.spec.endless
        ? { ...control.layout, capacity: Number.MAX_SAFE_INTEGER }
        : control.layout;
      // Before their end is waited for: a worker that says nonsense may not end, either.
      const workers = messages.map(({ figures }) => requireDone(figures, this.spec.kind, layout));
      // Over NFS, what a process wrote reaches the server when it closes the file at the latest, and not before its end.
      await Promise.all(this.#workers.map(({ gone }) => gone));
      this.#isOver = true;
      await Promise.all(this.#workers.map((worker) => worker.requireSilence()));
      // The first one made.
      const final = (await this.#roundDirectories[0]?.number(limits.timeLimitNs)) ?? Number.NaN;
      return {
        gateNs: control.gateNs,
        parentCpuNs: (user + system) * 1000,
        wallNs: Math.max(...workers.map(({ endNs }) => endNs)),
        rpcs: meter.stop(),
        final,
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

  /** The next message of every worker, which is to be this one; throws as soon as one of them fails. */
  #nextOfAll<At extends WorkerMessage['at']>(at: At): Promise<Extract<WorkerMessage, { at: At }>[]> {
    return Promise.all(
      this.#workers.map(async (worker) => {
        const message = await requireNext(worker, at);
        if (at === 'done') this.#done.add(worker);
        return message;
      }),
    );
  }

  #noTurn(): string {
    return `no turn finished within ${formatDuration(this.spec.limits.budgetNs)}; raise --budget`;
  }

  /** Why it is too late: what was told to stop and goes on does so in a call. */
  #notFinished(): string {
    const late = `not finished after ${formatDuration(this.spec.limits.timeLimitNs)}`;
    const all = plural(this.#workers.length, 'process');
    const busy = this.#workers.length - this.#done.size;
    if (this.#isTimed && busy === 0) return `${late}: ${all} had taken all turns, and did not end`;
    return this.#isTimed && this.#control.stop
      ? `${late}: ${busy} of ${all} went on when told to stop; does a call of the lock never return?`
      : `${late}; raise --time-limit, or end earlier with --budget`;
  }

  /** Passes `work` through, but throws TimedOut when the time limit is over first. */
  async #within<T>(work: Promise<T>): Promise<T> {
    const { timeLimitNs } = this.spec.limits;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimedOut(this.#notFinished())), timeLimitNs / 1e6);
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
