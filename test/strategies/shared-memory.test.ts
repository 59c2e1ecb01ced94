/**
 * `Atomics` on a plain ArrayBuffer over mapped memory are true atomic instructions between processes. The language does
 * not promise it: V8 does it, and all that two processes share here rests on it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createNamed, openNamed, removeNamed } from '../../strategies/posix/shared-memory.js';

const adder = fileURLToPath(new URL('../fixtures/adder.js', import.meta.url));
const PROCESSES = 3;
const TIMES = 1_000_000;

test('no atomic addition of several processes is lost', async (t) => {
  const name = `lockbench-test-${process.pid}`;
  createNamed(name, 4096);
  t.after(() => removeNamed(name));
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, [adder, name, String(TIMES)]),
  );
  await Promise.all(children.map((child) => once(child, 'close')));
  const words = new Int32Array(openNamed(name, 4096).buffer);
  assert.equal(Atomics.load(words, 0), PROCESSES * TIMES);
});

test('named memory is made once, and removing it twice is no error', () => {
  const name = `lockbench-test-${process.pid}-once`;
  createNamed(name, 4096);
  assert.throws(() => createNamed(name, 4096), { code: 'EEXIST' });
  removeNamed(name);
  removeNamed(name);
  assert.throws(() => openNamed(name, 4096), { code: 'ENOENT' });
});
