/**
 * The matrix: as airy as the width allows, in blocks of columns where nothing else helps, and every sign there once.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompatCell, CompatPlace } from '../../../bench/compat/compat-schema.js';
import { matrixOf } from '../../../bench/compat/compat-table.js';
import { withoutOwner } from '../../../bench/machine/owner-name.js';

/** So many locks, of which each excludes itself alone. */
function placeOf(count: number): CompatPlace {
  const locks = Array.from({ length: count }, (_, i) => ({
    ...{ name: `lock-${i + 1}`, strategy: 'fcntl', runtime: 'node', wait: 'block', seen: null },
  }));
  const cells = locks.flatMap(({ name: holder }) =>
    locks.map(({ name: other }): CompatCell => {
      const isSame = holder === other;
      const verdict = isSame ? 'excludes' : 'does-not-see-it';
      return { holder, other, gotIn: !isSame, verdict, reason: '', contention: null };
    }),
  );
  return {
    ...{ where: '/dev/shm', directory: '/dev/shm', filesystem: 'tmpfs', nfs: null, unavailable: [] },
    ...{ locks, cells, controlCaught: true },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours
const plain = (line: string): string => line.replaceAll(/\x1b\[[0-9;]*m/g, '');
const count = (text: string, sign: string): number => text.split(sign).length - 1;

for (const width of [80, 100, 160, 40]) {
  for (const locks of [1, 5, 10, 34, 120]) {
    test(`${locks} locks at ${width} columns`, () => {
      const lines = matrixOf(placeOf(locks), width).map(plain);
      for (const line of lines) assert.ok(line.length <= width, line);
      const signs = lines
        .slice(1, -1)
        .filter((line) => /^ *\d/.test(line))
        .map((line) => line.replace(/^ *\d+ lock-\d+/, ''))
        .join('');
      assert.deepEqual([count(signs, 'x'), count(signs, '·')], [locks, locks * (locks - 1)]);
    });
  }
}

test('numbers stand above their columns, one digit below the other where they are close', () => {
  const [, tens, ones, first = ''] = matrixOf(placeOf(34), 52).map(plain);
  const at = first.indexOf('x');
  assert.equal(tens?.slice(at), ' '.repeat(9) + '1'.repeat(10) + '2'.repeat(10) + '3'.repeat(5));
  assert.equal(ones?.slice(at), '1234567890123456789012345678901234');
  assert.match(ones ?? '', /^held \\ tries/);
});

test('a name that tells of its process is told without it', () => {
  assert.equal(withoutOwner('own.edeaf071.4026531836.26965.3452438.0'), 'own.…');
  for (const name of ['lock', 'file.lock', 'a.1.2', 'guard']) assert.equal(withoutOwner(name), name);
});
