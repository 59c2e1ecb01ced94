/**
 * The memory that a round's parent and workers share: one memfd, inherited as a descriptor, mapped by all.
 *
 * First the words that steer and those that tell who is inside, each alone on 128 bytes, since two words on one cache
 * line (or on the neighbour that the processor fetches with it) would slow each other down; then, from a page's
 * beginning, one ledger a worker: the numbers it took, in the order in which it took them; then, in a block that was
 * made for tracing, the stamps of each worker's acquisitions; then, on 128 bytes of its own, what each worker counts for
 * who looks on.
 */
import { check } from '../../../strategies/posix/errno.js';
import { futexWait, futexWakeAll } from '../../../strategies/posix/futex-wait.js';
import { type Address, close, ftruncate } from '../../../strategies/posix/libc.js';
import { createMemfd, type Mapping, map } from '../../../strategies/posix/shared-memory.js';
import { STAMPS } from './instruments.js';
import type { ControlPlace } from './job.js';
import type { OwnerWords } from './owner-word.js';
import type { Question } from './refereed-watch.js';
import { TALLIES } from './tallies.js';

/** The descriptor under which a worker finds the block. */
export const CONTROL_FD = 3;

export const WORD_BYTES = 128;
/** Where the words lie, in units of 128 bytes. A number of 4 bytes each; the gate's is one of 8. */
export const WORDS = {
  stage: 0,
  stop: 1,
  gate: 2,
  owner: 3,
  readers: 4,
  last: 5,
  handoffs: 6,
  question: 7,
} as const;
type Word = (typeof WORDS)[keyof typeof WORDS];
export const HEADER_BYTES = 4096;
const NUMBER_BYTES = 4;
const HALF = 1n << 32n;

/** How far a round has come; each worker sleeps until the one it waits for. */
export const Stage = { warmUp: 0, rehearsal: 1, timed: 2 } as const;
type Stage = (typeof Stage)[keyof typeof Stage];

/** `capacity`: numbers that each worker's ledger has room for. `traced`: whether there is room for stamps too. */
export interface Layout {
  readonly workers: number;
  readonly capacity: number;
  readonly traced: boolean;
}

const STAMP_BYTES = 8;

/** Where a worker's ledger begins; that of the worker after the last one is where they end. */
const ledgerOffset = ({ capacity }: Layout, workerIndex: number): number =>
  HEADER_BYTES + workerIndex * capacity * NUMBER_BYTES;

/** Stamps of one worker: after its last turn it stamps an asking that comes to nothing. */
const stampsOf = ({ capacity, traced }: Layout): number => (traced ? (capacity + 1) * STAMPS : 0);

/** Where a worker's stamps begin, likewise. */
const stampsOffset = (layout: Layout, workerIndex: number): number =>
  Math.ceil(ledgerOffset(layout, layout.workers) / HEADER_BYTES) * HEADER_BYTES +
  workerIndex * stampsOf(layout) * STAMP_BYTES;

/** Where a worker's tallies begin, likewise. */
const talliesOffset = (layout: Layout, workerIndex: number): number =>
  Math.ceil(stampsOffset(layout, layout.workers) / WORD_BYTES) * WORD_BYTES + workerIndex * WORD_BYTES;

const sizeOf = (layout: Layout): number => talliesOffset(layout, layout.workers);

/** What a worker must know of the block's layout. */
export const placeOf = (layout: Layout, workerIndex: number): ControlPlace => ({
  bytes: sizeOf(layout),
  ledger: ledgerOffset(layout, workerIndex),
  stamps: stampsOffset(layout, workerIndex),
  stampCount: stampsOf(layout),
  tallies: talliesOffset(layout, workerIndex),
});

/** Memory with a descriptor, mapped here for as long as this process lives. */
interface Memory {
  readonly fd: number;
  readonly mapping: Mapping;
}

/**
 * Of rounds that are over, for those to come, without a page of memory meanwhile: unmapping while a view lives would leave
 * the view pointing to whatever is mapped there next, and a run that mapped anew for each round would come to the kernel's
 * limit of mappings (65,530).
 */
const idle: Memory[] = [];

/** The smallest idle one that has room for this many bytes, or a new one; all of it zeros. Throws SystemError. */
function memoryOf(bytes: number): Memory {
  const [fitting] = idle
    .filter(({ mapping }) => mapping.buffer.byteLength >= bytes)
    .sort((a, b) => a.mapping.buffer.byteLength - b.mapping.buffer.byteLength);
  if (fitting !== undefined) {
    idle.splice(idle.indexOf(fitting), 1);
    check(ftruncate(fitting.fd, bytes), 'ftruncate', `control block of ${bytes} bytes`);
    return fitting;
  }
  // Few sizes fit all rounds. What is not touched takes no memory.
  const room = 2 ** Math.ceil(Math.log2(bytes));
  const fd = createMemfd('lockbench', bytes);
  try {
    return { fd, mapping: map(fd, room) };
  } catch (error) {
    close(fd);
    throw error;
  }
}

export class ControlBlock {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  #released = false;

  private constructor(
    memory: Memory,
    readonly layout: Layout,
  ) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.mapping.buffer, 0, HEADER_BYTES / NUMBER_BYTES);
  }

  static create(layout: Layout): ControlBlock {
    return new ControlBlock(memoryOf(sizeOf(layout)), layout);
  }

  /** As a worker has it, from its parent. */
  static inherited(layout: Layout): ControlBlock {
    return new ControlBlock({ fd: CONTROL_FD, mapping: map(CONTROL_FD, sizeOf(layout)) }, layout);
  }

  get fd(): number {
    return this.#memory.fd;
  }

  /** The numbers that a worker took, in order; zero where none was taken yet. */
  ledger(workerIndex: number): Int32Array {
    const { capacity } = this.layout;
    return new Int32Array(this.#memory.mapping.buffer, ledgerOffset(this.layout, workerIndex), capacity);
  }

  /** The stamps of a worker's acquisitions, three each: see `tracing`. Empty in a block without room for them. */
  stamps(workerIndex: number): BigInt64Array {
    const length = stampsOf(this.layout);
    return new BigInt64Array(this.#memory.mapping.buffer, stampsOffset(this.layout, workerIndex), length);
  }

  /** What a worker counts for who looks on: see `TALLIES`. */
  tallies(workerIndex: number): Float64Array {
    const length = Object.keys(TALLIES).length;
    return new Float64Array(this.#memory.mapping.buffer, talliesOffset(this.layout, workerIndex), length);
  }

  /** The stop flag for a loop to read: word 0 of this array, not 0 when the loop shall end. */
  get stopFlag(): Int32Array {
    return this.#word(WORDS.stop);
  }

  get ownerWords(): OwnerWords {
    return {
      owner: this.#word(WORDS.owner),
      readers: this.#word(WORDS.readers),
      last: this.#word(WORDS.last),
      handoffs: this.#word(WORDS.handoffs),
    };
  }

  /** What the worker asks of a referee, and the address to sleep on until that is answered. */
  get question(): Question {
    const address = (this.#memory.mapping.address + WORDS.question * WORD_BYTES) as Address;
    return { word: this.#word(WORDS.question), address };
  }

  get stop(): boolean {
    return !this.#released && Atomics.load(this.stopFlag, 0) !== 0;
  }

  set stop(wanted: boolean) {
    // A timer may come late: by then the memory may be another round's, or end before this word.
    if (this.#released) return;
    Atomics.store(this.stopFlag, 0, wanted ? 1 : 0);
  }

  /** When the gate opened, CLOCK_MONOTONIC in ns. */
  get gateNs(): bigint {
    const high = BigInt(Atomics.load(this.#words, this.#index(WORDS.gate) + 1) >>> 0);
    return high * HALF + BigInt(Atomics.load(this.#words, this.#index(WORDS.gate)) >>> 0);
  }

  set gateNs(ns: bigint) {
    Atomics.store(this.#words, this.#index(WORDS.gate), Number(BigInt.asIntN(32, ns)));
    Atomics.store(this.#words, this.#index(WORDS.gate) + 1, Number(BigInt.asIntN(32, ns / HALF)));
  }

  /** Lets all who wait for this stage go on. */
  open(stage: Stage): void {
    Atomics.store(this.#words, this.#index(WORDS.stage), stage);
    futexWakeAll(this.#stageAddress);
  }

  /** Sleeps until the round has come to `stage`. */
  waitFor(stage: Stage): void {
    for (;;) {
      const current = Atomics.load(this.#words, this.#index(WORDS.stage));
      if (current >= stage) return;
      futexWait(this.#stageAddress, current);
    }
  }

  /**
   * Gives the memory back, once; no view of it may be used from then on. `reusable`: whether all who mapped it have ended,
   * so that another round may have it.
   */
  release(reusable = true): void {
    if (this.#released) return;
    this.#released = true;
    check(ftruncate(this.fd, 0), 'ftruncate', 'control block');
    if (reusable) idle.push(this.#memory);
    else close(this.fd);
  }

  get #stageAddress(): Address {
    return (this.#memory.mapping.address + WORDS.stage * WORD_BYTES) as Address;
  }

  #word(word: Word): Int32Array {
    return new Int32Array(this.#memory.mapping.buffer, word * WORD_BYTES, 1);
  }

  #index(word: Word): number {
    return (word * WORD_BYTES) / NUMBER_BYTES;
  }
}
