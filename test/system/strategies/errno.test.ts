/**
 * Only the expected errno means "held": every other is thrown, and EINTR is waited out. strace makes system calls fail
 * without carrying them out; it injects only into calls that touch the place's own files, or that nobody else makes.
 */

import assert from 'node:assert/strict';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { look } from '../../../bench/measure/parent/preflight.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { LOCKED_NAME } from '../../../bench/measure/worker/lock-site.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { scenarioPolicy } from '../../../bench/scenario/participant-lock.js';
import { OTHER_LOCKS } from '../../../strategies/fcntl-range.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { Holder } from '../../support/lock-holder.js';
import { hasCommand, needs } from '../../support/support.js';

const directory = tmpdir();
const identity = unprivilegedIdentity();
const { findings } = await look(strategyNames, [directory], identity);
const canInject = hasCommand('strace', '-e', 'inject=getpid:retval=1', '-o', '/dev/null', 'true');

/** Calls on the locked file that opening the lock makes, before it is taken. */
const BEFORE: Readonly<Record<string, number>> = { 'fcntl-range': OTHER_LOCKS };

/** strace looks at the first path of rename(2) alone, and giving back renames a private name: then the call on whichever file. */
const GIVES_BACK_UNDER_PRIVATE_NAME: readonly string[] = ['rename'];

/** Its waits are each made by a thread of their own, and strace counts the calls of a thread: it would never let one by. */
const MAKES_THREADS: readonly string[] = ['fs-native-extensions'];

/** Libraries that keep to themselves that giving back failed: who holds the lock is told that all is well. */
const SAYS_NOTHING: readonly string[] = ['lockfile'];

/**
 * How strace picks the calls that take a lock of this family, and those that give it back, on the files they touch. It
 * counts each kind of call by itself: the second one of fcntl or rename is the one that unlocks.
 */
interface Calls {
  take(how: string, before: number): string[];
  /** Null where nothing tells them from calls of the engine. */
  readonly drop: ((how: string, before: number) => string[]) | null;
  /** None for calls that touch no file, and that nobody else in the process makes. */
  readonly files: readonly string[];
  readonly errors: readonly string[];
}

const CALLS: Partial<Record<Strategy['family'], Calls>> = {
  'kernel file lock': {
    take: (how, before) => [`fcntl,flock:${how}:when=${before + 1}..${before + 3}`],
    drop: (how, before) => [`fcntl,flock:${how}:when=${before + 2}+`],
    files: [LOCKED_NAME],
    errors: ['ENOLCK', 'EIO'],
  },
  'name in a directory': {
    take: (how) => [`%file:${how}`],
    drop: (how) => [`?unlink,unlinkat,?rmdir:${how}`, `?rename,?renameat,renameat2:${how}:when=2+`],
    files: ['lock', 'free', 'file.lock'],
    errors: ['EIO', 'ENOSPC', 'EROFS'],
  },
  socket: {
    take: (how) => [`bind:${how}`],
    drop: null,
    files: [],
    errors: ['EACCES', 'EADDRNOTAVAIL'],
  },
};

// The maker of the semaphore gives it its value by the first semop.
const semop: Calls = {
  take: (how) => [`?semop,?semtimedop:${how}:when=2..4`],
  drop: (how) => [`?semop,?semtimedop:${how}:when=3+`],
  files: [],
  errors: ['EIDRM', 'ENOSPC'],
};

/** Of families whose locks make calls of different kinds. */
const BY_NAME: Readonly<Record<string, Calls>> = {
  'sysv-sem': semop,
  'sysv-sem-undo': semop,
  'pipe-token': {
    take: (how) => [`read:${how}:when=1..3`],
    drop: (how) => [`write:${how}`],
    files: ['pipe'],
    errors: ['EIO', 'EISDIR'],
  },
};

/** What libuv's errors are called; it has no name for some, ENOLCK among them, and gives the number. */
const namesOf = (error: string): unknown[] => [
  error,
  `Unknown system error -${(constants.errno as Readonly<Record<string, number>>)[error]}`,
];

/** A holder whose calls on `files` fail as `injections` say. */
async function holderUnder(
  t: TestContext,
  strategy: Strategy,
  policy: Policy,
  files: readonly string[],
  injections: readonly string[],
): Promise<Holder> {
  const roundDirectory = makeRoundDirectory(directory, 1, strategy, identity);
  t.after(() => roundDirectory.destroy());
  const options = [
    ...['-f', '-qq', '-o', '/dev/null'],
    ...files.flatMap((file) => ['-P', join(roundDirectory.job.dir, file)]),
    ...injections.flatMap((one) => ['-e', `inject=${one}`]),
  ];
  const spec = {
    strategy: strategy.name,
    policy,
    roundDirectory: roundDirectory.job,
    workerIndex: 0,
    identity,
  };
  return Holder.start(t, spec, options);
}

for (const name of strategyNames) {
  const strategy = await loadStrategy(name);
  const found = findings[name]?.[directory];
  const calls = BY_NAME[name] ?? CALLS[strategy.family];
  // Memory has no errno: no system call stands between a process and its shared flag.
  if (calls === undefined) continue;
  const before = BEFORE[name] ?? 0;

  const policy = scenarioPolicy(
    found?.available === true ? found.members : { lock: false, tryLock: true, shared: false, fifo: false },
  );

  describe(name, () => {
    const ready = (t: TestContext): boolean =>
      needs(t, found?.available === true, found?.available === false ? found.reason : 'it was not tried') &&
      needs(t, canInject, 'strace is missing or may not trace here; apt-get install strace');

    for (const error of calls.errors) {
      test(`${error} while taking it is thrown, and is not taken for "held"`, async (t) => {
        if (!ready(t)) return;
        const holder = await holderUnder(
          t,
          strategy,
          policy,
          calls.files,
          calls.take(`error=${error}`, before),
        );
        const answer = await holder.ask('try');
        assert.ok(answer.at === 'failed', JSON.stringify(answer));
        assert.ok(namesOf(error).includes(answer.code), `${answer.code}, not ${error}`);
      });
    }

    const { drop } = calls;
    if (drop !== null) {
      const isThrown = !SAYS_NOTHING.includes(name);
      test(`EIO while giving it back is ${isThrown ? 'thrown' : 'told to nobody'}`, async (t) => {
        if (!ready(t)) return;
        const files = GIVES_BACK_UNDER_PRIVATE_NAME.includes(name) ? [] : calls.files;
        const holder = await holderUnder(t, strategy, policy, files, drop('error=EIO', before));
        await holder.acquire();
        const answer = await holder.ask('unlock');
        assert.equal(answer.at, isThrown ? 'failed' : 'done', JSON.stringify(answer));
        if (answer.at === 'failed') assert.equal(answer.code, 'EIO');
        else assert.equal(await holder.tries('second'), false, 'nothing failed');
      });
    }

    if (found?.available === true && found.members.lock && !MAKES_THREADS.includes(name)) {
      test('EINTR while blocking is waited out', async (t) => {
        if (!ready(t)) return;
        const holder = await holderUnder(t, strategy, policy, calls.files, calls.take('error=EINTR', before));
        assert.deepEqual(await holder.ask('acquire'), { at: 'done' });
        assert.deepEqual(await holder.ask('unlock'), { at: 'done' });
      });
    }
  });
}
