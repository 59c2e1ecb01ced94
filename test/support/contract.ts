/**
 * What the tests of the contract share: processes on one place, crashes that are played again when a lease may have run out,
 * and the catalogue, strategy by strategy.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { playCrash } from '../../bench/crash/crash-case.js';
import type { CrashEvent } from '../../bench/crash/crash-events.js';
import type { PlayedCrash } from '../../bench/crash/crash-schema.js';
import { unprivilegedIdentity } from '../../bench/machine/identity.js';
import { ownPrefix } from '../../bench/machine/owner-name.js';
import { look } from '../../bench/measure/parent/preflight.js';
import { type MadeRoundDirectory, makeRoundDirectory } from '../../bench/measure/parent/round-directory.js';
import type { Members, Policy } from '../../bench/measure/worker/policy.js';
import { intervalsOf } from '../../bench/scenario/intervals.js';
import { HOLDER } from '../../bench/scenario/overtaking.js';
import { loadAll, strategyNames } from '../../strategies/index.js';
import { now } from '../../strategies/posix/clock.js';
import type { Claims, Strategy } from '../../strategies/strategy.js';
import { Holder } from './holder.js';
import { named } from './leavings.js';
import { conclusive, LIMIT_NS } from './limit.js';
import { needs } from './support.js';

export const directory = tmpdir();
export const memory = existsSync('/dev/shm') ? '/dev/shm' : directory;
export const identity = unprivilegedIdentity();
/** Three that poll ten thousand times a second, as a user's do, would keep a processor busy with waiting. */
const POLLING: Policy = { kind: 'sleep', ns: 2e6 };

/** How a lock with these members is waited for. */
export const policyFor = (members: Members): Policy => (members.lock ? { kind: 'block' } : POLLING);

/** Three processes on one place, or two, which several tests share: each leaves the lock free for the next. */
export class Company {
  readonly #ends: (() => unknown)[] = [];
  readonly made: MadeRoundDirectory;
  holders: readonly Holder[] = [];

  constructor(
    private readonly strategy: Strategy,
    private readonly count: number,
    private readonly asWho = identity,
  ) {
    this.made = makeRoundDirectory(directory, count, strategy, asWho);
  }

  async start(policy: Policy): Promise<void> {
    const owner = { after: (action: () => unknown) => void this.#ends.push(action) };
    const spec = {
      strategy: this.strategy.name,
      policy,
      roundDirectory: this.made.job,
      identity: this.asWho,
    };
    this.holders = await Promise.all(
      Array.from({ length: this.count }, (_, workerIndex) => Holder.start(owner, { ...spec, workerIndex })),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#ends.map((action) => action()));
    this.made.destroy();
  }

  /**
   * Asks them. What was answered after a good part of a lease is no answer to the question: then the process that has the
   * lock by now gives it back, and all is asked once more.
   */
  ask<T>(question: (one: Holder, two: Holder, three: Holder) => Promise<T>): Promise<T> {
    const [one, two, three] = this.holders as [Holder, Holder, Holder];
    const { leaseNs } = this.strategy.claims;
    if (leaseNs === undefined) return question(one, two, three);
    return conclusive(async () => {
      const beganNs = now();
      const isLate = (): boolean => Number(now() - beganNs) > leaseNs / 2;
      try {
        const answer = await question(one, two, three);
        if (!isLate()) return answer;
      } catch (error) {
        if (!isLate()) throw error;
      }
      for (const holder of this.holders) await holder.ask('unlock');
      return 'inconclusive';
    });
  }
}

/** Whether no lease may have run out but that of the holder after the event: who was slow for so long played another story. */
function isOfTheEvent({ timeline, eventNs }: PlayedCrash, { leaseNs }: Claims): boolean {
  return intervalsOf(timeline).every(
    ({ participant, fromNs, toNs }) =>
      leaseNs === undefined || (participant === HOLDER ? eventNs : toNs) - fromNs < leaseNs / 2,
  );
}

/**
 * Plays a crash. For `patienceNs` is waited for what may not happen, for `settlingNs` until all have had their turn, if they
 * shall.
 */
export const played = (
  strategy: Strategy,
  policy: Policy,
  event: CrashEvent,
  patienceNs: number,
  settlingNs = LIMIT_NS,
): Promise<PlayedCrash> =>
  conclusive(async () => {
    const spec = { strategy, policy, directory, identity, event, patienceNs, settlingNs };
    const crash = await playCrash(spec);
    return isOfTheEvent(crash, strategy.claims) ? crash : 'inconclusive';
  });

/** Most of a story is waiting. */
const SIDE_BY_SIDE = 4;

/** Has `prove` make the tests of each strategy that works here; those that do not apply to it do not exist. */
export async function ofEachStrategy(
  title: string,
  prove: (strategy: Strategy, members: Members) => void,
): Promise<void> {
  const { findings } = await look(strategyNames, [directory], identity);
  // First those whose stories last longest: nobody waits for them at the end.
  const byLease = [...(await loadAll())].sort((a, b) => (b.claims.leaseNs ?? 0) - (a.claims.leaseNs ?? 0));
  describe(title, { concurrency: SIDE_BY_SIDE }, () => {
    for (const strategy of byLease) {
      const { name } = strategy;
      const found = findings[name]?.[directory];
      describe(name, { concurrency: 1 }, () => {
        if (found?.available === true) prove(strategy, found.members);
        else {
          const reason = found?.reason ?? 'it was not tried';
          test('works here', (t) => void needs(t, false, reason));
        }
      });
    }
  });
  test('no test of this file left a place behind', () =>
    assert.deepEqual(named(ownPrefix(), [directory, memory]), []));
}
