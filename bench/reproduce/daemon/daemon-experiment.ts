/**
 * Claim: a daemon that holds a write lock on its pid file is the only one of its kind. A second start is refused, and when
 * the daemon dies, however it dies, the lock goes with it.
 */

import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { loadStrategy } from '../../../strategies/index.js';
import { strategy as noLock } from '../../../strategies/none.js';
import { plural, withBounds } from '../../base/format.js';
import { quoted } from '../../base/visible.js';
import { makeRoundDirectory } from '../../measure/parent/round-directory.js';
import { roundDirectoryOf } from '../../measure/worker/lock-site.js';
import { tokenAt } from '../../onedaemon/daemon-site.js';
import { estimateMedian } from '../../statistics/median.js';
import { list } from '../../text/words.js';
import type { Experiment, Setting } from '../experiment/experiment.js';
import type { Table, Verdict } from '../experiment/reproduction-schema.js';
import { type Start, type Starts, startsSchema, startThrice } from './daemon-starts.js';

/** EX_TEMPFAIL. */
const REFUSED = 75;

const evidence = z.strictObject({ way: z.string(), rounds: z.array(startsSchema) });
type Evidence = z.infer<typeof evidence>;

/** In a directory of its own. What a way leaves elsewhere when its holder is killed is removed, too. */
async function play({ memory, ending }: Setting, way: string): Promise<Starts> {
  const roundDirectory = makeRoundDirectory(memory, 1, noLock, null);
  const site = roundDirectoryOf(roundDirectory.job);
  const pidFile = site.path('pid');
  try {
    writeFileSync(pidFile, '');
    const starts = await startThrice(pidFile, way, ending.signal);
    // Nobody was there to refuse it: the machine did, or the command does not know the way.
    if (starts.first.state === 'ended') throw new Error(`the first start ended: ${starts.first.message}`);
    return starts;
  } finally {
    try {
      (await loadStrategy(way)).destroy?.({ ...site, token: tokenAt(pidFile) });
    } finally {
      roundDirectory.destroy();
    }
  }
}

const isExact = (start: Start): boolean => start.state === 'running' && start.file === `${start.pid}\n`;

const isRefused = (start: Start): boolean =>
  start.state === 'ended' &&
  start.code === REFUSED &&
  /unable to lock PIDFILE, is .+ already running/.test(start.message);

/** What is claimed of the three, and what is said if a round does not show it. */
const CLAIMED: readonly [holds: (starts: Starts) => boolean, otherwise: string][] = [
  [({ first }) => isExact(first), 'the first start did not write its pid, and only its pid, to the file'],
  [({ second }) => isRefused(second), 'the second start was not refused'],
  [({ third }) => third.state === 'running', 'the third start was refused although the first was dead'],
  [
    ({ third }) => third.state === 'ended' || isExact(third),
    'the third start did not write its pid, and only its pid, to the file',
  ],
];

function judge({ way, rounds }: Evidence): Verdict {
  const refused = rounds.map(({ second }) => second).filter(isRefused);
  const times = refused.flatMap((one) => (one.state === 'ended' ? [one.afterNs] : []));
  const thirds = rounds.filter(({ third }) => third.state === 'running');
  const here =
    `${way}: the second start is refused in ${refused.length} of ${rounds.length}${afterText(times)}; ` +
    `the third, after the first was killed, runs in ${thirds.length}`;
  const against = CLAIMED.filter(([holds]) => !rounds.every(holds)).map(([, otherwise]) => otherwise);
  if (against.length > 0) return { answer: 'does not hold', here, why: `By ${way}, ${list(against)}.` };
  return {
    answer: 'holds',
    here,
    why: 'The lock, not the pid in the file, says whether a daemon runs. It is held exactly as long as its holder lives, however that ends.',
  };
}

/** ", after 120 ms (110–140)" */
function afterText(times: readonly number[]): string {
  return times.length === 0 ? '' : `, after ${withBounds(estimateMedian(times))}`;
}

/** What became of a start, what the pid file holds, and what it says. */
function cellsOf(start: Start): string[] {
  if (start.state === 'ended') return [`ends: ${start.code}`, '-', start.message];
  return ['runs', isExact(start) ? 'its pid, newline' : quoted(start.file), '-'];
}

/** Rounds that differ in pids alone stand there once. */
function table({ way, rounds }: Evidence): Table {
  const alike = new Map<string, Starts[]>();
  for (const round of rounds) {
    const key = JSON.stringify(Object.values(round).map(cellsOf)).replace(/\d+/g, '');
    alike.set(key, [...(alike.get(key) ?? []), round]);
  }
  return {
    title: `Three starts of one daemon, by ${way}; before the first and the third, the file held a pid of nine digits`,
    head: ['start', 'seen', 'it', 'the pid file holds', 'it says'],
    rows: [...alike.values()].flatMap((group) => {
      const seen = plural(group.length, 'time');
      const { first, second, third } = group[0] as Starts;
      return [
        ['first', seen, ...cellsOf(first)],
        ['second, beside it', seen, ...cellsOf(second)],
        ['third, after both were killed', seen, ...cellsOf(third)],
      ];
    }),
  };
}

export const experiment: Experiment<'way', Evidence> = {
  name: 'daemon',
  title: 'a daemon that runs once',
  claim:
    'A daemon holds a write lock on its pid file: a second start is refused, and the lock dies with the daemon.',
  source: 'textbook, listing 9.8, and the article',
  book: 'the second start is told that one is running',
  method:
    'lockbench onedaemon is started three times on one pid file: alone, beside the first, and after the first was killed by ' +
    'SIGKILL. The file, the exit codes and the messages are checked.',
  roles: { way: 'fcntl' },
  evidence,

  async measure(setting, { way }) {
    const rounds: Starts[] = [];
    for (let i = 0; i < setting.rounds; i++) {
      setting.ending.signal.throwIfAborted();
      setting.progress('three starts', i, setting.rounds);
      rounds.push(await play(setting, way));
    }
    return { way, rounds };
  },

  judge,
  tables: (evidence) => [table(evidence)],
};
