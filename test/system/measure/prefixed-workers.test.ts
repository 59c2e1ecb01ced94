/**
 * Workers that are started on several hosts, "host" being whatever a command makes of it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Round } from '../../../bench/measure/parent/round.js';
import { specOf } from '../../support/one-round.js';

const hostOf = (pid: number): string =>
  /LOCKBENCH_TEST_HOST=(\w+)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'))?.[1] ?? 'none';

test('workers go to the hosts in turn, and exclude one another there', async () => {
  const hosts = ['a', 'b'].map((name) => ['env', `LOCKBENCH_TEST_HOST=${name}`]);
  const round = await Round.launch(await specOf('fcntl', { conditions: { processes: 3 }, hosts }));
  try {
    await round.settled();
    assert.deepEqual(round.pids.map(hostOf), ['a', 'b', 'a']);
    const outcome = await round.run();
    assert.ok(outcome.state === 'measured');
    assert.ok(outcome.figures.handoffs >= 500);
  } finally {
    await round.end();
  }
});

test('a host that cannot be entered is an error with its reason', async () => {
  const round = await Round.launch(await specOf('fcntl', { hosts: [['false']] }));
  const outcome = await round.run();
  assert.ok(outcome.state === 'errored');
  assert.match(outcome.reason, /worker .* ended with exit code 1/);
});
