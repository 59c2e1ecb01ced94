/**
 * Where no optional package could be installed, the whole project is built.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

const PACKAGES = join(projectRoot, 'node_modules');

test('without any optional package, those of the compiler included, the whole project is built', async (t) => {
  const root = temporaryDirectory(t);
  for (const name of [
    'bin',
    'bench',
    'strategies',
    'test',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]) {
    cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  }
  const packages = join(root, 'node_modules');
  mkdirSync(packages);
  const optional =
    /^(@typescript|@koromix|@photostructure|fs-ext|fs-native-extensions|lockfile|os-lock|proper-lockfile)$/;
  for (const name of readdirSync(PACKAGES)) {
    if (!optional.test(name)) symlinkSync(join(PACKAGES, name), join(packages, name));
  }
  // A build that was cut off is in the way, too.
  mkdirSync(join(root, 'dist', 'bench'), { recursive: true });
  const { code, stdout, stderr } = await lockbench(['--version'], {
    program: join(root, 'bin', 'lockbench.mjs'),
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(stderr, 'lockbench: building\n');
});
