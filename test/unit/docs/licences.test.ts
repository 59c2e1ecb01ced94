/**
 * The page on licences names every package that the program is installed with.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

test('each package that is installed with the program has its licence listed', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
  const packages = Object.keys({ ...dependencies, ...optionalDependencies }).sort();
  const listed = [...read('docs/licences.md').matchAll(/^\| (\S+) \| ([^|]+) \|/gm)].map(([, name]) => name);
  assert.deepEqual(
    listed.filter((name) => name !== 'package'),
    packages,
  );
});
