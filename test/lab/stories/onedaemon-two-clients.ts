/**
 * A daemon that runs once on all hosts that share its pid file, on two clients of the lab.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsLab, story } from '../../support/shared-lab.js';
import { program } from '../../support/support.js';

const daemon = `${process.execPath} ${program} onedaemon --pidfile`;

/** On client1 it runs; then both try. The start of client1 is killed; then client2 tries again. */
const storyOf = (pidFile: string): string => `
  ${daemon} ${pidFile} -- sleep 1000 & first=$!
  until [ -s ${pidFile} ]; do sleep 0.2; done
  ${daemon} ${pidFile} -- echo ran; echo $?
  on client2 ${daemon} ${pidFile} -- echo ran; echo $?
  kill -KILL $first; wait $first
  on client2 ${daemon} ${pidFile} -- echo ran; echo $?
  ${daemon} ${pidFile} --by shm-flag -- echo ran; echo $?
`;

const daemons = story('client1', ['/lab/v3/ext4/x.pid', '/lab/v4.2/ext4/x.pid'].map(storyOf).join('\n'));

test('over NFS the second start is kept out on another host, too, and told no more than is known', async (t) => {
  if (!needsLab(t)) return;
  const { code, stdout, stderr } = await daemons();
  assert.equal(code, 0, stderr);
  const outcome = ['75', '75', 'ran', '0', '2'];
  assert.deepEqual(stdout.trimEnd().split('\n'), [...outcome, ...outcome], stderr);
  const refusals = stderr.split('\n').filter((line) => line.includes('unable to lock'));
  assert.equal(refusals.length, 4, stderr);
  for (const line of refusals)
    assert.match(
      line,
      /is (sleep \(pid \d+\) already running\?|pid \d+ already running, which is not to be seen from here\?)/,
    );
  assert.match(stderr, /--by shm-flag: a pid file of this host alone was expected, "\S+" is on NFSv3/);
});
