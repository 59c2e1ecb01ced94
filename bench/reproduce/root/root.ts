/**
 * Claim: a lock made of permissions, a file created with mode 0, excludes everybody but the superuser.
 */

import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { percent } from '../../base/format.js';
import { as, type Identity } from '../../machine/identity.js';
import { testDirectoryHere } from '../../measure/parent/plan.js';
import { turnsOf } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import type { Experiment, Setting } from '../experiment/experiment.js';
import { cellSchema, measureGrid } from '../experiment/experiment-cells.js';
import { answerOf, inPlaces } from '../experiment/own-directory.js';
import type { Verdict } from '../experiment/reproduction-schema.js';

const PROCESSES = 2;
const HANDOFFS = 5_000;
const INCREMENTS = 2_000;
/** Time for these on a machine with other things to do. */
const BUDGET_NS = 10e9;
/** Nothing is timed that anybody compares; more rounds only give a lost update more chances. */
const MOST_ROUNDS = 2;
const FLAGS = constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC;

const user = z.strictObject({
  uid: z.int(),
  first: z.string().describe('what the first open of the name answered: "done", or an errno'),
  second: z.string(),
  lock: cellSchema,
});
const evidence = z.strictObject({ dropped: user, root: user });
type Evidence = z.infer<typeof evidence>;
type User = z.infer<typeof user>;

/** Opens a name twice, as the lock does it. */
export function openTwice(identity: Identity | null, [directory = '']: readonly string[]): string[] {
  const open = (): string => answerOf(() => closeSync(openSync(join(directory, 'lock'), FLAGS, 0)));
  return as(identity, () => [open(), open()]);
}

/** Opens a name twice, and has processes of that user contend for the lock. */
async function measureAs(identity: Identity | null, setting: Setting, lock: string): Promise<User> {
  const [first, second] = await inPlaces([setting.memory], identity, import.meta.url, openTwice);
  const [cell] = await measureGrid(setting, {
    ways: [lock],
    testDirectories: [testDirectoryHere(setting.memory)],
    processes: [PROCESSES],
    conditions: { increments: INCREMENTS },
    sampling: { blocks: Math.min(setting.rounds, MOST_ROUNDS), handoffs: HANDOFFS },
    limits: { budgetNs: BUDGET_NS },
    identity,
    untimed: true,
  });
  return user.parse({ uid: identity?.uid ?? 0, first, second, lock: cell });
}

/** "held in 512 hand-offs", "two inside 1666 times, 4.0% of the updates lost". */
const found = ({ verdict, ...cell }: MeasuredCell): string =>
  verdict.exclusion === 'violated'
    ? `two inside ${verdict.violations} times, ${percent(verdict.lost / turnsOf(cell))} of the updates lost`
    : `${verdict.exclusion} in ${verdict.handoffs} hand-offs`;

function judge({ dropped, root }: Evidence): Verdict {
  const here = `as uid ${dropped.uid} ${found(dropped.lock)}; as root ${found(root.lock)}`;
  const { verdict } = dropped.lock;
  if (verdict.exclusion === 'violated' || verdict.sequence !== 'intact') {
    return { answer: 'does not hold', here, why: 'It does not exclude even ordinary users.' };
  }
  if (verdict.exclusion === 'unchecked') {
    return { answer: 'undecided', here, why: 'The lock changed hands too rarely to tell.' };
  }
  if (root.lock.verdict.exclusion !== 'violated' || root.second !== 'done' || dropped.second !== 'EACCES') {
    return { answer: 'does not hold', here, why: 'It also keeps the superuser out.' };
  }
  return {
    answer: 'holds',
    here,
    why: 'A process with CAP_DAC_OVERRIDE, such as root, passes every permission check, so it can open the name while it is held.',
  };
}

const row = ({ uid, first, second, lock: { verdict, ...cell } }: User): string[] => [
  uid === 0 ? 'root' : String(uid),
  ...[first, second].map((answer) => (answer === 'done' ? 'succeeds' : answer)),
  verdict.exclusion,
  String(verdict.violations),
  percent(verdict.lost / turnsOf(cell)),
];

export const experiment: Experiment<'lock', Evidence> = {
  name: 'root',
  title: 'a lock made of permissions, and the superuser',
  claim: 'A file created with mode 0 is a lock, but not for the superuser.',
  source: 'textbook, 9.8',
  book: 'does not work for the superuser',
  method:
    'A name is opened twice, to be created with mode 0 and written. Two processes contend for the lock made of this. ' +
    'Both are done first as an unprivileged user, then as root.',
  roles: { lock: 'trunc/yield' },
  evidence,

  missing: ({ identity }) =>
    identity === null ? 'only root can show what root may do; run it with sudo, or as root' : null,

  async measure(setting, { lock }) {
    return {
      dropped: await measureAs(setting.identity, setting, lock),
      root: await measureAs(null, setting, lock),
    };
  },

  judge,

  tables: ({ dropped, root }) => [
    {
      title: `The name opened twice, and ${PROCESSES} processes contending for the lock`,
      head: ['user', 'first open', 'second open', 'exclusion', 'two inside', 'lost updates'],
      rows: [row(dropped), row(root)],
    },
  ],
};
