/**
 * How long a lock from outside may take to prepare is counted from when the keeper's process runs: not while that is started, which
 * a busy machine delays, and the lock has no part in.
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { endKeepers, hurry, keepDirectory } from '../../../bench/measure/parent/kept-directories.js';
import { strategyOfModule } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { until } from '../../support/limit.js';
import { ON_OPEN, ownLock, writeModule } from '../../support/own-locks.js';
import { temporaryDirectory } from '../../support/support.js';

/** What every Node that is started by its path does from now on: it tells that it is there, and waits for a file. */
function holdUpStarts(t: TestContext): { readonly isHeld: () => boolean; readonly letGo: () => void } {
  const directory = temporaryDirectory(t);
  const [held, go, node] = ['held', 'go', 'node'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const real = process.execPath;
  writeFileSync(node, `#!/bin/sh\n: >${held}\nuntil [ -e ${go} ]; do sleep 0.05; done\nexec ${real} "$@"\n`);
  chmodSync(node, 0o755);
  process.execPath = node;
  t.after(() => {
    process.execPath = real;
  });
  return { isHeld: () => existsSync(held), letGo: () => writeFileSync(go, '') };
}

async function lockWith(t: TestContext, ...statements: readonly string[]): Promise<Strategy> {
  const prepare = `prepare() {\n${statements.join('\n')}\n},\nopen(site)`;
  const path = writeModule(temporaryDirectory(t), 'lock.mjs', ownLock([ON_OPEN, prepare]));
  const module = pathToFileURL(path).href;
  const strategy = await strategyOfModule(module);
  assert.ok(strategy !== null);
  return { ...strategy, module };
}

const AN_HOUR_MS = 3_600_000;

test('a keeper that is slow to start is not blamed on the lock', async (t) => {
  const directory = temporaryDirectory(t);
  const lock = await lockWith(t, '');
  const { isHeld, letGo } = holdUpStarts(t);
  t.after(endKeepers);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const keeping = keepDirectory(directory, 1, lock, null, 30e9);
  // Looked at below.
  keeping.catch(() => {});
  while (!isHeld()) await new Promise(setImmediate);
  t.mock.timers.tick(AN_HOUR_MS);
  t.mock.timers.reset();
  letGo();
  await (await keeping).destroy();
});

test('a lock that computes for ever when it is prepared is ended soon once the user wants to stop', async (t) => {
  const directory = temporaryDirectory(t);
  const begun = join(directory, 'begun');
  const lock = await lockWith(
    t,
    `process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(begun)}, '');`,
    'for (;;);',
  );
  t.after(endKeepers);
  const keeping = keepDirectory(directory, 1, lock, null, 30e9);
  keeping.catch(() => {});
  await until('it computes', () => existsSync(begun));
  hurry();
  // Not after the 30 s of processor time that it is allowed otherwise.
  await assert.rejects(
    keeping,
    /its prepare or destroy does not return: no answer after 2 s of processor time$/,
  );
});
