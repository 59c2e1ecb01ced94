/**
 * What a section of the harness is: one question about the measuring machine, answered in figures and sentences.
 */
import type { Identity } from '../../machine/identity.js';

/** What the sections share. */
export interface Context {
  /** How often two things that are compared are measured, in turns. */
  readonly pairs: number;
  readonly identity: Identity | null;
  /** Where rounds are run: memory, if the machine has a directory in memory. */
  readonly memory: string;
  /** For private files that are not part of a measurement. */
  readonly temporary: string;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
  /** Tells of a part that could not be measured, and why; the others are shown, and the exit code says so. */
  readonly lacks: (part: string, why: string) => void;
}

export interface Section {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Measures, and returns what to print. Throws CannotMeasure. */
  measure(context: Context): Promise<string>;
}

/** Something is missing that a section needs; the message says what, and what to do. */
export class CannotMeasure extends Error {}

/** A goal, and whether a figure meets it: "at most 1.30: met". */
export const atMost = (most: number, figure: number, written: string): string =>
  `at most ${written}: ${figure <= most ? 'met' : 'not met'}`;
