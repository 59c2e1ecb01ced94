/**
 * The owner logs of a run as one CSV file (RFC 4180): a line for each acquisition of the trace rounds, cell by cell, each
 * cell's in the order in which its processes got the lock. docs/trace-format.md says column by column what it means.
 */
import { UsageError } from '../base/usage-error.js';
import type { PlannedCell } from '../measure/parent/plan.js';
import type { RoundFigures } from '../measure/parent/round.js';
import { ownerLog } from '../measure/verdict/owner-log.js';
import { csvField } from '../text/csv.js';
import { isStandardOutput, openDestination, refuse } from '../text/destination.js';

const COLUMNS = [
  'strategy',
  'wait',
  'directory',
  'processes',
  'worker',
  'role',
  'number',
  'asked_ns',
  'acquired_ns',
  'released_ns',
] as const;

export interface TraceFile {
  add(cell: PlannedCell, figures: RoundFigures): void;
  /** The file is whole: it takes its place. */
  finish(): void;
  /** Leaves nothing half-made behind. */
  close(): void;
}

function linesOf({ strategy, wait, conditions }: PlannedCell, figures: RoundFigures): string {
  const { stamps, ledgers, gateNs, roles } = figures;
  const cell = [strategy.name, wait, conditions.directory.path, String(conditions.processes)]
    .map(csvField)
    .join(',');
  return ownerLog(stamps, ledgers, gateNs)
    .map(
      ({ worker, number, askedNs, acquiredNs, releasedNs }) =>
        `${cell},${worker},${roles[worker] ?? ''},${number},${askedNs},${acquiredNs},${releasedNs}\r\n`,
    )
    .join('');
}

/** Opens the file now, so that an unwritable one is known before the time is spent. Throws UsageError; then nothing is left. */
export function openTraceFile(path: string): TraceFile {
  if (path === '-' || isStandardOutput(path)) {
    throw new UsageError(
      `--trace: a file was expected, got ${JSON.stringify(path)}`,
      'standard output has the table; name a file',
    );
  }
  const destination = openDestination('--trace', path);
  try {
    destination.begin(`${COLUMNS.join(',')}\r\n`);
  } catch (error) {
    destination.close();
    refuse('--trace', path, error);
  }
  return {
    add: (cell, figures) => destination.append(linesOf(cell, figures)),
    finish: () => destination.commit(),
    close: () => destination.close(),
  };
}
