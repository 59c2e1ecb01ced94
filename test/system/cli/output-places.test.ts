/**
 * Places for a result that a file cannot be renamed to, from outside: written in place, or refused before the first round.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { assertRefused, namesIn, sandbox, shortRun, unprivileged } from '../../support/refusal.js';
import { hasCommand, isRoot, lockbench, needs, program, start } from '../../support/support.js';

const FAR_FUTURE_MS = 240_000;

test('a result goes into a file that is a mount point, and an owner log beside it', (t) => {
  if (!needs(t, isRoot && hasCommand('unshare', '--mount', 'true'), 'mounting needs root')) return;
  const box = sandbox(t);
  const [json, trace] = [join(box.temporary, 'r.json'), join(box.temporary, 't.csv')];
  for (const path of [json, trace]) writeFileSync(path, 'old '.repeat(100_000));
  const script = `mount --bind '${json}' '${json}' && mount --bind '${trace}' '${trace}' && exec "$@"`;
  const args = [...shortRun, '--dir', box.measured, '--json', json, '--trace', trace];
  const { status, stderr } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', process.execPath, program, ...args],
    { encoding: 'utf8', timeout: FAR_FUTURE_MS },
  );
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  assert.match(readFileSync(trace, 'utf8'), /^strategy,wait,.*\r\n(fcntl,block,.*\r\n)+$/);
  assert.deepEqual(namesIn(box.temporary).sort(), ['r.json', 't.csv']);
});

test('another user’s file in a sticky directory is refused before the first round', async (t) => {
  if (!needs(t, isRoot, 'a file of another user needs root')) return;
  const box = sandbox(t);
  chmodSync(box.temporary, 0o1777);
  const json = join(box.temporary, 'r.json');
  writeFileSync(json, 'precious');
  const refusal = {
    expected: /--json: a file that can be written was expected/,
    came: `${JSON.stringify(json)} cannot be (EPERM: operation not permitted)`,
    hint: /name another place/,
  };
  await assertRefused(box, [...shortRun, '--dir', box.measured, '--json', json], refusal, unprivileged);
  assert.equal(readFileSync(json, 'utf8'), 'precious');
  assert.deepEqual(namesIn(box.temporary), ['r.json']);
});

for (const option of ['--json', '--trace']) {
  test(`${option}: a named pipe that nobody reads is refused at once`, async (t) => {
    const box = sandbox(t);
    const pipe = join(box.temporary, 'pipe');
    spawnSync('mkfifo', [pipe]);
    await assertRefused(box, [...shortRun, '--dir', box.measured, option, pipe], {
      expected: new RegExp(`${option}: a named pipe that somebody reads was expected`),
      came: `${JSON.stringify(pipe)} has no reader`,
      hint: /start its reader first, or name a file/,
    });
  });
}

test('what is named through /dev/stdout or a process substitution arrives', async (t) => {
  if (!needs(t, hasCommand('bash'), 'bash is missing')) return;
  const box = sandbox(t);
  const words = [process.execPath, program, ...shortRun, '--dir', box.measured].map((word) => `'${word}'`);
  const copy = join(box.temporary, 'copy');
  const script = `exec 3> >(cat > '${copy}'); ${words.join(' ')} --json /dev/fd/3 > /dev/null; code=$?; exec 3>&-; wait $!; exit $code`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: FAR_FUTURE_MS });
  assert.equal(status, 0, stderr);
  resultSchema.parse(JSON.parse(readFileSync(copy, 'utf8')));
  const { code, stdout } = await start([...shortRun, '--dir', box.measured, '--json', '/dev/stdout']).ended;
  assert.equal(code, 0);
  // Instead of the table, as with "-".
  resultSchema.parse(JSON.parse(stdout));
});

test('report says that there is a page only where it was written', async (t) => {
  const box = sandbox(t);
  const report = (output: string) =>
    lockbench(['report', 'whole-catalogue', '-o', output], { cwd: projectRoot });
  const page = join(box.temporary, 'page.html');
  const [good, bad] = [await report(page), await report('/dev/full')];
  assert.equal(good.code, 0, good.stderr);
  assert.ok(good.stderr.includes(`${page}: a page on whole-catalogue; open it in a browser`), good.stderr);
  assert.equal(bad.code, 3);
  assert.match(bad.stderr, /^lockbench: --output: "\/dev\/full" cannot be written to: [^\n]*\n$/);
});

test('report without a result says what may be named', async () => {
  const { code, stderr } = await lockbench(['report']);
  assert.equal(code, 2);
  assert.match(stderr, /^lockbench: report: a result was expected, got none; name one: "last"/);
});
