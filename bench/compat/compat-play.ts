/**
 * All pairs of locks in one place: each is held while the other is tried, both ways round, and then both contend.
 */
import { availableParallelism } from 'node:os';
import { strategy as brokenLock } from '../../strategies/broken.js';
import { policyName } from '../measure/worker/policy.js';
import { scenarioPolicy } from '../scenario/participant-lock.js';
import { reasonOf } from './compat-reason.js';
import type { CompatCell, CompatLock, Seen } from './compat-schema.js';
import { type PairSeen, verdictOf } from './compat-verdict.js';
import { type ContentionLimits, contend } from './contend.js';
import { type Candidate, holdAndTry, type Pair, type PairDirectory } from './hold-and-try.js';
import { Watch } from './observation.js';

/** What is played, and where. */
export interface CompatSpec extends PairDirectory {
  readonly participants: readonly Candidate[];
  readonly filesystem: string;
  readonly limits: ContentionLimits;
  /** Whether the broken lock was caught in rounds like these; left out: it is to be tried. */
  readonly controlCaught?: boolean | null;
}

export interface CompatEvents {
  /** A pair begins, after `done` of `total`. */
  begins(pair: string, done: number, total: number): void;
  /** Whether nothing else shall begin. */
  isOver(): boolean;
}

export interface Played {
  readonly locks: CompatLock[];
  readonly cells: CompatCell[];
  readonly controlCaught: boolean | null;
}

/** A broken lock lets two in sooner or later; a round in which it did not says nothing yet. */
const CONTROL_ROUNDS = 10;

async function catchControl(spec: CompatSpec, { isOver }: CompatEvents): Promise<boolean | null> {
  if (spec.limits.handoffs === 0) return null;
  const members = { lock: false, tryLock: true, shared: false, fifo: false };
  const control = { name: brokenLock.name, strategy: brokenLock, members, policy: scenarioPolicy(members) };
  for (let i = 0; i < CONTROL_ROUNDS && !isOver(); i++) {
    const came = await contend([control, control], spec, spec.limits);
    if (!('failure' in came) && came.violations > 0) return true;
  }
  return false;
}

/** `seen`: of a lock beside itself, what is seen of it. */
interface Met {
  readonly seen: Seen | null;
  readonly pair: PairSeen;
}

/** Both directions and the round; `look`: of a lock beside itself, what is seen of it. */
async function meet(pair: Pair, spec: CompatSpec, watch: Watch): Promise<Met> {
  const [one, two] = pair;
  const watching = watch.looking();
  const { forth, back } = await holdAndTry(pair, spec, one === two ? watching.look : undefined);
  const { everyPair, handoffs } = spec.limits;
  const isTried = !('failure' in forth || 'failure' in back);
  const isOpen = isTried && !(forth.got || back.got);
  const contends = handoffs > 0 && (isOpen || (everyPair && isTried));
  const contention = contends ? await contend(pair, spec, spec.limits) : null;
  return { seen: watching.seen(), pair: { forth, back, contention } };
}

/** The cells of a pair; of a lock beside itself, one. */
function cellsOf(
  [one, two]: Pair,
  { forth, back, contention }: PairSeen,
  seen: ReadonlyMap<string, Seen | null>,
  filesystem: string,
): CompatCell[] {
  const cell = (
    holder: Candidate,
    other: Candidate,
    tried: PairSeen['forth'],
    reverse: PairSeen['back'],
  ): CompatCell => {
    const verdict = verdictOf(tried, reverse, contention);
    return {
      ...{ holder: holder.name, other: other.name, gotIn: 'failure' in tried ? null : tried.got, verdict },
      reason: reasonOf({
        ...{ verdict, filesystem, pair: { forth: tried, back: reverse, contention } },
        seen: [seen.get(holder.name) ?? null, seen.get(other.name) ?? null],
        same: holder.strategy.name === other.strategy.name,
      }),
      contention: contention === null || 'failure' in contention ? null : contention,
    };
  };
  const first = cell(one, two, forth, back);
  return one === two ? [first] : [first, cell(two, one, back, forth)];
}

/** Most of a pair's time is spent waiting for processes to start, and nothing is timed: as many at once as there are processors. */
const lanesOf = ({ hosts = [] }: CompatSpec): number =>
  // Those of an emulated machine have time limits that were made for one at a time.
  hosts.length > 0 ? 1 : Math.min(MOST_LANES, availableParallelism());
const MOST_LANES = 4;

/** Plays until all pairs are done or it is over. What a pair throws is that pair's finding. */
export async function playCompat(spec: CompatSpec, events: CompatEvents): Promise<Played> {
  const { participants, filesystem } = spec;
  const alone = participants.map((one): Pair => [one, one]);
  const others = participants.flatMap((one, i) => participants.slice(i + 1).map((two): Pair => [one, two]));
  const total = alone.length + others.length + 1;
  const watches = Array.from({ length: lanesOf(spec) }, () => new Watch(spec.identity, spec.hosts?.[0]));
  let done = 0;
  const met = new Map<Pair, Met>();
  const meetAll = async (pairs: readonly Pair[]): Promise<void> => {
    const left = [...pairs];
    await Promise.all(
      watches.map(async (watch) => {
        for (let pair = left.shift(); pair !== undefined && !events.isOver(); pair = left.shift()) {
          const [one, two] = pair;
          events.begins(
            one === two ? `${one.name} and another` : `${one.name} and ${two.name}`,
            ++done,
            total,
          );
          const found = await meet(pair, spec, watch);
          // Its processes were killed under it: it tells nothing.
          if (!events.isOver()) met.set(pair, found);
        }
      }),
    );
  };
  try {
    events.begins('a broken lock, which must be caught', 0, total);
    const { controlCaught = await catchControl(spec, events) } = spec;
    // A lock beside itself comes first: what is seen of it explains all its other pairs.
    await meetAll(alone);
    const seen = new Map(alone.map((pair) => [pair[0].name, met.get(pair)?.seen ?? null]));
    await meetAll(others);
    const cells = [...alone, ...others].flatMap((pair) => {
      const found = met.get(pair);
      return found === undefined ? [] : cellsOf(pair, found.pair, seen, filesystem);
    });
    const locks = participants.map(
      ({ name, strategy, foreign, policy }): CompatLock => ({
        ...{ name, strategy: strategy.name, runtime: foreign?.runtime ?? 'node', wait: policyName(policy) },
        seen: seen.get(name) ?? null,
      }),
    );
    return { locks, cells, controlCaught };
  } finally {
    await Promise.all(watches.map((watch) => watch.end()));
  }
}
