/**
 * Shared memory and semaphores that only this file and what it starts see; imported by what kills runs and looks for their
 * traces, which any other start would remove. Without the right to namespaces nothing changes, and it must run alone.
 *
 * A thread that was there before still sees the machine's own memory: nothing that is asynchronous may look into it here.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { keepToOurselves } from './private-namespaces.js';

if (keepToOurselves()) {
  const mount = ['-t', 'tmpfs', '-o', 'mode=1777', 'lockbench-test', '/dev/shm'];
  const { status, stderr } = spawnSync('mount', mount, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}
