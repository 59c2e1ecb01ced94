/**
 * Where results go: files that are replaced whole, by descriptor and without following what others planted; pipes and
 * devices, without waiting for them.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { drawingOutput, jsonOutput, openOutputs } from '../../../bench/text/outputs.js';
import { isRoot, needs, temporaryDirectory } from '../../support/support.js';
import { readAvailable, readPipe } from '../../support/unread.js';

const NOBODY = 65534;
const module = new URL('../../../bench/text/outputs.js', import.meta.url).href;

/** Opens outputs in a process of its own, saves once if `saves`, and is killed. */
async function killedWith(open: string, cwd: string): Promise<void> {
  const line = `import { jsonOutput, openOutputs } from '${module}'; ${open}; console.log('open'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', line], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('between two saves there is no name to plant a link under, and one under an old name is not followed', (t) => {
  const folder = temporaryDirectory(t);
  const [path, victim] = [join(folder, 'r.json'), join(folder, 'victim')];
  writeFileSync(victim, 'precious');
  const output = jsonOutput(path);
  output.save(1);
  assert.deepEqual(readdirSync(folder).sort(), ['r.json', 'victim']);
  symlinkSync(victim, `${path}.${process.pid}.part`);
  output.save(2);
  output.finish(3);
  output.close();
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
  assert.equal(readFileSync(path, 'utf8'), '3\n');
});

test('a file keeps its permissions, and a link of ours its target', (t) => {
  const folder = temporaryDirectory(t);
  const [path, link] = [join(folder, 'r.json'), join(folder, 'link')];
  writeFileSync(path, 'old');
  chmodSync(path, 0o600);
  symlinkSync(path, link);
  const output = jsonOutput(link);
  output.finish(1);
  output.close();
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(path, 'utf8'), '1\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a link that another user made is refused, and not followed', (t) => {
  if (!needs(t, isRoot, 'a link of another user needs root')) return;
  const folder = temporaryDirectory(t);
  const [victim, link] = [join(folder, 'victim'), join(folder, 'link')];
  writeFileSync(victim, 'precious');
  symlinkSync(victim, link);
  lchownSync(link, NOBODY, NOBODY);
  assert.throws(() => jsonOutput(link), /is a link that another user made/);
  assert.throws(() => drawingOutput('--svg', link, String), UsageError);
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
});

test('what a killed run left is removed by the next that writes there, and what a living one holds is not', async (t) => {
  const folder = temporaryDirectory(t);
  const path = join(folder, 'r.json');
  await killedWith(`jsonOutput(${JSON.stringify(path)})`, folder);
  assert.match(readdirSync(folder).join(), /^r\.json\.lockbench-[0-9a-f]+\.part$/, 'nothing was left');
  const first = jsonOutput(path);
  const [held] = readdirSync(folder);
  assert.equal(readdirSync(folder).length, 1);
  const second = jsonOutput(path);
  assert.ok(readdirSync(folder).includes(held ?? ''));
  first.finish(1);
  first.close();
  second.finish(2);
  second.close();
  assert.deepEqual(readdirSync(folder), ['r.json']);
  assert.equal(readFileSync(path, 'utf8'), '2\n');
});

test('a record that a killed run had only begun is no record', async (t) => {
  const folder = temporaryDirectory(t);
  await killedWith(`openOutputs({ json: null, record: 'mine' }, () => ({}))`, folder);
  assert.deepEqual(readdirSync(join(folder, 'results')), ['mine'], 'nothing was left');
  const before = process.cwd();
  process.chdir(folder);
  try {
    const output = openOutputs<number>({ json: null, record: 'mine' }, () => ({ 'README.md': 'read me' }));
    output.finish(1);
    output.close();
    assert.throws(() => openOutputs({ json: null, record: 'mine' }, () => ({})), /a new name was expected/);
  } finally {
    process.chdir(before);
  }
  assert.deepEqual(readdirSync(join(folder, 'results', 'mine')).sort(), ['README.md', 'result.json']);
});

test('a part of another user, or of another name, is left alone', (t) => {
  if (!needs(t, isRoot, 'a file of another user needs root')) return;
  const folder = temporaryDirectory(t);
  const path = join(folder, 'r.json');
  const kept = [
    `r.json.lockbench-${'0'.repeat(16)}.part`,
    `s.json.lockbench-${'0'.repeat(16)}.part`,
    'r.json.part',
  ];
  for (const name of kept) writeFileSync(join(folder, name), 'precious');
  lchownSync(join(folder, kept[0] ?? ''), NOBODY, NOBODY);
  const output = jsonOutput(path);
  output.finish(1);
  output.close();
  assert.deepEqual(readdirSync(folder).sort(), ['r.json', ...kept].sort());
});

test('a named pipe without a reader is refused at once, and nothing is waited for', (t) => {
  const path = join(temporaryDirectory(t), 'pipe');
  spawnSync('mkfifo', [path]);
  assert.throws(() => jsonOutput(path), /a named pipe that somebody reads was expected, .* has no reader/);
  assert.throws(() => drawingOutput('--svg', path, String), /has no reader/);
  assert.ok(lstatSync(path).isFIFO());
});

test('a named pipe with a reader gets the final result alone', async (t) => {
  const { reader, path } = readPipe(t);
  const output = jsonOutput(path);
  output.save(1);
  output.finish(2);
  output.close();
  let text = '';
  while (text === '') {
    await new Promise((resolve) => setImmediate(resolve));
    text = readAvailable(reader);
  }
  assert.equal(text, '2\n');
});

test('a device is written to, and stays', (t) => {
  if (!needs(t, isRoot, 'only root could replace it')) return;
  const folder = temporaryDirectory(t);
  const device = join(folder, 'null');
  spawnSync('mknod', [device, 'c', '1', '3']);
  for (const output of [jsonOutput(device), drawingOutput('--svg', device, String)]) {
    output.save('x');
    output.finish('x');
    output.close();
  }
  assert.ok(statSync(device).isCharacterDevice());
  assert.deepEqual(readdirSync(folder), ['null']);
});

test('a folder, a block device, and a folder that is missing are refused', (t) => {
  const folder = temporaryDirectory(t);
  mkdirSync(join(folder, 'below'));
  for (const path of ['', folder, `${join(folder, 'new')}/`, join(folder, 'no', 'x')]) {
    assert.throws(() => jsonOutput(path), UsageError, path);
  }
  assert.ok(!existsSync(join(folder, 'new')));
  if (!isRoot) return;
  spawnSync('mknod', [join(folder, 'disk'), 'b', '7', '99']);
  assert.throws(() => jsonOutput(join(folder, 'disk')), /is a block device/);
});
