/**
 * The limit of a control group: of both versions, the tightest on the way to the root.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMembership } from '../../../bench/machine/control-group.js';
import { parseCpuMax, parseThrottled, readCpuLimit } from '../../../bench/machine/cpu-limit.js';
import { mostInGroups } from '../../../bench/machine/means.js';
import { temporaryDirectory } from '../../support/support.js';

test('what the files say', () => {
  assert.equal(parseCpuMax('50000 100000\n'), 0.5);
  for (const text of ['max 100000', '-1 100000', '', '0 0', '100000', 'undefined undefined'])
    assert.equal(parseCpuMax(text), null, text);
  assert.equal(parseThrottled('nr_throttled 3\nthrottled_usec 250\n'), 250_000);
  assert.equal(parseThrottled('nr_throttled 3\nthrottled_time 250\n'), 250);
  assert.equal(parseThrottled('usage_usec 1\n'), null);
  assert.deepEqual(parseMembership('1:cpu,cpuacct:/a\n2:memory:/b\n0::/c d:e\n', 'cpu'), [
    { version: 1, path: '/a' },
    { version: 2, path: '/c d:e' },
  ]);
});

test('the tightest limit between our group and the root counts', (t) => {
  const home = temporaryDirectory(t);
  const write = (path: string, text: string): void => {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  const limit = () => readCpuLimit(join(home, 'proc'), { 1: [join(home, 'v1')], 2: [join(home, 'v2')] });
  assert.equal(limit(), null, 'nothing is to be seen');
  write('proc/self/cgroup', '3:cpu:/a/b\n0::/c/d\n');
  assert.equal(limit(), null, 'nothing limits');
  write('v2/c/d/cpu.max', 'max 100000\n');
  write('v2/c/cpu.max', '150000 100000\n');
  write('v2/c/cpu.stat', 'throttled_usec 7\n');
  assert.deepEqual(limit(), { cpus: 1.5, throttledNs: 7000 });
  write('v1/a/b/cpu.cfs_quota_us', '20000\n');
  write('v1/a/b/cpu.cfs_period_us', '100000\n');
  assert.deepEqual(limit(), { cpus: 0.2, throttledNs: null });
});

test('the fewest processes that a group between ours and the root allows are allowed', (t) => {
  const home = temporaryDirectory(t);
  const write = (path: string, text: string): void => {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  const most = () => mostInGroups(join(home, 'proc'), { 1: [join(home, 'v1')], 2: [join(home, 'v2')] });
  assert.equal(most(), null, 'nothing is to be seen');
  write('proc/self/cgroup', '3:pids:/a/b\n4:cpu:/c\n0::/d\n');
  write('v2/d/pids.max', 'max\n');
  assert.equal(most(), null, 'nothing limits');
  write('v1/a/pids.max', '16\n');
  write('v1/a/b/pids.max', '32\n');
  write('v1/c/pids.max', '1\n');
  assert.equal(most(), 16);
});
