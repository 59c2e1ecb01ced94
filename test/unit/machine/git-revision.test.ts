/**
 * The recorded revision: of the project's own repository, and of no other that it happens to stand in.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gitRevision } from '../../../bench/machine/host.js';
import { hasCommand, needs, temporaryDirectory } from '../../support/support.js';

/** A repository with one commit; undefined where there is no git. */
function repository(t: TestContext): { root: string; commit: string } | undefined {
  if (!needs(t, hasCommand('git'), 'git is missing; apt-get install git')) return undefined;
  const root = temporaryDirectory(t);
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' });
  git('init', '--quiet');
  writeFileSync(join(root, 'file'), '');
  git('add', 'file');
  git('-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '--quiet', '--message', 'One');
  return { root, commit: git('rev-parse', '--short=12', 'HEAD').trim() };
}

test('is the commit at the top of the repository, and says whether files were changed', (t) => {
  const made = repository(t);
  if (made === undefined) return;
  assert.equal(gitRevision(made.root), made.commit);
  const link = join(temporaryDirectory(t), 'link');
  symlinkSync(made.root, link);
  assert.equal(gitRevision(link), made.commit);
  writeFileSync(join(made.root, 'file'), 'changed');
  assert.equal(gitRevision(made.root), `${made.commit}-dirty`);
});

test('is unknown for a package that stands in the repository of another project', (t) => {
  const made = repository(t);
  if (made === undefined) return;
  const installed = join(made.root, 'node_modules', 'lockbench');
  mkdirSync(installed, { recursive: true });
  assert.equal(gitRevision(installed), null);
});

test('is not that of a repository which the environment names, as in a git hook', (t) => {
  const made = repository(t);
  if (made === undefined) return;
  const before = process.env.GIT_DIR;
  process.env.GIT_DIR = join(made.root, '.git');
  t.after(() => {
    if (before === undefined) delete process.env.GIT_DIR;
    else process.env.GIT_DIR = before;
  });
  assert.equal(gitRevision(temporaryDirectory(t)), null);
});
