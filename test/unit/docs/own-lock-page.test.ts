/**
 * The page on locks of one's own shows the lock that its commands are about.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/host.js';
import { ownLock } from '../../support/own-locks.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

test('the lock of the page, the example and the one that tests change are the same', () => {
  const example = read('docs/examples/my-lock.mjs');
  const [, shown] = /```js\n([\s\S]*?)```\n/.exec(read('docs/your-own-lock.md')) ?? [];
  assert.equal(shown, example);
  assert.equal(ownLock(), example);
});
