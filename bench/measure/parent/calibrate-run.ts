/**
 * The machine's speed before a run and after it, and that of a flush in each directory. It is not part of any round.
 */
import { strategy as noLock } from '../../../strategies/none.js';
import { type Calibration, calibrate } from '../../machine/calibration.js';
import type { Identity } from '../../machine/identity.js';
import { isStuck, keepDirectory, USUAL_PATIENCE_NS } from './kept-directories.js';
import type { PlannedCell } from './plan.js';
import { removeAll } from './unremoved.js';

export interface RunCalibration extends Calibration {
  readonly flushes: readonly Flush[];
}

interface Flush {
  readonly directory: string;
  /** null where nothing could be written. */
  readonly ns: number | null;
}

/** Directories of this host in which something is measured. */
export const flushedDirectories = (cells: readonly PlannedCell[]): string[] => [
  ...new Set(
    cells
      .filter(({ unavailable, conditions }) => unavailable === null && conditions.nfs === undefined)
      .map(({ conditions }) => conditions.directory.path),
  ),
];

async function flushIn(directory: string, identity: Identity | null): Promise<Flush> {
  if (isStuck(directory)) return { directory, ns: null };
  try {
    const kept = await keepDirectory(directory, 1, noLock, identity, USUAL_PATIENCE_NS);
    try {
      return { directory, ns: await kept.flush(USUAL_PATIENCE_NS) };
    } finally {
      await removeAll([() => kept.destroy()]);
    }
  } catch {
    // Full, read-only, or silent: the rounds say what is the matter with it.
    return { directory, ns: null };
  }
}

/** Calibrates. Takes some 30 ms, and a flush or two in each directory. */
export async function calibrateRun(
  directories: readonly string[],
  identity: Identity | null,
): Promise<RunCalibration> {
  const flushes: Flush[] = [];
  // One by one: they may be on one disk.
  for (const directory of directories) flushes.push(await flushIn(directory, identity));
  return { ...calibrate(), flushes };
}
