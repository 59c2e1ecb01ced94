/**
 * Plays of two workers or three in one round, as `run` has them: what they say of it must fit together.
 */
import { now } from '../../../strategies/posix/clock.js';
import { formatDuration } from '../../base/duration.js';
import { plural } from '../../base/format.js';
import { Round, type RoundFigures } from '../../measure/parent/round.js';
import { record } from '../../measure/parent/round-record.js';
import { capacityOf } from '../../measure/parent/round-spec.js';
import { STAMPS } from '../../measure/worker/instruments.js';
import type { RoundKind } from '../../measure/worker/job.js';
import { type Members, type Policy, policyName } from '../../measure/worker/policy.js';
import { type Subject, specOf, type Wanted, Wrong } from './worker-bench.js';

const TURNS = 200;
const AT_LEAST_NS = 20e6;

/** Throws an Error with its reason if it does not come to its end. */
async function roundOf(subject: Subject, members: Members, wanted: Wanted): Promise<RoundFigures> {
  const conditions = { processes: 2, ...wanted.conditions };
  const round = await Round.launch(specOf(subject, members, { ...wanted, conditions }));
  const outcome = await round.run();
  if (outcome.state === 'measured') return outcome.figures;
  if (outcome.state === 'errored') throw new Error(outcome.reason);
  throw new Wrong(
    `it had not come to the end of a ${wanted.kind} round after ${formatDuration(subject.patienceNs)}`,
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
export async function playTiming(subject: Subject, members: Members): Promise<null> {
  const wanted = { kind: 'timing', increments: TURNS, atLeastNs: AT_LEAST_NS } as const;
  const figures = await roundOf(subject, members, wanted);
  const capacity = capacityOf(specOf(subject, members, wanted));
  const sinceGate = Number(now() - figures.gateNs);
  for (const { turns, endNs } of figures.workers) {
    if (endNs > sinceGate) throw new Wrong('it says times that are not since the gate opened');
    if (turns % TURNS !== 0)
      throw new Wrong(`it ended within a lap, after ${turns} turns of laps of ${TURNS}`);
    if (endNs < AT_LEAST_NS && turns + TURNS <= capacity)
      throw new Wrong(
        `it ended ${formatDuration(endNs)} after the gate opened, though laps are repeated for ${formatDuration(AT_LEAST_NS)}`,
      );
  }
  requireIntact('timing', figures);
  return null;
}

const SLEEP_NS = 20e6;
/** Each policy that a lock may be asked to wait by. */
const policiesOf = ({ lock, tryLock }: Members): Policy[] => [
  ...(lock ? [{ kind: 'block' } as const] : []),
  ...(tryLock
    ? ([
        { kind: 'spin' },
        { kind: 'yield' },
        { kind: 'sleep', ns: SLEEP_NS },
        { kind: 'backoff', fromNs: SLEEP_NS, toNs: 2 * SLEEP_NS },
      ] as const)
    : []),
];

/** The shortest pause that a policy makes after a try that failed, ns. */
const pauseOf = (policy: Policy): number =>
  policy.kind === 'sleep' ? policy.ns : policy.kind === 'backoff' ? policy.fromNs / 2 : 0;

const HOLD = { kind: 'sleep', ns: 5e6 } as const;
const THINK = { kind: 'spin', ns: 1e6 } as const;
const FEW_TURNS = 5;
/** Of a time, how much a worker must spend: clocks differ in how finely they tell it. */
const EXACT = 0.9;

/** They wait as they shall, and stay inside and outside for as long as they shall: a machine may make that longer only. */
export async function playWaiting(subject: Subject, members: Members): Promise<null> {
  for (const policy of policiesOf(members)) {
    const conditions = { hold: HOLD, think: THINK };
    const figures = await roundOf(subject, members, {
      kind: 'timing',
      increments: FEW_TURNS,
      policy,
      conditions,
    });
    requireIntact('timing', figures);
    const { workers } = figures;
    for (const { startNs, endNs, turns, failedTries } of workers) {
      const lasted = endNs - startNs;
      const least = EXACT * (turns * HOLD.ns + (turns - 1) * THINK.ns);
      if (lasted < least)
        throw new Wrong(
          `${plural(turns, 'turn')} of ${formatDuration(HOLD.ns)} inside and ${formatDuration(THINK.ns)} outside lasted ${formatDuration(lasted)}: it does not spend the times "hold" and "think"`,
        );
      const pauses = pauseOf(policy);
      if (pauses > 0 && failedTries > lasted / pauses + turns)
        throw new Wrong(
          `it says ${failedTries} failed tries within ${formatDuration(lasted)}: by ${policyName(policy)} it pauses for ${formatDuration(pauses)} or more after each`,
        );
    }
    const inside = workers.reduce((sum, { turns }) => sum + turns * HOLD.ns, 0);
    const all =
      Math.max(...workers.map(({ endNs }) => endNs)) - Math.min(...workers.map(({ startNs }) => startNs));
    if (all < EXACT * inside)
      throw new Wrong(
        `two held the lock for ${formatDuration(inside)} in turn, within ${formatDuration(all)}: it spends the time "hold" outside of the lock`,
      );
  }
  return null;
}

function requireStamps(figures: RoundFigures): void {
  for (const [i, stamps] of figures.stamps.entries()) {
    const { endNs = 0 } = figures.workers[i] ?? {};
    const times = Array.from(stamps, (stamp) => Number(stamp - figures.gateNs));
    const wrong = times.findIndex((at, stamp) => at < (times[stamp - 1] ?? 0) || at > endNs);
    if (wrong === -1) continue;
    throw new Wrong(
      `stamp ${wrong % STAMPS} of turn ${Math.floor(wrong / STAMPS)} is ${times[wrong]} ns since the gate: before the stamp that comes before it, or after endNs`,
    );
  }
}

/** Each turn is stamped, in order. */
export async function playTrace(subject: Subject, members: Members): Promise<null> {
  const figures = await roundOf(subject, members, { kind: 'trace', increments: TURNS });
  requireIntact('trace', figures);
  requireStamps(figures);
  requireExclusive('trace', figures);
  return null;
}

/** What happens inside is observed. */
export async function playProve(subject: Subject, members: Members): Promise<null> {
  const figures = await roundOf(subject, members, { kind: 'prove', increments: TURNS });
  requireIntact('prove', figures);
  requireStamps(figures);
  requireExclusive('prove', figures);
  return null;
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

/** Readers are beside each other, and beside no locker. */
export async function playReaders(subject: Subject, members: Members): Promise<string | null> {
  if (!members.shared) return 'has no mode for readers';
  const conditions = { processes: 3, readers: 2 };
  const figures = await roundOf(subject, members, { kind: 'prove', increments: TURNS, conditions });
  requireIntact('prove', figures);
  requireExclusive('prove', figures);
  const { changedReads } = record('prove', figures, 0, 0);
  if (changedReads > 0)
    throw new Wrong(
      `its readers saw the number change in ${plural(changedReads, 'turn')}: they read outside of the lock, or the lock lets two in`,
    );
  for (const [i, role] of figures.roles.entries()) {
    if (role !== 'reader') continue;
    const odd = figures.ledgers[i]?.find((number) => number < 1 || number > figures.final);
    if (odd !== undefined)
      throw new Wrong(
        `a reader wrote ${odd} to its ledger, where the number that it read was expected, 1 to ${figures.final}`,
      );
  }
  return null;
}
