/**
 * `lockbench prove` with a lock that keeps what it claims, and with others that do not: each lie is found, by its name.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProveResult, proveSchema } from '../../../bench/prove/prove-schema.js';
import { ownLock, writeModule } from '../../support/own-locks.js';
import { namesIn } from '../../support/refusal.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

/** What is claimed that is not so, and the claims that are found broken by it. */
const LIES = {
  'an honest lock': { text: ownLock(), broken: [] },
  'released when its holder dies': {
    text: ownLock([`holderDies: 'stuck'`, `holderDies: 'released'`]),
    broken: ['holderDies'],
  },
  'belongs to its process': {
    text: ownLock([`owner: 'name'`, `owner: 'process'`]),
    broken: ['owner'],
  },
  'lets everybody in': {
    text: ownLock(
      [`if (error.code === 'EEXIST') return false;`, `if (error.code === 'EEXIST') return true;`],
      ['unlinkSync(path);', 'try { unlinkSync(path); } catch {}'],
    ),
    broken: ['excludes', 'excludesAsRoot'],
  },
} as const;

for (const [name, { text, broken }] of Object.entries(LIES)) {
  test(`${name}: ${broken.length === 0 ? 'all that can be proven here holds' : 'is found out'}`, async (t) => {
    const directory = temporaryDirectory(t);
    const path = writeModule(temporaryDirectory(t), 'my-lock.mjs', text);
    const args = ['prove', path, '--dir', directory, '--quiet', '--json', '-'];
    const { code, stdout, stderr } = await lockbench(args);
    assert.equal(code, broken.length === 0 ? 0 : 1, stderr);
    const result: ProveResult = proveSchema.parse(JSON.parse(stdout));
    const checks = result.proofs.flatMap((proof) => proof.checks);
    assert.ok(checks.length > 5);
    const found = new Set(checks.filter(({ verdict }) => verdict === 'broken').map(({ claim }) => claim));
    if (broken.length === 0) assert.deepEqual([...found], []);
    else assert.ok(found.has(broken[0]), `found: ${[...found].join()}`);
    assert.deepEqual(namesIn(directory), []);
  });
}

test('what is not there is not proven', async (t) => {
  const { code, stdout } = await lockbench([
    'prove',
    writeModule(temporaryDirectory(t), 'a.mjs', 'export {};'),
  ]);
  assert.equal(code, 3);
  assert.match(stdout, /is unavailable: does not fit the contract/);
  const { code: none, stderr } = await lockbench(['prove']);
  assert.equal(none, 2);
  assert.match(stderr, /^lockbench: prove: a lock was expected, got none; name a module[^\n]*\n$/);
});
