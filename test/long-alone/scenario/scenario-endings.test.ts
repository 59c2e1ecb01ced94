/**
 * Whatever ends `crash` and `order` leaves nothing: no participant, blocked or stopped, and no file; and what was played is kept.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crashSchema } from '../../../bench/crash/crash-schema.js';
import { LIMIT_MS, until } from '../../support/limit.js';
import { childrenOf, endNow, isStopped, leftBy } from '../../support/processes.js';
import { lockbench, type Started, start, temporaryDirectory } from '../../support/support.js';

const MEMORY = '/dev/shm';
/** Far less than the patience of the scenarios, which a signal must not wait for. */
const LIMIT = { timeout: LIMIT_MS };

/** The participants of a started command that play with this strategy. */
const participantsOf = ({ pid }: Started, strategy: string): number[] =>
  childrenOf(pid).filter((child) => {
    try {
      const words = readFileSync(`/proc/${child}/cmdline`, 'utf8');
      return words.includes('scenario/participant.js') && words.includes(`"strategy":"${strategy}"`);
    } catch {
      return false;
    }
  });

interface Playing {
  readonly run: Started;
  readonly directory: string;
  readonly json: string;
}

function playing(t: TestContext, args: readonly string[]): Playing {
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const run = start([...args, '--dir', directory, '--json', json, '--quiet']);
  t.after(() => run.kill('SIGKILL'));
  return { run, directory, json };
}

/** A scenario whose holder is stopped for a long time, with three that are blocked in the kernel. */
async function withStoppedHolder(t: TestContext): Promise<Playing> {
  const all = playing(t, ['crash', 'fcntl', '--events', 'stop', '--patience', '10min']);
  await until('the holder is stopped', () => participantsOf(all.run, 'fcntl').some(isStopped));
  return all;
}

function assertNothingLeft({ run, directory }: Playing): void {
  assert.deepEqual(childrenOf(run.pid), [], 'processes');
  assert.deepEqual(leftBy(run.pid, [directory, MEMORY]), [], 'names');
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(
    `${signal} before anything was played ends with ${code}, and leaves no empty result`,
    LIMIT,
    async (t) => {
      const all = await withStoppedHolder(t);
      all.run.kill(signal);
      const { code: came, stdout } = await all.run.ended;
      assert.equal(came, code);
      assert.equal(stdout, '');
      assert.equal(existsSync(all.json), false);
      assertNothingLeft(all);
    },
  );
}

test('SIGINT keeps the scenarios that were played', LIMIT, async (t) => {
  const all = playing(t, ['crash', 'flock', 'excl', '--events', 'kill', '--patience', '10min']);
  await until('the second scenario is being played', () => participantsOf(all.run, 'excl').length === 4);
  all.run.kill('SIGINT');
  const { code, stdout } = await all.run.ended;
  assert.equal(code, 130);
  assertNothingLeft(all);
  assert.match(stdout, /Ended early by SIGINT/);
  const { scenarios, interruptedBy } = crashSchema.parse(JSON.parse(readFileSync(all.json, 'utf8')));
  assert.equal(interruptedBy, 'SIGINT');
  assert.deepEqual(
    scenarios.map(({ strategy, state }) => [strategy, state]),
    [['flock', 'played']],
  );
});

test('SIGKILL takes its participants along, a stopped one and blocked ones, and the next start clears up', async (t) => {
  const all = await withStoppedHolder(t);
  all.run.kill('SIGKILL');
  await all.run.ended;
  await until('the participants have died with their parent', () => childrenOf(all.run.pid).length === 0);
  assert.notDeepEqual(leftBy(all.run.pid, [all.directory]), [], 'nothing was left; the test proves nothing');
  const next = await lockbench(['crash', 'flock', '--events', 'kill', '--dir', all.directory, '--quiet']);
  assert.equal(next.code, 0, next.stderr);
  assertNothingLeft(all);
});

test('SIGINT ends order, whose participants are in the midst of a question', async (t) => {
  const all = playing(t, ['order', 'flock', '--times', '1000']);
  await until('the participants play', () => participantsOf(all.run, 'flock').length === 4);
  all.run.kill('SIGINT');
  assert.equal((await all.run.ended).code, 130);
  assertNothingLeft(all);
});

test('a scenario whose participant died for another reason was not played, and says why', async (t) => {
  const all = playing(t, ['crash', 'flock', '--events', 'stop', '--patience', '10min']);
  await until('a participant dies', () => {
    const participants = participantsOf(all.run, 'flock');
    const victim = participants.find((pid) => !isStopped(pid));
    if (!participants.some(isStopped) || victim === undefined) return false;
    endNow(victim);
    return true;
  });
  const { code, stdout } = await all.run.ended;
  assert.equal(code, 3);
  assert.match(stdout, /flock, stop: could not be played: participant \d+ was ended by SIGKILL/);
  assertNothingLeft(all);
  const [scenario] = crashSchema.parse(JSON.parse(readFileSync(all.json, 'utf8'))).scenarios;
  assert.equal(scenario?.state, 'not-played');
});
