/**
 * What a lock from outside starts is ended with the command, in whatever session it is, even if its parent was killed.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { freshName } from '../../../bench/machine/owner-name.js';
import { until } from '../../support/limit.js';
import { ON_OPEN, ownLock, QUICK_RUN, writeModule } from '../../support/own-locks.js';
import { lockbench, start, temporaryDirectory } from '../../support/support.js';

/** A process by its words, one of which is this. */
const running = (word: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });

/** A statement that starts one, in a session of its own. */
const starting = (word: string): string =>
  `process.getBuiltinModule('child_process').spawn('sh', ['-c', 'sleep 1000; :', ${JSON.stringify(word)}], ` +
  `{ detached: true, stdio: 'ignore' }).unref();\n`;

/** Where a module may start one, and how its text is changed for it. */
const PLACES = {
  imported: (text: string, word: string): string => starting(word) + text,
  prepared: (text: string, word: string): string =>
    text.replace(ON_OPEN, `prepare() {\n${starting(word)}},\n${ON_OPEN}`),
  opened: (text: string, word: string): string =>
    text.replace(`${ON_OPEN} {`, `${ON_OPEN} {\n${starting(word)}`),
};

function endAfter(t: TestContext, word: string): void {
  t.after(() => {
    for (const pid of running(word)) process.kill(Number(pid), 'SIGKILL');
  });
}

for (const [place, change] of Object.entries(PLACES)) {
  test(`what is started by a module that is ${place} ends with the run`, async (t) => {
    const word = freshName();
    endAfter(t, word);
    const path = writeModule(temporaryDirectory(t), 'lock.mjs', change(ownLock(), word));
    const { code, stderr } = await lockbench(['run', path, temporaryDirectory(t), ...QUICK_RUN]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(running(word), []);
  });
}

test('and with a run that is ended by a signal', async (t) => {
  const word = freshName();
  endAfter(t, word);
  const path = writeModule(temporaryDirectory(t), 'lock.mjs', PLACES.prepared(ownLock(), word));
  const run = start(['run', path, '--dir', temporaryDirectory(t), '--budget', '100s', '--quiet']);
  t.after(() => run.kill('SIGKILL'));
  await until('one has been started', () => running(word).length > 0);
  run.kill('SIGTERM');
  const { code, stderr } = await run.ended;
  assert.equal(code, 143, stderr);
  assert.deepEqual(running(word), []);
});
