/**
 * What a runtime costs over C: paired within blocks, with the same lock, policy and conditions.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CellProgress } from '../../../bench/measure/parent/cell-progress.js';
import { PLAIN } from '../../../bench/measure/parent/request.js';
import { summarise } from '../../../bench/measure/parent/summarise.js';
import { cellName, isMeasured } from '../../../bench/measure/result/result.js';
import type { TimingRound } from '../../../bench/measure/result/rounds-schema.js';
import { loadStrategy } from '../../../strategies/index.js';

const directory = { path: '/dev/shm', filesystem: 'tmpfs', options: [] };

const round = (block: number, wallNs: number): TimingRound => ({
  ...{ kind: 'timing', block, order: 0, wallNs, turns: 1, final: 2, expected: 2, lost: 0 },
  ...{ changedReads: 0, sequence: 'intact', workers: [], contention: null },
});

async function progress(
  runtime: string | null,
  walls: readonly number[],
  processes = 1,
): Promise<CellProgress> {
  return {
    cell: {
      ...{ strategy: await loadStrategy('fcntl'), policy: { kind: 'block' }, wait: 'block', hosts: [] },
      ...(runtime === null ? {} : { runtime }),
      conditions: { ...PLAIN, processes, directory },
      unavailable: null,
    },
    rounds: walls.map((wallNs, block) => round(block, wallNs)),
    failure: null,
  };
}

test('each cell of another runtime is compared with C, block by block, and C with nothing', async () => {
  const cells = summarise([
    await progress(null, [20, 60, 30]),
    await progress('c', [10, 20, 10]),
    await progress('python', [40, 90, 50]),
    await progress(null, [99], 2),
  ]);
  assert.deepEqual(cells.map(cellName), [
    ...['fcntl/block', 'fcntl/block [c]', 'fcntl/block [python]', 'fcntl/block'],
  ]);
  const over = cells.filter(isMeasured).map(({ overC }) => overC?.median);
  assert.deepEqual(over, [3, undefined, 4.5, undefined]);
});

test('the cell that others are compared with is that of the runtime named first', async () => {
  const [c, node] = summarise([await progress('c', [10]), await progress(null, [20])]).filter(isMeasured);
  assert.deepEqual(
    [c?.ratio?.to, node?.ratio?.to, node?.ratio?.median],
    [...['fcntl/block [c]', 'fcntl/block [c]', 2]],
  );
});
