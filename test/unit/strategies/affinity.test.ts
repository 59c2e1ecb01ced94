/**
 * Pinning, as the kernel sees it: what it says of the thread must be what was asked for.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { allowedProcessors, runOn } from '../../../strategies/posix/affinity.js';
import { SystemError } from '../../../strategies/posix/errno.js';
import { needs } from '../../support/support.js';

/** From /proc/…/status, ranges written out. */
function allowedSays(status: string): number[] {
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status) ?? [];
  return list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

const kernelSays = (): number[] => allowedSays(readFileSync('/proc/thread-self/status', 'utf8'));

/** The processors at first; the thread gets them back after the test. */
function restored(t: TestContext): number[] {
  const before = allowedProcessors();
  t.after(() => {
    runOn(before);
    assert.deepEqual(kernelSays(), before, 'the thread has its processors back');
  });
  return before;
}

test('the allowed processors are those that the kernel names', () => {
  assert.deepEqual(allowedProcessors(), kernelSays());
});

test('a thread can be kept on each of its processors alone, and runs there', (t) => {
  for (const cpu of restored(t)) {
    runOn([cpu]);
    assert.deepEqual(allowedProcessors(), [cpu]);
    assert.deepEqual(kernelSays(), [cpu]);
    // Behind the last bracket the third field comes first; the 39th says where the thread ran last: proc_pid_stat(5).
    const stat = readFileSync('/proc/thread-self/stat', 'utf8');
    assert.equal(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[36]), cpu);
  }
});

test('a thread can be kept on several processors', (t) => {
  const all = restored(t);
  if (!needs(t, all.length > 1, 'this process may run on one processor only')) return;
  const two = [all[0], all.at(-1)] as number[];
  runOn([all[0] as number]);
  runOn([...two].reverse());
  assert.deepEqual(kernelSays(), two);
});

test('a child starts with the processors of the thread that made it', (t) => {
  const last = restored(t).at(-1) as number;
  runOn([last]);
  assert.deepEqual(allowedSays(execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' })), [last]);
});

test('processors that do not exist are refused with EINVAL and named, and the thread stays where it was', (t) => {
  const before = restored(t);
  for (const impossible of [[8191], [1 << 20], []]) {
    assert.throws(
      () => runOn(impossible),
      (error) => {
        assert.ok(error instanceof SystemError, String(error));
        assert.equal(error.code, 'EINVAL');
        assert.ok(error.message.includes(impossible.join(', ')), error.message);
        return true;
      },
      String(impossible),
    );
    assert.deepEqual(kernelSays(), before);
  }
});

test('a list in which one processor is possible is narrowed to it', (t) => {
  const [first] = restored(t) as [number];
  runOn([first, 8191]);
  assert.deepEqual(kernelSays(), [first]);
});
