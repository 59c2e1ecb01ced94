/**
 * Plays of one worker in a round of its own: who it is, where it runs, what it waits for, and what ends it.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { allowedProcessors } from '../../../strategies/posix/affinity.js';
import { plural } from '../../base/format.js';
import { USUAL_PATIENCE_NS } from '../../measure/parent/kept-directories.js';
import type { ControlBlock } from '../../measure/worker/control-block.js';
import { FIRST_NUMBER, NUMBER_NAME } from '../../measure/worker/number-file.js';
import type { Members } from '../../measure/worker/policy.js';
import { playAlone, taken } from './lone-round.js';
import { type RoundParts, type Subject, Wrong } from './worker-bench.js';

const TURNS = 20;

/** A line of what the kernel tells of a process; null once it has ended, which is told when it is waited for. */
function statusOf(pid: number | undefined, name: string): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? null;
  } catch {
    return null;
  }
}

/** Real, effective, saved and file system's: all of them, since one that is kept can be gone back to. */
export function requireIdentity({ identity }: Subject, pid: number | undefined): void {
  if (identity === null) return;
  const uids = statusOf(pid, 'Uid');
  const groups = statusOf(pid, 'Groups');
  if (uids?.split(/\s+/).some((uid) => Number(uid) !== identity.uid))
    throw new Wrong(`it was to become uid ${identity.uid}, and runs as ${uids.replaceAll('\t', ' ')}`);
  if (groups !== null && groups !== '')
    throw new Wrong(`it was to leave all its groups, and is in ${groups}`);
}

/** Turns that one takes who looks at the flag in each of them, and whose look came just before: one. */
const MOST_AFTER_STOP = 1_000;

/** Sets the flag after the first turn, and watches what is written then. */
function stopper(): (control: ControlBlock) => void {
  let stoppedAt: number | null = null;
  return (control) => {
    const turns = taken(control);
    if (stoppedAt === null && turns > 0) {
      control.stop = true;
      stoppedAt = taken(control);
    } else if (stoppedAt !== null && turns > stoppedAt + MOST_AFTER_STOP) {
      throw new Wrong(`it goes on after the stop flag was set: by ${turns - stoppedAt} turns so far`);
    }
  };
}

/** Ledgers have been others’ before: what stands in one before the worker begins. */
const OLD = -7;

/** It waits for each stage, and ends when it is to stop. */
export async function playStop(subject: Subject, members: Members): Promise<null> {
  const wanted = { kind: 'timing', increments: 1_000_000, atLeastNs: 1e9 } as const;
  // A round that was over before it could be stopped shows nothing.
  for (let isStopped = false; !isStopped; ) {
    isStopped = await playAlone(
      subject,
      members,
      wanted,
      {
        begin: (control) => void control.ledger(0).fill(OLD),
        warm: (_, child) => requireIdentity(subject, child.pid),
        ready({ control }) {
          const old = control.ledger(0).indexOf(OLD);
          if (old !== -1)
            throw new Wrong(
              `it did not write zeros to its ledger before "ready": number ${old} is an old one`,
            );
        },
        look: stopper(),
      },
      ({ turns }, { control, job }) => {
        const written = taken(control);
        if (turns !== written)
          throw new Wrong(
            `it says ${plural(turns, 'turn')}, and wrote ${plural(written, 'number')} to its ledger`,
          );
        return turns % job.lap !== 0;
      },
    );
  }
  return null;
}

async function requireRehearsed({ rehearsal }: RoundParts, most: number, why: string): Promise<void> {
  const turns = (await rehearsal.number(USUAL_PATIENCE_NS)) - FIRST_NUMBER;
  if (turns > most) throw new Wrong(`it took ${plural(turns, 'turn')} in the rehearsal, ${why}`);
}

/** It rehearses no longer than it shall. */
export async function playRehearsal(subject: Subject, members: Members): Promise<null> {
  const wanted = { kind: 'timing', increments: TURNS } as const;
  const most = 5;
  await playAlone(
    subject,
    members,
    wanted,
    {
      job: { rehearsalTurns: most },
      ready: (parts) => requireRehearsed(parts, most, `of which there were to be ${most} at most`),
    },
    () => {},
  );
  await playAlone(
    subject,
    members,
    wanted,
    {
      job: { rehearsalTurns: 100_000 },
      begin(control) {
        control.stop = true;
      },
      async ready(parts) {
        await requireRehearsed(parts, 0, 'though the stop flag was set');
        parts.control.stop = false;
      },
    },
    () => {},
  );
  return null;
}

/** It runs where it shall. */
export async function playProcessor(subject: Subject, members: Members): Promise<string | null> {
  const processor = allowedProcessors().at(-1) ?? 0;
  const wanted = { kind: 'timing', increments: TURNS } as const;
  await playAlone(
    subject,
    members,
    wanted,
    {
      job: { processor },
      ready(_, { pid }) {
        const allowed = statusOf(pid, 'Cpus_allowed_list');
        if (allowed !== null && allowed !== String(processor))
          throw new Wrong(`it was to stay on processor ${processor}, and may run on ${allowed}`);
      },
    },
    () => {},
  );
  return null;
}

/** The names of the files that it has open; null where that may not be seen, or it has ended. */
function openFilesOf(pid: number | undefined): string[] | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => basename(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return null;
  }
}

/** Between turns, its number is open or not, as it shall be. */
export async function playNumber(subject: Subject, members: Members): Promise<null> {
  for (const number of ['kept-open', 'reopened'] as const) {
    const wanted = { kind: 'timing', increments: TURNS, conditions: { number } } as const;
    await playAlone(
      subject,
      members,
      wanted,
      {
        ready(_, { pid }) {
          const isOpen = openFilesOf(pid)?.includes(NUMBER_NAME);
          if (isOpen === undefined || isOpen === (number === 'kept-open')) return;
          throw new Wrong(
            `the file "number" ${isOpen ? 'is' : 'is not'} open between its turns, though "number" is ${number}`,
          );
        },
      },
      async ({ turns }, { timed }) => {
        const final = await timed.number(USUAL_PATIENCE_NS);
        if (turns !== TURNS || final !== FIRST_NUMBER + TURNS)
          throw new Wrong(
            `it was to take ${TURNS} turns with the number ${number}; it says ${turns}, and the file holds ${final}`,
          );
      },
    );
  }
  return null;
}
