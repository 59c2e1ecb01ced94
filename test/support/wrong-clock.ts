/**
 * Programs whose clock is wrong, by libfaketime. All of them share memory, which the first one makes and the command
 * `faketime` removes when that one ends: so that is one of ours which ends in order, whatever becomes of the others.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { until } from './limit.js';

/** The words before those of a program that sees the time by `offset` wrong, such as "-2s", until the test ends. */
export async function wrongClock(t: TestContext, offset: string): Promise<readonly string[]> {
  const script = 'echo "LD_PRELOAD=$LD_PRELOAD"; echo "FAKETIME_SHARED=$FAKETIME_SHARED"; read -r _';
  const first = spawn('faketime', ['-f', offset, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(first, 'close');
  t.after(() => {
    first.stdin.end();
    return ended;
  });
  let said = '';
  first.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until('faketime has told what it shares', () => said.split('\n').length > 2);
  return ['env', ...said.trim().split('\n'), `FAKETIME=${offset}`];
}
