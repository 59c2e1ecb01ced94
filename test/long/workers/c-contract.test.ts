/**
 * The contract over the locks in C: who gets in, whose a lock is, what is left, and what becomes of it when its holder is
 * killed. Of those that are written in C alone, the stories of a holder that lives on, too.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { lookEverywhere } from '../../../bench/measure/parent/look-everywhere.js';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { Checks } from '../../../bench/prove/checks.js';
import { namesOnlyIn, strategyNames } from '../../../strategies/index.js';
import { testsOf } from '../../support/contract.js';
import { LIMIT_NS } from '../../support/limit.js';
import { hasCommand, needs } from '../../support/support.js';

const SIDE_BY_SIDE = 4;
const POLLING: Policy = { kind: 'sleep', ns: 2e6 };
const HANDOFFS = 200;

const names = readdirSync(join(projectRoot, 'strategies', 'c')).map((name) => basename(name, '.c'));
const directory = tmpdir();
const identity = unprivilegedIdentity();

async function ofEachLock(): Promise<void> {
  const specs = names.map((strategy) => ({ strategy, policy: null, named: true, runtime: 'c' as const }));
  const { strategies, findings, foreign = {} } = await lookEverywhere(specs, [directory], identity);
  describe('the contract of locks in C', { concurrency: SIDE_BY_SIDE }, () => {
    for (const name of names) {
      const contender = `${name} [c]`;
      const found = findings[contender]?.[directory];
      const [strategy, worker] = [strategies[contender], foreign[contender]];
      describe(contender, { concurrency: 1 }, () => {
        if (found?.available !== true || strategy === undefined || worker === undefined) {
          const reason = JSON.stringify(found);
          test('works here', (t) => void needs(t, false, reason));
          return;
        }
        const { members } = found;
        const isOnlyInC = namesOnlyIn('c').includes(name);
        const checks = new Checks({
          ...{ strategy, members, foreign: worker, directory, identity, memory: memoryDirectory() },
          ...{ policy: members.lock ? { kind: 'block' } : POLLING, limitNs: LIMIT_NS },
          handoffs: isOnlyInC ? HANDOFFS : 0,
        });
        before(() => checks.begin());
        after(() => checks.end());
        // A machine that stops a process for longer than its lease lets two in, and updates are lost: no fault of the lock.
        const isByLease = strategy.claims.leaseNs !== undefined;
        testsOf(checks.first.filter(({ promise }) => !isByLease || !promise.startsWith('loses no update')));
        if (isOnlyInC) testsOf(checks.further);
      });
    }
  });
}

test('a lock that is written in C alone has its file there, and no other is missing in Node', () => {
  for (const name of namesOnlyIn('c')) assert.ok(names.includes(name), name);
  for (const name of names) assert.ok([...strategyNames, ...namesOnlyIn('c')].includes(name), name);
});

if (hasCommand('cc')) await ofEachLock();
else
  test('the contract of locks in C', (t) =>
    void needs(t, false, 'there is no C compiler (apt-get install gcc libc6-dev)'));
