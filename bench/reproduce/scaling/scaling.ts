/**
 * Claim: no lock loses updates, however many wait for it. Beside it, what an increment costs as they become more.
 */

import { z } from 'zod';
import { digits, duration, percent, plural } from '../../base/format.js';
import { testDirectoryHere } from '../../measure/parent/plan.js';
import { cellName, timingRounds, turnsOf } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import type { Experiment, Roles, Setting } from '../experiment/experiment.js';
import { byWay, cellSchema, measureGrid, waysThatWork } from '../experiment/experiment-cells.js';
import type { Table, Verdict } from '../experiment/reproduction-schema.js';
import { scalingPlot } from './scaling-plot.js';

/** Ten as in the book. */
const PROCESSES = [1, 2, 4, 10, 32];
/** To start 32 processes is most of what the experiment takes. */
const ROUNDS = 1;
/** Processes without a lock, which must be seen to lose updates. */
const CONTROL = 4;
const BUDGET_NS = 100e6;
/** Of a worker's memory, what is its own. No more of the machine's memory than a half shall be taken. */
const BYTES_PER_PROCESS = 50e6;

/** One of each family; of shared memory two, since who serves in order scales otherwise. */
const LOCKS = ['kernelFile', 'name', 'database', 'inOrder', 'sleeper', 'semaphore', 'socket'] as const;
type Part = (typeof LOCKS)[number] | 'unlocked';

const evidence = z.strictObject({
  locks: z.array(z.array(cellSchema)).describe('by lock, then by the number of processes, ascending'),
  unlocked: z.array(cellSchema),
});
type Evidence = z.infer<typeof evidence>;

const loses = ({ verdict }: MeasuredCell): boolean => verdict.sequence !== 'intact';

const mix = ({ conditions }: MeasuredCell): string => plural(conditions.processes, 'process');

/** How many times as long an increment takes with the most processes as with the fewest. */
function growth(cells: readonly MeasuredCell[]): number {
  const [first, last] = [cells[0], cells.at(-1)];
  return (last?.nsPerIncrement.median ?? 0) / (first?.nsPerIncrement.median ?? 1);
}

/** "1.10 (fcntl/block)". */
const growthOf = (cells: readonly MeasuredCell[]): string =>
  `${digits(growth(cells))} (${cells.slice(0, 1).map(cellName).join()})`;

function judge({ locks, unlocked }: Evidence): Verdict {
  const all = locks.flat();
  const lost = all.reduce((sum, { verdict }) => sum + verdict.lost, 0);
  const turns = all.reduce((sum, cell) => sum + turnsOf(cell), 0);
  const most = Math.max(...all.map(({ conditions }) => conditions.processes));
  const ordered = [...locks].sort((a, b) => growth(a) - growth(b));
  const extremes = [...ordered.slice(0, 1), ...ordered.slice(-1)].map(growthOf).join(' to ');
  const here = `${lost} of ${turns} updates lost with up to ${most} processes; an increment then costs ${extremes} times as much as with one`;
  const losing = all.filter(loses);
  if (losing.length > 0) {
    const which = losing.map((cell) => `${cellName(cell)} with ${mix(cell)}`).join(', ');
    return { answer: 'does not hold', here, why: `Updates were lost under ${which}.` };
  }
  if (!unlocked.every(loses)) {
    return {
      answer: 'undecided',
      here,
      why: 'No update was lost without a lock either, so nothing was tested.',
    };
  }
  return {
    answer: 'holds',
    here,
    why:
      'However many processes wait, a lock lets in one at a time. The cost is in changing hands, ' +
      'and a lock that changes hands in each turn pays it each time.',
  };
}

function counts({ environment, warn }: Setting, wanted: readonly number[]): number[] {
  const possible = wanted.filter((n) => n * BYTES_PER_PROCESS <= environment.memoryBytes / 2);
  const left = wanted.filter((n) => !possible.includes(n));
  if (left.length > 0) warn(`${left.join(' and ')} processes were left out: too little memory`);
  return possible;
}

async function measure(
  setting: Setting,
  roles: Roles<Part>,
  processes: readonly number[],
): Promise<Evidence> {
  const testDirectory = testDirectoryHere(setting.memory);
  const common = {
    testDirectories: [testDirectory],
    sampling: { blocks: ROUNDS },
    limits: { budgetNs: BUDGET_NS },
  };
  // SQLite needs a later Node, or a package that may be left out; the other locks are there on every Linux.
  const database = await waysThatWork(setting, [roles.database], testDirectory);
  const ways = LOCKS.flatMap((part) => (part === 'database' ? database : [roles[part]]));
  const grid = { ...common, ways, processes: counts(setting, processes) };
  const control = { ...common, ways: [roles.unlocked], processes: [CONTROL] };
  return {
    locks: byWay(await measureGrid(setting, grid), grid),
    unlocked: await measureGrid(setting, control),
  };
}

/** A row for each lock, a column for each number of processes. */
function table({ locks }: Evidence, title: string, text: (cell: MeasuredCell) => string): Table {
  const [first = []] = locks;
  return {
    title,
    head: ['processes', ...first.map(({ conditions }) => String(conditions.processes))],
    rows: locks.map((cells) => [cells.slice(0, 1).map(cellName).join(), ...cells.map(text)]),
  };
}

/** Alone there is no other owner. */
const shared = (cell: MeasuredCell, text: (of: NonNullable<MeasuredCell['contention']>) => string): string =>
  cell.conditions.processes === 1 || cell.contention === null ? '-' : text(cell.contention);

/** `processes`: ascending. */
export const scaling = (processes: readonly number[]): Experiment<Part, Evidence> => ({
  name: 'scaling',
  title: 'one to 32 processes',
  claim: 'No lock loses updates, however many processes wait for it.',
  source: 'textbook, 9.2 and 9.7',
  book: 'one program and ten at once; none lost with a lock',
  method:
    '1 to 32 processes, which do nothing else, contend for one lock of each family. 4 processes without a lock are the control.',
  roles: {
    kernelFile: 'fcntl/block',
    name: 'excl/yield',
    database: 'sqlite/yield',
    inOrder: 'ticket/yield',
    sleeper: 'futex/block',
    semaphore: 'sysv-sem/block',
    socket: 'port/yield',
    unlocked: 'none',
  },
  evidence,
  measure: (setting, roles) => measure(setting, roles, processes),
  judge,
  tables: (found) => [
    table(found, 'Wall time per increment, all processes together', ({ nsPerIncrement }) =>
      duration(nsPerIncrement.median),
    ),
    table(found, 'Turns after which the lock changed hands', (cell) =>
      shared(cell, ({ ownerChanges }) =>
        percent(ownerChanges / timingRounds(cell).reduce((sum, { turns }) => sum + turns, 0)),
      ),
    ),
    table(found, 'Fairness until the first process finished (Jain’s index; 1 is equal)', (cell) =>
      shared(cell, ({ jain }) => digits(jain)),
    ),
  ],
  drawing: async ({ locks }) =>
    scalingPlot(
      locks.map((cells) => ({
        name: cells.slice(0, 1).map(cellName).join(),
        points: cells.map(({ conditions, nsPerIncrement }) => ({
          processes: conditions.processes,
          ns: nsPerIncrement.median,
        })),
      })),
    ),
});

export const experiment = scaling(PROCESSES);
