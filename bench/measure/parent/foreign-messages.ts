/**
 * What workers say, looked at before it is believed: a worker may be a program that somebody else wrote.
 */
import { quoted } from '../../base/visible.js';
import type { Layout } from '../worker/control-block.js';
import type { RoundKind, WorkerFigures, WorkerMessage } from '../worker/job.js';
import type { Members } from '../worker/policy.js';
import type { Child } from './child.js';

type At = WorkerMessage['at'];

/** The next message of a worker. Throws an Error if it is another than is expected now, or its own if it failed. */
export async function requireNext<Expected extends At>(
  worker: Child<WorkerMessage>,
  at: Expected,
): Promise<Extract<WorkerMessage, { at: Expected }>> {
  const message = await worker.next();
  if (message.at !== at) throw new Error(`the worker said ${quoted(message.at)} where "${at}" was expected`);
  return message as unknown as Extract<WorkerMessage, { at: Expected }>;
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isCount = (value: unknown): value is number => isTime(value) && Number.isInteger(value);

const TIMES = ['startNs', 'endNs', 'userNs', 'systemNs'] as const;
const COUNTS = ['turns', 'changedReads', 'failedTries', 'voluntarySwitches', 'involuntarySwitches'] as const;

const wrong = (name: string, expected: string, value: unknown): Error =>
  new Error(
    `the worker’s figures: ${name} was expected to be ${expected}, got ${quoted(JSON.stringify(value) ?? 'nothing')}`,
  );

/** The figures of a worker, if they can be those of such a round. Throws an Error. */
export function requireDone(figures: WorkerFigures, kind: RoundKind, { capacity }: Layout): WorkerFigures {
  if (typeof figures !== 'object' || figures === null) throw wrong('"figures"', 'an object', figures);
  for (const name of TIMES) {
    if (!isTime(figures[name])) throw wrong(name, 'nanoseconds, 0 or more', figures[name]);
  }
  for (const name of COUNTS) {
    if (!isCount(figures[name])) throw wrong(name, 'a whole number, 0 or more', figures[name]);
  }
  const { migrations, turns, startNs, endNs } = figures;
  if (migrations !== null && !isCount(migrations))
    throw wrong('migrations', 'a whole number or null', migrations);
  requireCounts(figures);
  if (turns > capacity) throw wrong('turns', `at most ${capacity}, the ledger’s capacity`, turns);
  if (endNs < startNs) throw wrong('endNs', `not before startNs, ${startNs}`, endNs);
  requireExclusion(figures.exclusion, kind);
  return figures;
}

function requireCounts({ counts }: WorkerFigures): void {
  if (counts === undefined) return;
  const names = ['instructions', 'cycles', 'cacheMisses'] as const;
  if (typeof counts !== 'object' || counts === null || names.some((name) => !isCount(counts[name])))
    throw wrong('counts', `whole numbers, or nothing, for ${names.join(', ')}`, counts);
}

function requireExclusion(exclusion: WorkerFigures['exclusion'], kind: RoundKind): void {
  if (kind === 'timing') {
    if (exclusion !== null) throw wrong('exclusion', 'null in a timing round', exclusion);
    return;
  }
  if (exclusion === 'intervals') return;
  const expected = '"intervals", or what the owner word told';
  if (exclusion === null || typeof exclusion !== 'object' || !isCount(exclusion.violations))
    throw wrong('exclusion', expected, exclusion);
  const { violations, first } = exclusion;
  if ((first === null) !== (violations === 0)) throw wrong('exclusion.first', 'the first violation', first);
  if (first === null) return;
  const { atNs, turn, beside } = first;
  if (typeof atNs !== 'number' || !isCount(turn) || (beside !== null && !Number.isInteger(beside)))
    throw wrong('exclusion.first', 'a violation', first);
}

/** What a worker says that its lock offers. Throws an Error. */
export function requireMembers(members: Members): Members {
  const names = ['lock', 'tryLock', 'shared', 'fifo'] as const;
  if (
    typeof members !== 'object' ||
    members === null ||
    names.some((name) => typeof members[name] !== 'boolean')
  )
    throw new Error(
      `the worker’s members: true or false for each of ${names.join(', ')} was expected, got ${quoted(JSON.stringify(members) ?? 'nothing')}`,
    );
  if (!members.lock && !members.tryLock)
    throw new Error('the worker’s members: a lock that blocks or can be tried was expected, it has neither');
  return members;
}
