/**
 * Claim: a hard link needs both names on one file system; so the temporary name of a lock made of links must stand on the
 * file system of the lock.
 */

import { linkSync, lstatSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { as, type Identity } from '../../machine/identity.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { testDirectoryHere } from '../../measure/parent/plan.js';
import { cellName } from '../../measure/result/result.js';
import type { Experiment } from '../experiment/experiment.js';
import { cellSchema, measureGrid } from '../experiment/experiment-cells.js';
import { answerOf, inPlaces } from '../experiment/own-directory.js';
import type { Verdict } from '../experiment/reproduction-schema.js';

const PROCESSES = 2;
const HANDOFFS = 5_000;
const INCREMENTS = 2_000;
/** Time for these on a machine with other things to do. */
const BUDGET_NS = 10e9;
/** Nothing is timed that anybody compares. */
const ROUNDS = 1;

const calls = { link: linkSync, rename: renameSync, symlink: symlinkSync } as const;
const callName = z.enum(['link', 'rename', 'symlink']);

const attempt = z.strictObject({
  call: callName,
  across: z.boolean().describe('whether the two names are on different file systems'),
  from: z.string().describe('file system of the name that exists'),
  to: z.string().describe('file system of the name to be made'),
  answer: z.string().describe('"done", or an errno'),
  became: z
    .enum(['nothing', 'a second name of the file', 'the file’s only name', 'a name that leads to the other'])
    .describe('what the name to be made is afterwards'),
});
type Attempt = z.infer<typeof attempt>;

const evidence = z.strictObject({
  attempts: z.array(attempt),
  beside: z.array(cellSchema).describe('the lock whose temporary name stands beside it, on each file system'),
});
type Evidence = z.infer<typeof evidence>;

function whatBecame(made: string, answer: string): Attempt['became'] {
  if (answer !== 'done') return 'nothing';
  if (lstatSync(made).isSymbolicLink()) return 'a name that leads to the other';
  return statSync(made).nlink > 1 ? 'a second name of the file' : 'the file’s only name';
}

/** Each call, within each of the two directories and from either to the other one. */
export function attemptAll(identity: Identity | null, directories: readonly string[]): Attempt[] {
  const names = directories.map((directory) => {
    const { mount } = testDirectoryHere(directory);
    return mount === null ? 'unknown' : fileSystemName(mount);
  });
  return as(identity, () =>
    callName.options.flatMap((call) =>
      directories.flatMap((fromDirectory, from) =>
        directories.map((toDirectory, to): Attempt => {
          const old = join(fromDirectory, `${call}-${from}-${to}.own`);
          const made = join(toDirectory, `${call}-${from}-${to}`);
          writeFileSync(old, '');
          const answer = answerOf(() => calls[call](old, made));
          const became = whatBecame(made, answer);
          return {
            ...{ call, across: from !== to, answer, became },
            ...{ from: names[from] ?? '', to: names[to] ?? '' },
          };
        }),
      ),
    ),
  );
}

const links = ({ attempts }: Evidence, across: boolean): Attempt[] =>
  attempts.filter((one) => one.call === 'link' && one.across === across);

/** "EXDEV", or "EXDEV, done" where they differ. */
const answers = (attempts: readonly Attempt[]): string =>
  [...new Set(attempts.map(({ answer }) => answer))].join(', ');

function judge(found: Evidence): Verdict {
  const [across, within] = [links(found, true), links(found, false)];
  const systems = [...new Set(within.map(({ from }) => from))].join(' and ');
  const locks = found.beside.map(
    ({ conditions, verdict }) => `${verdict.exclusion} on ${fileSystemName(conditions.directory)}`,
  );
  const here = `${systems}: link across ${answers(across)}, within ${answers(within)}; name beside the lock: ${locks.join(', ')}`;
  if (across.some(({ answer }) => answer !== 'EXDEV')) {
    return {
      answer: 'does not hold',
      here,
      why: 'A link across file systems should have failed with EXDEV.',
    };
  }
  if (within.some(({ answer }) => answer !== 'done')) {
    return { answer: 'does not hold', here, why: 'A link within one file system should have succeeded.' };
  }
  const failed = found.beside.filter(
    ({ verdict }) => verdict.exclusion === 'violated' || verdict.sequence !== 'intact',
  );
  if (failed.length > 0) {
    return {
      answer: 'does not hold',
      here,
      why: 'With its temporary name beside it, the lock should exclude on both file systems.',
    };
  }
  if (found.beside.some(({ verdict }) => verdict.exclusion === 'unchecked')) {
    return {
      answer: 'undecided',
      here,
      why: 'The lock changed hands too rarely to tell whether it excludes.',
    };
  }
  return {
    answer: 'holds',
    here,
    why: 'A hard link is another name for an inode, and each file system has inodes of its own. A program that keeps the temporary name beside the lock never meets EXDEV.',
  };
}

export const experiment: Experiment<'beside', Evidence> = {
  name: 'exdev',
  title: 'a link across file systems',
  claim: 'The lock file and the temporary name that is linked to it must be on the same file system.',
  source: 'textbook, 9.8',
  book: 'link fails with EXDEV across file systems',
  method:
    'link, rename and symlink create names within each of two file systems and across them. Then the lock with its ' +
    'temporary name beside it is proven on both.',
  roles: { beside: 'link/yield' },
  evidence,

  missing({ memory, disk }) {
    if (statSync(memory).dev !== statSync(disk).dev) return null;
    return `two file systems were expected, ${memory} and ${disk} are on one; name a directory of another one with --dir`;
  },

  async measure(setting, { beside }) {
    return {
      attempts: await inPlaces([setting.memory, setting.disk], setting.identity, import.meta.url, attemptAll),
      beside: await measureGrid(setting, {
        ways: [beside],
        testDirectories: [testDirectoryHere(setting.memory), testDirectoryHere(setting.disk)],
        processes: [PROCESSES],
        conditions: { increments: INCREMENTS },
        sampling: { blocks: ROUNDS, handoffs: HANDOFFS },
        limits: { budgetNs: BUDGET_NS },
        untimed: true,
      }),
    };
  },

  judge,

  tables: ({ attempts, beside }) => [
    {
      title: 'A file has a name on the first file system and is to get one on the second',
      head: ['call', 'from', 'to', 'answer', 'the new name is'],
      rows: attempts.map(({ call, from, to, answer, became }) => [call, from, to, answer, became]),
    },
    {
      title: 'The lock with its temporary name beside it',
      head: ['strategy/wait', 'on', 'exclusion', 'hand-offs', 'lost updates'],
      rows: beside.map(({ conditions, verdict, ...cell }) => [
        ...[cellName(cell), fileSystemName(conditions.directory)],
        ...[verdict.exclusion, String(verdict.handoffs), String(verdict.lost)],
      ]),
    },
  ],
};
