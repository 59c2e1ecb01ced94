/**
 * Who we are for a moment, and what must not be forgotten over it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { as } from '../../../bench/machine/identity.js';
import { dieWithParent, parentDeathSignal } from '../../../strategies/posix/own-process.js';
import { isRoot, needs } from '../../support/support.js';

const SIGKILL = 9;
const NOBODY = { uid: 65534, gid: 65534 };

test('who acts as another user for a moment is root again, and still dies with its parent', (t) => {
  if (!needs(t, isRoot, 'only root can act as another user')) return;
  as(NOBODY, () => {});
  assert.equal(parentDeathSignal(), 0, 'what was not wished is not made up');
  dieWithParent(process.ppid);
  assert.equal(
    as(NOBODY, () => process.geteuid?.()),
    NOBODY.uid,
  );
  assert.equal(process.geteuid?.(), 0);
  assert.equal(parentDeathSignal(), SIGKILL);
});

test('what the action throws comes out, and nothing is forgotten', (t) => {
  if (!needs(t, isRoot, 'only root can act as another user')) return;
  dieWithParent(process.ppid);
  assert.throws(
    () =>
      as(NOBODY, () => {
        assert.equal(parentDeathSignal(), 0, 'the kernel forgets it: else this test proves nothing');
        throw new Error('no');
      }),
    /no/,
  );
  assert.deepEqual([process.geteuid?.(), parentDeathSignal()], [0, SIGKILL]);
});

test('a parent that had ended before one could ask to die with it is noticed', () => {
  const child = spawnSync(process.execPath, ['--eval', '']);
  assert.throws(() => dieWithParent(child.pid), /it has ended/);
});
