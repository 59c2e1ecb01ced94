/**
 * fs-ext is optional: where it is missing or not built, its strategies say why and what to do, and all else works.
 */
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultSchema } from '../../bench/report/result.js';
import { lockbench, temporaryDirectory } from '../support.js';

for (const [what, remove, cure] of [
  ['not installed', 'node_modules/fs-ext', 'npm ci'],
  ['installed but not built', 'node_modules/fs-ext/build', 'npm rebuild fs-ext'],
] as const) {
  test(`fs-ext ${what}: its two rows are unavailable with the reason and the cure`, async (t) => {
    const copy = temporaryDirectory(t);
    for (const part of ['bin', 'dist', 'node_modules', 'package.json']) {
      cpSync(new URL(`../../../${part}`, import.meta.url), join(copy, part), { recursive: true });
    }
    rmSync(join(copy, remove), { recursive: true, force: true });
    const small = [
      '--processes',
      '1',
      '--increments',
      '100',
      '--rounds',
      '1',
      '--min-round',
      '1ms',
      '--quiet',
    ];
    const { code, stdout } = await lockbench(
      ['run', '--strategies', 'fcntl,fcntl-fs-ext,flock-fs-ext', '--json', '-', '--dir', copy, ...small],
      { program: join(copy, 'bin', 'lockbench.mjs') },
    );
    assert.equal(code, 0);
    const [plain, ...others] = resultSchema.parse(JSON.parse(stdout)).cells;
    assert.equal(plain?.state, 'measured');
    assert.equal(others.length, 2);
    for (const cell of others) {
      assert.ok(cell.state === 'unavailable');
      assert.match(cell.reason, new RegExp(`^fs-ext is ${what}: .*apt-get install .* and run "${cure}"$`));
    }
  });
}
