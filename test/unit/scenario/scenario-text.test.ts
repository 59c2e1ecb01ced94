/**
 * Tables and sentences, from results made by hand: outcomes that no strategy of the catalogue has today, too.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type CrashEvent, DYING, EVENTS } from '../../../bench/crash/crash-events.js';
import { crashPictures } from '../../../bench/crash/crash-pictures.js';
import type { CrashResult, CrashScenario, PlayedCrash } from '../../../bench/crash/crash-schema.js';
import { crashFindings } from '../../../bench/crash/crash-sentences.js';
import { crashTables } from '../../../bench/crash/crash-table.js';
import { describeEnvironment } from '../../../bench/machine/host.js';
import type { OrderResult } from '../../../bench/order/order-schema.js';
import { orderFindings, orderTable } from '../../../bench/order/order-text.js';
import { type Answered, QUESTIONS } from '../../../bench/order/questions.js';
import { assertNoWider } from '../../support/printed.js';

const head = {
  ...{ schemaVersion: 2 as const, command: 'lockbench', interruptedBy: null, unavailable: [] },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z' },
  environment: describeEnvironment(null),
  directory: { path: '/tmp', filesystem: 'ext4', options: [] },
};

const played = (strategy: string, event: CrashEvent, more: Partial<PlayedCrash> = {}): PlayedCrash => ({
  ...{ strategy, wait: 'backoff:1us-1ms', event, state: 'played', outcome: 'kept' },
  ...{ eventNs: 0, afterNs: 12_300_000, firstIn: 'waiter 1', heldTwiceNs: 0, served: 3, errors: [] },
  number: { sequence: 'intact', final: 4, writes: 3, lost: 0 },
  alone: true,
  timeline: [],
  ...more,
});

const crashResult = (scenarios: CrashScenario[], more: Partial<CrashResult> = {}): CrashResult => ({
  ...head,
  patienceNs: 1e9,
  scenarios,
  brokenClaims: [],
  ...more,
});

const lost = { sequence: 'lost-updates' as const, final: 2, writes: 3, lost: 2 };

test('the tables fit 80 columns and 100, whatever stands in them', () => {
  const outcomes = ['owner-died', 'taken-over', 'released', 'stuck', 'not-excluded'] as const;
  const result = crashResult(
    outcomes.flatMap((outcome, i) =>
      EVENTS.map((event) =>
        played(`fcntl-fs-ext${i}`, event, {
          outcome,
          heldTwiceNs: outcome === 'stuck' ? 5e6 : 0,
          number: lost,
        }),
      ),
    ),
    { unavailable: [{ strategy: 'flock-fs-ext', reason: 'it is not built' }] },
  );
  for (const width of [80, 100, 140]) {
    const text = stripVTControlCharacters(crashTables(result, true, width));
    assertNoWider(text, width);
    const exclusive = width === 140 ? 'NOT EXCLUSIVE *' : 'EXCLUSIVE *';
    for (const words of ['owner died', 'taken over', '12.3 ms', exclusive, 'NO LOCK *', 'unavailable'])
      assert.ok(text.includes(words), `${words}, ${width} columns:\n${text}`);
    assert.match(text, /^\* an update was lost/m);
  }
});

test('where each lock went one way whatever its holder died of, one column tells of it, with the times', () => {
  const deaths = (name: string, times: readonly number[]): PlayedCrash[] =>
    DYING.map((event, i) => played(name, event, { outcome: 'released', afterNs: times[i] ?? null }));
  const alike = [...deaths('x', [2e6, 4e6, 3e6, 5e6]), ...deaths('y', [5e6, 5e6, 5e6, 5e6])];
  const text = stripVTControlCharacters(crashTables(crashResult(alike), false, 100));
  assert.match(text, /^The holder dies: who waits gets the lock after …\n/);
  assert.match(text, /x\/backoff:1us-1ms │ released 2\.00–5\.00 ms │/);
  const [first, ...others] = alike;
  assert.ok(first !== undefined);
  const differing = crashResult([{ ...first, outcome: 'stuck', afterNs: null }, ...others]);
  assert.match(stripVTControlCharacters(crashTables(differing, false, 100)), / kill │ +exception │/);
});

test('a picture is drawn of each way in which it went, and of every scenario if asked for', () => {
  const timeline = [
    { participant: 'holder', atNs: 0, what: 'got-in' as const },
    { participant: 'holder', atNs: 5, what: 'killed' as const },
  ];
  const released = { outcome: 'released', timeline } as const;
  const result = crashResult([
    played('a', 'kill', released),
    played('a', 'exit', released),
    played('b', 'kill', { outcome: 'stuck', afterNs: null, timeline }),
    played('a', 'stop', { timeline }),
    played('b', 'close', { timeline }),
  ]);
  const titles = (all: boolean): string[] =>
    crashPictures(result, all)
      .split('\n')
      .filter((line) => /^[ab]\//.test(line))
      .map((line) => line.replace('/backoff:1us-1ms', ''));
  assert.deepEqual(titles(false), [
    'a, kill: released after 12.3 ms (1 other like it: --timeline)',
    'b, kill: stuck',
    'a, stop: kept (1 other like it: --timeline)',
  ]);
  assert.equal(titles(true).length, 5);
});

test('without a loss there is no mark, and what was not played has its cell and its reason', () => {
  const result = crashResult([
    played('x', 'kill', { outcome: 'released' }),
    { strategy: 'x', wait: 'backoff:1us-1ms', event: 'stop', state: 'not-played', reason: 'it broke' },
  ]);
  const text = stripVTControlCharacters(crashTables(result, true, 100));
  assert.ok(!text.includes('*'), text);
  assert.match(text, / not played │/);
  assert.match(text, / released 12\.3 ms │/);
  assert.ok(crashFindings(result).includes('x, stop: could not be played: it broke.'));
});

test('strategies of which the same is to be said share a sentence', () => {
  const both = ['a', 'b'].flatMap((name) => [
    played(name, 'kill', { outcome: 'owner-died', afterNs: name === 'a' ? 1e6 : 2e6 }),
    played(name, 'exit', { outcome: 'stuck', afterNs: null }),
    played(name, 'unlink', {
      ...{ outcome: 'overtaken', firstIn: 'newcomer', heldTwiceNs: 20e6, number: lost },
      errors: [{ participant: 'holder', error: 'unlock: unlink: ENOENT: gone (/x/y)' }],
    }),
  ]);
  assert.deepEqual(crashFindings(crashResult(both)), [
    'a and b: handed on after kill, 1.00 ms to 2.00 ms later, with a warning that the holder died.',
    'a and b: stuck after exit; nobody got in within 1.00 s, and somebody must clear it away.',
    "a and b: after removing the lock's names, a newcomer made new ones and locked those, beside the holder; " +
      'two held it for 20.0 ms, and 4 updates were lost in all.',
    "a: after removing the lock's names, holder got an error: unlock: unlink: ENOENT: gone.",
    "b: after removing the lock's names, holder got an error: unlock: unlink: ENOENT: gone.",
  ]);
});

test('two inside while nobody overtook the holder, and nobody after it, are said as that', () => {
  const findings = crashFindings(
    crashResult([
      played('a', 'stop', { heldTwiceNs: 3e6, number: lost }),
      played('b', 'close', { served: 0, firstIn: null, afterNs: null }),
      played('c', 'kill', { outcome: 'taken-over', afterNs: 0.5e9 }),
    ]),
  );
  assert.deepEqual(findings, [
    'c: taken over after kill, 500 ms later, by a waiter that found the holder gone.',
    'a: after stopping the holder for a while, several waiters were in together; two held it for 3.00 ms, and 2 updates were lost.',
    'b: after closing another descriptor of the file, nobody got in, although the holder unlocked.',
  ]);
});

const order = (answers: Readonly<Record<(typeof QUESTIONS)[number], readonly Answered[]>>): OrderResult => ({
  ...head,
  times: 2,
  cases: QUESTIONS.map((question) => ({
    ...{ strategy: 'flock-fs-ext', wait: 'block', question, state: 'played' as const },
    plays: answers[question].map((answer) => ({ answer, heldTwiceNs: 0, timeline: [] })),
  })),
});

test('what follows from the answers of readers and writers is said; where they differ, that', () => {
  const rest = { 'two-readers': ['together', 'together'] } as const;
  const fifo = order({
    ...rest,
    'reader-past-writer': ['queues', 'queues'],
    'reader-asked-first': ['reader first', 'reader first'],
    'writer-asked-first': ['writer first', 'writer first'],
  });
  assert.match(
    orderFindings(fifo).join('\n'),
    /queues behind a waiting writer.*; the one that asked first was served first\.$/,
  );
  const byLuck = order({
    ...rest,
    'reader-past-writer': ['let in', 'queues'],
    'reader-asked-first': ['reader first', 'reader first'],
    'writer-asked-first': ['writer first', 'reader first'],
  });
  assert.match(
    orderFindings(byLuck).join('\n'),
    /sometimes let in past a waiting writer, and sometimes queues.*there is no order to rely on\.$/,
  );
  const readersFirst = order({
    ...rest,
    'reader-past-writer': ['let in', 'let in'],
    'reader-asked-first': ['reader first', 'reader first'],
    'writer-asked-first': ['reader first', 'reader first'],
  });
  assert.match(
    orderFindings(readersFirst).join('\n'),
    /can keep it out for ever; the reader was served first/,
  );
  for (const width of [80, 100]) {
    const table = stripVTControlCharacters(orderTable(byLuck, width));
    assertNoWider(table, width);
    assert.match(table, /1 of 2/);
    assert.match(table, /together/);
  }
});

test('a writer that was not alone breaks a claim', () => {
  const result = order({
    'two-readers': ['together'],
    'reader-past-writer': ['let in'],
    'reader-asked-first': ['reader first'],
    'writer-asked-first': ['writer first'],
  });
  const [first, ...others] = result.cases;
  assert.ok(first?.state === 'played');
  const cases = [{ ...first, plays: first.plays.map((play) => ({ ...play, heldTwiceNs: 5 })) }, ...others];
  assert.match(
    orderFindings({ ...result, cases }).join('\n'),
    /^A CLAIM WAS BROKEN: flock-fs-ext\/block: .*: a writer was not alone in 1 of 1\.$/m,
  );
});
