/**
 * The end of a child that is no program of ours: what it started may have its streams and live on, and its exit codes are its own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Child } from '../../../bench/measure/parent/child.js';

interface Started {
  readonly at: 'started';
  readonly pid: number;
}

/** Starts what has all its streams, says so, and ends. */
const LEAVING = `sleep 100000 & echo "{\\"at\\":\\"started\\",\\"pid\\":$!}" >&4; exit 5`;

test('a child that has ended is gone, though a process that it started has its streams', async (t) => {
  const child = new Child<Started>(['/bin/sh', '-c', LEAVING], {});
  const { pid } = await child.next();
  t.after(() => process.kill(pid, 'SIGKILL'));
  await child.gone;
  assert.equal(child.howItEnded, 'ended with exit code 5');
  process.kill(pid, 0);
  await assert.rejects(child.next(), /^\S+: worker \d+ ended with exit code 5$/);
});

test('an exit code that means something in Node is a number in other programs', async () => {
  const child = new Child<Started>(['/bin/sh', '-c', 'exit 13'], {});
  await child.gone;
  assert.equal(child.howItEnded, 'ended with exit code 13');
});
