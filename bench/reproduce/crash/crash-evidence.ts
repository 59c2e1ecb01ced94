/**
 * What the experiment `crash` has seen, what that says of the claim, and how it is shown.
 */

import { z } from 'zod';
import { duration, plural, withBounds } from '../../base/format.js';
import { DYING } from '../../crash/crash-events.js';
import { playedCrash } from '../../crash/crash-schema.js';
import { estimateMedian } from '../../statistics/median.js';
import { list } from '../../text/words.js';
import type { Table, Verdict } from '../experiment/reproduction-schema.js';
import { pidsAgain } from './pid-again.js';
import { type ReusedPid, reusedPid } from './reused-pid.js';

/** `simple`: the pid file, which is not a strategy of the catalogue; the others are roles. */
const role = z.enum(['file', 'kernel', 'age', 'simple', 'pid', 'mutex', 'undo']);
export const ALL_ROLES = role.options;
export type Role = z.infer<typeof role>;

const ROLES: Readonly<Record<Role, string>> = {
  file: 'lock file',
  kernel: 'kernel lock',
  age: 'remedy: the file’s age',
  simple: 'remedy: the pid',
  pid: 'remedy: pid, start time, boot',
  mutex: 'kernel, with a warning',
  undo: 'kernel, undone',
};

const struck = playedCrash.omit({ state: true, timeline: true }).extend({ role });
export const crashEvidence = z.strictObject({
  struck: z
    .array(struck)
    .describe('holders killed; and one with a lease stopped for longer than that, and continued'),
  unplayed: z.array(z.strictObject({ role, strategy: z.string(), reason: z.string() })),
  forged: z.array(reusedPid).describe('the lock was made to name the pid of a stranger'),
  again: pidsAgain.describe('the kernel gave the pid to a stranger'),
});
export type CrashEvidence = z.infer<typeof crashEvidence>;
type Struck = z.infer<typeof struck>;

/** What each must show when its holder is killed, or the claim falls. */
const EXPECTED: Readonly<Record<Role, readonly Struck['outcome'][]>> = {
  file: ['stuck'],
  kernel: ['released', 'owner-died'],
  mutex: ['released', 'owner-died'],
  undo: ['released', 'owner-died'],
  age: ['taken-over', 'released'],
  simple: ['taken-over'],
  pid: ['taken-over', 'released'],
};
/** Without these nothing is decided; a machine may lack the others. */
const NEEDED: readonly Role[] = ['file', 'kernel', 'simple', 'pid'];

const isDeath = ({ event }: Struck): boolean => DYING.some((one) => one === event);

/** Holders killed, by role, in the order of the roles. */
const deathsByRole = ({ struck }: CrashEvidence): [Role, Struck[]][] =>
  ALL_ROLES.map((role): [Role, Struck[]] => [
    role,
    struck.filter((one) => one.role === role && isDeath(one)),
  ]).filter(([, deaths]) => deaths.length > 0);

/**
 * What became of the lock. The waiter that removes a pid file is not always the one that makes the next: who comes between
 * the two finds no file, and believes it was released. A dead holder removes nothing, so it was taken over.
 */
const becameOf = ({ role, outcome }: Struck): Struck['outcome'] =>
  role === 'simple' && outcome === 'released' ? 'taken-over' : outcome;

/** "stuck", or "released (5), stuck (1)". */
function outcomesOf(deaths: readonly Struck[]): string {
  const became = deaths.map(becameOf);
  const outcomes = [...new Set(became)];
  const counted = outcomes.map((outcome) => `${outcome} (${became.filter((one) => one === outcome).length})`);
  return outcomes.length === 1 ? (outcomes[0] ?? '') : counted.join(', ');
}

const timesOf = (deaths: readonly Struck[]): number[] =>
  deaths.flatMap(({ afterNs }) => (afterNs === null ? [] : [afterNs]));

/** "2.98 ms (2.91–3.20)"; of one alone no bounds; "-" if nobody got in. */
function waitOf(deaths: readonly Struck[]): string {
  const times = timesOf(deaths);
  return times.length === 0 ? '-' : withBounds(estimateMedian(times));
}

/** Whether a waiter takes the stranger for the holder, and nothing else is in its way. */
const isFooled = ({ outcome, freedNs }: ReusedPid): boolean => outcome === 'stuck' && freedNs !== null;

/** All strangers that a lock met. */
const strangersOf = ({ forged, again }: CrashEvidence): (ReusedPid & { role: 'simple' | 'pid' })[] =>
  [forged, again.state === 'played' ? again.played : []].flatMap((locks) =>
    locks.map((one, i) => ({ ...one, role: i === 0 ? 'simple' : 'pid' })),
  );

/** What does not go as claimed, in sentences without their full stops. */
function objections(evidence: CrashEvidence): string[] {
  const unexpected = deathsByRole(evidence)
    .filter(([role, deaths]) => deaths.some((death) => !EXPECTED[role].includes(becameOf(death))))
    .map(
      ([role, deaths]) =>
        `${deaths[0]?.strategy} (${ROLES[role]}) was ${outcomesOf(deaths)} when its holder was killed`,
    );
  const reused = strangersOf(evidence).flatMap((one) => {
    if (one.role === 'simple')
      return isFooled(one) ? [] : [`the ${one.strategy} was not fooled by a reused pid`];
    return one.outcome === 'stuck' ? [`${one.strategy} was stuck while a stranger had its holder’s pid`] : [];
  });
  return [...unexpected, ...new Set(reused)];
}

export function judgeCrashes(evidence: CrashEvidence): Verdict {
  const deaths = deathsByRole(evidence);
  const here = deaths
    .filter(([role]) => role === 'file' || role === 'kernel')
    .map(
      ([, those]) =>
        `${those[0]?.strategy}: ${outcomesOf(those)}${timesOf(those).length > 0 ? ` after ${waitOf(those)}` : ''}`,
    )
    .join('; ');
  const lacking = evidence.unplayed.filter(({ role }) => NEEDED.includes(role));
  if (lacking.length > 0) {
    const why = lacking.map(({ strategy, reason }) => `${strategy} could not be played: ${reason}`);
    return { answer: 'undecided', here: here === '' ? '-' : here, why: `${why.join('; ')}.` };
  }
  const against = objections(evidence);
  if (against.length > 0) {
    return { answer: 'does not hold', here, why: `Against the claim: ${list(against)}.` };
  }
  return {
    answer: 'holds',
    here: `${here}; a pid file mistook a stranger with that pid for its holder`,
    why:
      'The kernel releases what a dead process had open, but a file’s name stays, and waiters need a remedy. ' +
      'A pid alone may later be another process’s; the start time and the boot id tell the two apart.',
  };
}

const HOW_FORGED = 'another’s, written into the file';
const HOW_AGAIN = 'reused by the kernel';

function strangerRow({ strategy, pid, outcome, afterNs, freedNs }: ReusedPid, how: string): string[] {
  const inBeside =
    afterNs === null ? 'mistaken for the holder: stuck' : `${outcome} after ${duration(afterNs)}`;
  const afterwards = freedNs === null ? '-' : `in after ${duration(freedNs)}`;
  return [
    strategy,
    how,
    String(pid),
    inBeside,
    outcome === 'stuck' && freedNs === null ? 'stuck' : afterwards,
  ];
}

export function crashTables(evidence: CrashEvidence): Table[] {
  const { struck, unplayed, forged, again } = evidence;
  const stopped = struck.filter((one) => !isDeath(one));
  const killed: Table = {
    title: 'The holder is killed while three wait',
    head: ['', 'lock', 'killed', 'became', 'the next was in after'],
    rows: [
      ...deathsByRole(evidence).map(([role, deaths]) => [
        ROLES[role],
        `${deaths[0]?.strategy}/${deaths[0]?.wait}`,
        plural(deaths.length, 'time'),
        outcomesOf(deaths),
        waitOf(deaths),
      ]),
      ...unplayed.map(({ role, strategy, reason }) => [ROLES[role], strategy, '-', reason, '-']),
    ],
  };
  const strangers: Table = {
    title: 'A stranger has the dead holder’s pid',
    head: ['lock', 'the pid is', 'pid', 'while the stranger lives', 'when it has ended'],
    rows: [
      ...forged.map((one) => strangerRow(one, HOW_FORGED)),
      ...(again.state === 'played'
        ? again.played.map((one) => strangerRow(one, HOW_AGAIN))
        : [['-', HOW_AGAIN, '-', `not permitted here: ${again.reason}`, '-']]),
    ],
  };
  const slow: Table = {
    title: 'The holder is not dead, but stopped for longer than its lease',
    head: ['lock', 'became', 'two held it for', 'updates lost'],
    rows: stopped.map(({ strategy, outcome, heldTwiceNs, number }) => [
      strategy,
      outcome,
      duration(heldTwiceNs),
      String(number.lost),
    ]),
  };
  return [killed, strangers, ...(slow.rows.length > 0 ? [slow] : [])];
}
