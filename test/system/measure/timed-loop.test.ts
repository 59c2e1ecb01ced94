/**
 * Inside the timed loop a worker makes the strategy's calls and the two of the number, in that order, and no other:
 * what is timed is what is claimed to be timed.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/identity.js';
import { look } from '../../../bench/measure/parent/preflight.js';
import { defaultPolicy } from '../../../bench/measure/worker/policy.js';
import { textOf } from '../../support/daemons.js';
import { until } from '../../support/limit.js';
import { runRound, specOf } from '../../support/one-round.js';
import { hasCommand, needs, temporaryDirectory } from '../../support/support.js';
import { callsOf, callsOfTurns, TURNS } from '../../support/traced-turns.js';

const INCREMENTS = 500;
const SIDE_BY_SIDE = 4;
/** Calls that V8 makes of its own accord. */
const ENGINE = ['futex', 'madvise', 'mprotect', 'mmap', 'munmap'];
const MOST_TRIES = 5;
const directory = tmpdir();
const { findings } = await look(Object.keys(TURNS), [directory], unprivilegedIdentity());

describe('the timed loop of', { concurrency: SIDE_BY_SIDE }, () => {
  for (const [strategy, turn] of Object.entries(TURNS)) {
    test(`${strategy} holds ${turn.join(', ')}, ${INCREMENTS} times, and nothing else`, async (t) => {
      // Of its own children a parent expects that they are no other program's: the one that traces steps aside.
      const strace = ['strace', '-D', '-f', '-o'];
      if (!needs(t, hasCommand('strace', '-V'), 'strace is missing; apt-get install strace')) return;
      const found = findings[strategy]?.[directory] ?? assert.fail('it was not looked at');
      if (!found.available) return void needs(t, false, found.reason);
      const traced = async (): Promise<string[]> => {
        const log = join(temporaryDirectory(t), 'strace.log');
        const spec = await specOf(strategy, {
          kind: 'timing',
          conditions: { processes: 1, increments: INCREMENTS, directory: { path: directory } },
          hosts: [[...strace, log]],
          policy: defaultPolicy(found.members),
        });
        await runRound(spec);
        await until('the tracer has written all', () =>
          /\+\+\+ exited with 0 \+\+\+\n$/.test(textOf(log) ?? ''),
        );
        const lines = readFileSync(log, 'latin1').split('\n');
        const ready = lines.find((line) => line.includes('write(4, "{\\"at\\":\\"ready'));
        const worker = /^\d+/.exec(ready ?? '')?.[0] ?? '';
        const calls = callsOf(worker, lines.slice(lines.indexOf(ready ?? '')));
        // Told to be ready, asleep at the gate; then the loop, until it reads its own usage.
        const loop = calls
          .slice(1, calls.indexOf('getrusage'))
          .filter((call, i) => !(i === 0 && call === 'futex'));
        return loop;
      };
      // The engine collects garbage or takes over compiled code when it likes, in the midst of a slow loop too. What a turn
      // itself called besides would be there each time.
      let loop = await traced();
      for (let tries = 1; tries < MOST_TRIES && loop.some((call) => ENGINE.includes(call)); tries++) {
        loop = await traced();
      }
      assert.deepEqual(loop, callsOfTurns(turn, INCREMENTS));
    });
  }
});
