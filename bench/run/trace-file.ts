/**
 * The owner logs of a run as one CSV file (RFC 4180): a line for each acquisition of the trace rounds, cell by cell, each
 * cell's in the order in which its processes got the lock. docs/trace-format.md says column by column what it means.
 */
import {
  closeSync,
  existsSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { UsageError } from '../base/usage-error.js';
import type { PlannedCell } from '../measure/parent/plan.js';
import type { RoundFigures } from '../measure/parent/round.js';
import { ownerLog } from '../measure/verdict/owner-log.js';
import { refuse } from '../text/outputs.js';

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

const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

function linesOf({ strategy, wait, conditions }: PlannedCell, figures: RoundFigures): string {
  const { stamps, ledgers, gateNs, roles } = figures;
  const cell = [strategy.name, wait, conditions.directory.path, String(conditions.processes)]
    .map(quoted)
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
  // Else it is found to name no place only when everything is to be put there.
  if (path === '') refuse('--trace', path, { code: 'ENOENT' });
  if (path === '-') {
    throw new UsageError(
      '--trace: a file was expected, got "-"',
      'standard output has the table; name a file',
    );
  }
  let target = path;
  let written = path;
  let fd: number;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    // A device or a named pipe is written to; a file is replaced, whole, at the end.
    const replaced = stats === undefined || stats.isFile();
    if (existsSync(path)) target = realpathSync(path);
    if (replaced) written = `${target}.${process.pid}.part`;
    fd = openSync(written, replaced ? 'wx' : 'w');
  } catch (error) {
    refuse('--trace', path, error);
  }
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  };
  const close = (): void => {
    closeSync(fd);
    if (written !== path) rmSync(written, { force: true });
  };
  try {
    write(`${COLUMNS.join(',')}\r\n`);
  } catch (error) {
    close();
    refuse('--trace', path, error);
  }
  return {
    add: (cell, figures) => write(linesOf(cell, figures)),
    finish() {
      if (written !== path) renameSync(written, target);
    },
    close,
  };
}
