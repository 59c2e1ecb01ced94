/** What of a traced loop is the engine's, and what would be found out as the lock's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsOfTurns, withoutEngines } from '../../support/traced-turns.js';

const TURN = ['semop', 'pread64', 'pwrite64', 'semop'];
const TURNS = 100;
const loop = callsOfTurns(TURN, TURNS);

test('memory that engine or allocator asks for now and then, by whatever call, is not the loop’s', () => {
  for (const call of ['brk', 'mmap', 'mremap', 'madvise', 'futex', 'sched_yield'])
    assert.deepEqual(withoutEngines([...loop.slice(0, 150), call, ...loop.slice(150)], TURNS), loop, call);
});

test('the same call in each turn is the turn’s', () => {
  const turns = callsOfTurns(['brk', ...TURN], TURNS);
  assert.deepEqual(withoutEngines(turns, TURNS), turns);
});

test('any other call stays, were it there but once', () => {
  const calls = [...loop, 'fsync'];
  assert.deepEqual(withoutEngines(calls, TURNS), calls);
});
