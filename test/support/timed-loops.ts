/**
 * Inside the timed loop a worker makes the strategy's calls and the two of the number, in that order, and no other:
 * what is timed is what is claimed to be timed.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import type { ForeignWorker } from '../../bench/measure/parent/foreign-worker.js';
import { lookEverywhere } from '../../bench/measure/parent/look-everywhere.js';
import { defaultPolicy, type Policy } from '../../bench/measure/worker/policy.js';
import { contenderName } from '../../bench/measure/worker/strategy-spec.js';
import { textOf } from './daemons.js';
import { until } from './limit.js';
import { runRound, specOf } from './one-round.js';
import { hasCommand, needs, temporaryDirectory } from './support.js';
import { callsOf, callsOfTurns, TURNS, withoutEngines } from './traced-turns.js';

const INCREMENTS = 500;
const SIDE_BY_SIDE = 4;
const directory = tmpdir();

/** The calls of a worker between the gate and the end of its loop. */
async function tracedLoop(
  t: TestContext,
  strategy: string,
  policy: Policy,
  foreign: ForeignWorker | undefined,
): Promise<string[]> {
  const log = join(temporaryDirectory(t), 'strace.log');
  // Of its own children a parent expects that they are no other program's: the one that traces steps aside.
  const strace = ['strace', '-D', '-f', '-o', log];
  const conditions = { processes: 1, increments: INCREMENTS, directory: { path: directory } };
  const spec = { kind: 'timing', conditions, hosts: [strace], policy, ...(foreign && { foreign }) } as const;
  await runRound(await specOf(strategy, spec));
  await until('the tracer has written all', () => /\+\+\+ exited with 0 \+\+\+\n$/.test(textOf(log) ?? ''));
  const lines = readFileSync(log, 'latin1').split('\n');
  const ready = lines.find((line) => line.includes('write(4, "{\\"at\\":\\"ready'));
  const worker = /^\d+/.exec(ready ?? '')?.[0] ?? '';
  const calls = callsOf(worker, lines.slice(lines.indexOf(ready ?? '')));
  // Told to be ready, asleep at the gate; then the loop, until it reads its own usage.
  return calls.slice(1, calls.indexOf('getrusage')).filter((call, i) => !(i === 0 && call === 'futex'));
}

/** Makes the tests of these strategies. */
export async function testTimedLoops(
  strategies: readonly string[],
  runtime: 'node' | 'c' = 'node',
): Promise<void> {
  const specs = strategies.map((strategy) => ({ strategy, runtime, policy: null, named: true }));
  const { findings, foreign = {} } = await lookEverywhere(specs, [directory], unprivilegedIdentity());
  describe('the timed loop of', { concurrency: SIDE_BY_SIDE }, () => {
    for (const strategy of strategies) {
      const turn = TURNS[strategy] ?? assert.fail(`what ${strategy} calls is not known`);
      test(`${strategy} holds ${turn.join(', ')}, ${INCREMENTS} times, and nothing else`, async (t) => {
        if (!needs(t, hasCommand('strace', '-V'), 'strace is missing; apt-get install strace')) return;
        const name = contenderName({ strategy, runtime });
        const found = findings[name]?.[directory] ?? assert.fail('it was not looked at');
        if (!found.available) return void needs(t, false, found.reason);
        const loop = await tracedLoop(t, strategy, defaultPolicy(found.members), foreign[name]);
        assert.deepEqual(withoutEngines(loop, INCREMENTS), callsOfTurns(turn, INCREMENTS));
      });
    }
  });
}
