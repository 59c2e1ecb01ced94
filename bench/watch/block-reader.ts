/**
 * A control block, read from outside while its round runs.
 */
import { readSync } from 'node:fs';
import { WORD_BYTES, WORDS } from '../measure/worker/control-block.js';
import { STAMPS } from '../measure/worker/instruments.js';
import { TALLIES } from '../measure/worker/tallies.js';
import type { SeenWorker } from './seen-workers.js';

const NUMBER_BYTES = 4;
const STAMP_BYTES = 8;
const TALLY_BYTES = 8;
/** This many of the latest turns tell what is told of a tenth of a second. */
const LATEST = 500;

/** Times are ns, CLOCK_MONOTONIC. `got` and `left`: null as long as that is to come. */
export interface SeenTurn {
  readonly askedNs: number;
  readonly gotNs: number | null;
  readonly leftNs: number | null;
}

export interface Reading {
  readonly turns: number;
  /** Null if the worker does not count them. */
  readonly failedTries: number | null;
  readonly violations: number;
  /** The latest turns, in their order, that which it is in last; null where no turn is stamped. */
  readonly stamped: readonly SeenTurn[] | null;
  /** The latest numbers that it took, in their order; null where turns are stamped. */
  readonly numbers: readonly number[] | null;
}

/** Zeros where there is nothing (any more). */
function bytesAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, position);
  return bytes;
}

/** 1 + the index of the worker that the owner word names; 0 for none. */
export const ownerIn = (fd: number): number =>
  bytesAt(fd, WORDS.owner * WORD_BYTES, NUMBER_BYTES).readInt32LE();

/** How many numbers stand in a ledger, at least `known` of them. */
function filled({ fd, job }: SeenWorker, known: number): number {
  const { capacity, control } = job;
  const isTaken = (at: number): boolean =>
    at < capacity && bytesAt(fd, control.ledger + at * NUMBER_BYTES, NUMBER_BYTES).readInt32LE() !== 0;
  let step = 1;
  while (isTaken(known + step - 1)) step *= 2;
  // As many as `low` are taken; as many as `high` are not.
  let low = known + Math.floor(step / 2);
  let high = known + step;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTaken(middle - 1)) low = middle;
    else high = middle;
  }
  return Math.min(low, capacity);
}

function latestNumbers({ fd, job }: SeenWorker, turns: number): number[] {
  const from = Math.max(0, turns - LATEST);
  const bytes = bytesAt(fd, job.control.ledger + from * NUMBER_BYTES, (turns - from) * NUMBER_BYTES);
  return Array.from({ length: turns - from }, (_, i) => bytes.readInt32LE(i * NUMBER_BYTES));
}

/** Stamps are a ring: of the turn that began when this many were done, and of those before it. */
function latestTurns({ fd, job }: SeenWorker, turns: number): SeenTurn[] {
  const slots = job.control.stampCount / STAMPS;
  const wanted = Math.min(turns + 1, LATEST, slots);
  const slotBytes = STAMPS * STAMP_BYTES;
  const seen: SeenTurn[] = [];
  for (let turn = turns + 1 - wanted; turn <= turns; ) {
    const slot = turn % slots;
    const length = Math.min(turns + 1 - turn, slots - slot);
    const bytes = bytesAt(fd, job.control.stamps + slot * slotBytes, length * slotBytes);
    for (let i = 0; i < length; i++) seen.push(turnFrom(bytes, i * slotBytes));
    turn += length;
  }
  return seen;
}

function turnFrom(bytes: Buffer, at: number): SeenTurn {
  const [asked, got, left] = [0, 1, 2].map((i) => Number(bytes.readBigInt64LE(at + i * STAMP_BYTES)));
  // What is older than the stamp before it is of a turn that had this slot earlier.
  const isIn = (got ?? 0) > (asked ?? 0);
  const isOut = isIn && (left ?? 0) > (got ?? 0);
  return { askedNs: asked ?? 0, gotNs: isIn ? (got ?? 0) : null, leftNs: isOut ? (left ?? 0) : null };
}

/** Reads what one worker has written. `before`: the last reading of it, null at first. */
export function readWorker(worker: SeenWorker, before: Reading | null): Reading {
  const { kind, control } = worker.job;
  const tallies = (which: number): number =>
    control.tallies === undefined
      ? 0
      : bytesAt(worker.fd, control.tallies + which * TALLY_BYTES, TALLY_BYTES).readDoubleLE();
  const counts = tallies(TALLIES.counts) === 1;
  const isStamped = kind === 'trace' && counts;
  const turns = isStamped ? tallies(TALLIES.turns) : filled(worker, before?.turns ?? 0);
  return {
    turns,
    failedTries: counts ? tallies(TALLIES.failedTries) : null,
    violations: counts ? tallies(TALLIES.violations) : 0,
    stamped: isStamped ? latestTurns(worker, turns) : null,
    numbers: isStamped ? null : latestNumbers(worker, turns),
  };
}
