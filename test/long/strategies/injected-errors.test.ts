/**
 * Whatever error any call of a lock meets is thrown as that error, or the call is made again, as after EINTR; it is never taken
 * for "held", nor for a lock that was got or given back. The calls are found by watching: a lock that is added is tested, too.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { look } from '../../../bench/measure/parent/preflight.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import { Injection } from '../../support/injected-errors.js';
import { canAttach, KNOWN, makesCalls, someErrors } from '../../support/play-injections.js';
import { hasCommand, needs } from '../../support/support.js';

const directory = tmpdir();
const { findings } = await look(strategyNames, [directory], unprivilegedIdentity());
const isAble = hasCommand('strace', '-V') && (await canAttach());

for (const name of strategyNames) {
  const strategy = await loadStrategy(name);
  if (!makesCalls(strategy)) continue;
  test(`${name} tells every error, and takes none for "held"`, async (t) => {
    const found = findings[name]?.[directory];
    if (!needs(t, found?.available === true, found?.available === false ? found.reason : 'it was not tried'))
      return;
    if (!needs(t, isAble, 'strace is missing or may not look at running processes; apt-get install strace'))
      return;
    const { tried, missed, problems } = await new Injection(t, strategy, KNOWN[name]).play(someErrors);
    assert.deepEqual(problems, []);
    assert.ok(tried > missed.length, `no call failed: ${JSON.stringify(missed)}`);
  });
}
