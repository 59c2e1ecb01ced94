/**
 * Where standard output and standard error go may refuse to be synced to its disk, or never answer: a file on a server that
 * has lost it, a disk that is full. That is no reason for a program not to end.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { LIMIT_MS } from '../../support/limit.js';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

const REFUSED = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=ESTALE'];

for (const [command, code] of [
  [['list', 'none'], 0],
  [['run', 'no-such-strategy'], 2],
] as const) {
  test(`${command.join(' ')} ends though nothing can be synced`, (t) => {
    if (!needs(t, hasCommand('strace', ...REFUSED, 'true'), 'strace is missing or may not trace here'))
      return;
    const words = [...REFUSED, process.execPath, program, ...command, '--dir', temporaryDirectory(t)];
    const { status, stderr } = spawnSync('strace', words, { encoding: 'utf8', timeout: LIMIT_MS });
    assert.equal(status, code, stderr);
    assert.ok(!stderr.includes('sync'), stderr);
  });
}
