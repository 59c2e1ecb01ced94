/**
 * What the tests of the contract share: the checks of `lockbench prove` as tests, and the catalogue, strategy by strategy.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { named } from '../../bench/machine/leavings.js';
import { ownPrefix } from '../../bench/machine/owner-name.js';
import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import { endKeepers } from '../../bench/measure/parent/kept-directories.js';
import { look } from '../../bench/measure/parent/preflight.js';
import { takeUnremoved } from '../../bench/measure/parent/unremoved.js';
import type { Policy } from '../../bench/measure/worker/policy.js';
import type { Check } from '../../bench/prove/check.js';
import { Checks } from '../../bench/prove/checks.js';
import { loadAll, strategyNames } from '../../strategies/index.js';
import { LIMIT_NS } from './limit.js';
import { needs } from './support.js';

const directory = tmpdir();
const memory = existsSync('/dev/shm') ? '/dev/shm' : directory;
const identity = unprivilegedIdentity();
/** Three that poll ten thousand times a second, as a user's do, would keep a processor busy with waiting. */
const POLLING: Policy = { kind: 'sleep', ns: 2e6 };

/** Most of a story is waiting. */
const SIDE_BY_SIDE = 4;

/** A test for each check. */
export function testsOf(checks: readonly Check[]): void {
  for (const { promise, observe } of checks) {
    test(promise, async (t) => {
      const { isSo, observed } = await observe();
      if (needs(t, isSo !== null, observed)) assert.ok(isSo, `observed: ${observed}`);
    });
  }
}

/** Has `prove` make the tests of each strategy that works here; those that do not apply to it do not exist. */
export async function ofEachStrategy(title: string, prove: (checks: Checks) => void): Promise<void> {
  const { findings } = await look(strategyNames, [directory], identity);
  // First those whose stories last longest: nobody waits for them at the end.
  const byLease = [...(await loadAll())].sort((a, b) => (b.claims.leaseNs ?? 0) - (a.claims.leaseNs ?? 0));
  describe(title, { concurrency: SIDE_BY_SIDE }, () => {
    for (const strategy of byLease) {
      const { name } = strategy;
      const found = findings[name]?.[directory];
      describe(name, { concurrency: 1 }, () => {
        if (found?.available === true) {
          const { members } = found;
          const policy: Policy = members.lock ? { kind: 'block' } : POLLING;
          const where = { directory, identity, memory };
          prove(new Checks({ strategy, policy, members, ...where, handoffs: 0, limitNs: LIMIT_NS }));
        } else {
          const reason = found?.reason ?? 'it was not tried';
          test('works here', (t) => void needs(t, false, reason));
        }
      });
    }
  });
  test('no test of this file left a place behind', async () => {
    await endKeepers();
    assert.deepEqual(takeUnremoved(), []);
    assert.deepEqual(named(ownPrefix(), [directory, memory]), []);
  });
}
