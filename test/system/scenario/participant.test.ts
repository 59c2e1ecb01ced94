/**
 * What a participant does when told, and what it says of it.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { within } from '../../../bench/scenario/participant-process.js';
import { Scenario } from '../../../bench/scenario/scenario.js';
import { loadStrategy } from '../../../strategies/index.js';
import { LIMIT_NS } from '../../support/limit.js';

const WHO = ['one', 'two'];
const BLOCK: Policy = { kind: 'block' };

/** Plays with two participants on a lock of this strategy. */
async function withTwo<T>(
  name: string,
  play: (scenario: Scenario) => Promise<T>,
  policy: Policy = BLOCK,
): Promise<T> {
  const spec = {
    strategy: await loadStrategy(name),
    policy,
    directory: tmpdir(),
    identity: unprivilegedIdentity(),
  };
  return Scenario.play(spec, WHO, play);
}

const told = (scenario: Scenario): string[] =>
  scenario.steps.map(
    ({ participant, what, number }) => `${participant} ${what}${number === undefined ? '' : ` ${number}`}`,
  );

test('a turn is told step by step, and its number is in the file', async () => {
  await withTwo('flock', async (scenario) => {
    await scenario.participant('one').must('turn 1');
    await scenario.participant('two').must('turn 1');
    assert.deepEqual(told(scenario), [
      ...['one asked', 'one got-in', 'one read 1', 'one wrote 2', 'one leaves', 'one unlocked'],
      ...['two asked', 'two got-in', 'two read 2', 'two wrote 3', 'two leaves', 'two unlocked'],
    ]);
    assert.equal(await scenario.number(), 3);
  });
});

test('orders wait in the pipe while the lock is held', async () => {
  await withTwo('flock', async (scenario) => {
    const [one, two] = [scenario.participant('one'), scenario.participant('two')];
    await one.must('acquire');
    const turn = two.ask('turn 1');
    const members = two.ask('members');
    await scenario.until((steps) => steps.some(({ participant }) => participant === 'two'), LIMIT_NS);
    assert.deepEqual(told(scenario), ['one asked', 'one got-in', 'two asked']);
    await one.must('unlock');
    assert.deepEqual(await turn, { at: 'done' });
    assert.deepEqual((await members).at, 'done');
  });
});

test('what it offers is told; a mode that is not there is a failure, and the turn ends there', async () => {
  await withTwo('flock', async (scenario) => {
    const { members } = await scenario.participant('one').must('members');
    assert.deepEqual(members, { lock: true, tryLock: true, shared: true, fifo: false });
  });
  await withTwo(
    'excl',
    async (scenario) => {
      const one = scenario.participant('one');
      assert.deepEqual((await one.must('members')).members, {
        lock: false,
        tryLock: true,
        shared: false,
        fifo: false,
      });
      const answer = await one.ask('turn shared 1');
      assert.ok(answer.at === 'failed' && /no shared mode/.test(answer.message), JSON.stringify(answer));
      assert.deepEqual(told(scenario), ['one asked', 'one failed']);
      assert.equal(await scenario.number(), 1);
    },
    { kind: 'sleep', ns: 100_000 },
  );
});

test('readers are in together, and a second lock of the process is another one', async () => {
  await withTwo('flock', async (scenario) => {
    await scenario.participant('one').must('acquire shared');
    await scenario.participant('two').must('acquire shared');
    assert.equal((await scenario.participant('one').must('second try')).got, false);
  });
});

test('an order that there is not is a failure', async () => {
  await withTwo('flock', async (scenario) => {
    const answer = await scenario.participant('one').ask('dance');
    assert.ok(answer.at === 'failed' && /an order was expected, got "dance"/.test(answer.message));
  });
});

for (const [order, what, how] of [
  ['throw', 'threw', /exit code 1: [\s\S]*an exception that nobody catches/],
  ['exit', 'exited', /exit code 0/],
  ['return', 'returned', /exit code 0/],
] as const) {
  test(`${order} ends the process, and what it is asked then is refused`, async () => {
    await withTwo('flock', async (scenario) => {
      const one = scenario.participant('one');
      await one.must('acquire');
      one.tellToEnd(order);
      await within(LIMIT_NS, `the end by ${order}`, one.gone);
      assert.equal(scenario.steps.at(-1)?.what, what);
      assert.match(one.ended?.message ?? '', how);
      await assert.rejects(one.ask('members'), how);
    });
  });
}

test('a strategy that cannot be loaded is told as that', async () => {
  const strategy = { ...(await loadStrategy('flock')), name: 'no-such' };
  const spec = { strategy, policy: BLOCK, directory: tmpdir(), identity: unprivilegedIdentity() };
  await assert.rejects(
    Scenario.play(spec, WHO, async () => assert.fail('the play began')),
    /a strategy of the catalogue was expected, got "no-such"/,
  );
});
