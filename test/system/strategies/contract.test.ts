/**
 * The contract, proven for every strategy of the catalogue with real processes: nothing here names a strategy.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { brokenClaim, DEFAULT_PATIENCE_NS, playCrash } from '../../../bench/crash/crash-case.js';
import type { CrashEvent } from '../../../bench/crash/crash-events.js';
import type { PlayedCrash } from '../../../bench/crash/crash-schema.js';
import { unprivilegedIdentity } from '../../../bench/machine/identity.js';
import { ownPrefix } from '../../../bench/machine/owner-name.js';
import { look } from '../../../bench/measure/parent/preflight.js';
import { PLAIN } from '../../../bench/measure/parent/request.js';
import { Round } from '../../../bench/measure/parent/round.js';
import {
  type MadeRoundDirectory,
  makeRoundDirectory,
} from '../../../bench/measure/parent/round-directory.js';
import { judgeSequence } from '../../../bench/measure/verdict/sequence.js';
import { defaultPolicy, type Members, type Policy } from '../../../bench/measure/worker/policy.js';
import { intervalsOf } from '../../../bench/scenario/intervals.js';
import { HOLDER } from '../../../bench/scenario/overtaking.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import { now } from '../../../strategies/posix/clock.js';
import type { Claims, Strategy } from '../../../strategies/strategy.js';
import { Holder } from '../../support/holder.js';
import { leftOf, named } from '../../support/leavings.js';
import { conclusive, LIMIT_NS } from '../../support/limit.js';
import { isRoot, needs } from '../../support/support.js';

const directory = tmpdir();
const memory = existsSync('/dev/shm') ? '/dev/shm' : directory;
const identity = unprivilegedIdentity();
/** Three that poll ten thousand times a second, as a user's do, would keep a processor busy with waiting. */
const POLLING: Policy = { kind: 'sleep', ns: 2e6 };
const { findings } = await look(strategyNames, [directory], identity);

/** How many updates one contended round lost; at least 1 if its final number is wrong. */
async function lostBy(strategy: Strategy, members: Members): Promise<number> {
  const round = await Round.launch({
    kind: 'timing',
    processors: null,
    enoughHandoffs: 0,
    strategy,
    policy: defaultPolicy(members),
    conditions: {
      ...PLAIN,
      processes: 3,
      directory: { path: directory },
      increments: strategy.calls === 'synchronous' ? 3_000 : 300,
    },
    memory,
    limits: { atLeastNs: 0, budgetNs: LIMIT_NS, timeLimitNs: LIMIT_NS },
    identity,
  });
  const outcome = await round.run();
  assert.ok(outcome.state === 'measured', 'reason' in outcome ? outcome.reason : outcome.state);
  const { sequence, lost } = judgeSequence(outcome.figures.ledgers, outcome.figures.final);
  return sequence === 'intact' ? 0 : Math.max(1, lost);
}

/** Three processes on one place, or two, which several tests share: each leaves the lock free for the next. */
class Company {
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
   * Asks them. What was answered after a good part of a lease is no answer to the question: then the process that has the lock
   * by now gives it back, and all is asked once more.
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

/** All tests of a strategy that works here; those that do not apply to it do not exist. */
function prove(strategy: Strategy, members: Members): void {
  const { claims, family } = strategy;
  const isControl = family === 'control';
  const policy: Policy = members.lock ? { kind: 'block' } : POLLING;
  const company = new Company(strategy, 3);
  before(() => company.start(policy));
  after(() => company.end());

  /** For `patienceNs` is waited for what may not happen, for `settlingNs` until all have had their turn, if they shall. */
  const play = (event: CrashEvent, patienceNs: number, settlingNs = LIMIT_NS): Promise<PlayedCrash> =>
    conclusive(async () => {
      const spec = { strategy, policy, directory, identity, event, patienceNs, settlingNs };
      const played = await playCrash(spec);
      return isOfTheEvent(played, claims) ? played : 'inconclusive';
    });

  test('can be taken again once it is unlocked', () =>
    company.ask(async (one, two) => {
      for (const holder of [one, two, one]) {
        await holder.acquire();
        await holder.release();
      }
    }));

  if (claims.excludes && members.tryLock) {
    test('refuses a second holder', async () => {
      const refused = await company.ask(async (one, two) => {
        await one.acquire();
        const tries = [await two.tries(), await two.tries()];
        await one.release();
        return tries;
      });
      assert.deepEqual(refused, [false, false]);
    });
  }

  if (claims.excludes && members.lock) {
    test('makes a waiter wait, and wakes it when the holder unlocks', () =>
      company.ask(async (one, two) => {
        await one.acquire();
        let got = false;
        const waiting = two.ask('acquire').then((answer) => {
          got = true;
          return answer;
        });
        // A lock that does not make its caller wait answers at once.
        await new Promise((resolve) => setTimeout(resolve, 200));
        assert.equal(got, false, 'the second one got a lock that was held');
        await one.release();
        assert.deepEqual(await waiting, { at: 'done' });
        await two.release();
      }));
  }

  // Whose it is can be told only of a lock that holds.
  if (!isControl) {
    test(`belongs to: ${claims.owner}`, async () => {
      const [second, stranger] = await company.ask(async (one, two, three) => {
        await one.acquire();
        const again = await one.tries('second');
        await two.ask('unlock');
        return [again, await three.tries()];
      });
      assert.equal(second, claims.owner === 'process', 'a second lock of the same process');
      const strangerCan = claims.owner === 'name' || claims.owner === 'nobody';
      assert.equal(stranger, strangerCan, 'after a stranger has unlocked it');
    });
  }

  test('leaves nothing behind when its holders are killed, and may be destroyed twice', async () => {
    const { made, holders } = company;
    await Promise.all(holders.map((holder) => holder.kill()));
    assert.notDeepEqual(leftOf(made.job.token, [directory, memory]), [], 'the place itself, at least');
    made.destroy();
    made.destroy();
    assert.deepEqual(leftOf(made.job.token, [directory, memory]), []);
  });

  if (claims.excludes) {
    test('loses no update between contending processes', async () => {
      assert.equal(await lostBy(strategy, members), 0);
    });
  } else {
    test('is caught losing updates between contending processes', async () => {
      // That they meet is for the machine to bring about: until it does, nothing is known.
      await conclusive(async () => ((await lostBy(strategy, members)) > 0 ? 'caught' : 'inconclusive'));
    });
  }

  test(`if its holder is killed: ${claims.holderDies}`, async () => {
    const settlingNs = claims.holderDies === 'stuck' ? DEFAULT_PATIENCE_NS : LIMIT_NS;
    // Who is in beside the holder does not wait for its death: of that, a control may tell nothing.
    assert.equal(brokenClaim(await play('kill', DEFAULT_PATIENCE_NS, settlingNs), claims, false), null);
  });

  if (claims.excludes && claims.leaseNs === undefined) {
    test('keeps all others out while its holder is stopped, longer than a lock may count as stale', async () => {
      const played = await play('stop', DEFAULT_PATIENCE_NS);
      assert.equal(brokenClaim(played, claims, false), null);
      assert.equal(played.outcome, 'kept');
      assert.equal(played.number.sequence, 'intact');
      assert.equal(played.served, 3, JSON.stringify(played.errors));
    });
  }

  if (family === 'kernel file lock') {
    const loses = claims.owner === 'process';
    test(`${loses ? 'is lost' : 'is kept'} when another descriptor of the file is closed`, async () => {
      const played = await play('close', loses ? LIMIT_NS : 300e6);
      assert.equal(played.outcome, loses ? 'overtaken' : 'kept');
    });
  }

  if (claims.leaseNs !== undefined) {
    test('is taken from a holder that is stopped for too long, which is told so; two held it', async () => {
      const played = await play('stop', LIMIT_NS);
      assert.equal(played.outcome, 'overtaken');
      assert.ok(played.heldTwiceNs > 0);
      assert.equal(played.number.sequence, 'lost-updates');
      assert.deepEqual(
        played.errors.map(({ participant }) => participant),
        [HOLDER],
        JSON.stringify(played.errors),
      );
      // Nobody's lock was removed by the one who came back: so all others were served.
      assert.equal(played.served, 3);
    });
  }

  if (!isControl && members.tryLock) {
    test(`${claims.excludesAsRoot ? 'excludes' : 'does not exclude'} between processes of root`, async (t) => {
      if (!needs(t, isRoot, 'only root can try what root may do')) return;
      const pair = new Company(strategy, 2, null);
      t.after(() => pair.end());
      await pair.start(policy);
      const got = await pair.ask(async (one, two) => {
        await one.acquire();
        return two.tries();
      });
      assert.equal(got, !claims.excludesAsRoot);
    });
  }
}

const strategies = await Promise.all(strategyNames.map(loadStrategy));
/** First those whose stories last longest: nobody waits for them at the end. */
const byLease = [...strategies].sort((a, b) => (b.claims.leaseNs ?? 0) - (a.claims.leaseNs ?? 0));
/** Most of a story is waiting. */
const SIDE_BY_SIDE = 4;

describe('the contract of', { concurrency: SIDE_BY_SIDE }, () => {
  for (const strategy of byLease) {
    const { name } = strategy;
    const found = findings[name]?.[directory];
    describe(name, { concurrency: 1 }, () => {
      test('is filed under its own name', () => assert.equal(strategy.name, name));
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
