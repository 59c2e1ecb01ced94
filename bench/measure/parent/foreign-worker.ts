/**
 * Workers that are not ours: programs in another language, or of a user, that speak the protocol of
 * bench/workers/PROTOCOL.md.
 */

/** How such a program is started. Its job is added as the last word. */
export interface ForeignWorker {
  /** What cells are marked with, such as "c". */
  readonly runtime: string;
  readonly words: readonly string[];
  /** The words of one that takes numbers without a lock. */
  readonly rogue: readonly string[];
  /** Whether it wants a directory to warm up in, since it may compile while it runs. */
  readonly warmsUp: boolean;
  /** Its working directory: the root, unless the words are a user's. */
  readonly cwd: string;
}

/** Why there is no such program, or it cannot be had: what a cell says that is unavailable. */
export interface NoWorker {
  readonly reason: string;
}

/** How the reason begins if a strategy is not written in a language. */
export const NOT_WRITTEN = 'it is not written in ';

export const isNotWritten = (reason: string): boolean => reason.startsWith(NOT_WRITTEN);
