/**
 * Locks from outside of the catalogue: what they do wrong ends their own cells, in a sentence, and no others.
 */
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import type { Cell, Result } from '../../../bench/measure/result/result-schema.js';
import {
  BAD_LOCKS,
  type BadLock,
  HANGING_LOCKS,
  ownLock,
  QUICK_RUN,
  writeModule,
} from '../../support/own-locks.js';
import { namesIn } from '../../support/refusal.js';
import { isRoot, lockbench, needs, temporaryDirectory } from '../../support/support.js';

const stateOf = ({ cells }: Result, name: string): Cell['state'] | undefined =>
  cells.find(({ strategy }) => strategy === name)?.state;

for (const [what, locks] of [
  ['do wrong', BAD_LOCKS],
  ['never return from', HANGING_LOCKS],
] as const) {
  test(`what locks from outside ${what} ends their own cells alone, in a sentence each`, async (t) => {
    const directory = temporaryDirectory(t);
    const modules = temporaryDirectory(t);
    const each: [string, BadLock][] = Object.entries(locks);
    const paths = each.map(([name, { text }]) => writeModule(modules, `${name}.mjs`, text));
    const { code, stdout, stderr } = await lockbench([
      ...['run', '--strategies', [...paths, 'fcntl'].join(','), '--dir', directory],
      ...[...QUICK_RUN, '--budget', '100ms', '--time-limit', '30s'],
    ]);
    assert.equal(code, 3, stderr);
    const result = JSON.parse(stdout) as Result;
    assert.equal(stateOf(result, 'fcntl'), 'measured');
    for (const [name, { reason }] of each) {
      const cell = result.cells.find(
        ({ strategy }) => strategy === name || strategy.endsWith(`/${name}.mjs`),
      );
      assert.ok(cell !== undefined, name);
      assert.match('reason' in cell ? cell.reason : cell.state, reason, name);
    }
    assert.deepEqual(namesIn(directory), [], stderr);
  });
}

test('a lock from outside works for workers that could not read its module by themselves', async (t) => {
  if (!needs(t, isRoot, 'only root drops its workers')) return;
  const closed = temporaryDirectory(t);
  chmodSync(closed, 0o700);
  const path = writeModule(closed, 'my-lock.mjs', ownLock());
  const { stdout, stderr } = await lockbench([...['run', path, temporaryDirectory(t)], ...QUICK_RUN]);
  assert.equal(stateOf(JSON.parse(stdout) as Result, 'my-lock'), 'measured', stderr);
});
