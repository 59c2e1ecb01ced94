/**
 * What the program prints and writes, from outside, for people and for programs.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { isMeasured, timingRounds } from '../../../bench/measure/result/result.js';
import { type Cell, type Result, resultSchema } from '../../../bench/measure/result/result-schema.js';
import { resultTable } from '../../../bench/run/result-table.js';
import { loadAll } from '../../../strategies/index.js';
import { LIMIT_MS } from '../../support/limit.js';
import { assertNoWider, ESCAPE, plainEnv, tableLines } from '../../support/printed.js';
import { type Ended, lockbench, program, temporaryDirectory } from '../../support/support.js';

const controls = new Set((await loadAll()).flatMap(({ family, name }) => (family === 'control' ? name : [])));

const tiny = [
  '--increments',
  '200',
  '--rounds',
  '2',
  '--min-round',
  '1ms',
  '--handoffs',
  '100',
  '--budget',
  `${LIMIT_MS}ms`,
];
const tiniest = ['run', '--strategies', 'fcntl', '--processes', '1', ...tiny, '--rounds', '1'];

const LIMIT_S = String(LIMIT_MS / 1000);

/** A control, locks that block and locks that are tried, by files, in memory, by a package. */
const DIVERSE = ['none', 'fcntl', 'excl', 'shm-flag', 'lockfile'];

/** One run that several tests look at: table on standard output, a file and a record. */
const folder = mkdtempSync(join(tmpdir(), 'lockbench-test-'));
let shared: Ended;
let result: Result;

before(async () => {
  const outputs = ['--json', 'out.json', '--record', 'mine', '--verbose'];
  const args = ['run', '--strategies', DIVERSE.join(), '--processes', '2', '--dir', tmpdir(), ...tiny];
  shared = await lockbench([...args, ...outputs], { cwd: folder, env: plainEnv });
  result = resultSchema.parse(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The result with other cells. */
const withCells = (change: (cell: Cell) => Cell): Result => ({ ...result, cells: result.cells.map(change) });

test('--json - prints a result that the schema accepts, and nothing else; with --quiet, errors none', async () => {
  const args = [...tiniest, '--dir', tmpdir(), '--quiet', '--json', '-'];
  const { code, stdout, stderr } = await lockbench(args);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const { cells, command } = resultSchema.parse(JSON.parse(stdout));
  assert.equal(cells.length, 1);
  assert.equal(cells[0]?.strategy, 'fcntl');
  assert.match(command, /^lockbench run --strategies fcntl .*--quiet --json -$/);
});

test('--json FILE is read back through the schema and holds every cell and round', () => {
  assert.deepEqual(
    result.cells.map(({ strategy }) => strategy),
    DIVERSE,
  );
  for (const cell of result.cells) {
    if (cell.state === 'unavailable') continue;
    assert.ok(isMeasured(cell), `${cell.strategy} is ${cell.state}`);
    assert.equal(timingRounds(cell).length, 2);
    for (const round of timingRounds(cell)) {
      assert.equal(round.workers.length, 2);
      assert.ok(round.turns >= 400, `${cell.strategy}: ${round.turns} turns`);
      assert.equal(
        round.turns,
        round.workers.reduce((sum, { turns }) => sum + turns, 0),
      );
      assert.equal(round.expected, 1 + round.turns);
    }
  }
  assert.notEqual(result.finishedAt, null);
  assert.equal(result.interruptedBy, null);
});

test('the schema refuses a result with a field too many, one too few, or a state without its reason', () => {
  const [first, ...others] = result.cells;
  assert.ok(resultSchema.safeParse(result).success);
  assert.ok(!resultSchema.safeParse({ ...result, more: 1 }).success);
  assert.ok(!resultSchema.safeParse({ ...result, seed: undefined }).success);
  const { reason: _reason, ...unexplained } = { reason: '', ...first, state: 'errored' };
  assert.ok(!resultSchema.safeParse({ ...result, cells: [unexplained, ...others] }).success);
});

test('beside the file and the record nothing is left in the working directory', () => {
  assert.deepEqual(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort(), [
    'out.json',
    'results',
    join('results', 'mine'),
    join('results', 'mine', 'README.md'),
    join('results', 'mine', 'result.json'),
  ]);
});

test('--record keeps the result and a README with the command and every cell', () => {
  const record = (name: string): string => readFileSync(join(folder, 'results', 'mine', name), 'utf8');
  assert.deepEqual(resultSchema.parse(JSON.parse(record('result.json'))), result);
  const readme = record('README.md');
  assert.match(readme, /^# mine\n/);
  assert.ok(readme.includes(result.command));
  for (const { strategy, wait } of result.cells)
    assert.ok(readme.includes(`| ${strategy}/${wait} |`), strategy);
});

test('the table shows every cell, the talk goes to standard error', () => {
  // A name that is too long for its column goes on in the next line.
  const names = tableLines(shared.stdout).map((line) => line.split('│')[1]?.trim() ?? '');
  for (const { strategy, wait } of result.cells)
    assert.ok(names.join('').includes(`${strategy}/${wait}`), strategy);
  assert.match(shared.stdout, new RegExp(`Seed ${result.seed}\\.`));
  // Of each cell two rounds are timed, one is traced, one proven.
  const run = result.cells.filter(({ state }) => state !== 'unavailable');
  assert.match(shared.stderr, new RegExp(`^round 1 of ${run.length * 4}  `, 'm'));
  assert.doesNotMatch(shared.stdout, /^round /m);
});

test('the control that lost updates is marked as having lost them', () => {
  const none = result.cells.find(({ strategy }) => strategy === 'none');
  const line = tableLines(shared.stdout).find((text) => text.includes(' none/'));
  assert.ok(none !== undefined && isMeasured(none));
  assert.match(line ?? '', none.verdict.sequence === 'intact' ? / 0 / : / [\d.]+% |WRONG END/);
});

test('into a pipe no escape codes are written', () => {
  assert.ok(!shared.stdout.includes(ESCAPE));
  assert.ok(!shared.stderr.includes(ESCAPE));
});

test('NO_COLOR wins over an option that asks for colours', async () => {
  const args = [...tiniest, '--dir', tmpdir()];
  const coloured = await lockbench(args, { env: { ...plainEnv, FORCE_COLOR: '1' } });
  assert.ok(coloured.stdout.includes(ESCAPE), 'without NO_COLOR there are colours to be left out');
  const { stdout, stderr } = await lockbench(args, { env: { ...plainEnv, FORCE_COLOR: '1', NO_COLOR: '1' } });
  assert.ok(stdout.includes('fcntl'));
  assert.ok(!stdout.includes(ESCAPE));
  assert.ok(!stderr.includes(ESCAPE));
});

test('where the width is unknown no line of the table is longer than 100 columns', () => {
  const lines = tableLines(shared.stdout);
  assert.ok(lines.length > 10, shared.stdout);
  assertNoWider(lines.join('\n'), 100);
});

for (const width of [80, 100]) {
  test(`a table for ${width} columns is no wider`, () => {
    assertNoWider(resultTable(result, controls, width), width);
  });

  test(`a table for ${width} columns is no wider when names are long`, () => {
    const names = ['sleep:1500us', 'backoff:123456ns-1234567ns', 'backoff:100us-1000us'];
    const long = withCells((cell) => ({
      ...cell,
      strategy: 'fcntl-fs-ext',
      wait: names[result.cells.indexOf(cell) % names.length] ?? '',
    }));
    assertNoWider(resultTable(long, controls, width), width);
  });

  test(`a table for ${width} columns is no wider when the directory's path is long`, () => {
    const path = `/mnt/${'a-long-name/'.repeat(10)}end`;
    const long = withCells((cell) => ({
      ...cell,
      conditions: { ...cell.conditions, directory: { ...cell.conditions.directory, path } },
    }));
    const table = resultTable(long, controls, width);
    assertNoWider(table, width);
    // Whatever is cut, the conditions behind the path are not.
    assert.match(
      stripVTControlCharacters(table).replace(/[\s│]+/g, ' '),
      /\/mnt\/a-long-name.*2 processes on /,
    );
  });

  test(`a table for ${width} columns is no wider when a reason is long, which is shown whole`, () => {
    const reason = 'not finished after 60s; raise --time-limit, or end earlier with --budget. '.repeat(3);
    const long = withCells(({ strategy, wait, conditions }) => ({
      strategy,
      wait,
      conditions,
      state: 'timed-out',
      reason: `${strategy} was ${reason}THE END`,
    }));
    const table = resultTable(long, controls, width);
    assertNoWider(table, width);
    assert.equal(stripVTControlCharacters(table).match(/END/g)?.length, result.cells.length);
  });
}

test('a result that its reader is slow to take arrives whole', (t) => {
  const cwd = temporaryDirectory(t);
  // The pipe is filled almost to its end first; the reader reads when the run has ended and can only wait for it.
  const run = `'${process.execPath}' '${program}' ${tiniest.join(' ')} --dir '${tmpdir()}' --quiet --json - --record r`;
  const writer = `{ head -c 65000 /dev/zero; ${run}; echo $? > code; }`;
  const reader =
    '{ for i in $(seq 600); do test -s results/r/result.json && break; sleep 0.1; done; sleep 1; cat; }';
  const { stdout } = spawnSync('timeout', [LIMIT_S, 'sh', '-c', `${writer} | ${reader}`], {
    cwd,
    encoding: 'latin1',
    env: plainEnv,
  });
  assert.equal(readFileSync(join(cwd, 'code'), 'utf8'), '0\n');
  resultSchema.parse(JSON.parse(stdout.replaceAll('\0', '')));
});

test('a reader that goes away is no error of ours', (t) => {
  const cwd = temporaryDirectory(t);
  const run = `'${process.execPath}' '${program}' ${tiniest.join(' ')} --dir '${tmpdir()}' --quiet --json -`;
  const writer = `{ ${run} 2> stderr; echo $? > code; }`;
  spawnSync('timeout', [LIMIT_S, 'sh', '-c', `${writer} | true`], { cwd, env: plainEnv });
  assert.equal(readFileSync(join(cwd, 'stderr'), 'utf8'), '');
  // 1 would say that a claim was broken.
  assert.notEqual(readFileSync(join(cwd, 'code'), 'utf8'), '1\n');
});

test('a result that cannot be written when it is there is said in words, and is no broken claim', async () => {
  const { code, stderr } = await lockbench([...tiniest, '--dir', tmpdir(), '--quiet', '--json', '/dev/full']);
  assert.match(stderr, /ENOSPC/);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  // 1 would say that a claim was broken.
  assert.ok(code !== 0 && code !== 1, `exit code ${code}`);
});
