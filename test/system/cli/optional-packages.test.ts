/**
 * Packages that strategies use are optional: where one is missing or not built, its strategies say why and what to do, and
 * everything else works.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { copyProgram, lockbench, temporaryDirectory } from '../../support/support.js';

const COMPILER = 'apt-get install .* and ';

/** By strategy: what of its package is taken away, and what is then said. */
const CASES: Readonly<Record<string, Readonly<Record<string, { remove: string; reason: string }>>>> = {
  'not installed': {
    'fcntl-fs-ext': { remove: 'fs-ext', reason: `fs-ext is not installed: .*${COMPILER}run "npm ci"` },
    'flock-fs-ext': { remove: 'fs-ext', reason: `fs-ext is not installed: .*${COMPILER}run "npm ci"` },
    'os-lock': { remove: 'os-lock', reason: `os-lock is not installed: .*${COMPILER}run "npm ci"` },
    'fs-native-extensions': {
      remove: 'fs-native-extensions',
      reason: 'fs-native-extensions is not installed: run "npm ci"',
    },
    lockfile: { remove: 'lockfile', reason: 'lockfile is not installed: run "npm ci"' },
    'proper-lockfile': {
      remove: 'proper-lockfile',
      reason: 'proper-lockfile is not installed: run "npm ci"',
    },
    // A Node that has SQLite itself does not need the package.
    ...(isBuiltin('node:sqlite')
      ? {}
      : {
          sqlite: {
            remove: '@photostructure/sqlite',
            reason: 'Node .* has no node:sqlite: .*: @photostructure/sqlite is not installed: run "npm ci"',
          },
        }),
  },
  'installed but not built, or not whole': {
    'fcntl-fs-ext': {
      remove: 'fs-ext/build',
      reason: `fs-ext is installed but not built: .*${COMPILER}run "npm rebuild fs-ext"`,
    },
    'os-lock': {
      remove: 'os-lock/build',
      reason: `os-lock is installed but not built: .*${COMPILER}run "npm rebuild os-lock"`,
    },
    'fs-native-extensions': {
      remove: 'fs-native-extensions/prebuilds',
      reason: 'fs-native-extensions is installed but cannot be loaded (.*): run "npm ci"',
    },
    lockfile: {
      remove: 'signal-exit',
      reason: 'lockfile is installed but cannot be loaded (.*signal-exit.*): run "npm ci"',
    },
  },
};

const SMALL = ['--processes', '1', '--increments', '100', '--rounds', '1', '--min-round', '1ms', '--quiet'];

for (const [what, cases] of Object.entries(CASES)) {
  test(`packages ${what}: their rows are unavailable with the reason and the hint`, async (t) => {
    const copy = temporaryDirectory(t);
    const program = copyProgram(copy, 'node_modules');
    for (const { remove } of Object.values(cases)) {
      rmSync(join(copy, 'node_modules', remove), { recursive: true, force: true });
    }
    const names = ['fcntl', ...Object.keys(cases)];
    const { code, stdout } = await lockbench(
      ['run', '--strategies', names.join(','), '--json', '-', '--dir', copy, ...SMALL],
      { program },
    );
    assert.equal(code, 0);
    const cells = resultSchema.parse(JSON.parse(stdout)).cells;
    assert.deepEqual(
      cells.map(({ strategy }) => strategy),
      names,
    );
    const [plain, ...others] = cells;
    assert.equal(plain?.state, 'measured');
    for (const cell of others) {
      assert.ok(cell.state === 'unavailable', cell.strategy);
      assert.match(cell.reason, new RegExp(`^${cases[cell.strategy]?.reason}$`));
    }
  });
}
