/**
 * A build is whole or absent, of the sources as they are, and made once for all who start at once.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../support/limit.js';
import { SmallProject } from '../../support/small-project.js';

const isAlive = (pid: number): boolean => {
  try {
    // A zombie has ended, too; who reaps it is not ours to say.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

test('what was cut off is no build: it is not run, but made again', async (t) => {
  const project = new SmallProject(t);
  project.write('dist/bench/cli.js', '');
  assert.equal((await project.run()).stdout, 'one\n');
  // As a removal leaves it that was interrupted.
  const [name = ''] = project.builds;
  rmSync(join(project.root, name, '.build.json'));
  rmSync(join(project.root, name, 'strategies'), { recursive: true });
  assert.equal((await project.run()).stdout, 'one\n');
  assert.equal(project.compilers.length, 2);
});

test('starts at once build once, and all run', async (t) => {
  const project = new SmallProject(t);
  const { started: first, release } = await project.startHeld();
  const others = [1, 2, 3].map(() => project.start());
  await Promise.all(others.map((other) => other.says(/^lockbench: waiting for another start/m)));
  await release();
  for (const started of [first, ...others]) {
    const { code, stdout } = await started.ended;
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\n' });
  }
  assert.equal(project.compilers.length, 1);
});

test('a start that waits builds itself if the one that built is killed', async (t) => {
  const project = new SmallProject(t);
  const { started: first, release } = await project.startHeld();
  const other = project.start();
  await other.says(/waiting/);
  rmSync(join(project.root, 'compiler.cjs'));
  first.child.kill('SIGKILL');
  const { code, stdout } = await other.ended;
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\n' });
  assert.equal(project.builds.length, 1, 'what the killed one left is gone');
  const [orphan = 0] = project.compilers;
  await until(
    'the compiler of the killed one is gone, though it was not told to end',
    () => !isAlive(orphan),
  );
  await release();
});

test('a signal ends a build, its compiler, and what it had written', async (t) => {
  const project = new SmallProject(t);
  const { started, release } = await project.startHeld();
  started.child.kill('SIGTERM');
  assert.equal((await started.ended).code, 143);
  await release();
  assert.deepEqual(project.builds, []);
  assert.deepEqual(project.compilers.filter(isAlive), []);
});

test('changed sources are noticed, and those that were only touched are no reason to build', async (t) => {
  const project = new SmallProject(t);
  const version = join(project.root, 'strategies', 'version.ts');
  utimesSync(version, 1000, 1000);
  await project.run();
  // Of the same size, with the same time as before: only the time of the inode tells.
  project.version = 'two';
  utimesSync(version, 1000, 1000);
  assert.equal((await project.run()).stdout, 'two\n');
  utimesSync(version, new Date(), new Date());
  project.write('package-lock.json', '{}');
  assert.equal((await project.run()).stdout, 'two\n');
  assert.equal(project.compilers.length, 2);
  project.write('bench/new.ts', '');
  await project.run();
  assert.equal(project.compilers.length, 3);
  rmSync(join(project.root, 'bench', 'new.ts'));
  const back = await project.run();
  assert.deepEqual({ ...back }, { code: 0, signal: null, stdout: 'two\n', stderr: '' });
  assert.equal(project.compilers.length, 3, 'a build of these sources was there');
});

test('a changed test is compiled by npm run build, and asks nothing of a start', async (t) => {
  const project = new SmallProject(t);
  await project.run();
  project.write('test/some.test.ts', 'changed();');
  await project.run();
  assert.equal(project.compilers.length, 1);
  assert.equal((await project.build()).code, 0);
  assert.equal(readFileSync(join(project.root, 'dist', 'test', 'some.test.js'), 'utf8'), 'changed();');
});

test('sources that change while they are compiled make no build', async (t) => {
  const project = new SmallProject(t);
  const { started, release } = await project.startHeld();
  project.version = 'two';
  await release();
  const { code, stderr } = await started.ended;
  assert.equal(code, 2);
  assert.match(stderr, /^lockbench: building\nlockbench: its sources changed .* start again\n$/);
  assert.deepEqual(project.builds, []);
});

test('a program that runs keeps its build, which is removed when nobody runs it any more', async (t) => {
  const project = new SmallProject(t);
  const running = project.start(['wait']);
  await running.says(/^runs$/m);
  const [first = ''] = project.builds;
  const longAgo = (): void => utimesSync(join(project.root, first), 0, 0);
  project.version = 'two';
  assert.equal((await project.run()).stdout, 'two\n');
  longAgo();
  project.version = 'three';
  assert.equal((await project.run()).stdout, 'three\n');
  running.child.stdin?.end();
  assert.equal((await running.ended).stdout, 'runs\none\n');
  assert.ok(project.builds.includes(first));
  project.version = 'four';
  longAgo();
  await project.run();
  assert.ok(!project.builds.includes(first));
  assert.equal(project.builds.length, 3, 'those that were replaced a moment ago stay');
});
