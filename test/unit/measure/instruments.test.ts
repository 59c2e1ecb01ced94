/**
 * What prove and trace rounds add to a turn: in which order, and where the stamps go.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proving, STAMPS, tracing, type Work } from '../../../bench/measure/worker/instruments.js';
import { takeTurns } from '../../../bench/measure/worker/loop.js';
import type { Watch } from '../../../bench/measure/worker/owner-word.js';
import { now } from '../../../strategies/posix/clock.js';

/** A watch that tells when it is called. */
const telling = (tell: (what: string) => void): Watch => ({
  enter: () => tell('enter'),
  leave: () => tell('leave'),
  found: () => ({ violations: 0, first: null }),
});

/** The work of a turn, telling when each part is called. */
function tellingWork(tell: (what: string) => void): Work {
  let number = 1;
  return {
    take() {
      tell('take');
      return ++number;
    },
    hold: () => tell('hold'),
    think: () => tell('think'),
  };
}

/** Takes turns under a lock that tells when it is called. Returns the numbers taken. */
function play(work: Work, count: number, tell: (what: string) => void = () => {}): number[] {
  const ledger = new Int32Array(count);
  const turn = { ...work, acquire: () => tell('acquire'), unlock: () => tell('unlock') };
  assert.equal(takeTurns(turn, ledger, 0, count, new Int32Array(1)), count);
  return [...ledger];
}

const silent = (): void => {};
const roomFor = (turns: number): BigInt64Array => new BigInt64Array((turns + 1) * STAMPS);

test('a traced turn stamps the asking, enters after the second stamp and leaves before the third', () => {
  const stamps = roomFor(1);
  const log: string[] = [];
  const tell = (what: string): void => {
    log.push(`${what} ${stamps.indexOf(0n)}`);
  };
  const { work, begin } = tracing(tellingWork(tell), telling(tell), stamps);
  begin();
  assert.deepEqual(play(work, 1, tell), [2]);
  // Behind each: how many stamps there were by then.
  assert.deepEqual(log, ['acquire 1', 'enter 2', 'take 2', 'hold 2', 'leave 2', 'unlock 3', 'think 3']);
  assert.notEqual(stamps[STAMPS], 0n, 'after thinking, the next asking is stamped');
});

test('asking, having and giving back follow each other, from turn to turn', () => {
  const turns = 50;
  const stamps = roomFor(turns);
  const { work, begin } = tracing(tellingWork(silent), telling(silent), stamps);
  const before = now();
  begin();
  play(work, turns);
  const all = [before, ...stamps.subarray(0, turns * STAMPS), now()];
  for (let i = 1; i < all.length; i++) {
    assert.ok((all[i] as bigint) >= (all[i - 1] as bigint), `stamp ${i - 1} lies before the one before`);
  }
});

test('as many turns as there is room for keep all their stamps, the first asking included', () => {
  const turns = 5;
  const stamps = roomFor(turns);
  const { work, begin } = tracing(tellingWork(silent), telling(silent), stamps);
  begin();
  const [firstAsking] = stamps;
  play(work, turns);
  assert.equal(stamps[0], firstAsking);
  const written = [...stamps].filter((stamp) => stamp !== 0n);
  assert.equal(written.length, turns * STAMPS + 1, 'three a turn, and the asking that came to nothing');
  assert.deepEqual(
    written,
    [...written].sort((a, b) => Number(a - b)),
  );
});

test('turns beyond the room begin again at the start, and nothing is written beyond the end', () => {
  const room = 4;
  const written: number[] = [];
  const stamps = new Proxy(roomFor(room), {
    get: (target, key) => Reflect.get(target, key),
    set(target, key, value) {
      written.push(Number(key));
      return Reflect.set(target, key, value);
    },
  });
  const { work, begin } = tracing(tellingWork(silent), telling(silent), stamps);
  begin();
  play(work, 3 * room);
  assert.equal(written.length, 3 * room * STAMPS + 1);
  assert.ok(Math.max(...written) < stamps.length, `index ${Math.max(...written)} of ${stamps.length}`);
  const starts = written.filter((index) => index === 0).length;
  assert.ok(starts > 1, 'it began again');
  // Each stamp goes right behind the one before, or to the start.
  for (let i = 1; i < written.length; i++) {
    const next = (written[i - 1] ?? 0) + 1;
    assert.ok(written[i] === next || written[i] === 0, `${written[i]} after ${written[i - 1]}`);
  }
});

test('begin starts at the beginning, whatever was traced before', () => {
  const turns = 3;
  const stamps = roomFor(turns);
  const { work, begin } = tracing(tellingWork(silent), telling(silent), stamps);
  begin();
  play(work, 2);
  stamps.fill(0n);
  begin();
  play(work, 1);
  assert.deepEqual(
    [...stamps].map((stamp) => stamp !== 0n),
    Array.from({ length: stamps.length }, (_, i) => i <= STAMPS),
  );
});

test('a proving turn enters before the number is taken and leaves after the hold, inside of the lock', () => {
  const log: string[] = [];
  const tell = (what: string): void => {
    log.push(what);
  };
  const numbers = play(proving(tellingWork(tell), telling(tell), 1), 2, tell);
  assert.deepEqual(numbers, [2, 3]);
  const turn = ['acquire', 'enter', 'take', 'hold', 'leave', 'unlock', 'think'];
  assert.deepEqual(log, [...turn, ...turn]);
});

test('a proving turn pauses inside, between a reader’s two looks, and outside, and nowhere else', () => {
  const LONG_NS = 10_000;
  const turns = 100;
  const gaps = new Map<string, number>();
  let last = { what: '', at: now() };
  const tell = (what: string): void => {
    const at = now();
    const gap = `${last.what} to ${what}`;
    if (Number(at - last.at) >= LONG_NS) gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
    last = { what, at };
  };
  play(proving(tellingWork(tell), telling(tell), 7), turns, tell);
  // Half of the pauses spin, for up to 50 µs: four in ten are that long by the seed, whatever the machine does.
  const paused = (gap: string): boolean => (gaps.get(gap) ?? 0) >= turns / 4;
  assert.ok(paused('take to hold'), JSON.stringify([...gaps]));
  assert.ok(paused('think to acquire'), JSON.stringify([...gaps]));
  assert.deepEqual([...gaps.keys()].filter(paused).sort(), ['take to hold', 'think to acquire']);
});

test('workers pause each in their own pattern', () => {
  const LONG_NS = 10_000;
  const pattern = (seed: number): string => {
    let taken = now();
    let longs = '';
    const work = {
      take() {
        taken = now();
        return 1;
      },
      hold() {
        longs += Number(now() - taken) >= LONG_NS ? 'L' : 's';
      },
      think: silent,
    };
    play(proving(work, telling(silent), seed), 60);
    return longs;
  };
  assert.notEqual(pattern(0), pattern(1));
});
