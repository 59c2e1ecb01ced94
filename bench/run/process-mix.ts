/**
 * Who takes part in a round: how many processes, what they do, and on which processors they stay.
 */
import { availableParallelism } from 'node:os';
import { UsageError } from '../base/usage-error.js';
import { list, parseCount } from '../command-line/parse.js';
import type { PlacementKind } from '../machine/topology.js';

/** The options by which they are said, as written. */
type ProcessMixOptions = Readonly<
  Partial<Record<'processes' | 'readers' | 'writers' | 'rogue' | 'pin', string>>
>;

export interface ProcessMix {
  /** Of each cell; readers and rogues are among them. */
  readonly processes: readonly number[];
  readonly readers: number;
  readonly rogues: number;
  readonly pin: PlacementKind | null;
}

const MOST_PROCESSES = 1024;

const parsePin = (text: string | undefined): PlacementKind | null => {
  if (text === undefined || text === 'compact' || text === 'spread') return text ?? null;
  throw new UsageError(
    `--pin: "compact" or "spread" was expected, got "${text}"`,
    'compact: on processors near each other; spread: far from each other',
  );
};

function parseProcesses(text: string): number[] {
  const processes = list(text).map((one) => parseCount('--processes', one, 1, MOST_PROCESSES));
  if (processes.length > 0) return [...new Set(processes)];
  throw new UsageError(
    `--processes: a list of numbers was expected, got "${text}"`,
    'for example --processes 1,4',
  );
}

/** Readers and writers make up the processes. */
function parseReadersAndWriters(raw: ProcessMixOptions): { processes: number[]; readers: number } {
  if (raw.processes !== undefined) {
    throw new UsageError(
      '--processes: readers and writers make up the processes, so that these need not be named',
      'leave it out, or --readers and --writers',
    );
  }
  const readers = parseCount('--readers', raw.readers ?? '0', 0, MOST_PROCESSES);
  const writers = parseCount('--writers', raw.writers ?? '1', 0, MOST_PROCESSES);
  const processes = readers + writers;
  if (processes > 0 && processes <= MOST_PROCESSES) return { processes: [processes], readers };
  throw new UsageError(
    `--readers and --writers: from 1 to ${MOST_PROCESSES} processes together were expected, got ${processes}`,
    'for example --readers 3 --writers 1',
  );
}

/** `option`: the one that named the processes, or null. Throws UsageError where a rogue would have nobody to disturb. */
function withRogues(
  processes: readonly number[],
  option: '--processes' | '--writers' | null,
  readers: number,
  rogues: number,
): number[] {
  const enough = processes.filter((count) => count - readers >= rogues && count > rogues);
  if (enough.length === processes.length) return [...processes];
  if (option === null) return [Math.max(rogues + 1, ...processes)];
  throw new UsageError(
    readers > 0
      ? `--rogue: rogues are among the writers, of which there are fewer than ${rogues}`
      : `--rogue: fewer rogues than processes were expected, got ${rogues} of ${Math.min(...processes)}`,
    `for example ${option} ${rogues + 3} --rogue ${rogues}`,
  );
}

export function parseProcessMix(raw: ProcessMixOptions): ProcessMix {
  const rogues = parseCount('--rogue', raw.rogue ?? '0', 0, MOST_PROCESSES - 1);
  const pin = parsePin(raw.pin);
  if (raw.readers !== undefined || raw.writers !== undefined) {
    const { processes, readers } = parseReadersAndWriters(raw);
    return { processes: withRogues(processes, '--writers', readers, rogues), readers, rogues, pin };
  }
  const processes =
    raw.processes === undefined ? [1, Math.max(2, availableParallelism())] : parseProcesses(raw.processes);
  return {
    processes: withRogues(processes, raw.processes === undefined ? null : '--processes', 0, rogues),
    readers: 0,
    rogues,
    pin,
  };
}
