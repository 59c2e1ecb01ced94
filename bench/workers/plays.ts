/**
 * The protocol, played against a worker: each play shows one thing that PROTOCOL.md asks of it, and throws Wrong, or an Error
 * of what the worker said, where it does not keep to it.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../../strategies/posix/clock.js';
import { formatDuration } from '../base/duration.js';
import { plural } from '../base/format.js';
import { ProgramEnded } from '../base/told.js';
import type { Child } from '../measure/parent/child.js';
import { requireDone, requireMembers } from '../measure/parent/foreign-messages.js';
import { Round, type RoundFigures } from '../measure/parent/round.js';
import { record } from '../measure/parent/round-record.js';
import { type ControlBlock, Stage } from '../measure/worker/control-block.js';
import { STAMPS } from '../measure/worker/instruments.js';
import {
  type LookJob,
  PROTOCOL,
  type RoundKind,
  type WorkerJob,
  type WorkerMessage,
} from '../measure/worker/job.js';
import type { Members } from '../measure/worker/policy.js';
import {
  heard,
  type Subject,
  specOf,
  Wrong,
  withChild,
  withDirectory,
  within,
  withRound,
} from './worker-bench.js';

/** Between two looks at what a worker writes. */
const LOOK_MS = 1;
const TURNS = 200;
const TWO = 2;

const lookJob = ({ identity, strategy }: Subject, timed: LookJob['timed']): LookJob => ({
  ...{ protocol: PROTOCOL, task: 'look', parentPid: process.pid, identity },
  ...{ strategy: strategy.name, timed },
});

/** After its last message it says nothing more, and ends. */
async function endsAfter(subject: Subject, child: Child<WorkerMessage>, last: string): Promise<void> {
  await within(subject, `its end after "${last}"`, child.gone);
  try {
    const { at } = await child.next();
    throw new Wrong(`it said "${at}" after "${last}", which is the last message`);
  } catch (error) {
    if (!(error instanceof ProgramEnded)) throw error;
  }
}

/** It tries its lock out, says what the lock offers, and ends. */
export function playLook(subject: Subject): Promise<Members> {
  return withDirectory(subject, 1, (timed) =>
    withChild(subject, lookJob(subject, timed), async (child) => {
      const message = await within(subject, 'the message "found"', child.next());
      if (message.at === 'unavailable')
        throw new Wrong(`it says that its lock is unavailable: ${message.reason}`);
      if (message.at !== 'found') throw new Wrong(`it said "${message.at}" where "found" was expected`);
      await endsAfter(subject, child, 'found');
      await child.requireSilence();
      return requireMembers(message.members);
    }),
  );
}

/** It refuses what it cannot know. */
export function playVersion(subject: Subject): Promise<void> {
  return withDirectory(subject, 1, (timed) =>
    withChild(subject, { ...lookJob(subject, timed), protocol: PROTOCOL + 1 }, async (child) => {
      const said = await within(subject, 'an error, or its end,', child.next()).catch(
        (error: Error) => error,
      );
      if (said instanceof Wrong) throw said;
      if (!(said instanceof Error))
        throw new Wrong(
          `it takes a job of protocol ${PROTOCOL + 1}, which it cannot know: it said "${said.at}"`,
        );
    }),
  );
}

function statusOf(pid: number | undefined): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return null;
  }
}

/** Real, effective, saved and file system's: all of them, since one that is kept can be gone back to. */
function playIdentity({ identity }: Subject, pid: number | undefined): void {
  if (identity === null) return;
  const status = statusOf(pid);
  // It has ended, which is told when it is waited for.
  if (status === null) return;
  const [, uids = ''] = /^Uid:\s*(.*)$/m.exec(status) ?? [];
  const [, groups = ''] = /^Groups:[ \t]*(.*)$/m.exec(status) ?? [];
  if (uids.split(/\s+/).some((uid) => Number(uid) !== identity.uid))
    throw new Wrong(`it was to become uid ${identity.uid}, and runs as ${uids.replaceAll('\t', ' ')}`);
  if (groups.trim() !== '') throw new Wrong(`it was to leave all its groups, and is in ${groups.trim()}`);
}

/** How many numbers stand in the ledger. */
function taken(control: ControlBlock): number {
  const end = control.ledger(0).indexOf(0);
  return end === -1 ? control.layout.capacity : end;
}

/** Turns that one takes who looks at the flag in each of them, and whose look came just before: one. */
const MOST_AFTER_STOP = 1_000;

/** It waits for each stage, and ends when it is to stop. */
export async function playStop(subject: Subject, members: Members): Promise<void> {
  const spec = specOf(subject, 'timing', members, { processes: 1, increments: 1_000_000, atLeastNs: 1e9 });
  for (let isConclusive = false; !isConclusive; ) {
    isConclusive = await withRound(subject, spec, (job, control) =>
      withChild(subject, job, (child) => stopOne(subject, job, control, child), { fd: control.fd }),
    );
  }
}

/** Sets the flag after the first turn, and watches what is written then, until that is over. Throws Wrong if it goes on. */
async function stopAndWatch(control: ControlBlock, isOver: () => boolean): Promise<void> {
  let stoppedAt: number | null = null;
  while (!isOver()) {
    await pause(LOOK_MS);
    const turns = taken(control);
    if (stoppedAt === null && turns > 0) {
      control.stop = true;
      stoppedAt = taken(control);
    } else if (stoppedAt !== null && turns > stoppedAt + MOST_AFTER_STOP) {
      throw new Wrong(`it goes on after the stop flag was set: by ${turns - stoppedAt} turns so far`);
    }
  }
}

/** False if the round was over before it could be stopped. */
async function stopOne(
  subject: Subject,
  job: WorkerJob,
  control: ControlBlock,
  child: Child<WorkerMessage>,
): Promise<boolean> {
  await heard(subject, child, 'warm');
  playIdentity(subject, child.pid);
  control.open(Stage.rehearsal);
  await heard(subject, child, 'ready');
  const early = taken(control);
  if (early > 0) throw new Wrong(`it took ${plural(early, 'number')} before the gate opened`);
  control.gateNs = now();
  control.open(Stage.timed);
  let isOver = false;
  const watched = stopAndWatch(control, () => isOver);
  const done = heard(subject, child, 'done');
  try {
    const { figures } = await Promise.race([done, watched.then(() => done)]);
    const { turns } = requireDone(figures, 'timing', control.layout);
    await endsAfter(subject, child, 'done');
    const written = taken(control);
    if (turns !== written)
      throw new Wrong(
        `it says ${plural(turns, 'turn')}, and wrote ${plural(written, 'number')} to its ledger`,
      );
    return turns % job.lap !== 0;
  } finally {
    isOver = true;
    await Promise.allSettled([watched, done]);
  }
}

/** A round of two, as `run` has them. Throws an Error with its reason if it does not come to its end. */
async function roundOf(subject: Subject, kind: RoundKind, members: Members): Promise<RoundFigures> {
  const spec = specOf(subject, kind, members, { processes: TWO, increments: TURNS, atLeastNs: 20e6 });
  const round = await Round.launch(spec);
  const outcome = await round.run();
  if (outcome.state === 'measured') return outcome.figures;
  if (outcome.state === 'errored') throw new Error(outcome.reason);
  throw new Wrong(
    `it had not come to the end of a ${kind} round after ${formatDuration(subject.patienceNs)}`,
  );
}

function requireIntact(kind: RoundKind, figures: RoundFigures): void {
  const { sequence, lost, turns } = record(kind, figures, 0, 0);
  if (sequence === 'intact') return;
  throw new Wrong(
    lost > 0
      ? `${lost} of ${plural(turns, 'turn')} took a number that another turn took too: it takes them outside of the lock, or the lock lets two in`
      : `the numbers in its ledger are not those from 2 to ${figures.final}, the number in the file`,
  );
}

/** Two take numbers, lap after lap, and lose none. */
export async function playTiming(subject: Subject, members: Members): Promise<void> {
  const figures = await roundOf(subject, 'timing', members);
  const sinceGate = Number(now() - figures.gateNs);
  for (const { turns, endNs } of figures.workers) {
    if (endNs > sinceGate) throw new Wrong('it says times that are not since the gate opened');
    if (turns % TURNS !== 0)
      throw new Wrong(`it ended within a lap, after ${turns} turns of laps of ${TURNS}`);
  }
  requireIntact('timing', figures);
}

/** Each turn is stamped, in order. */
export async function playTrace(subject: Subject, members: Members): Promise<void> {
  const figures = await roundOf(subject, 'trace', members);
  requireIntact('trace', figures);
  for (const [i, stamps] of figures.stamps.entries()) {
    const { endNs = 0 } = figures.workers[i] ?? {};
    const times = Array.from(stamps, (stamp) => Number(stamp - figures.gateNs));
    const wrong = times.findIndex((at, stamp) => at < (times[stamp - 1] ?? 0) || at > endNs);
    if (wrong === -1) continue;
    throw new Wrong(
      `stamp ${wrong % STAMPS} of turn ${Math.floor(wrong / STAMPS)} is ${times[wrong]} ns since the gate: before the stamp that comes before it, or after endNs`,
    );
  }
  requireExclusive('trace', figures);
}

/** What happens inside is observed. */
export async function playProve(subject: Subject, members: Members): Promise<void> {
  const figures = await roundOf(subject, 'prove', members);
  requireIntact('prove', figures);
  requireExclusive('prove', figures);
}

function requireExclusive(kind: 'trace' | 'prove', figures: RoundFigures): void {
  const kept = record(kind, figures, 0, 0);
  if (kept.kind === 'timing') return;
  const { violations, handoffs } = kept.exclusion;
  if (violations > 0)
    throw new Wrong(
      `${violations} times one came in beside another: it says so outside of the lock, or the lock lets two in`,
    );
  if (kind === 'prove' && handoffs === 0)
    throw new Wrong('two took turns, and no hand-off was counted: see "What is observed"');
}

/** What the shell is to put its own pid in the place of, so that the worker is told who its parent is. */
const PID = 987_654_321;

/** The kernel ends it with its parent, which has no time to. */
export async function playOrphan(subject: Subject, members: Members): Promise<void> {
  const spec = specOf(subject, 'timing', members, { processes: 1, increments: TURNS, atLeastNs: 0 });
  const words = subject.worker.words;
  const positional = words.map((_, i) => `"$${i + 1}"`).join(' ');
  const job = words.length + 1;
  const script = `job="\${${job}%%${PID}*}$$\${${job}#*${PID}}"; ${positional} "$job" & wait`;
  await withRound(subject, spec, (told, control) =>
    withChild(
      subject,
      { ...told, parentPid: PID },
      async (shell) => {
        await heard(subject, shell, 'warm');
        shell.kill();
        try {
          await within(subject, 'its end', shell.gone);
        } catch {
          throw new Wrong(
            `it goes on without its parent, which was killed: it is to ask for SIGKILL (PR_SET_PDEATHSIG) after it changed its user`,
          );
        } finally {
          endGroup(shell.pid);
        }
      },
      { fd: control.fd, program: ['/bin/sh', '-c', script, 'sh', ...words] },
    ),
  );
}

/** The shell was the leader of a group in which the worker is. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
