/**
 * The contract of an experiment: one claim of the textbook or of the article, how it is tested on this machine, and what
 * the evidence says of it. The registry and the command know nothing else of an experiment.
 *
 * Measuring and judging are two steps, so that a verdict can be reached again from a result file, and so that a test can
 * show it other evidence. Who plays which part stands in `roles`: with another strategy in a part the claim should fall.
 */

import type { z } from 'zod';
import type { Environment } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import type { Ending } from '../../measure/parent/measure-cells.js';
import type { Claim, Table, Verdict } from './reproduction-schema.js';

/** What an experiment is given. */
export interface Setting {
  /** A directory in memory, or the temporary one where the machine has none. */
  readonly memory: string;
  /** A directory on the file system that the user wants to know about; by default the temporary one. */
  readonly disk: string;
  /** To whom processes drop, or null if there is nothing to drop. */
  readonly identity: Identity | null;
  readonly environment: Environment;
  /** Blocks: how often each case is timed. */
  readonly rounds: number;
  readonly seed: number;
  /** A directory on an NFS mount of the user's, or null. */
  readonly nfs: string | null;
  /** Whether fresh file systems may be made in images, which takes root and minutes. */
  readonly filesystems: boolean;
  /** Aborted when the user wants to stop: then `measure` throws, or returns what it has. */
  readonly ending: Ending;
  /** `what` begins, after `done` of `total` steps of this experiment. */
  progress(what: string, done: number, total: number): void;
  /** What a reader must know before trusting the figures: a sentence without its full stop. */
  warn(text: string): void;
}

/** A part in the experiment, played by a strategy, `name` or `name/policy`. */
export type Roles<Part extends string> = Readonly<Record<Part, string>>;

/**
 * `Evidence`: what was measured, fit for JSON. The members are methods, not properties, so that the registry can hold
 * experiments of any evidence; `evidence` is the schema that makes that safe for what comes out of a file.
 */
export interface Experiment<Part extends string = string, Evidence = unknown> extends Claim {
  readonly roles: Roles<Part>;
  readonly evidence: z.ZodType<Evidence>;
  /** Why it cannot be done here, and what to do; null if it can. It looks; it never guesses. */
  missing?(setting: Setting): string | null | Promise<string | null>;
  /** Throws what keeps it from coming to an end; then nothing is left behind. */
  measure(setting: Setting, roles: Roles<Part>): Promise<Evidence>;
  judge(evidence: Evidence): Verdict;
  /** For people: what was measured, the most telling table first. */
  tables(evidence: Evidence): Table[];
  /** For people: a drawing of it, SVG; null if this evidence has none. */
  drawing?(evidence: Evidence): Promise<string | null>;
}
