/**
 * `watch` on a terminal of its own, that of script(1): whatever ends or stops it, the terminal is as it was before.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../support/limit.js';
import { ESCAPE, plainEnv } from '../../support/printed.js';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

/** A change of the terminal's modes: the cursor hidden, another screen, a mouse that reports. */
const MODE = new RegExp(`${ESCAPE}(\\[\\?|[=>\\]])`);

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGTSTP', 'SIGABRT', 'SIGKILL'] as const;

/** A shell that notes the terminal's settings before and after, and the process that it waits for meanwhile. */
const SCRIPT = `set -m
stty cols 100 rows 30
stty -g > before
sh -c 'echo $$ > pid; exec "$NODE" "$PROGRAM" watch fcntl .'
stty -g > after
`;

/** Runs it until it draws, sends the signal, and waits until the shell has the terminal again. */
async function ended(t: TestContext, signal: NodeJS.Signals): Promise<{ folder: string; printed: string }> {
  const folder = temporaryDirectory(t);
  // What is killed leaves its files here, and goes with them; its workers are nobody's.
  chmodSync(folder, 0o777);
  writeFileSync(join(folder, 'script.sh'), SCRIPT);
  const child = spawn('script', ['-qec', 'sh script.sh', '/dev/null'], {
    cwd: folder,
    env: { ...plainEnv, TERM: 'xterm', CI: '', NODE: process.execPath, PROGRAM: program },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await until('a picture', () => /turns\/s/.test(printed) || child.exitCode !== null);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  t.after(() => {
    // One that was stopped and whose terminal is gone.
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  process.kill(pid, signal);
  await until('the shell', () => existsSync(join(folder, 'after')) && child.exitCode !== null);
  return { folder, printed };
}

for (const signal of ENDINGS) {
  test(`${signal} leaves the terminal as it was`, async (t) => {
    if (!needs(t, hasCommand('script', '--version'), 'script(1) is missing; apt-get install bsdutils'))
      return;
    const { folder, printed } = await ended(t, signal);
    const [before, after] = ['before', 'after'].map((name) => readFileSync(join(folder, name), 'utf8'));
    assert.equal(after, before);
    assert.notEqual(before, '');
    assert.doesNotMatch(printed, MODE);
    assert.match(printed, /turns\/s/);
  });
}
