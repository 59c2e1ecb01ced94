/**
 * A worker that gets it wrong, in a run: its cell ends with a sentence that says what it did, the others go on, and nothing is
 * left behind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import { leftBy } from '../../support/processes.js';
import { start } from '../../support/support.js';

const WAYS: Readonly<Record<string, RegExp>> = {
  nonsense: /a line of JSON with a member "at" was expected, got "hello"/,
  // How much of it is read before its lock was tried out is for the machine to say.
  'too-much': /it says too much: more than \d+ messages|the worker said "found" where "warm" was expected/,
  'version-2': /a job of protocol 2 was expected, got one of 1/,
  'dies-before-ready': /ended with exit code 7/,
  'dies-after-ready': /was ended by SIGKILL/,
  'wrong-order': /the worker said "ready" where "warm" was expected/,
  'wrong-figures': /startNs was expected to be nanoseconds/,
  'no-program': /not found/,
};

const program = fileURLToPath(new URL('../../fixtures/wrong-worker.js', import.meta.url));

for (const [way, sentence] of Object.entries(WAYS)) {
  test(`a worker in a run: ${way}`, async () => {
    const command =
      way === 'no-program' ? '/nonexistent/worker' : `'${process.execPath}' '${program}' ${way}`;
    const brief = [
      '--processes',
      '2',
      '--rounds',
      '1',
      '--increments',
      '50',
      '--handoffs',
      '0',
      '--no-trace',
    ];
    const started = start([
      ...['run', 'fcntl', '--worker', command, '--name', 'mine', '--dir', memoryDirectory()],
      ...[...brief, '--quiet', '--json', '-'],
    ]);
    const { code, stdout, stderr } = await started.ended;
    assert.ok(code === 3 || code === 0, `${code}: ${stderr}`);
    const { cells } = JSON.parse(stdout) as Result;
    const [mine, fcntl] = ['mine', 'fcntl'].map((name) => cells.find(({ strategy }) => strategy === name));
    assert.ok(mine !== undefined && 'reason' in mine, JSON.stringify(mine));
    assert.match(mine.reason ?? '', sentence);
    assert.equal(fcntl?.state, 'measured');
    assert.deepEqual(leftBy(started.pid, [memoryDirectory()]), []);
  });
}
