/**
 * Inside the timed loop a worker makes the strategy's calls and the two of the number, in that order, and no other:
 * what is timed is what is claimed to be timed.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';
import { callsOf, callsOfTurns, TURNS } from '../../support/traced-turns.js';

const INCREMENTS = 500;

for (const [strategy, turn] of Object.entries(TURNS)) {
  test(`${strategy}: the timed loop holds ${turn.join(', ')}, ${INCREMENTS} times, and nothing else`, (t) => {
    if (!needs(t, hasCommand('strace', '-V'), 'strace is missing; apt-get install strace')) return;
    const directory = temporaryDirectory(t);
    const log = join(directory, 'strace.log');
    const run = ['run', '--strategies', strategy, '--processes', '1', '--dir', directory, '--rounds', '1'];
    const options = ['--increments', String(INCREMENTS), '--min-round', '0s', '--no-trace', '--quiet'];
    const ended = spawnSync('strace', ['-f', '-o', log, process.execPath, program, ...run, ...options]);
    assert.equal(ended.status, 0, String(ended.stderr));
    const lines = readFileSync(log, 'latin1').split('\n');
    const ready = lines.find((line) => line.includes('write(1, "{\\"at\\":\\"ready'));
    const worker = /^\d+/.exec(ready ?? '')?.[0] ?? '';
    const calls = callsOf(worker, lines.slice(lines.indexOf(ready ?? '')));
    // Told to be ready, asleep at the gate; then the loop, until it reads its own usage.
    const loop = calls
      .slice(1, calls.indexOf('getrusage'))
      .filter((call, i) => !(i === 0 && call === 'futex'));
    assert.deepEqual(loop, callsOfTurns(turn, INCREMENTS));
  });
}
