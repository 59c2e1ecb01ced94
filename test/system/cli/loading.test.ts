/**
 * What a command loads before it does anything. A library too many is seconds where the processor is emulated, for each
 * program that is started there.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockbench, program, temporaryDirectory } from '../../support/support.js';

const SCHEMAS = fileURLToPath(new URL('../../../bench/measure/result/result-schema.js', import.meta.url));

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** The addresses of all modules that a program has loaded by its end. */
async function loadedBy(t: TestContext, args: readonly string[], file = program): Promise<string[]> {
  const directory = temporaryDirectory(t);
  const env = { ...process.env, NODE_V8_COVERAGE: directory };
  const { code, stderr } = await lockbench(args, { program: file, env });
  assert.equal(code, 0, stderr);
  return readdirSync(directory).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(directory, name), 'utf8')) as Coverage;
    return result.map(({ url }) => url);
  });
}

const packages = (urls: readonly string[]): Set<string> =>
  new Set(urls.flatMap((url) => /\/node_modules\/([^/]+)\//.exec(url)?.[1] ?? []));

test('a schema loads the library of schemas', async (t) => {
  assert.ok(
    packages(await loadedBy(t, [], SCHEMAS)).has('zod'),
    'it is not seen; the other tests prove nothing',
  );
});

for (const command of [
  '',
  'show',
  'explain',
  'choose',
  'compare',
  'run',
  'watch',
  'crash',
  'order',
  'prove',
  'doctor',
  'onedaemon',
  'nfs compare',
  'nfs roundtrip',
  'nfs faults',
  'nfs options',
]) {
  test(`help on ${command || 'all commands'} does without it`, async (t) => {
    const loaded = packages(await loadedBy(t, [...command.split(' ').filter(Boolean), '--help']));
    assert.ok(loaded.has('commander'));
    assert.ok(!loaded.has('zod'), [...loaded].join());
  });
}

for (const command of ['run', 'crash', 'report', 'nfs compare', 'reproduce']) {
  test(`${command} loads what draws plots only when there is one to draw`, async (t) => {
    const loaded = packages(await loadedBy(t, [...command.split(' '), '--help']));
    assert.ok(!loaded.has('@observablehq') && !loaded.has('linkedom'), [...loaded].join());
  });
}

test('nfs exec loads none of the experiments over NFS', async (t) => {
  const loaded = await loadedBy(t, ['nfs', 'exec', '--help']);
  assert.ok(loaded.some((url) => url.endsWith('/bench/lab/shell.js')));
  assert.deepEqual(
    loaded.filter((url) => /\/bench\/nfs\/(compare|faults|options|roundtrip)\//.test(url)),
    [],
  );
});
