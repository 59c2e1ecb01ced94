/**
 * Each play of check-worker against a worker that gets wrong what the play shows, and the rest right.
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import { loadContender, workerOf } from '../../../bench/measure/parent/worker-of.js';
import { playLook, playPairs, playRefusals } from '../../../bench/workers/check/alone-plays.js';
import { playOrders } from '../../../bench/workers/check/order-plays.js';
import { playRogue } from '../../../bench/workers/check/rogue-play.js';
import {
  playProve,
  playReaders,
  playTiming,
  playTrace,
  playWaiting,
} from '../../../bench/workers/check/round-plays.js';
import {
  playNumber,
  playProcessor,
  playRehearsal,
  playStop,
} from '../../../bench/workers/check/stage-plays.js';
import { playHandoffs, playViolations } from '../../../bench/workers/check/watch-plays.js';
import type { Play, Subject } from '../../../bench/workers/check/worker-bench.js';
import { LIMIT_NS } from '../../support/limit.js';
import { needs } from '../../support/support.js';

const program = fileURLToPath(new URL('../../fixtures/wrong-worker.js', import.meta.url));
/** What fcntl offers, which the worker has. */
const MEMBERS = { lock: true, tryLock: true, shared: true, fifo: false };

async function subjectOf(way: string, patienceNs: number): Promise<Subject> {
  const spec = {
    strategy: 'fcntl',
    policy: null,
    named: true,
    runtime: { command: `'${process.execPath}' '${program}' ${way}` },
  } as const;
  const worker = workerOf(spec.strategy, spec.runtime);
  assert.ok(worker !== null && !('reason' in worker));
  const [strategy, directory] = [await loadContender(spec), memoryDirectory()];
  return { worker, strategy, directory, identity: unprivilegedIdentity(), patienceNs };
}

interface Case {
  readonly way: string;
  readonly play: Play['play'];
  readonly sentence: RegExp;
  /** It is told only by what does not come, or a machine that is slow makes it hard to see. */
  readonly patienceNs?: number;
}

const CASES: readonly Case[] = [
  {
    way: 'strict',
    play: (subject) => playLook(subject).then(() => null),
    sentence: /a member is not known: later/,
  },
  {
    way: 'any-version',
    play: playRefusals,
    sentence: /protocol 2, which it cannot know, by an "error": it said "found"/,
  },
  {
    way: 'any-directory',
    play: playRefusals,
    sentence: /another directory than the one of its job has the path .*: it said "found"/,
  },
  {
    way: 'any-parent',
    play: playRefusals,
    sentence: /its parent is not parentPid, which has ended then: it said "found"/,
  },
  {
    way: 'fails-well',
    play: playRefusals,
    sentence: /after "error" it ended with exit code 0; exit code 1 was expected/,
  },
  {
    way: 'ends-badly',
    play: playStop,
    sentence: /after "done" it ended with exit code 3; exit code 0 was expected/,
  },
  {
    way: 'old-ledger',
    play: playStop,
    sentence: /did not write zeros to its ledger before "ready": number 0 is an old one/,
  },
  {
    way: 'long-rehearsal',
    play: playRehearsal,
    sentence: /took 55 turns in the rehearsal, of which there were to be 5 at most/,
  },
  {
    way: 'rehearses-on',
    play: playRehearsal,
    sentence: /took \d+ turns in the rehearsal, though the stop flag was set/,
  },
  { way: 'any-processor', play: playProcessor, sentence: /was to stay on processor \d+, and may run on/ },
  {
    way: 'keeps-open',
    play: playNumber,
    sentence: /"number" is open between its turns, though "number" is reopened/,
  },
  {
    way: 'reopens',
    play: playNumber,
    sentence: /"number" is not open between its turns, though "number" is kept-open/,
  },
  { way: 'one-lap', play: playTiming, sentence: /after the gate opened, though laps are repeated for 20ms/ },
  { way: 'no-time', play: playWaiting, sentence: /does not spend the times "hold" and "think"/ },
  {
    way: 'spins',
    play: playWaiting,
    sentence: /failed tries within .*: by (sleep|backoff)/,
    patienceNs: 30e9,
  },
  { way: 'no-stamps', play: playTrace, sentence: /stamp 0 of turn 0 is -\d+ ns since the gate/ },
  {
    way: 'no-lock',
    play: playProve,
    sentence: /took a number that another turn took too|one came in beside another/,
    patienceNs: 3e9,
  },
  { way: 'no-last', play: playProve, sentence: /no hand-off was counted/, patienceNs: 3e9 },
  {
    way: 'no-owner-word',
    play: playViolations,
    sentence: /worker 7 was inside during 20 turns, and it says 0 violations/,
  },
  {
    way: 'no-readers',
    play: playViolations,
    sentence: /a reader was inside during 20 turns, and it says 0 violations/,
  },
  {
    way: 'leaves-blindly',
    play: playViolations,
    sentence: /came in later, was inside during 1 turn, and it says 0 violations/,
  },
  {
    way: 'never-enough',
    play: playHandoffs,
    sentence: /was to end after 1 hand-off, its first turn: it goes on/,
  },
  { way: 'no-reader', play: playReaders, sentence: /the numbers in its ledger are not those from 2 to \d+/ },
  {
    way: 'rogue-locks',
    play: playRogue,
    sentence: /as a rogue, while another held the lock: the message "done"/,
    patienceNs: 3e9,
  },
  { way: 'few-pairs', play: playPairs, sentence: /was to time 7 samples, and says 3/ },
  {
    way: 'not-asked',
    play: playOrders,
    sentence: /of "acquire" the steps asked, got-in were expected, got got-in$/,
  },
  { way: 'other-members', play: playOrders, sentence: /"members" was expected to answer as "look" does/ },
  {
    way: 'wrong-number',
    play: playOrders,
    sentence: /of "write" the step "wrote" with "number":2 was expected, got 7/,
  },
  {
    way: 'own-clock',
    play: playOrders,
    sentence: /the step "asked" is at \d+ ns, and 0 to \d+ since originNs were expected/,
  },
  {
    way: 'no-wait',
    play: playOrders,
    sentence: /"turn 20" was to wait for 20 ms between reading and writing/,
  },
  { way: 'does-anything', play: playOrders, sentence: /"dance" is no order, and was answered by "done"/ },
  {
    way: 'always-got',
    play: playOrders,
    sentence: /"try" was expected to answer "got":false while another holds the lock/,
  },
  { way: 'not-shared', play: playOrders, sentence: /"acquire shared" were expected to have "shared":true/ },
  { way: 'catches-all', play: playOrders, sentence: /after "throw" it ended with exit code 0/ },
  {
    way: 'never-ends',
    play: playOrders,
    sentence: /its end after "exit" was expected, and did not come/,
    patienceNs: 3e9,
  },
];

/** What is said of it, with more patience while that is something else: a machine may be too slow for little. */
async function wrongOf({ way, play, sentence, patienceNs }: Case): Promise<string> {
  for (let ns = patienceNs ?? LIMIT_NS; ; ns *= 2) {
    const said = await play(await subjectOf(way, ns), MEMBERS).then(
      (without) => without ?? 'nothing',
      (error: Error) => error.message,
    );
    if (sentence.test(said) || ns >= LIMIT_NS) return said;
  }
}

for (const one of CASES) {
  test(`a worker that gets it wrong: ${one.way}`, async (t) => {
    if (one.way === 'any-processor' && !needs(t, availableParallelism() > 1, 'there is one processor only'))
      return;
    assert.match(await wrongOf(one), one.sentence);
  });
}

test('a worker that takes no orders and times no pairs need not', async () => {
  const subject = await subjectOf('no-orders', LIMIT_NS);
  const ways = [
    [playOrders, /takes no orders, which crash, order, prove and compat need: a task was expected/],
    [playPairs, /times no pairs, which the command "pairs" needs: a task was expected/],
    [playRogue, /is not seen as a rogue, since it cannot hold its lock meanwhile/],
  ] as const;
  for (const [play, sentence] of ways) assert.match((await play(subject, MEMBERS)) ?? 'null', sentence);
});
