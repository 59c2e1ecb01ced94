/**
 * A round directory whose maker was killed: another process removes it, and says so where it cannot.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePrivateDirectory } from '../../../bench/machine/files/private-directory.js';
import { freshName } from '../../../bench/machine/owner-name.js';
import { removeOrphan } from '../../../bench/measure/parent/round-directory.js';
import { until } from '../../support/limit.js';
import { temporaryDirectory } from '../../support/support.js';

const REMOVE = `
const { removeOrphan } = await import(process.argv[1]);
removeOrphan(process.argv[2], process.argv[3], [], null);`;
const MODULE = new URL('../../../bench/measure/parent/round-directory.js', import.meta.url).href;

const remover = (parent: string, token: string): ChildProcess =>
  spawn(process.execPath, ['--input-type=module', '-e', REMOVE, MODULE, parent, token], { stdio: 'inherit' });

/** Whether a process waits for a lock of the kernel's. Source: proc_locks(5). */
const waits = (pid: number | undefined): boolean =>
  new RegExp(`-> FLOCK .* ${pid} `).test(readFileSync('/proc/locks', 'latin1'));

test('it is removed when its maker has ended, not before', async (t) => {
  const parent = temporaryDirectory(t);
  const token = freshName();
  const made = makePrivateDirectory(parent, token, null);
  const child = remover(parent, token);
  const ended = once(child, 'exit');
  await until('it waits for the lock', () => child.exitCode !== null || waits(child.pid));
  assert.ok(existsSync(made.path), 'its maker lives');
  // As the kernel does for a process that ends.
  closeSync(made.fd);
  assert.deepEqual(await ended, [0, null]);
  assert.ok(!existsSync(made.path));
});

test('one that was changed meanwhile stays, and is named', (t) => {
  const parent = temporaryDirectory(t);
  const token = freshName();
  const made = makePrivateDirectory(parent, token, null);
  chmodSync(made.path, 0o777);
  closeSync(made.fd);
  assert.throws(() => removeOrphan(parent, token, [], null), {
    message: new RegExp(`${join(parent, token)}.*as it was made, and`),
  });
  assert.ok(existsSync(made.path));
});
