/**
 * Every lock in C: it holds what its strategy claims, by waiting and by trying, and each control is caught.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { lookEverywhere } from '../../../bench/measure/parent/look-everywhere.js';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { allNames, strategyNames } from '../../../strategies/index.js';
import { needsCompiler } from '../../support/c-compiler.js';
import { conclusive } from '../../support/limit.js';
import { prove } from '../../support/one-round.js';
import { needs } from '../../support/support.js';

const names = readdirSync(join(projectRoot, 'strategies', 'c')).map((name) => basename(name, '.c'));

test('a lock in C is one of the catalogue', () => {
  assert.ok(names.length > 20);
  assert.deepEqual(
    names.filter((name) => !allNames.includes(name)),
    [],
  );
});

const directory = memoryDirectory();
/** All at once, in C and in Node: it starts a process for each, and compiles. */
let looked: ReturnType<typeof lookEverywhere> | undefined;
const look = () => {
  const inC = names.map((name) => ({ strategy: name, policy: null, named: true, runtime: 'c' }) as const);
  const inNode = inC.filter(({ strategy }) => strategyNames.includes(strategy));
  const specs = [...inC, ...inNode.map((spec) => ({ ...spec, runtime: 'node' }) as const)];
  looked ??= lookEverywhere(specs, [directory], unprivilegedIdentity());
  return looked;
};

for (const name of names) {
  test(`${name} in C`, async (t) => {
    if (!needsCompiler(t)) return;
    const { strategies, findings, foreign = {} } = await look();
    const contender = `${name} [c]`;
    const found = findings[contender]?.[directory];
    if (strategyNames.includes(name)) {
      // What a sandbox refuses to one it refuses to the other.
      const here = findings[name]?.[directory];
      if (!needs(t, here?.available === true, `${name} is unavailable here`)) return;
    }
    assert.ok(found?.available, JSON.stringify(found));
    const worker = foreign[contender];
    assert.ok(worker !== undefined);
    const claims = strategies[contender]?.claims;
    const policies: Policy[] = [
      ...(found.members.lock ? [{ kind: 'block' } as const] : []),
      ...(found.members.tryLock ? [{ kind: 'yield' } as const] : []),
    ];
    for (const policy of policies) {
      if (claims?.leaseNs !== undefined) {
        // A machine that stops a process for longer than its lease lets two in: no fault of the lock.
        await conclusive(async () => {
          try {
            const { exclusion } = await prove(name, { policy, foreign: worker, enoughHandoffs: 100 });
            return exclusion.violations === 0 ? 'excluded' : 'inconclusive';
          } catch {
            return 'inconclusive';
          }
        });
      } else if (claims?.excludes) {
        const { exclusion, sequence } = await prove(name, { policy, foreign: worker, enoughHandoffs: 300 });
        assert.deepEqual([exclusion.violations, sequence], [0, 'intact'], policy.kind);
        assert.ok(exclusion.handoffs > 0, policy.kind);
      } else {
        await conclusive(async () => {
          const { exclusion } = await prove(name, { policy, foreign: worker });
          return exclusion.violations > 0 ? 'caught' : 'inconclusive';
        });
      }
    }
    if (found.members.shared) {
      const conditions = { processes: 3, readers: 2 };
      const { exclusion, changedReads } = await prove(name, {
        policy: { kind: 'yield' },
        foreign: worker,
        conditions,
      });
      assert.deepEqual([exclusion.violations, changedReads], [0, 0], 'with readers');
    }
  });
}
