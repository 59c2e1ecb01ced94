/**
 * The owner word: several watchers on the same words, in one process, so that every order of entering and leaving can be
 * played.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countingHandoffs,
  privateWords,
  type Watch,
  watchReader,
  watchWriter,
} from '../../../bench/measure/worker/owner-word.js';
import { now } from '../../../strategies/posix/clock.js';

const violationsOf = (watch: Watch): number => watch.found(0n).violations;

/** Whom the first violation was beside, and in which turn; null if there was none. */
function firstOf(watch: Watch): { turn: number; beside: number | null } | null {
  const { first } = watch.found(0n);
  return first === null ? null : { turn: first.turn, beside: first.beside };
}

function takeTurns(watch: Watch, count: number): void {
  for (let i = 0; i < count; i++) {
    watch.enter();
    watch.leave();
  }
}

test('writers that come in one after another violate nothing', () => {
  const words = privateWords();
  const writers = [0, 1, 2].map((index) => watchWriter(words, index, false));
  for (let i = 0; i < 10; i++) for (const writer of writers) takeTurns(writer, 1);
  for (const writer of writers) assert.deepEqual(writer.found(0n), { violations: 0, first: null });
  assert.equal(words.owner[0], 0);
});

test('who comes in beside another one is one violation, with the turn and the other’s index', () => {
  const words = privateWords();
  const [first, second] = [watchWriter(words, 4, false), watchWriter(words, 7, false)];
  takeTurns(second, 3);
  first.enter();
  second.enter();
  second.leave();
  first.leave();
  assert.equal(violationsOf(second), 1);
  assert.deepEqual(firstOf(second), { turn: 3, beside: 4 });
  assert.deepEqual(first.found(0n), { violations: 0, first: null }, 'who was there first did nothing wrong');
});

test('the first violation is kept, later ones are counted', () => {
  const words = privateWords();
  const [one, two, late] = [0, 1, 2].map((index) => watchWriter(words, index, false)) as [
    Watch,
    Watch,
    Watch,
  ];
  one.enter();
  takeTurns(late, 1);
  one.leave();
  two.enter();
  takeTurns(late, 2);
  assert.equal(violationsOf(late), 3);
  assert.deepEqual(firstOf(late), { turn: 0, beside: 0 });
});

test('a violator clears nothing on leaving, so that a third one is caught beside the first', () => {
  const words = privateWords();
  const [owner, violator, third] = [0, 1, 2].map((index) => watchWriter(words, index, false)) as [
    Watch,
    Watch,
    Watch,
  ];
  owner.enter();
  violator.enter();
  violator.leave();
  third.enter();
  assert.deepEqual(firstOf(third), { turn: 0, beside: 0 });
  third.leave();
  owner.leave();
  assert.equal(violationsOf(owner), 0);
  takeTurns(violator, 1);
  assert.equal(violationsOf(violator), 1, 'once the owner has left, coming in is well again');
});

test('an owner who finds another one’s mark on leaving is a violation, and leaves the mark', () => {
  const words = privateWords();
  const owner = watchWriter(words, 0, false);
  owner.enter();
  words.owner[0] = 3;
  owner.leave();
  assert.deepEqual(firstOf(owner), { turn: 0, beside: 2 });
  assert.equal(words.owner[0], 3);
});

test('readers together violate nothing', () => {
  const words = privateWords();
  const readers = [watchReader(words), watchReader(words), watchReader(words)];
  for (const reader of readers) reader.enter();
  for (const reader of readers) reader.leave();
  for (const reader of readers) assert.deepEqual(reader.found(0n), { violations: 0, first: null });
  assert.equal(words.readers[0], 0);
});

test('a reader that comes in beside a writer names the writer', () => {
  const words = privateWords();
  const [writer, reader] = [watchWriter(words, 5, true), watchReader(words)];
  takeTurns(reader, 2);
  writer.enter();
  reader.enter();
  assert.deepEqual(firstOf(reader), { turn: 2, beside: 5 });
  assert.equal(violationsOf(writer), 0);
});

test('a writer that comes in beside readers is one violation, beside nobody by name', () => {
  const words = privateWords();
  const [writer, ...readers] = [watchWriter(words, 0, true), watchReader(words), watchReader(words)];
  for (const reader of readers) reader.enter();
  takeTurns(writer as Watch, 1);
  assert.equal(violationsOf(writer as Watch), 1);
  assert.deepEqual(firstOf(writer as Watch), { turn: 0, beside: null });
  for (const reader of readers) assert.equal(violationsOf(reader), 0);
});

test('a writer looks for readers as long as one of them is inside', () => {
  const words = privateWords();
  const [writer, stays, goes] = [watchWriter(words, 0, true), watchReader(words), watchReader(words)];
  stays.enter();
  takeTurns(goes, 1);
  takeTurns(writer, 1);
  assert.equal(violationsOf(writer), 1);
  stays.leave();
  takeTurns(writer, 1);
  assert.equal(violationsOf(writer), 1);
});

test('a writer among no readers does not look for any', () => {
  const words = privateWords();
  const writer = watchWriter(words, 0, false);
  watchReader(words).enter();
  takeTurns(writer, 1);
  assert.equal(violationsOf(writer), 0);
});

test('a writer beside a reader still holds the word against the next writer, and clears it', () => {
  const words = privateWords();
  const [reader, first, second] = [
    watchReader(words),
    watchWriter(words, 1, true),
    watchWriter(words, 2, true),
  ];
  reader.enter();
  first.enter();
  second.enter();
  assert.deepEqual(firstOf(first), { turn: 0, beside: null });
  assert.deepEqual(firstOf(second), { turn: 0, beside: 1 });
  second.leave();
  first.leave();
  assert.equal(words.owner[0], 0);
});

test('a violation’s time is between the clock before and after it, and is counted from the origin', () => {
  const words = privateWords();
  const [owner, violator] = [watchWriter(words, 0, false), watchWriter(words, 1, false)];
  owner.enter();
  const before = now();
  violator.enter();
  const after = now();
  const at = violator.found(before).first?.atNs ?? Number.NaN;
  assert.ok(0 <= at && at <= Number(after - before), `${at} of ${after - before}`);
  assert.equal(violator.found(before - 5_000n).first?.atNs, at + 5_000);
});

/** Writers that count hand-offs, on the same words and the same stop flag. */
function counters(count: number, enough: number) {
  const words = privateWords();
  const stopFlag = new Int32Array(1);
  const watches = Array.from({ length: count }, (_, index) =>
    countingHandoffs(watchWriter(words, index, false), words, index, enough, stopFlag),
  );
  const enter = (index: number): void => takeTurns(watches[index] as Watch, 1);
  return { words, stopFlag, watches, enter };
}

test('hand-offs are changes of the one who comes in; the very first entry is none', () => {
  const { words, enter } = counters(3, 1_000);
  const counts = [0, 0, 1, 1, 1, 0, 2, 2].map((index) => {
    enter(index);
    return words.handoffs[0];
  });
  assert.deepEqual(counts, [0, 0, 1, 1, 1, 2, 3, 3]);
});

test('from reader to reader is no hand-off; from readers to a writer and back are two', () => {
  const words = privateWords();
  const stopFlag = new Int32Array(1);
  const enter = (who: 'reader' | number): void => {
    const watch = who === 'reader' ? watchReader(words) : watchWriter(words, who, true);
    takeTurns(countingHandoffs(watch, words, who === 'reader' ? null : who, 1_000, stopFlag), 1);
  };
  const counts = (['reader', 'reader', 0, 0, 'reader', 'reader', 1, 0] as const).map((who) => {
    enter(who);
    return words.handoffs[0];
  });
  assert.deepEqual(counts, [0, 0, 1, 1, 2, 2, 3, 4]);
});

test('the stop flag is set by the hand-off that makes it enough, not before', () => {
  const { stopFlag, enter } = counters(2, 3);
  const flags = [1, 0, 1, 1, 0, 1].map((index) => {
    enter(index);
    return stopFlag[0];
  });
  assert.deepEqual(flags, [0, 0, 0, 0, 1, 1]);
});

test('who counts hand-offs still finds violations, and in which turn', () => {
  const { watches, enter } = counters(2, 1_000);
  const [first, second] = watches as [Watch, Watch];
  enter(1);
  first.enter();
  second.enter();
  assert.deepEqual(firstOf(second), { turn: 1, beside: 0 });
  assert.equal(violationsOf(first), 0);
});
