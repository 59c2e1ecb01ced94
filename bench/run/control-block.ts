/**
 * The memory that a round's parent and workers share: one memfd, inherited as a descriptor, mapped by all.
 *
 * First the words that steer, each alone on 128 bytes, since two words on one cache line (or on the neighbour that
 * the processor fetches with it) would slow each other down; then, from a page's beginning, one ledger a worker:
 * the numbers it took, in the order in which it took them.
 */
import { check } from '../../strategies/posix/errno.js';
import { futexWait, futexWakeAll } from '../../strategies/posix/futex.js';
import { type Address, close, ftruncate } from '../../strategies/posix/libc.js';
import { createMemfd, type Mapping, map } from '../../strategies/posix/shared-memory.js';

/** The descriptor under which a worker finds the block. */
export const CONTROL_FD = 3;

const WORD_BYTES = 128;
const STAGE = 0;
const STOP = 1;
const GATE = 2;
const HEADER_BYTES = 4096;
const NUMBER_BYTES = 4;
const HALF = 1n << 32n;

/** How far a round has come; each worker sleeps until the one it waits for. */
export const Stage = { warmUp: 0, rehearsal: 1, timed: 2 } as const;
type Stage = (typeof Stage)[keyof typeof Stage];

/** Bytes of a block for so many workers, each with a ledger of `capacity` numbers. */
function sizeOf(workers: number, capacity: number): number {
  return HEADER_BYTES + workers * capacity * NUMBER_BYTES;
}

export class ControlBlock {
  readonly #words: Int32Array;
  readonly #mapping: Mapping;
  #released = false;

  private constructor(
    readonly fd: number,
    readonly workers: number,
    readonly capacity: number,
  ) {
    this.#mapping = map(fd, sizeOf(workers, capacity));
    this.#words = new Int32Array(this.#mapping.buffer, 0, HEADER_BYTES / NUMBER_BYTES);
  }

  static create(workers: number, capacity: number): ControlBlock {
    return new ControlBlock(createMemfd('lockbench', sizeOf(workers, capacity)), workers, capacity);
  }

  static inherited(workers: number, capacity: number): ControlBlock {
    return new ControlBlock(CONTROL_FD, workers, capacity);
  }

  /** The numbers that a worker took, in order; zero where none was taken yet. */
  ledger(workerIndex: number): Int32Array {
    const offset = HEADER_BYTES + workerIndex * this.capacity * NUMBER_BYTES;
    return new Int32Array(this.#mapping.buffer, offset, this.capacity);
  }

  /** The stop flag for a loop to read: word 0 of this array, not 0 when the loop shall end. */
  get stopFlag(): Int32Array {
    return new Int32Array(this.#mapping.buffer, STOP * WORD_BYTES, 1);
  }

  set stop(wanted: boolean) {
    Atomics.store(this.stopFlag, 0, wanted ? 1 : 0);
  }

  /** When the gate opened, CLOCK_MONOTONIC in ns. */
  get gateNs(): bigint {
    const high = BigInt(Atomics.load(this.#words, this.#index(GATE) + 1) >>> 0);
    return high * HALF + BigInt(Atomics.load(this.#words, this.#index(GATE)) >>> 0);
  }

  set gateNs(ns: bigint) {
    Atomics.store(this.#words, this.#index(GATE), Number(BigInt.asIntN(32, ns)));
    Atomics.store(this.#words, this.#index(GATE) + 1, Number(BigInt.asIntN(32, ns / HALF)));
  }

  /** Lets all who wait for this stage go on. */
  open(stage: Stage): void {
    Atomics.store(this.#words, this.#index(STAGE), stage);
    futexWakeAll(this.#stageAddress);
  }

  /** Sleeps until the round has come to `stage`. */
  waitFor(stage: Stage): void {
    for (;;) {
      const current = Atomics.load(this.#words, this.#index(STAGE));
      if (current >= stage) return;
      futexWait(this.#stageAddress, current);
    }
  }

  /**
   * Gives the memory back, once. The mapping stays, empty: unmapping while a view lives would leave the view pointing
   * to whatever is mapped there next.
   */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    check(ftruncate(this.fd, 0), 'ftruncate', 'control block');
    close(this.fd);
  }

  get #stageAddress(): Address {
    return (this.#mapping.address + STAGE * WORD_BYTES) as Address;
  }

  #index(word: number): number {
    return (word * WORD_BYTES) / NUMBER_BYTES;
  }
}
