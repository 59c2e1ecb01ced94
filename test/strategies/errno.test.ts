/**
 * Only the expected errno means "held": every other is thrown, and EINTR is waited out. strace makes system calls fail
 * without carrying them out; it injects only into calls that touch the place's own files.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { unprivilegedIdentity } from '../../bench/environment/identity.js';
import { LOCKED_NAME, makePlace } from '../../bench/run/place.js';
import type { Policy } from '../../bench/run/policy.js';
import { look } from '../../bench/run/preflight.js';
import { scenarioPolicy } from '../../bench/scenario/actor-lock.js';
import { loadStrategy, strategyNames } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { Holder } from '../holder.js';
import { hasCommand, needs } from '../support.js';

const directory = tmpdir();
const identity = unprivilegedIdentity();
const { findings } = await look(strategyNames, [directory], identity);
const canInject = hasCommand('strace', '-e', 'inject=getpid:retval=1', '-o', '/dev/null', 'true');

/** How strace picks the calls that take a lock of this family, and those that give it back, on the file they touch. */
const CALLS: Partial<
  Record<Strategy['family'], { take: string; drop: string; file: string; errors: string[] }>
> = {
  'kernel file lock': {
    take: 'fcntl,flock:error=',
    // strace counts each kind of call by itself: the second one is the one that unlocks.
    drop: 'fcntl,flock:when=2+:error=',
    file: LOCKED_NAME,
    errors: ['ENOLCK', 'EIO'],
  },
  'name in a directory': {
    take: '%file:error=',
    drop: '?unlink,unlinkat,?rmdir,?rename:error=',
    file: 'lock',
    errors: ['EIO', 'ENOSPC', 'EROFS'],
  },
};

/** A holder whose calls on `file` fail as `inject` says. */
async function holderUnder(
  t: TestContext,
  strategy: Strategy,
  policy: Policy,
  file: string,
  inject: string,
): Promise<Holder> {
  const place = makePlace(directory, 1, strategy, identity);
  t.after(() => place.destroy());
  const options = ['-f', '-qq', '-o', '/dev/null', '-P', join(place.job.dir, file), '-e', `inject=${inject}`];
  const spec = { strategy: strategy.name, policy, place: place.job, workerIndex: 0, identity };
  return Holder.start(t, spec, options);
}

for (const name of strategyNames) {
  const strategy = await loadStrategy(name);
  const found = findings[name]?.[directory];
  const calls = CALLS[strategy.family];
  // Memory has no errno: no system call stands between a process and its shared flag.
  if (calls === undefined) continue;

  const policy = scenarioPolicy(
    found?.available === true ? found.members : { lock: false, tryLock: true, shared: false },
  );

  describe(name, () => {
    const ready = (t: TestContext): boolean =>
      needs(t, found?.available === true, found?.available === false ? found.reason : 'it was not tried') &&
      needs(t, canInject, 'strace is missing or may not trace here; apt-get install strace');

    for (const error of calls.errors) {
      test(`${error} while taking it is thrown, and is not taken for "held"`, async (t) => {
        if (!ready(t)) return;
        const holder = await holderUnder(t, strategy, policy, calls.file, `${calls.take}${error}`);
        const answer = await holder.ask('try');
        assert.ok(answer.at === 'failed', JSON.stringify(answer));
        assert.equal(answer.code, error);
      });
    }

    test('EIO while giving it back is thrown', async (t) => {
      if (!ready(t)) return;
      const holder = await holderUnder(t, strategy, policy, calls.file, `${calls.drop}EIO`);
      await holder.acquire();
      const answer = await holder.ask('unlock');
      assert.ok(answer.at === 'failed', JSON.stringify(answer));
      assert.equal(answer.code, 'EIO');
    });

    if (found?.available === true && found.members.lock) {
      test('EINTR while blocking is waited out', async (t) => {
        if (!ready(t)) return;
        const holder = await holderUnder(t, strategy, policy, calls.file, `${calls.take}EINTR:when=1..3`);
        assert.deepEqual(await holder.ask('acquire'), { at: 'done' });
        assert.deepEqual(await holder.ask('unlock'), { at: 'done' });
      });
    }
  });
}
