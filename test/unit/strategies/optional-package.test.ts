/**
 * What strategies made of npm packages share: a wait that a signal ended goes on, and a package that cannot be loaded is
 * told apart from one that is not there.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilUninterrupted } from '../../../strategies/shared/interrupted.js';
import { optionalPackage } from '../../../strategies/shared/optional-package.js';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

test('EINTR is waited out, however often it comes', async () => {
  let calls = 0;
  await untilUninterrupted(async () => {
    if (++calls < 4) throw failing('EINTR');
  });
  assert.equal(calls, 4);
});

test('any other error is handed on at once', async () => {
  let calls = 0;
  const answer = untilUninterrupted(async () => {
    calls++;
    throw failing('ENOLCK');
  });
  await assert.rejects(answer, { code: 'ENOLCK' });
  assert.equal(calls, 1);
});

test('a package that is not there is said to be not installed, with the cure', () => {
  for (const [compiled, hint] of [
    [false, /^no-such-lock is not installed: run "npm ci"$/],
    [true, /^no-such-lock is not installed: install a compiler .* and run "npm ci"$/],
  ] as const) {
    const found = optionalPackage('no-such-lock', { compiled }).probe();
    assert.ok(!found.available);
    assert.match(found.reason, hint);
  }
});
