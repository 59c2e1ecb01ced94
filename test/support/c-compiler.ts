/**
 * What tests of workers in C need: a compiler, and a cache of their own, so that they find nothing made before and leave
 * nothing behind.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { hasCommand, needs } from './support.js';

/** Whether to go on; skips the test where there is none. */
export const needsCompiler = (t: TestContext): boolean =>
  needs(t, hasCommand('cc'), 'there is no C compiler (apt-get install gcc libc6-dev)');

/** For all tests of a file, from now on. */
export function withOwnCache(): void {
  const was = process.env.XDG_CACHE_HOME;
  const folder = mkdtempSync(join(tmpdir(), 'lockbench-test-'));
  process.env.XDG_CACHE_HOME = folder;
  after(() => {
    if (was === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = was;
    rmSync(folder, { recursive: true, force: true });
  });
}
