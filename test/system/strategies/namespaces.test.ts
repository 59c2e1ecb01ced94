/**
 * Ports and abstract names belong to a network namespace: processes in two of them, as in two containers, do not exclude
 * each other.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { loadStrategy } from '../../../strategies/index.js';
import { Holder } from '../../support/lock-holder.js';
import { hasCommand, needs } from '../../support/support.js';

// A new namespace has a loopback interface that is down, and no address then.
const ELSEWHERE = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const [command = '', ...rest] = ELSEWHERE;
const canUnshare = hasCommand(command, ...rest, 'true');

async function two(t: TestContext, name: string, prefix: readonly string[]): Promise<[Holder, Holder]> {
  const strategy = await loadStrategy(name);
  const identity = unprivilegedIdentity();
  const roundDirectory = makeRoundDirectory(tmpdir(), 2, strategy, identity);
  t.after(() => roundDirectory.destroy());
  const spec = {
    strategy: name,
    policy: { kind: 'spin' } as const,
    roundDirectory: roundDirectory.job,
    identity,
  };
  return [
    await Holder.start(t, { ...spec, workerIndex: 0 }),
    await Holder.start(t, { ...spec, workerIndex: 1, prefix }),
  ];
}

for (const name of ['port', 'abstract-socket']) {
  test(`${name}: excludes within a network namespace, and not between two`, async (t) => {
    if (!needs(t, canUnshare, 'a network namespace cannot be made here; run as root, with iproute2')) return;
    const [one, neighbour] = await two(t, name, []);
    await one.acquire();
    assert.equal(await neighbour.tries(), false);
    const [here, elsewhere] = await two(t, name, ELSEWHERE);
    await here.acquire();
    assert.equal(await elsewhere.tries(), true, 'both got it: each namespace has its own');
  });
}
