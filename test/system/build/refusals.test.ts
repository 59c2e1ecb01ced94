/**
 * A start that cannot build, or need not, or is none of Node: one line, or the build that is there.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SmallProject } from '../../support/small-project.js';
import { type Ended, isRoot, program } from '../../support/support.js';

const NOBODY = 65534;

test('a folder that takes no build is one line, and none if its build is of its sources', async (t) => {
  const project = new SmallProject(t);
  const startClosed = async (): Promise<Ended> => {
    chmodSync(project.root, 0o555);
    try {
      return await project.start([], isRoot ? { uid: NOBODY } : {}).ended;
    } finally {
      chmodSync(project.root, 0o755);
    }
  };
  const refused = await startClosed();
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^lockbench: a build of .* was expected in \/.*\(EACCES: permission denied\); run "npm run build" there .*\n$/,
  );
  assert.deepEqual(project.builds, []);
  await project.run();
  assert.deepEqual(await startClosed(), { code: 0, signal: null, stdout: 'one\n', stderr: '' });
});

test('a compile error shows what the compiler says, and a line; the build before it stays', async (t) => {
  const project = new SmallProject(t);
  await project.run();
  const before = project.builds;
  project.version = 'two';
  project.write('compiler.cjs', "for (let i = 0; i < 100; i++) console.log('error TS1'); process.exit(2)");
  const { code, stdout, stderr } = await project.run();
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  const lines = stderr.trimEnd().split('\n');
  assert.equal(lines.filter((line) => line === 'error TS1').length, 40);
  assert.match(lines.at(-2) ?? '', /60 more lines/);
  assert.match(lines.at(-1) ?? '', /^lockbench: the sources in .* were expected to compile, they do not: /);
  assert.deepEqual(project.builds, before);
});

test('hundreds of files that could not be written are one line', async (t) => {
  const project = new SmallProject(t);
  const line =
    "error TS5033: Could not write file '/x/dist/a.js': write /x/dist/a.js: no space left on device.";
  project.write('compiler.cjs', `console.log(${JSON.stringify(`${line}\n`.repeat(430))}); process.exit(2)`);
  const { code, stderr } = await project.run();
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^lockbench: building\nlockbench: .* was expected to have room .*: no space left on device\.\n$/,
  );
  assert.deepEqual(project.builds, []);
});

test('without its packages a clone asks for npm ci', async (t) => {
  const project = new SmallProject(t);
  rmSync(join(project.root, 'node_modules'), { recursive: true });
  const { code, stderr } = await project.run();
  assert.equal(code, 2);
  assert.match(stderr, /\nlockbench: its packages were expected, .* run "npm ci" in \/.*\n$/);
});

test('an installed package runs the build that came with it, and never asks for npm ci', async (t) => {
  const project = new SmallProject(t);
  await project.run();
  const [build = ''] = project.builds;
  rmSync(join(project.root, 'dist'));
  renameSync(join(project.root, build), join(project.root, 'dist'));
  for (const name of ['package-lock.json', 'node_modules']) {
    rmSync(join(project.root, name), { recursive: true });
  }
  project.version = 'two';
  assert.deepEqual({ ...(await project.run()) }, { code: 0, signal: null, stdout: 'one\n', stderr: '' });
  rmSync(join(project.root, 'dist'), { recursive: true });
  const { code, stderr } = await project.run();
  assert.equal(code, 2);
  assert.match(stderr, /^lockbench: dist\/bench\/cli\.js was expected in .*; install it again\n$/);
});

test('what is not Node is refused in a line', () => {
  for (const [key, name] of [
    ['bun', 'Bun'],
    ['deno', 'Deno'],
  ] as const) {
    const versions = `{ value: { ...process.versions, ${key}: '1.2.3' } }`;
    const preload = `data:text/javascript,Object.defineProperty(process, 'versions', ${versions})`;
    const { status, stderr } = spawnSync(process.execPath, ['--import', preload, program, '--version'], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^lockbench: Node was expected, this is ${name} 1\\.2\\.3; .*\\n$`));
  }
});
