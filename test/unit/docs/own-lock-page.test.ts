/**
 * The page on locks of one's own shows the lock that its commands are about.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

test('the lock of the page is the example, which other tests run and break', () => {
  const [, shown] = /```js\n([\s\S]*?)```\n/.exec(read('docs/your-own-lock.md')) ?? [];
  assert.equal(shown, read('docs/examples/my-lock.mjs'));
});
