/**
 * Results read back, from whatever lies in their place: what is the matter is told in a line that names the file.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { parseResult } from '../../../bench/measure/result/read-result.js';
import {
  QUOTED_RUN,
  RESULT_OF_RUN,
  recordedRun,
  recordPath,
} from '../../../bench/measure/result/recorded-run.js';
import { SCHEMA_VERSION } from '../../../bench/measure/result/schema-version.js';
import { fc } from '../../support/properties.js';
import { temporaryDirectory } from '../../support/support.js';

const good = readFileSync(recordPath(QUOTED_RUN, projectRoot), 'utf8');

function refusalOf(text: string): string {
  try {
    parseResult(text, '/x/r.json', RESULT_OF_RUN);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error.message;
  }
  return assert.fail('it was not refused');
}

test('what a file is, that is no result of this version, is said in a line that names it', () => {
  const changed = (change: object): string => JSON.stringify({ ...JSON.parse(good), ...change });
  for (const [text, came] of [
    ['', 'got an empty file'],
    [' \n', 'got an empty file'],
    [good.slice(0, good.length / 2), 'got JSON that is cut off or broken'],
    ['hello', 'got something that is not JSON'],
    ['null', 'got null'],
    ['[1]', 'got a list'],
    ['7', 'got a number'],
    ['{"pairs": []}', 'got an object of another kind'],
    [
      '{"schemaVersion": 2, "outcomes": []}',
      'got a result of another command ("lockbench report" reads them all)',
    ],
    [changed({ schemaVersion: 2 }), 'got version 2'],
    [changed({ schemaVersion: 99 }), 'got version 99'],
    [changed({ cells: [{ strategy: 'fcntl' }] }), 'got one that is wrong at "cells.0'],
    [changed({ seed: 'x' }), 'got one that is wrong at "seed"'],
  ] as const) {
    const said = refusalOf(text);
    assert.ok(
      said.startsWith(`"/x/r.json": a result of run, version ${SCHEMA_VERSION}, was expected, `),
      said,
    );
    assert.ok(said.includes(came), said);
  }
  assert.equal(parseResult(good, '/x/r.json', RESULT_OF_RUN).schemaVersion, SCHEMA_VERSION);
});

test('whatever a file holds, it is refused in one line, without a stack or a word of the library', () => {
  // Without its last line break it is still whole: only what cuts into the object itself is broken.
  const cut = fc.nat(good.trimEnd().length - 1).map((length) => good.slice(0, length));
  const any = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), cut);
  fc.assert(
    fc.property(any, (text) => {
      assert.doesNotMatch(refusalOf(text), /\n|\bat .*:\d+:\d+|invalid_type|Zod|undefined|NaN|SyntaxError/);
    }),
    { numRuns: 60 },
  );
});

test('a file that is not there, a folder and a named pipe are refused by name, and not waited for', (t) => {
  const root = temporaryDirectory(t);
  for (const name of ['pipe', 'folder']) mkdirSync(join(root, 'results', name), { recursive: true });
  mkdirSync(recordPath('folder', root));
  spawnSync('mkfifo', [recordPath('pipe', root)]);
  assert.throws(() => recordedRun('pipe', root), /pipe\/result\.json": .*got a named pipe/);
  assert.throws(() => recordedRun('folder', root), /folder\/result\.json": .*got a directory/);
  assert.throws(() => recordedRun('none', root), /none\/result\.json": .*ENOENT/);
  writeFileSync(join(root, 'results', 'x'), '');
  assert.throws(() => recordedRun('x', root), /x\/result\.json": .*ENOTDIR/);
});
