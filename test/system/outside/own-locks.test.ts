/**
 * Locks from outside of the catalogue: how they are named, and that they are measured like those of the catalogue.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import { ownLock, QUICK_RUN, writeModule } from '../../support/own-locks.js';
import { assertRefused, namesIn, sandbox } from '../../support/refusal.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

describe('a lock from outside', () => {
  test('is measured and proven like one of the catalogue, by its own name', async (t) => {
    const directory = temporaryDirectory(t);
    const path = writeModule(directory, 'my-lock.mjs', ownLock());
    const { code, stdout, stderr } = await lockbench([
      ...['run', '--strategies', `${path}/yield,fcntl`, '--dir', directory],
      ...QUICK_RUN,
    ]);
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as Result;
    assert.deepEqual(
      result.cells.map(({ strategy, wait, state }) => [strategy, wait, state]),
      [
        ['my-lock', 'yield', 'measured'],
        ['fcntl', 'block', 'measured'],
      ],
    );
    assert.deepEqual(namesIn(directory), ['my-lock.mjs']);
  });

  test('may be a CommonJS module, or a package that is installed where the command is started', async (t) => {
    const directory = temporaryDirectory(t);
    const home = join(directory, 'node_modules', 'a-lock');
    mkdirSync(home, { recursive: true });
    writeModule(home, 'index.mjs', ownLock());
    writeFileSync(join(home, 'package.json'), '{"name":"a-lock","exports":{"import":"./index.mjs"}}');
    const common = ownLock(
      [
        `import { closeSync, constants, openSync, unlinkSync } from 'node:fs'`,
        `const { closeSync, constants, openSync, unlinkSync } = require('node:fs')`,
      ],
      ['export const strategy', 'exports.strategy'],
      [`name: 'my-lock'`, `name: 'other'`],
    );
    writeModule(directory, 'other.cjs', common);
    const { stdout, stderr } = await lockbench(['list', 'a-lock,other.cjs', directory, '--json', '-'], {
      cwd: directory,
    });
    const { strategies } = JSON.parse(stdout) as { strategies: { name: string; available: boolean }[] };
    assert.deepEqual(
      strategies.map(({ name, available }) => [name, available]),
      [
        ['my-lock', true],
        ['other', true],
      ],
      stderr,
    );
  });

  test('in TypeScript runs where Node strips types, and is refused in one line elsewhere', async (t) => {
    const box = sandbox(t);
    const path = writeModule(
      box.cwd,
      'my-lock.ts',
      ownLock(
        ['open(site)', 'open(site: { path(name: string): string })'],
        ['error.code', '(error as { code: string }).code'],
      ),
    );
    const strips = (process.features as { typescript?: string | false }).typescript ?? false;
    const args = ['list', path, box.measured];
    if (strips === false) {
      const refusal = {
        expected: /a module in JavaScript was expected/,
        came: 'my-lock.ts',
        hint: /compile it/,
      };
      await assertRefused(box, args, refusal);
      return;
    }
    const { stdout, stderr } = await lockbench([...args, '--json', '-']);
    const { strategies } = JSON.parse(stdout) as { strategies: { available: boolean }[] };
    assert.deepEqual(
      strategies.map(({ available }) => available),
      [true],
      stderr,
    );
  });
});

test('of a module that does not fit nothing is explained but what is wrong', async (t) => {
  const path = writeModule(temporaryDirectory(t), 'mine.mjs', `throw new Error('no licence');`);
  const { code, stdout, stderr } = await lockbench(['explain', path]);
  assert.equal(code, 3, stderr);
  assert.equal(stdout.replaceAll(/\s+/g, ' '), `${path} is unavailable: importing it failed: no licence `);
});

describe('a module that cannot be named so is refused', () => {
  test('where there is none', async (t) => {
    const box = sandbox(t);
    const refusal = {
      expected: /a module that exports a strategy was expected/,
      came: './nope.mjs',
      hint: /give its path from there/,
    };
    await assertRefused(box, ['run', './nope.mjs', box.measured], refusal);
  });

  test('where two have one name', async (t) => {
    const box = sandbox(t);
    const one = writeModule(box.cwd, 'one.mjs', ownLock());
    const other = writeModule(box.cwd, 'other.mjs', ownLock());
    const refusal = { expected: /two are called "my-lock"/, came: other, hint: /another name/ };
    await assertRefused(box, ['run', `${one},${other}`, box.measured], refusal);
  });
});
