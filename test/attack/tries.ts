/**
 * What the attacks of this suite share. `hostile-paths.test.ts` tries each some times; here each path is tried 200 times, and the
 * whole of reproduce 75x some times: about two hours by `npm run test:attack`. A part of a file's name runs it alone:
 * `node dist/test/run.js attack daemons`.
 */
import { type TestContext, test } from 'node:test';
import { canSlow } from '../support/attacks.js';
import { isRoot, needs } from '../support/support.js';

export const TRIES = 200;

export const needsRoot = (t: TestContext): boolean => needs(t, isRoot, 'only root has anything to lose');

export const needsSlowCalls = (t: TestContext): boolean =>
  needsRoot(t) && needs(t, canSlow(), 'strace is missing or may not trace here');

/** An attack that needs nothing but root. */
export function testAsRoot(name: string, play: (t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (needsRoot(t)) await play(t);
  });
}

/** An attack on a program whose calls are slowed down. */
export function testSlowly(name: string, play: (t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (needsSlowCalls(t)) await play(t);
  });
}
