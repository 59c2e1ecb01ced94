/**
 * Directories and files that cannot be used, from outside; and odd names that can.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { identityOfThisProcess } from '../../../strategies/posix/process-identity.js';
import { assertRefused, namesIn, sandbox, shortRun, unprivileged } from '../../support/refusal.js';
import { isRoot, needs, start } from '../../support/support.js';

test('--dir of a missing directory is refused', async (t) => {
  const box = sandbox(t);
  const missing = join(box.measured, 'missing');
  await assertRefused(box, [...shortRun, '--dir', missing], {
    expected: /--dir: an existing directory was expected/,
    came: `"${missing}" does not exist`,
    hint: /make it first, or name another/,
  });
});

test('--dir of a file is refused', async (t) => {
  const box = sandbox(t);
  const file = join(box.measured, 'file');
  writeFileSync(file, '');
  await assertRefused(box, [...shortRun, '--dir', file], {
    expected: /--dir: a directory was expected/,
    came: `"${file}" is none`,
    hint: /name a directory/,
  });
});

test('one bad --dir among good ones is refused before anything is measured', async (t) => {
  const box = sandbox(t);
  await assertRefused(box, [...shortRun, '--dir', box.measured, '--dir', '/no/such/dir'], {
    expected: /--dir: an existing directory was expected/,
    came: '"/no/such/dir" does not exist',
    hint: /name another/,
  });
});

test('--dir of a directory that one may not write to is refused', async (t) => {
  const box = sandbox(t);
  chmodSync(box.measured, 0o555);
  const refusal = {
    expected: /--dir: a writable directory was expected/,
    came: `${JSON.stringify(box.measured)} refuses a new file (EACCES: permission denied)`,
    hint: /name a directory that this user may write to/,
  };
  await assertRefused(box, [...shortRun, '--dir', box.measured], refusal, unprivileged);
});

test('--dir of a directory that one may not look into is refused', async (t) => {
  if (!needs(t, isRoot, 'a directory of another user needs root')) return;
  const box = sandbox(t);
  chmodSync(box.measured, 0o700);
  const below = join(box.measured, 'below');
  mkdirSync(below);
  const refusal = {
    expected: /--dir: an existing directory was expected/,
    came: `${JSON.stringify(below)} cannot be looked at (EACCES: permission denied)`,
    hint: /name another/,
  };
  await assertRefused(box, [...shortRun, '--dir', below], refusal, unprivileged);
});

test('a directory that may be written to but not listed is refused, or is used', async (t) => {
  const box = sandbox(t);
  chmodSync(box.measured, 0o333);
  const env = { ...process.env, TMPDIR: box.temporary };
  const options = { cwd: box.cwd, env, ...unprivileged };
  const { code, stderr } = await start([...shortRun, '--dir', box.measured], options).ended;
  chmodSync(box.measured, 0o777);
  assert.ok(code === 0 || code === 2, `exit code ${code}, standard error:\n${stderr}`);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  assert.deepEqual(namesIn(box.measured), []);
});

test('--dir that the user to whom root drops cannot reach is refused as that', async (t) => {
  if (!needs(t, isRoot, 'only root drops')) return;
  const box = sandbox(t);
  const closed = join(box.measured, 'closed');
  mkdirSync(join(closed, 'open'), { recursive: true });
  chmodSync(join(closed, 'open'), 0o777);
  chmodSync(closed, 0o700);
  await assertRefused(box, [...shortRun, '--dir', join(closed, 'open')], {
    expected: /cannot be reached by uid \d+, to which the workers drop/,
    came: `"${join(closed, 'open')}"`,
    hint: /name a directory that this user can reach.*or use --stay-root/,
  });
});

/** Does something while a small tmpfs is mounted on a directory. */
async function onTmpfs(
  t: TestContext,
  mountPoint: string,
  options: string,
  action: () => Promise<void>,
): Promise<void> {
  const mount = ['-t', 'tmpfs', '-o', options, 'lockbench-test', mountPoint];
  const mounted = isRoot && spawnSync('mount', mount, { stdio: 'ignore' }).status === 0;
  if (!needs(t, mounted, 'mounting a tmpfs needs root')) return;
  try {
    await action();
  } finally {
    spawnSync('umount', ['-l', mountPoint]);
  }
}

test('--dir on a full file system is refused', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'size=4k,mode=777', async () => {
    writeFileSync(join(box.measured, 'full'), Buffer.alloc(4096));
    await assertRefused(box, [...shortRun, '--dir', box.measured], {
      expected: /--dir: a writable directory was expected/,
      came: '(ENOSPC: no space left on device)',
      hint: /free some space there, or name another/,
    });
    assert.deepEqual(namesIn(box.measured), ['full']);
  });
});

test('--dir on a file system with room for a name but not for data is refused', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'size=4k,mode=777', async () => {
    await assertRefused(box, [...shortRun, '--dir', box.measured], {
      expected: /--dir: a writable directory was expected/,
      came: '(ENOSPC: no space left on device)',
      hint: /free some space there, or name another/,
    });
  });
});

test('--dir on a read-only file system is refused', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'ro,mode=777', async () => {
    await assertRefused(box, [...shortRun, '--dir', box.measured], {
      expected: /--dir: a writable directory was expected/,
      came: '(EROFS: read-only file system)',
      hint: /it is mounted read-only; name another/,
    });
  });
});

test('--dir on a read-only file system where a killed run left something is refused as read-only', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'mode=777', async () => {
    const { boot, pidNamespace, pid, start: began } = identityOfThisProcess();
    const left = ['lockbench', boot, pidNamespace, pid, Number(began) - 1, '0'].join('.');
    mkdirSync(join(box.measured, left));
    spawnSync('mount', ['-o', 'remount,ro', box.measured]);
    const env = { ...process.env, TMPDIR: box.temporary };
    const { code, stdout, stderr } = await start([...shortRun, '--dir', box.measured], { cwd: box.cwd, env })
      .ended;
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^[^\n]*a writable directory was expected[^\n]*\(EROFS: read-only file system\)[^\n]*\n$/,
    );
  });
});

test('--json in a folder that one may not look into is refused', async (t) => {
  if (!needs(t, isRoot, 'a folder of another user needs root')) return;
  const box = sandbox(t);
  const closed = join(box.temporary, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const refusal = {
    expected: /--json: a file that can be written was expected/,
    came: '(EACCES: permission denied)',
    hint: /name another/,
  };
  const json = ['--json', join(closed, 'x.json')];
  await assertRefused(box, [...shortRun, '--dir', box.measured, ...json], refusal, unprivileged);
});

test('--record of a name that exists is refused, and what was recorded stays', async (t) => {
  const box = sandbox(t);
  const folder = join(box.cwd, 'results', 'taken');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), 'precious');
  const outputs = ['--json', 'new.json', '--record', 'taken'];
  await assertRefused(box, [...shortRun, '--dir', box.measured, ...outputs], {
    expected: /--record: a new name was expected/,
    came: 'results/taken exists',
    hint: /choose another name, or remove it/,
  });
  assert.equal(readFileSync(join(folder, 'result.json'), 'utf8'), 'precious');
});

test('--record leaves no folder when the run is refused for another reason', async (t) => {
  const box = sandbox(t);
  chmodSync(box.measured, 0o555);
  const refusal = {
    expected: /--dir: a writable directory was expected/,
    came: JSON.stringify(box.measured),
    hint: /name a directory that this user may write to/,
  };
  await assertRefused(box, [...shortRun, '--dir', box.measured, '--record', 'new'], refusal, unprivileged);
});

test('a directory with a space, a quote and a newline in its name is good input', async (t) => {
  const box = sandbox(t);
  const odd = join(box.measured, 'a "quoted" \'name\'\nwith $(lines) \\ and é');
  mkdirSync(odd);
  chmodSync(odd, 0o777);
  const env = { ...process.env, TMPDIR: box.temporary };
  const ended = await start([...shortRun, '--dir', odd], { cwd: box.cwd, env }).ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /^ {2}fcntl /m);
  assert.ok(existsSync(odd));
  assert.deepEqual(namesIn(odd), []);
});
