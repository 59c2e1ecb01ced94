/**
 * Runs many rounds in one process, one after the other, and prints what the process keeps: `npm run test:rounds -- [COUNT]
 * [PROCESSES] [RUNTIME]`. With one process a round it takes half as long, with RUNTIME "c" a small part of that; what the
 * parent keeps of a round is the same.
 *
 * The engine maps its heap in pages of 256 KiB, and lets its young generation grow and shrink between 1 and 16 MiB, as it
 * likes: by a few mappings and some memory a process differs from one line to the next. What must stay is what is left
 * without these pages, `besideHeap`, and what is in use after the garbage was collected, `usedBytes`.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { endKeepers } from '../../bench/measure/parent/kept-directories.js';
import { footprintOf } from '../support/footprint.js';
import { foreignWorker } from '../support/foreign-round.js';
import { runRound, specOf } from '../support/one-round.js';

const [count = 10_000, processes = 2] = process.argv.slice(2, 4).map(Number);
const STEPS = 20;
const HEAP_PAGE_BYTES = 256 * 1024;
const LOCK = 'robust-mutex';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function told(): string {
  collectGarbage();
  const footprint = footprintOf();
  const { total_heap_size: heapBytes, used_heap_size: usedBytes } = getHeapStatistics();
  const heapPages = Math.round(heapBytes / HEAP_PAGE_BYTES);
  return JSON.stringify({ ...footprint, heapPages, besideHeap: footprint.maps - heapPages, usedBytes });
}

const alone = { kind: 'timing', conditions: { processes: 1, increments: 1 } } as const;
const spec = await specOf(LOCK, {
  ...(processes === 1 ? alone : { enoughHandoffs: 1, conditions: { processes } }),
  ...(process.argv[4] === 'c' && { foreign: foreignWorker(LOCK, 'c') }),
});
for (let i = 0; i <= count; i++) {
  if (i % Math.max(1, Math.floor(count / STEPS)) === 0) console.log(i, told());
  if (i < count) await runRound(spec);
}
await endKeepers();
