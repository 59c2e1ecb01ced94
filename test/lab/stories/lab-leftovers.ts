/**
 * The lab on this kernel leaves nothing, however it ends: no process, namespace, mount or loop device; SIGKILL leaves the
 * image of the disk, which the next start removes. Shown in a virtual machine, since a machine of ours may have no NFS.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { needsLab, story } from '../../support/shared-lab.js';
import { program } from '../../support/support.js';

const script = join(projectRoot, 'test', 'fixtures', 'lab-leftovers.sh');

const ended = story('server', `bash ${script} ${process.execPath} ${program}`);

test('a lab on this kernel is gone after its end, SIGTERM and SIGKILL', async (t) => {
  if (!needsLab(t)) return;
  const { code, stdout, stderr } = await ended();
  assert.equal(code, 0, stderr);
  const told = stdout.trim().split('\n');
  assert.equal(told.length, 4, stdout);
  assert.equal(told[0], 'KILL 137');
  assert.match(told[1] ?? '', /^> file lockbench\.\S+\.disk$/);
  assert.deepEqual(told.slice(2), ['TERM 143', 'end 9']);
});
