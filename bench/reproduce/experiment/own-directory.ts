/**
 * Places in which an experiment makes system calls itself, and what those answer.
 */
import { strategy as noLock } from '../../../strategies/none.js';
import type { Identity } from '../../machine/identity.js';
import { callApart } from '../../measure/parent/call-apart.js';
import {
  type KeptDirectory,
  keepDirectory,
  USUAL_PATIENCE_NS,
} from '../../measure/parent/kept-directories.js';
import { removeAll } from '../../measure/parent/unremoved.js';

/**
 * Has `action` called in a process of its own, with private directories of `identity`, one below each of `parents`; they are
 * removed afterwards. It is exported by `module` under its own name. Throws NoAnswer where one of them does not answer.
 */
export async function inPlaces<T>(
  parents: readonly string[],
  identity: Identity | null,
  module: string,
  action: (identity: Identity | null, directories: readonly string[]) => T,
): Promise<T> {
  const kept: KeptDirectory[] = [];
  try {
    for (const parent of parents)
      kept.push(await keepDirectory(parent, 1, noLock, identity, USUAL_PATIENCE_NS));
    const directories = kept.map(({ job }) => job.dir);
    return await callApart<[Identity | null, readonly string[]], T>(
      module,
      action,
      parents,
      identity,
      directories,
    );
  } finally {
    await removeAll(kept.map((one) => () => one.destroy()));
  }
}

/** What a system call answers: "done", or the name of its errno. Throws anything else. */
export function answerOf(call: () => void): string {
  try {
    call();
    return 'done';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}
