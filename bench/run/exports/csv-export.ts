/**
 * A result as tidy CSV (RFC 4180): a row for each round of each cell, with what the cell is in every row, so that a table
 * program can group and filter without joining. docs/commands/run.md says column by column what it means.
 */
import { cellName, isMeasured } from '../../measure/result/result.js';
import type { Cell, Result } from '../../measure/result/result-schema.js';
import type { RoundRecord } from '../../measure/result/rounds-schema.js';
import { csvLine } from '../../text/csv.js';

type Field = string | number | null;

/** A heading, and what stands below it. */
const COLUMNS: readonly (readonly [heading: string, of: (cell: Cell, round: RoundRecord) => Field])[] = [
  ['cell', (cell) => cellName(cell)],
  ['strategy', ({ strategy }) => strategy],
  ['wait', ({ wait }) => wait],
  ['directory', ({ conditions }) => conditions.directory.path],
  ['filesystem', ({ conditions }) => conditions.directory.filesystem],
  ['processes', ({ conditions }) => conditions.processes],
  ['readers', ({ conditions }) => conditions.readers],
  ['rogues', ({ conditions }) => conditions.rogues],
  ['hold_ns', ({ conditions }) => conditions.hold?.ns ?? 0],
  ['think_ns', ({ conditions }) => conditions.think?.ns ?? 0],
  ['state', ({ state }) => state],
  ['kind', (_, { kind }) => kind],
  ['block', (_, { block }) => block],
  ['order', (_, { order }) => order],
  ['wall_ns', (_, { wallNs }) => wallNs],
  ['turns', (_, { turns }) => turns],
  ['ns_per_increment', (_, { wallNs, turns }) => (turns === 0 ? null : wallNs / turns)],
  ['lost', (_, { lost }) => lost],
  ['changed_reads', (_, { changedReads }) => changedReads],
  [
    'owner_changes',
    (_, round) => (round.kind === 'timing' ? (round.contention?.ownerChanges ?? null) : null),
  ],
  ['violations', (_, round) => (round.kind === 'timing' ? null : round.exclusion.violations)],
  ['handoffs', (_, round) => (round.kind === 'timing' ? null : round.exclusion.handoffs)],
  ['user_ns', (_, { workers }) => workers.reduce((sum, { userNs }) => sum + userNs, 0)],
  ['system_ns', (_, { workers }) => workers.reduce((sum, { systemNs }) => sum + systemNs, 0)],
  ['failed_tries', (_, { workers }) => workers.reduce((sum, { failedTries }) => sum + failedTries, 0)],
];

const roundsOf = (cell: Cell): readonly RoundRecord[] =>
  isMeasured(cell) ? cell.rounds : 'rounds' in cell ? (cell.rounds ?? []) : [];

/** The rows below their headings, the rounds of each cell in their order. A cell without a round has no row. */
export const roundsAsCsv = ({ cells }: Result): string =>
  [
    csvLine(COLUMNS.map(([heading]) => heading)),
    ...cells.flatMap((cell) =>
      roundsOf(cell).map((round) => csvLine(COLUMNS.map(([, of]) => of(cell, round) ?? ''))),
    ),
  ].join('');
