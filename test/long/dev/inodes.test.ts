/**
 * What a lock file costs beside removed files is measured wherever one can be made, and nothing is left.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockbench, temporaryDirectory } from '../../support/support.js';

const inodes = fileURLToPath(new URL('../../../bench/dev/inodes/inodes.js', import.meta.url));

test('a lock file beside removed files', async (t) => {
  const directory = temporaryDirectory(t);
  const { code, stdout, stderr } = await lockbench([directory, '50'], { program: inodes });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ two seconds later +│ +[\d.]+ [nµm]?s │ +\d+ │/);
  assert.match(stdout, /│ after 50 files were removed there /);
  assert.deepEqual(readdirSync(directory), []);
});

for (const [args, expected] of [
  [[], /a directory was expected, got none; for example/],
  [['/tmp', '0'], /a whole number from 1 to 1000000 was expected, got "0"/],
  [['/nowhere'], /ENOENT.*\/nowhere/],
] as const) {
  test(`what cannot be measured is refused: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await lockbench(args, { program: inodes });
    assert.notEqual(code, 0);
    assert.equal(stdout, '');
    assert.match(stderr, expected);
  });
}
