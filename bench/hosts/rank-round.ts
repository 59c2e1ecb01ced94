/**
 * A rank's part in a round: it starts a worker as a parent on one host does, and is that worker's link to rank 0. The
 * worker knows nothing of MPI. What the rank does beside it costs nothing while a round is timed: it sleeps.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { now } from '../../strategies/posix/clock.js';
import { formatDuration } from '../base/duration.js';
import { messageOf } from '../base/error-message.js';
import { ProgramEnded, Told } from '../base/told.js';
import { Child } from '../measure/parent/child.js';
import { type KeptDirectory, keepDirectory } from '../measure/parent/kept-directories.js';
import { endedOrAbandoned } from '../measure/parent/patience.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { jobOf, layoutOf, type RoundSpec, warmsUp } from '../measure/parent/round-spec.js';
import { RpcMeter } from '../measure/parent/rpc-meter.js';
import { removeAll } from '../measure/parent/unremoved.js';
import { ControlBlock, Stage } from '../measure/worker/control-block.js';
import { STAMPS } from '../measure/worker/instruments.js';
import type { WorkerFigures, WorkerMessage } from '../measure/worker/job.js';
import { Asked, answer } from '../measure/worker/refereed-watch.js';
import { answerPings } from './clocks.js';
import { loadContender } from './contenders.js';
import type { Order, Reply, RoundOrder } from './messages.js';
import { Looks, type Wire } from './wire.js';

const WORKER = new URL('../measure/worker/worker.js', import.meta.url);
const REHEARSAL_MS = 10;

/** The round ended in another way than by the worker's end. */
class Ended extends Error {
  constructor(readonly how: 'killed' | 'cancelled') {
    super(how);
  }
}

/** It was not done in time. */
class Late extends Told {
  override readonly name = 'Late';
}

class Part {
  readonly #spec: RoundSpec;
  readonly #control: ControlBlock;
  readonly #timers = new Set<NodeJS.Timeout>();
  #memory: KeptDirectory | null = null;
  #worker: Child<WorkerMessage> | null = null;
  #hasEnded = false;
  /** Whether the worker has said "in" and not "out". */
  isInside = false;

  constructor(
    private readonly order: RoundOrder,
    private readonly wire: Wire,
    strategy: RoundSpec['strategy'],
  ) {
    const { kind, policy, conditions, enoughHandoffs, limits, identity } = order;
    this.#spec = {
      ...{ kind, strategy, policy, conditions, enoughHandoffs, limits, identity },
      ...{ memory: memoryDirectory(), processors: null },
    };
    this.#control = ControlBlock.create(layoutOf(this.#spec));
  }

  /** Starts the worker; returns when it is warm. */
  async start(): Promise<void> {
    const { strategy, identity, limits, memory } = this.#spec;
    const { workerIndex, rehearsal, timed } = this.order;
    if (warmsUp(this.#spec)) {
      this.#memory = await keepDirectory(memory, 1, strategy, identity, limits.timeLimitNs);
    }
    const job = jobOf(this.#spec, workerIndex, { warmUp: this.#memory?.job ?? null, rehearsal, timed });
    const refereed = this.order.kind === 'prove' ? { refereed: true } : {};
    this.#worker = new Child<WorkerMessage>(WORKER, { ...job, ...refereed }, { fd: this.#control.fd });
    await this.#said('warm');
  }

  async rehearse(): Promise<void> {
    this.#control.open(Stage.rehearsal);
    this.#after(REHEARSAL_MS, () => {
      this.#control.stop = true;
    });
    await this.#said('ready');
    this.#clearTimers();
    this.#control.stop = false;
  }

  /** Opens the gate now, and waits for the worker's end. */
  async time(): Promise<{ gateNs: bigint; figures: WorkerFigures; numbers: Buffer }> {
    const control = this.#control;
    const { workerIndex, limits, kind } = this.order;
    control.gateNs = now();
    control.open(Stage.timed);
    this.#after(limits.budgetNs / 1e6, () => {
      control.stop = true;
    });
    const done = this.#said('done');
    // Awaited below, unless the round ends before.
    done.catch(() => {});
    if (kind === 'prove') await this.#passOn(done);
    const { figures } = await done;
    // Over NFS, what a process wrote reaches the server when it closes the file at the latest, and not before its end.
    await this.#worker?.gone;
    await this.#worker?.requireSilence();
    const ledger = control.ledger(workerIndex).slice(0, figures.turns);
    const stamps = control.stamps(workerIndex).slice(0, kind === 'trace' ? figures.turns * STAMPS : 0);
    const numbers = Buffer.concat([Buffer.from(ledger.buffer), Buffer.from(stamps.buffer)]);
    return { gateNs: control.gateNs, figures, numbers };
  }

  /** Ends what is left of it. May be called twice. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#clearTimers();
    this.#worker?.kill();
    const ended = this.#worker === null || (await endedOrAbandoned(this.#worker));
    const memory = this.#memory;
    if (memory !== null) await removeAll([() => memory.destroy()]);
    this.#control.release(ended);
  }

  /** Passes what the worker asks on to rank 0, until it has nothing more to say. */
  async #passOn(done: Promise<unknown>): Promise<void> {
    const { question } = this.#control;
    let looks = new Looks();
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    done.then(over, over);
    while (!isOver) {
      const asked = Atomics.load(question.word, 0);
      if (asked === Asked.nothing) {
        if (this.wire.poll<Order>(0)?.message.at === 'cancel') throw new Ended('cancelled');
        looks.sleep();
        // Its messages, its end, and signals.
        await nextTurn();
        continue;
      }
      this.isInside = asked === Asked.in;
      this.wire.send(0, { at: asked === Asked.in ? 'in' : 'out' } satisfies Reply);
      const { message } = await this.wire.receive<Order>(0, 'brisk');
      if (message.at === 'cancel') throw new Ended('cancelled');
      if (message.at === 'noted' && message.die) {
        this.#worker?.kill();
        await this.#worker?.gone;
        throw new Ended('killed');
      }
      if (message.at === 'noted' && message.stop) this.#control.stop = true;
      answer(question);
      // The time until rank 0 answered was none of a look's.
      looks = new Looks();
    }
  }

  /** The next thing that the worker says, which is to be this. */
  async #said<At extends WorkerMessage['at']>(at: At): Promise<Extract<WorkerMessage, { at: At }>> {
    const { timeLimitNs } = this.order.limits;
    let isLate = false;
    const timer = this.#after(timeLimitNs / 1e6, () => {
      isLate = true;
      this.#worker?.kill();
    });
    try {
      const message = await (this.#worker as Child<WorkerMessage>).next();
      if (message.at !== at) throw new Error(`the worker said "${message.at}" where "${at}" was expected`);
      return message as Extract<WorkerMessage, { at: At }>;
    } catch (error) {
      if (!isLate) throw error;
      throw new Late(`it was not done ${formatDuration(timeLimitNs)} later`);
    } finally {
      clearTimeout(timer);
      this.#timers.delete(timer);
    }
  }

  #after(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(action, Math.max(1, ms));
    this.#timers.add(timer);
    return timer;
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** Waits for rank 0's word; meanwhile its clock may be asked for. Whether to go on. */
async function goesOn(wire: Wire): Promise<boolean> {
  for (;;) {
    const { message } = await wire.receive<Order>(0);
    if (message.at === 'clock') answerPings(wire, message.pings);
    else return message.at === 'proceed';
  }
}

/** Takes part in a round, to its end or to where it fails, of which rank 0 is told. */
export async function takePart(order: RoundOrder, wire: Wire): Promise<void> {
  const say = (reply: Reply, payload?: Uint8Array): void => wire.send(0, reply, payload);
  let part: Part | null = null;
  let meter: RpcMeter | null = null;
  try {
    part = new Part(order, wire, await loadContender(order.strategy, order.isControl));
    await part.start();
    say({ at: 'warm' });
    if (!(await goesOn(wire))) return;
    await part.rehearse();
    say({ at: 'ready' });
    if (!(await goesOn(wire))) return;
    const counted = order.countsRpcs ? [process.pid] : [];
    meter = RpcMeter.start(counted, order.conditions.directory.path);
    wire.mpi.barrier();
    const { gateNs, figures, numbers } = await part.time();
    say({ at: 'done', gateNs: String(gateNs), figures }, numbers);
    // When the workers of all ranks have ended, those of this host among them.
    if (await goesOn(wire)) say({ at: 'over', rpcs: meter.stop() });
  } catch (error) {
    if (error instanceof Ended) {
      // Before it is said: the worker's lock is gone with it, or stays.
      await part?.end();
      say({ at: error.how });
      return;
    }
    const holding = part?.isInside === true && error instanceof ProgramEnded;
    say({ at: 'failed', late: error instanceof Late, reason: messageOf(error), holding });
  } finally {
    meter?.close();
    await part?.end();
  }
}
