/**
 * However a command in the virtual machine ends, no machine stays and no file; SIGKILL leaves files, which the next start
 * removes.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../../support/limit.js';
import { leftBy } from '../../support/processes.js';
import { needsLab } from '../../support/shared-lab.js';
import { type Started, start, temporaryDirectory } from '../../support/support.js';

/** A kernel that hangs at its start is given a minute, and started twice more. */
const PATIENCE_MS = 200_000;

/** Machines that boot from files below a directory. */
function machinesIn(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
        return words[0]?.startsWith('qemu') === true && words.some((word) => word.startsWith(directory));
      } catch {
        return false;
      }
    });
}

async function booting(t: TestContext): Promise<{ run: Started; temporary: string }> {
  const temporary = temporaryDirectory(t);
  const env = { ...process.env, TMPDIR: temporary };
  const run = start(['nfs', 'exec', '--accel', 'tcg', '--', 'sleep 1000'], { env });
  t.after(() => run.kill('SIGKILL'));
  await until('a machine runs', () => machinesIn(temporary).length === 1);
  return { run, temporary };
}

describe('a machine is gone, and its files, after', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${signal}, with exit code ${code}`, async (t) => {
      if (!needsLab(t)) return;
      const { run, temporary } = await booting(t);
      run.kill(signal);
      assert.equal((await run.ended).code, code);
      assert.deepEqual(machinesIn(temporary), []);
      assert.deepEqual(readdirSync(temporary), []);
    });
  }

  test('a deadline, with exit code 3', async (t) => {
    if (!needsLab(t)) return;
    const temporary = temporaryDirectory(t);
    const env = { ...process.env, TMPDIR: temporary };
    const run = start(['nfs', 'exec', '--time-limit', '100ms', '--', 'true'], { env });
    const { code, stderr } = await run.ended;
    assert.equal(code, 3, stderr);
    assert.match(stderr, /killed after 0\.1 s/);
    assert.deepEqual(machinesIn(temporary), []);
    assert.deepEqual(readdirSync(temporary), []);
  });
});

test('a killed program takes its machine along; the next start removes its files', async (t) => {
  if (!needsLab(t)) return;
  const { run, temporary } = await booting(t);
  run.kill('SIGKILL');
  await run.ended;
  await until('the machine is gone', () => machinesIn(temporary).length === 0);
  assert.notDeepEqual(leftBy(run.pid, [temporary]), []);
  const env = { ...process.env, TMPDIR: temporary };
  const next = start(['nfs', 'exec', '--time-limit', '1ms', '--', 'true'], { env });
  await next.ended;
  assert.deepEqual(readdirSync(temporary), []);
});

test('once its kernel runs, a killed program leaves no file either', async (t) => {
  if (!needsLab(t)) return;
  const { run, temporary } = await booting(t);
  await until('the kernel runs', () => readdirSync(temporary).length === 0, PATIENCE_MS);
  assert.equal(machinesIn(temporary).length, 1);
  run.kill('SIGKILL');
  await run.ended;
  await until('the machine is gone', () => machinesIn(temporary).length === 0);
  assert.deepEqual(readdirSync(temporary), []);
});
