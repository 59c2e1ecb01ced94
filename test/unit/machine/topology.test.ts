/**
 * Where processors are, read from invented trees, and where workers go on invented machines.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lowestOf, type Processor, placement, readTopology } from '../../../bench/machine/topology.js';
import { allowedProcessors } from '../../../strategies/posix/affinity.js';
import { temporaryDirectory } from '../../support/support.js';

/** A machine on which package, node and last level of cache are the same: `[core, ...]` per package, by lowest thread. */
function machine(packages: readonly (readonly (readonly number[])[])[]): Processor[] {
  return packages.flatMap((cores, number) =>
    cores.flatMap((threads) =>
      threads.map((processor) => ({
        processor,
        package: number,
        node: number,
        lastLevelCache: Math.min(...cores.flat()),
        core: Math.min(...threads),
      })),
    ),
  );
}

/** 2 packages of 4 cores of 2 threads, numbered as Linux does: first threads first, package by package. */
const server = machine([
  [
    [0, 8],
    [1, 9],
    [2, 10],
    [3, 11],
  ],
  [
    [4, 12],
    [5, 13],
    [6, 14],
    [7, 15],
  ],
]);
const oneSocket = machine([[[0], [1], [2], [3]]]);
/** Two fast cores of two threads and three slow ones of one; numbers 4, 5 and 7 are missing. */
const hybrid = machine([[[0, 1], [2, 3], [6], [8], [9]]]);
const allowed = (topology: readonly Processor[], ...processors: readonly number[]): Processor[] =>
  topology.filter(({ processor }) => processors.includes(processor));

test('compact: threads of one core first, then the next core of the package, then the next package', () => {
  assert.deepEqual(placement('compact', 1, server), [0]);
  assert.deepEqual(placement('compact', 2, server), [0, 8]);
  assert.deepEqual(placement('compact', 5, server), [0, 8, 1, 9, 2]);
  assert.deepEqual(placement('compact', 8, server), [0, 8, 1, 9, 2, 10, 3, 11]);
  assert.deepEqual(placement('compact', 10, server), [0, 8, 1, 9, 2, 10, 3, 11, 4, 12]);
});

test('spread: the packages in turn, a core each, and second threads only when all cores have one', () => {
  assert.deepEqual(placement('spread', 1, server), [0]);
  assert.deepEqual(placement('spread', 2, server), [0, 4]);
  assert.deepEqual(placement('spread', 3, server), [0, 4, 1]);
  assert.deepEqual(placement('spread', 8, server), [0, 4, 1, 5, 2, 6, 3, 7]);
  assert.deepEqual(placement('spread', 11, server), [0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9]);
});

test('without second threads and a second package both are the cores in their order', () => {
  for (const kind of ['compact', 'spread'] as const) {
    assert.deepEqual(placement(kind, 3, oneSocket), [0, 1, 2], kind);
  }
});

test('cores of different kinds and missing numbers', () => {
  assert.deepEqual(placement('compact', 4, hybrid), [0, 1, 2, 3]);
  assert.deepEqual(placement('compact', 3, hybrid), [0, 1, 2]);
  assert.deepEqual(placement('compact', 7, hybrid), [0, 1, 2, 3, 6, 8, 9]);
  assert.deepEqual(placement('spread', 7, hybrid), [0, 2, 6, 8, 9, 1, 3]);
});

test('compact: the first group that holds all workers is taken, not one that would have to be left', () => {
  const few = allowed(server, 0, 4, 12, 5, 13);
  assert.deepEqual(placement('compact', 1, few), [0]);
  assert.deepEqual(placement('compact', 2, few), [4, 12]);
  assert.deepEqual(placement('compact', 4, few), [4, 12, 5, 13]);
  assert.deepEqual(placement('compact', 5, few), [4, 12, 5, 13, 0]);
});

test('compact: a core with one allowed thread comes after the whole ones', () => {
  const few = allowed(server, 0, 1, 9, 2, 10);
  assert.deepEqual(placement('compact', 2, few), [1, 9]);
  assert.deepEqual(placement('compact', 5, few), [1, 9, 2, 10, 0]);
});

test('spread: a restricted package gets no second thread while the other one has a free core', () => {
  assert.deepEqual(placement('spread', 5, allowed(server, 0, 8, 4, 5, 6)), [0, 4, 5, 6, 8]);
});

test('spread goes to another cache, and another memory, before another core', () => {
  const processor = (n: number, node: number, cache: number): Processor => ({
    processor: n,
    package: 0,
    node,
    lastLevelCache: cache,
    core: n,
  });
  const topology = [
    processor(0, 0, 0),
    processor(1, 0, 0),
    processor(2, 0, 2),
    processor(3, 1, 3),
    processor(4, 1, 3),
  ];
  assert.deepEqual(placement('spread', 5, topology), [0, 3, 2, 4, 1]);
  assert.deepEqual(placement('compact', 2, topology), [0, 1]);
  assert.deepEqual(placement('compact', 3, topology), [0, 1, 2]);
});

test('workers that outnumber the processors are shared out evenly', () => {
  for (const topology of [server, oneSocket, hybrid, allowed(server, 0, 4, 12)]) {
    for (const kind of ['compact', 'spread'] as const) {
      for (let workers = 0; workers <= 40; workers++) {
        const placed = placement(kind, workers, topology);
        assert.equal(placed.length, workers);
        const shares = topology.map(({ processor }) => placed.filter((cpu) => cpu === processor).length);
        assert.equal(
          shares.reduce((a, b) => a + b),
          workers,
          `only processors of the topology: ${placed}`,
        );
        assert.ok(Math.max(...shares) - Math.min(...shares) <= 1, `${kind} ${workers}: ${placed}`);
      }
    }
  }
});

test('the order in which processors are listed does not matter', () => {
  const reversed = [...server].reverse();
  for (const kind of ['compact', 'spread'] as const) {
    assert.deepEqual(placement(kind, 16, reversed), placement(kind, 16, server), kind);
  }
});

test('no processors are refused', () => {
  assert.throws(() => placement('compact', 1, []), RangeError);
});

test('a group is named by the lowest number of its list', () => {
  assert.equal(lowestOf('0-3,8-11'), 0);
  assert.equal(lowestOf('12,4'), 4);
  assert.equal(lowestOf('7'), 7);
  assert.equal(lowestOf(''), null);
});

/** A directory like /sys/devices/system/cpu. A path that ends with a slash is a directory. */
function tree(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory(t);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(path.endsWith('/') ? join(root, path) : dirname(join(root, path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}

test('package, core, cache and memory are read for the processors asked for', (t) => {
  const root = tree(t, {
    'cpu5/topology/physical_package_id': '1',
    'cpu5/topology/core_id': '0',
    'cpu5/topology/thread_siblings_list': '5,13',
    'cpu5/cache/index0/level': '1',
    'cpu5/cache/index0/shared_cpu_list': '5,13',
    // Tenth by number, first by name: the highest level counts, not the last name.
    'cpu5/cache/index10/level': '3',
    'cpu5/cache/index10/shared_cpu_list': '4-7,12-15',
    'cpu5/cache/index2/level': '2',
    'cpu5/cache/index2/shared_cpu_list': '5,13',
    'cpu5/cache/uevent': '',
    'cpu5/node1/': '',
    'cpu6/topology/physical_package_id': '1',
  });
  assert.deepEqual(readTopology([5], root), [
    { processor: 5, package: 1, node: 1, lastLevelCache: 4, core: 5 },
  ]);
});

test('cores are told apart though their numbers repeat in each package', (t) => {
  const root = tree(t, {
    'cpu0/topology/physical_package_id': '0',
    'cpu0/topology/core_id': '0',
    'cpu0/topology/thread_siblings_list': '0,2',
    'cpu1/topology/physical_package_id': '0',
    'cpu1/topology/core_id': '0',
    'cpu1/topology/thread_siblings_list': '1,3',
    'cpu2/topology/physical_package_id': '0',
    'cpu2/topology/core_id': '0',
    'cpu2/topology/thread_siblings_list': '0,2',
  });
  const topology = readTopology([0, 1, 2], root);
  assert.deepEqual(
    topology.map(({ core }) => core),
    [0, 1, 0],
  );
  assert.deepEqual(placement('compact', 2, topology), [0, 2]);
  assert.deepEqual(placement('spread', 2, topology), [0, 1]);
});

test('a processor about which nothing is told is a core of its own', (t) => {
  const unknown = { package: 0, node: null, lastLevelCache: null };
  assert.deepEqual(readTopology([3, 4], tree(t, { 'cpu4/topology/physical_package_id': '-1' })), [
    { processor: 3, ...unknown, core: 3 },
    { processor: 4, ...unknown, core: 4 },
  ]);
});

test('on this machine every allowed processor is found, with whole numbers', () => {
  const topology = readTopology();
  assert.deepEqual(
    topology.map(({ processor }) => processor),
    allowedProcessors(),
  );
  for (const { package: number, core } of topology)
    assert.ok(Number.isInteger(number) && Number.isInteger(core));
});
