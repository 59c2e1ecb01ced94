/**
 * What a run tells while it goes on.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { runCells } from '../../../bench/measure/parent/blocks.js';
import type { CellProgress } from '../../../bench/measure/parent/cell-progress.js';
import { plan, testDirectoryHere } from '../../../bench/measure/parent/plan.js';
import { look, memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import { PLAIN } from '../../../bench/measure/parent/request.js';
import { LIMIT_NS } from '../../support/limit.js';

const EVENTS = { onRound() {}, onFigures() {}, beforeBlocks() {}, onBlock() {} };

/** Runs two cells that are too large to be started side by side, in two blocks, until `user` ends it. */
async function run(user: AbortController, duringFirstBlock: (cells: readonly CellProgress[]) => void) {
  const directory = memoryDirectory();
  const identity = unprivilegedIdentity();
  const cells = plan(
    {
      specs: ['fcntl', 'flock'].map((strategy) => ({ strategy, policy: null, named: true })),
      policies: [],
      testDirectories: [testDirectoryHere(directory)],
      processes: [5],
      conditions: { ...PLAIN, increments: 1 },
    },
    await look(['fcntl', 'flock'], [directory], identity),
  );
  return runCells(
    cells,
    {
      sampling: { blocks: 2, seed: 1, handoffs: 0, proofs: 1, trace: false, untilShare: null },
      limits: { atLeastNs: 0, budgetNs: LIMIT_NS, timeLimitNs: 2 * LIMIT_NS, maxTimeNs: null },
      ...{ topology: [], memory: directory, identity, signal: user.signal },
    },
    { ...EVENTS, duringFirstBlock },
  );
}

const roundsOf = (cells: readonly CellProgress[]): number[] =>
  cells.map(({ rounds }) => rounds.length).sort();

test('during the first block, and no other, is told which cells have their round', async () => {
  const told: number[][] = [];
  const all = await run(new AbortController(), (cells) => told.push(roundsOf(cells)));
  assert.deepEqual(told, [
    [0, 1],
    [1, 1],
  ]);
  assert.deepEqual(roundsOf(all), [2, 2]);
});

test('who ends a run in its first block keeps the cells that have their round', async () => {
  const user = new AbortController();
  assert.deepEqual(roundsOf(await run(user, () => user.abort())), [0, 1]);
});
