/**
 * Claim: without a lock, processes that take numbers from one file lose updates; with one they do not, so long as all of
 * them use it, since these locks are advisory.
 */

import { z } from 'zod';
import { percent, plural } from '../../base/format.js';
import { testDirectoryHere } from '../../measure/parent/plan.js';
import { cellName, turnsOf } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import type { Experiment } from '../experiment/experiment.js';
import { byWay, cellSchema, measureGrid } from '../experiment/experiment-cells.js';
import type { Verdict } from '../experiment/reproduction-schema.js';

const PROCESSES = [2, 4, 8];
/** Nothing is timed that anybody compares; more rounds only give a lost update more chances. */
const MOST_ROUNDS = 1;
/** Processes, one of which is the rogue. */
const WITH_ROGUE = [4];

const evidence = z.strictObject({
  unlocked: z.array(cellSchema),
  locked: z.array(cellSchema),
  rogue: z.array(cellSchema),
});
type Evidence = z.infer<typeof evidence>;

const loses = ({ verdict }: MeasuredCell): boolean => verdict.sequence === 'lost-updates';

/** "38.2% (2 processes), 51.0% (4 processes)". */
const losses = (cells: readonly MeasuredCell[]): string =>
  cells
    .map(
      (cell) =>
        `${percent(cell.verdict.lost / turnsOf(cell))} (${plural(cell.conditions.processes, 'process')})`,
    )
    .join(', ');

function judge({ unlocked, locked, rogue }: Evidence): Verdict {
  const here = `lost ${losses(unlocked)}; locked: ${losses(locked.slice(-1))}; one rogue: ${losses(rogue)}`;
  if (locked.some(loses)) {
    return { answer: 'does not hold', here, why: 'Updates were lost although all processes used the lock.' };
  }
  const calm = [...unlocked, ...rogue].filter((cell) => !loses(cell));
  if (calm.length === 0) {
    return {
      answer: 'holds',
      here,
      why:
        'What one process writes between another’s read and write is overwritten. A lock prevents this; a single ' +
        'process that ignores the lock brings it back.',
    };
  }
  const where = calm.map((cell) => `${cellName(cell)} with ${plural(cell.conditions.processes, 'process')}`);
  return {
    answer: 'does not hold',
    here,
    why: `No update was lost where some should have been: ${where.join(', ')}.`,
  };
}

export const experiment: Experiment<'unlocked' | 'locked', Evidence> = {
  name: 'race',
  title: 'the race, and the rogue',
  claim: 'Updates are lost without a lock, and with one only if a process ignores it.',
  source: 'textbook, 9.2',
  book: 'lost; the book does not say how many',
  method:
    'Each process takes 10,000 numbers from one file in memory: without a lock, with one, and with one that a single ' +
    'process ignores. A number taken twice is a lost update.',
  roles: { unlocked: 'none', locked: 'fcntl' },
  evidence,

  async measure(setting, roles) {
    const testDirectories = [testDirectoryHere(setting.memory)];
    const sampling = { blocks: Math.min(setting.rounds, MOST_ROUNDS) };
    const grid = {
      ways: [roles.unlocked, roles.locked],
      testDirectories,
      processes: PROCESSES,
      sampling,
      untimed: true,
    };
    const [unlocked = [], locked = []] = byWay(await measureGrid(setting, grid), grid);
    const rogue = await measureGrid(setting, {
      ...{ ways: [roles.locked], testDirectories, processes: WITH_ROGUE, sampling, untimed: true },
      conditions: { rogues: 1 },
    });
    return { unlocked, locked, rogue };
  },

  judge,

  tables: ({ unlocked, locked, rogue }) => [
    {
      title: 'Share of the numbers that were taken twice',
      head: ['processes', 'without a lock', 'with the lock', 'with the lock, ignored by one process'],
      rows: unlocked.map((cell, i) => {
        const { processes } = cell.conditions;
        const other = rogue.find(({ conditions }) => conditions.processes === processes);
        const share = (one: MeasuredCell | undefined): string =>
          one === undefined ? '-' : percent(one.verdict.lost / turnsOf(one));
        return [String(processes), share(cell), share(locked[i]), share(other)];
      }),
    },
  ],
};
