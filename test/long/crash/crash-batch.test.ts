/**
 * Many crashes at once: what has a time to tell was played alone, and the order is the one that was asked for.
 */

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { playCrashes } from '../../../bench/crash/crash-batch.js';
import type { CrashSpec } from '../../../bench/crash/crash-case.js';
import { EVENTS } from '../../../bench/crash/crash-events.js';
import type { CrashScenario, PlayedCrash } from '../../../bench/crash/crash-schema.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { scenarioPolicy } from '../../../bench/scenario/participant-lock.js';
import { loadStrategy } from '../../../strategies/index.js';
import { LIMIT_NS } from '../../support/limit.js';

async function specsOf(
  name: string,
  events: readonly CrashSpec['event'][] = EVENTS,
  patienceNs = 500e6,
): Promise<CrashSpec[]> {
  const strategy = await loadStrategy(name);
  const policy = scenarioPolicy({ lock: name === 'flock', tryLock: true, shared: false, fifo: false });
  const roundDirectory = { directory: tmpdir(), identity: unprivilegedIdentity() };
  return events.map((event) => ({ ...roundDirectory, strategy, policy, event, patienceNs }));
}

const staleFile = new URL('../../fixtures/stale-file.js', import.meta.url).href;
const quiet = { begins() {}, isOver: () => false };

function allPlayed(scenarios: readonly CrashScenario[]): PlayedCrash[] {
  return scenarios.map((one) => {
    assert.ok(one.state === 'played', JSON.stringify(one));
    return one;
  });
}

test('a scenario that tells a time was played alone, though others wait side by side', async () => {
  const specs = [...(await specsOf('excl')), ...(await specsOf('flock'))];
  const played = allPlayed(await playCrashes(specs, quiet));
  assert.deepEqual(
    played.map(({ strategy, event }) => [strategy, event]),
    specs.map(({ strategy, event }) => [strategy.name, event]),
  );
  for (const { strategy, event, alone, outcome, heldTwiceNs } of played) {
    const tells = heldTwiceNs > 0 || !['stuck', 'kept'].includes(outcome);
    if (tells) assert.equal(alone, true, `${strategy}, ${event}: ${outcome}`);
  }
  assert.ok(played.filter(({ alone }) => !alone).length >= 7, 'hardly any was played beside others');
});

test('a lock that surprises, since it claims to be stuck and is not, is played once more, alone', async () => {
  const begun: string[] = [];
  const watch = { ...quiet, begins: ({ event }: CrashSpec) => void begun.push(event) };
  const [killed] = allPlayed(await playCrashes(await specsOf(staleFile, ['kill'], LIMIT_NS), watch));
  assert.deepEqual(begun, ['kill', 'kill']);
  assert.equal(killed?.outcome, 'released');
  assert.equal(killed?.alone, true);
});

test('what was begun when all is over does not count, and nothing more is begun', async () => {
  let begun = 0;
  const watch = { begins: () => void begun++, isOver: () => begun > 1 };
  const scenarios = await playCrashes(await specsOf('flock', ['kill', 'exit', 'return']), watch);
  assert.equal(begun, 2);
  assert.deepEqual(
    scenarios.map(({ event }) => event),
    ['kill'],
  );
});
