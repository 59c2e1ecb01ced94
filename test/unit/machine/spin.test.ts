/**
 * The fixed computation: what of it holds on any machine, however busy.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fixedSpin } from '../../../bench/machine/spin.js';
import { allowedProcessors, runOn } from '../../../strategies/posix/affinity.js';

test('the fixed computation is told in whole nanoseconds, and its parts lie within the whole', () => {
  for (let i = 0; i < 3; i++) {
    const { wallNs, cpuNs, chainNs, fourChainsNs } = fixedSpin();
    for (const ns of [wallNs, cpuNs, chainNs, fourChainsNs])
      assert.ok(Number.isInteger(ns) && ns > 0, `${ns}`);
    // Two of the three tries took as long as their median, or longer.
    assert.ok(2 * (chainNs + fourChainsNs) <= cpuNs, `${chainNs} and ${fourChainsNs} of ${cpuNs}`);
  }
});

test('where others want the same processor, the fixed computation is seen to wait', async (t) => {
  const before = allowedProcessors();
  t.after(() => runOn(before));
  // What is started now inherits the one processor.
  runOn(before.slice(0, 1));
  // They end by themselves, should this process be killed.
  const work = 'console.log("busy"); for (const end = Date.now() + 60e3; Date.now() < end; );';
  const rivals = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['-e', work], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  t.after(async () => {
    const gone = Promise.all(rivals.map((rival) => once(rival, 'close')));
    for (const rival of rivals) rival.kill('SIGKILL');
    await gone;
  });
  await Promise.all(rivals.map(({ stdout }) => once(stdout, 'data')));
  const spins = Array.from({ length: 5 }, fixedSpin);
  const wallNs = spins.reduce((sum, spin) => sum + spin.wallNs, 0);
  const cpuNs = spins.reduce((sum, spin) => sum + spin.cpuNs, 0);
  // A fair share would be a quarter for each. Another program on the processor makes the wait longer, not shorter.
  assert.ok(cpuNs < 0.75 * wallNs, `${cpuNs} of ${wallNs}`);
});
