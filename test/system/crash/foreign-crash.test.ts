/**
 * Crashes and readers in other languages: the same stories, played by workers in C and Python; and workers that say what none
 * may say.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { playCrash } from '../../../bench/crash/crash-case.js';
import type { CrashEvent } from '../../../bench/crash/crash-events.js';
import type { PlayedCrash } from '../../../bench/crash/crash-schema.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import type { ForeignWorker } from '../../../bench/measure/parent/foreign-worker.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { playOrder } from '../../../bench/order/order-case.js';
import { loadStrategy } from '../../../strategies/index.js';
import { needsCompiler, withOwnCache } from '../../support/c-compiler.js';
import { foreignWorker, needsPython } from '../../support/foreign-round.js';
import { LIMIT_NS } from '../../support/limit.js';

withOwnCache();

const BLOCK: Policy = { kind: 'block' };
const POLLING: Policy = { kind: 'sleep', ns: 2e6 };
/** Waits for what shall happen until it does. */
const OVERTAKEN = { patienceNs: LIMIT_NS, settlingNs: LIMIT_NS };
const SERVED = { patienceNs: 500e6, settlingNs: LIMIT_NS };
/** For what shall not happen, half a second is long enough to be told from a lock that is given on. */
const STUCK = { patienceNs: 500e6, settlingNs: 500e6 };

async function crash(
  foreign: ForeignWorker,
  strategy: string,
  event: CrashEvent,
  policy: Policy,
  patience: { readonly patienceNs: number; readonly settlingNs: number },
): Promise<PlayedCrash> {
  const where = { directory: tmpdir(), identity: unprivilegedIdentity() };
  return playCrash({
    ...{ strategy: await loadStrategy(strategy), foreign, event, policy, ...where, ...patience },
  });
}

const LANGUAGES = [
  ['c', needsCompiler],
  ['python', needsPython],
] as const;

for (const [runtime, has] of LANGUAGES) {
  const play = (
    strategy: string,
    ...rest: [CrashEvent, Policy, { readonly patienceNs: number; readonly settlingNs: number }]
  ) => crash(foreignWorker(strategy, runtime), strategy, ...rest);
  const story = (name: string, body: (t: TestContext) => Promise<void>): void =>
    void test(`${runtime}: ${name}`, async (t) => {
      if (has(t)) await body(t);
    });

  for (const event of ['kill', 'exception', 'exit', 'return'] as const) {
    story(`${event}: the kernel gives a lock on`, async () => {
      const { outcome, served, number, errors, ...played } = await play('flock', event, BLOCK, SERVED);
      assert.deepEqual([outcome, served], ['released', 3], JSON.stringify(errors));
      assert.deepEqual(number, { sequence: 'intact', final: 4, writes: 3, lost: 0 });
      assert.equal(played.runtime, runtime);
    });
  }

  story('a name stays when its holder is killed', async () => {
    const { outcome, served, afterNs } = await play('excl', 'kill', POLLING, STUCK);
    assert.deepEqual([outcome, served, afterNs], ['stuck', 0, null]);
  });

  story('closing another descriptor gives an fcntl lock away, and an update is lost', async () => {
    const { outcome, heldTwiceNs, number } = await play('fcntl', 'close', BLOCK, OVERTAKEN);
    assert.equal(outcome, 'overtaken');
    assert.ok(heldTwiceNs > 0);
    assert.equal(number.sequence, 'lost-updates');
  });

  story('a stopped holder keeps its lock', async () => {
    const { outcome, served, errors } = await play('flock', 'stop', BLOCK, SERVED);
    assert.deepEqual([outcome, served, errors], ['kept', 3, []]);
  });

  story('the holder of a lock file whose name was removed is told so, and ends nothing by it', async () => {
    const { outcome, errors } = await play('excl', 'unlink', POLLING, OVERTAKEN);
    assert.equal(outcome, 'overtaken');
    assert.ok(errors.length > 0);
    assert.match(errors[0]?.error ?? '', /unlink|No such file/);
  });

  story('readers are in together, and a writer is alone', async () => {
    const strategy = await loadStrategy('flock');
    const plays = await playOrder(
      {
        ...{ strategy, policy: BLOCK, foreign: foreignWorker('flock', runtime) },
        ...{ directory: tmpdir(), identity: unprivilegedIdentity() },
      },
      ['two-readers', 'reader-asked-first'],
      1,
      () => {},
    );
    const [readers] = plays.get('two-readers') ?? [];
    assert.equal(readers?.answer, 'together');
    for (const one of [...plays.values()].flat()) assert.equal(one.heldTwiceNs, 0);
  });
}

test('c: a robust mutex tells that its holder died', async (t) => {
  if (!needsCompiler(t)) return;
  const foreign = foreignWorker('robust-mutex', 'c');
  const { outcome, served } = await crash(foreign, 'robust-mutex', 'kill', BLOCK, SERVED);
  assert.deepEqual([outcome, served], ['owner-died', 3]);
});

for (const [way, expected] of [
  ['no-orders', /a task was expected/],
  ['wrong-step', /the worker: a step with "what" and "atNs" was expected, got .*danced/],
  ['wrong-answer', /the worker: "ready", "step", "done" or "failed" was expected, got .*found/],
  ['deaf', /ended with exit code 7/],
] as const) {
  test(`a worker that takes orders wrongly: ${way}`, async () => {
    const words = [
      process.execPath,
      fileURLToPath(new URL('../../fixtures/wrong-participant.js', import.meta.url)),
      way,
    ];
    const foreign = { runtime: 'worker', words, rogue: words, warmsUp: true, cwd: '/' };
    await assert.rejects(crash(foreign, 'flock', 'kill', BLOCK, STUCK), expected);
  });
}
