/**
 * The reused pid: a holder dies, its lock file stays, and its pid is a stranger's by the time a waiter asks for the lock. Does
 * the waiter take the stranger for the holder?
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Participant } from '../../scenario/participant-process.js';
import { Scenario, type ScenarioSpec } from '../../scenario/scenario.js';
import type { Step } from '../../scenario/steps-schema.js';

export const reusedPid = z.strictObject({
  strategy: z.string(),
  pid: z.int().describe('which the dead holder had, by the lock, and which the stranger has'),
  outcome: z
    .enum(['released', 'owner-died', 'taken-over', 'stuck'])
    .describe('how the waiter got in while the stranger lived; stuck: it did not'),
  afterNs: z.number().nullable().describe('from its asking until it got in while the stranger lived'),
  freedNs: z
    .number()
    .nullable()
    .describe('if it was stuck: from the end of the stranger until it got in; null: not even then'),
});
export type ReusedPid = z.infer<typeof reusedPid>;

const HOLDER = 'holder';
const STRANGER = 'stranger';
const WAITER = 'waiter';

/** Sees to it that the stranger has the pid of the dead holder, or the lock says so; returns that pid. Throws Error. */
export type Reuse = (scenario: Scenario, holderPid: number) => Promise<number>;

const PID_LAST = '/proc/sys/kernel/ns_last_pid';
const ATTEMPTS = 20;

/**
 * The lock's files are made to name the stranger where they named the holder, as if that had had the stranger's pid. A lock
 * that names nobody is left as it is.
 */
export const forged: Reuse = async (scenario, holderPid) => {
  const { dir } = scenario.roundDirectory;
  // Started anew, now: start times are counted in ticks of 10 ms, and participants start together, so that pid and start time of
  // this one might be those that the lock names.
  await scenario.recast(STRANGER, []);
  const pid = requirePid(scenario.participant(STRANGER));
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(dir, entry.name);
    const text = readFileSync(path, 'latin1');
    const now = text.replace(new RegExp(`\\b${holderPid}\\b`), String(pid));
    if (now !== text) writeFileSync(path, now);
  }
  return pid;
};

/**
 * The pid comes again: the kernel is told which one it gave last. Only in a pid namespace where nobody else starts
 * processes, and with the right to do so there; see pid_namespaces(7). The program that does this has threads, which take
 * pids too; hence several attempts.
 */
export const again: Reuse = async (scenario, holderPid) => {
  await scenario.participant(STRANGER).kill();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    tellLastPid(holderPid - 1);
    await scenario.recast(STRANGER, []);
    if (scenario.participant(STRANGER).pid === holderPid) return holderPid;
    await scenario.participant(STRANGER).kill();
  }
  throw new Error(`pid ${holderPid} did not come again in ${ATTEMPTS} attempts`);
};

/** Throws Error, which says why it may not. */
export function tellLastPid(pid: number): void {
  writeFileSync(PID_LAST, String(pid));
}

function requirePid({ pid, name }: Participant): number {
  if (pid === undefined) throw new Error(`${name} was expected to have a pid`);
  return pid;
}

/** Plays it. `label`: the lock's name for people. Throws an Error that says why if it could not be played. */
export function playReusedPid(
  spec: ScenarioSpec,
  label: string,
  patienceNs: number,
  reuse: Reuse,
): Promise<ReusedPid> {
  return Scenario.play(spec, [HOLDER, STRANGER, WAITER], async (scenario) => {
    const [holder, waiter] = [scenario.participant(HOLDER), scenario.participant(WAITER)];
    await waiter.must('members');
    await holder.must('acquire');
    const holderPid = requirePid(holder);
    await holder.kill();
    const pid = await reuse(scenario, holderPid);

    void waiter.ask('turn 0');
    const entry = (steps: readonly Step[]): Step | undefined =>
      steps.find(({ participant, what }) => participant === WAITER && what === 'got-in');
    const getsIn = (): Promise<boolean> => scenario.until((steps) => entry(steps) !== undefined, patienceNs);
    const timeSince = (since: Step['what']): number => {
      const from = scenario.steps.find(({ participant, what }) => participant !== HOLDER && what === since);
      return (entry(scenario.steps)?.atNs ?? 0) - (from?.atNs ?? 0);
    };
    if (await getsIn()) {
      const outcome = entry(scenario.steps)?.recovery ?? 'released';
      return { strategy: label, pid, outcome, afterNs: timeSince('asked'), freedNs: null };
    }
    scenario.note(STRANGER, 'killed');
    await scenario.participant(STRANGER).kill();
    const freedNs = (await getsIn()) ? timeSince('killed') : null;
    return { strategy: label, pid, outcome: 'stuck', afterNs: null, freedNs };
  });
}
