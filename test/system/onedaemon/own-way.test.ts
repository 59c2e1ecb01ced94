/**
 * A daemon that runs once by a lock from outside of the catalogue.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ON_TRY, ownLock, writeModule } from '../../support/own-locks.js';
import { namesIn } from '../../support/refusal.js';
import { lockbench, program, temporaryDirectory } from '../../support/support.js';

test('a lock of one’s own keeps a second start out, and lets the next one in', async (t) => {
  const directory = temporaryDirectory(t);
  const module = writeModule(temporaryDirectory(t), 'my-lock.mjs', ownLock());
  const start = ['onedaemon', '--pidfile', join(directory, 'x.pid'), '--by', module, '--'];
  // The second start is the command of the first.
  const nested = await lockbench([...start, process.execPath, program, ...start, 'echo', 'ran']);
  assert.deepEqual([nested.code, nested.stdout], [75, ''], nested.stderr);
  assert.match(nested.stderr, /unable to lock .*x\.pid, is \S+ \(pid \d+\) already running\?/);
  const next = await lockbench([...start, 'echo', 'ran']);
  assert.deepEqual([next.code, next.stdout], [0, 'ran\n'], next.stderr);
  assert.deepEqual(namesIn(directory), ['x.pid']);
});

const UNFIT = {
  'waits only': [ownLock([ON_TRY, 'lock() {\n']), /can only be waited for, and a start tries once/],
  'promises a promise': [
    ownLock([`calls: 'synchronous'`, `calls: 'asynchronous'`]),
    /--by: a lock with synchronous calls was expected/,
  ],
  'does not fit': [ownLock([`owner: 'name'`, `owner: 'me'`]), /does not fit the contract: claims\.owner/],
} as const;

for (const [what, [text, reason]] of Object.entries(UNFIT)) {
  test(`a lock that ${what} is refused in one line`, async (t) => {
    const directory = temporaryDirectory(t);
    const module = writeModule(temporaryDirectory(t), 'my-lock.mjs', text);
    const refused = await lockbench([
      ...['onedaemon', '--pidfile', join(directory, 'x.pid'), '--by', module, '--', 'echo', 'ran'],
    ]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, reason);
    assert.equal(refused.stderr.trimEnd().split('\n').length, 1, refused.stderr);
    assert.equal(refused.stdout, '');
  });
}

const ENDING = {
  'when it is tried': [ON_TRY, 3, '', 'before the command had run to its end'],
  'when it is unlocked': ['unlock() {\n', 7, 'ran\n', 'before it was unlocked'],
} as const;

for (const [when, [member, expected, printed, words]] of Object.entries(ENDING)) {
  test(`a lock that ends its process ${when} does not look like a command that succeeded`, async (t) => {
    const pidFile = join(temporaryDirectory(t), 'x.pid');
    const text = ownLock([member, `${member}process.exit(0);\n`]);
    const module = writeModule(temporaryDirectory(t), 'my-lock.mjs', text);
    const { code, stdout, stderr } = await lockbench([
      ...['onedaemon', '--pidfile', pidFile, '--by', module, '--', 'sh', '-c', 'echo ran; exit 7'],
    ]);
    assert.deepEqual([code, stdout], [expected, printed], stderr);
    assert.equal(stderr, `lockbench: --by my-lock: this lock ended the process that held it, ${words}\n`);
  });
}
