/**
 * A run has as many rounds as it has time for: what one round maps, opens and allocates is gone, or used again, in the next.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import { Round } from '../../../bench/measure/parent/round.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { ControlBlock } from '../../../bench/measure/worker/control-block.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import { type Footprint, footprintOf } from '../../support/footprint.js';
import { runRound, specOf } from '../../support/one-round.js';

const TIMES = 200;
/** The engine maps more when it likes; a leak would be one a round. */
const ENGINES_MAPS = TIMES / 2;
const ARENA_BYTES = 65_536;

function assertFlat(before: Footprint, after: Footprint, what: string): void {
  assert.equal(after.shared, before.shared, `${what}: mappings of shared memory`);
  assert.equal(after.descriptors, before.descriptors, `${what}: descriptors`);
  assert.ok(after.maps - before.maps < ENGINES_MAPS, `${what}: ${before.maps} mappings became ${after.maps}`);
  const grown = after.lowBytes - before.lowBytes;
  assert.ok(grown <= ARENA_BYTES, `${what}: ${grown} bytes for system calls were allocated`);
}

/** Repeats something that has been done some times already, so that what is made once is there. */
async function repeated(what: string, action: (i: number) => void | Promise<void>, times = TIMES) {
  for (let i = 0; i < 10; i++) await action(i);
  const before = footprintOf();
  for (let i = 0; i < times; i++) await action(i);
  assertFlat(before, footprintOf(), what);
}

test('control blocks of any size use the same memory again, which is zeros', async () => {
  await repeated('control blocks', (i) => {
    const [one, other] = [0, 1].map((j) =>
      ControlBlock.create({ workers: 1 + (i % 3), capacity: 1_000 * (1 + j), traced: i % 2 === 0 }),
    ) as [ControlBlock, ControlBlock];
    for (const block of [one, other]) {
      assert.ok(block.ledger(0).every((number) => number === 0));
      assert.equal(block.stopFlag[0], 0);
      block.ledger(0).fill(7);
      block.stop = true;
    }
    assert.equal(other.ledger(0)[0], 7);
    one.release();
    other.release();
  });
});

test('a timer that comes late stops no other round', () => {
  const first = ControlBlock.create({ workers: 1, capacity: 1, traced: false });
  first.release();
  const second = ControlBlock.create({ workers: 1, capacity: 1, traced: false });
  first.stop = true;
  assert.equal(second.stopFlag[0], 0);
  second.release();
});

describe('round directories', () => {
  for (const name of strategyNames) {
    test(name, async () => {
      const strategy = await loadStrategy(name);
      await repeated(name, () => {
        try {
          makeRoundDirectory(memoryDirectory(), 1, strategy, null).destroy();
        } catch {
          // A package that is not installed: what was made until then is gone, too.
        }
      });
    });
  }
});

test('rounds, those that fail among them', async () => {
  const spec = await specOf('robust-mutex', { enoughHandoffs: 1 });
  const failing = { ...spec, limits: { ...spec.limits, timeLimitNs: 1 } };
  const fails = async () => assert.equal((await (await Round.launch(failing)).run()).state, 'timed-out');
  await repeated('failing rounds', fails, 20);
  await repeated('rounds', async () => void (await runRound(spec)), 10);
});

test('a round in which nobody took a turn has timed out: of nothing there is no cost', async () => {
  const spec = await specOf('fcntl', { kind: 'timing', limits: { budgetNs: 1 } });
  for (let i = 0; i < 50; i++) {
    const outcome = await (await Round.launch(spec)).run();
    if (outcome.state === 'measured') {
      // Who was awake when the gate opened may have been quicker than the flag.
      assert.ok(outcome.figures.ledgers.some(({ length }) => length > 0));
      continue;
    }
    assert.equal(outcome.state, 'timed-out', outcome.reason);
    assert.equal(outcome.reason, 'no turn finished within 1ns; raise --budget');
    return;
  }
  assert.fail('in each of 50 rounds a turn was done within 1 ns; the test proves nothing');
});
