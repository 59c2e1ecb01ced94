/**
 * The package filelock, in the runtime that alone has it; and what the others say of it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { lookEverywhere } from '../../../bench/measure/parent/look-everywhere.js';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import type { Runtime } from '../../../bench/measure/worker/strategy-spec.js';
import { foreignWorker } from '../../support/foreign-round.js';
import { prove } from '../../support/one-round.js';
import { needs } from '../../support/support.js';

const hasPackage = (path: string | undefined): boolean =>
  spawnSync('python3', ['-c', 'import filelock'], { env: { ...process.env, PATH: path }, stdio: 'ignore' })
    .status === 0;

/** The system's Python has the package that the system installs, though another one may come first in PATH. */
function needsFilelock(t: TestContext): boolean {
  const { PATH: was } = process.env;
  const path = [was, `/usr/bin:${was}`].find(hasPackage);
  if (!needs(t, path !== undefined, 'Python has no package filelock (apt-get install python3-filelock)'))
    return false;
  process.env.PATH = path;
  t.after(() => {
    process.env.PATH = was;
  });
  return true;
}

async function found(runtime: Runtime) {
  const spec = { strategy: 'filelock', policy: null, named: true, runtime } as const;
  const directory = memoryDirectory();
  const { findings } = await lookEverywhere([spec], [directory], unprivilegedIdentity());
  return Object.values(findings)[0]?.[directory];
}

test('filelock excludes in Python', async (t) => {
  if (!needsFilelock(t)) return;
  assert.equal((await found('python'))?.available, true);
  const foreign = foreignWorker('filelock', 'python');
  const { exclusion, sequence } = await prove('filelock', { foreign, enoughHandoffs: 20 });
  assert.deepEqual([exclusion.violations, sequence], [0, 'intact']);
});

test('Node says which runtime has it, and C that it has not', async () => {
  assert.deepEqual(await found('node'), {
    available: false,
    reason: 'it is written in Python alone: add --runtime python',
  });
  assert.deepEqual(await found('c'), {
    available: false,
    reason: 'it is not written in C: there is no strategies/c/filelock.c',
  });
});
