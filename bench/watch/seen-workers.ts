/**
 * Rounds that are running, found by their workers: each has its job as its last argument, and the control block as descriptor 3.
 * Both are read through /proc, so that a run need not know that it is watched.
 *
 * The block is read by pread(2) and not mapped: when a round is over its memory is taken away, and who looked at a mapping then
 * would be ended by SIGBUS.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { z } from 'zod';
import { CONTROL_FD, Stage, WORD_BYTES, WORDS } from '../measure/worker/control-block.js';

const policySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['block', 'spin', 'yield']) }),
  z.object({ kind: z.literal('sleep'), ns: z.number() }),
  z.object({ kind: z.literal('backoff'), fromNs: z.number(), toNs: z.number() }),
]);
const pauseSchema = z.object({ kind: z.enum(['spin', 'sleep']), ns: z.number() }).nullable();
const amount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What of a worker's job is looked at. */
const jobSchema = z.object({
  protocol: z.literal(1),
  task: z.literal('round'),
  parentPid: amount,
  kind: z.enum(['timing', 'trace', 'prove']),
  role: z.enum(['locker', 'reader', 'rogue']),
  strategy: z.string(),
  policy: policySchema,
  conditions: z.object({
    processes: amount,
    hold: pauseSchema,
    think: pauseSchema,
    directory: z.object({ path: z.string() }),
  }),
  workerIndex: amount,
  capacity: amount,
  control: z.object({ ledger: amount, stamps: amount, stampCount: amount, tallies: amount.optional() }),
});
export type SeenJob = z.infer<typeof jobSchema>;

export interface SeenWorker {
  readonly pid: number;
  /** Open on the control block, for reading. */
  readonly fd: number;
  /** Of the block: workers of one round have the same. */
  readonly inode: number;
  readonly job: SeenJob;
}

const NUMBER_BYTES = 4;

/** The job of a process; null if it is no worker in a round, or gone. */
function jobOfProcess(pid: number): SeenJob | null {
  try {
    const last = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').at(-2) ?? '';
    if (!last.startsWith('{"protocol":')) return null;
    return jobSchema.safeParse(JSON.parse(last)).data ?? null;
  } catch {
    return null;
  }
}

/** Opens the control block of a worker; null if it is gone, or another user's. */
function opened(pid: number, job: SeenJob): SeenWorker | null {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/fd/${CONTROL_FD}`, 'r');
  } catch {
    return null;
  }
  const stats = fstatSync(fd);
  // What lies there may be anything, if a process only looks like a worker.
  if (stats.isFile()) return { pid, fd, inode: stats.ino, job };
  closeSync(fd);
  return null;
}

function stageOf({ fd }: SeenWorker): number {
  const word = Buffer.alloc(NUMBER_BYTES);
  // After the end of a round there is nothing to be read.
  readSync(fd, word, 0, NUMBER_BYTES, WORDS.stage * WORD_BYTES);
  return word.readInt32LE();
}

const pidsIn = (names: readonly string[]): number[] => names.filter((name) => /^\d+$/.test(name)).map(Number);

function everyProcess(): number[] {
  return pidsIn(readdirSync('/proc'));
}

/** The children of a process. Kernels that do not tell are asked for all processes. */
function childrenOf(pid: number): number[] {
  try {
    return pidsIn(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' '));
  } catch {
    return everyProcess();
  }
}

/** Processes that run rounds, that which started last first. */
export function runningParents(): number[] {
  const parents = new Set(everyProcess().flatMap((pid) => jobOfProcess(pid)?.parentPid ?? []));
  return [...parents].sort((a, b) => startOf(b) - startOf(a));
}

const START_TIME = 19;

/** When a process started, in ticks since the machine did; -1 if it is gone. */
export function startOf(pid: number): number {
  try {
    // The name in parentheses may hold anything.
    const [, fields = ''] = /^.*\)\s+(.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return Number(fields.split(' ')[START_TIME] ?? -1);
  } catch {
    return -1;
  }
}

/** The workers of a parent, round by round. */
export class SeenWorkers {
  readonly #workers = new Map<number, SeenWorker>();

  constructor(private readonly parentPid: number) {}

  /** The workers of the round whose gate is open, by their index, as long as all are there; empty between two rounds. */
  ofThisRound(): SeenWorker[] {
    this.#look();
    const timed = [...this.#workers.values()].filter((worker) => stageOf(worker) === Stage.timed);
    const [first] = timed;
    const ofOne = timed.filter(({ inode }) => inode === first?.inode);
    if (ofOne.length !== first?.job.conditions.processes) return [];
    return ofOne.sort((a, b) => a.job.workerIndex - b.job.workerIndex);
  }

  close(): void {
    for (const { fd } of this.#workers.values()) closeSync(fd);
    this.#workers.clear();
  }

  /** Lets go of those that are gone, and takes those that are new. */
  #look(): void {
    const pids = new Set(childrenOf(this.parentPid));
    for (const [pid, { fd }] of this.#workers) {
      if (pids.has(pid)) continue;
      closeSync(fd);
      this.#workers.delete(pid);
    }
    for (const pid of pids) {
      if (this.#workers.has(pid)) continue;
      const job = jobOfProcess(pid);
      if (job === null || job.parentPid !== this.parentPid) continue;
      const worker = opened(pid, job);
      if (worker !== null) this.#workers.set(pid, worker);
    }
  }
}
