/**
 * `crash` and `order` from outside: what they print, what they write, how they end.
 */

import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVENTS, SURVIVED } from '../../../bench/crash/crash-events.js';
import { crashSchema } from '../../../bench/crash/crash-schema.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { orderSchema } from '../../../bench/order/order-schema.js';
import { QUESTIONS } from '../../../bench/order/questions.js';
import { assertNoWider, ESCAPE, plainEnv, tableLines } from '../../support/printed.js';
import { assertRefused, type Refusal, sandbox } from '../../support/refusal.js';
import { copyProgram, lockbench, temporaryDirectory } from '../../support/support.js';

const env = plainEnv;

test('crash shows a row a strategy, deaths that went alike in one column, and writes the same as JSON', async (t) => {
  const json = join(temporaryDirectory(t), 'crash.json');
  const args = ['crash', 'flock', 'excl', '--patience', '300ms', '--json', json];
  const { code, stdout, stderr } = await lockbench(args, { env });
  assert.equal(code, 0, stdout + stderr);
  const result = crashSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  assert.deepEqual(
    result.scenarios.map(({ strategy, wait, event }) => `${strategy}/${wait} ${event}`),
    ['flock/block', 'excl/sleep:100us'].flatMap((lock) => EVENTS.map((event) => `${lock} ${event}`)),
  );
  assert.equal(result.patienceNs, 300e6);
  assert.equal(result.command, `lockbench ${args.join(' ')}`);
  assert.deepEqual(result.brokenClaims, []);

  const heads = tableLines(stdout).filter((line) => line.includes('strategy/wait'));
  assert.deepEqual(
    heads.flatMap((line) => line.split('│').slice(2, -1)).map((cell) => cell.trim()),
    ['holder dies', ...SURVIVED],
  );
  const rows = tableLines(stdout).filter((line) => line.includes(' excl/sleep:100us '));
  assert.deepEqual(
    rows.flatMap((line) => line.split('│').slice(2, -1)).map((cell) => cell.trim()),
    ['stuck', 'kept', 'kept', 'NOT EXCLUSIVE *'],
  );
  assert.match(stdout, /^excl: stuck after kill, exception, exit and return; nobody got in within 300 ms/m);
  assertNoWider(tableLines(stdout).join('\n'), 100);
  assert.ok(!stdout.includes(ESCAPE));
  // Progress is for terminals.
  assert.equal(stderr, '');
});

test('crash --json - prints JSON alone, and --timeline draws what every process did', async () => {
  const only = ['crash', 'fcntl', '--events', 'close', '--quiet'];
  const json = await lockbench([...only, '--json', '-'], { env });
  assert.equal(json.code, 0);
  assert.equal(json.stderr, '');
  const [scenario] = crashSchema.parse(JSON.parse(json.stdout)).scenarios;
  assert.ok(scenario?.state === 'played');
  const { timeline, eventNs } = scenario;
  assert.deepEqual(
    timeline.map(({ atNs }) => atNs),
    timeline.map(({ atNs }) => atNs).sort((a, b) => a - b),
  );
  assert.equal(timeline.find(({ what }) => what === 'touches')?.atNs, eventNs);

  const { stdout } = await lockbench([...only, '--timeline'], { env });
  const [, drawn = ''] = stdout.split('\nfcntl/block, close: NOT EXCLUSIVE\n');
  const picture = drawn.slice(0, drawn.indexOf('\n\nNext: ')).split('\n');
  for (const line of picture) assert.match(line, /^[\x20-\x7e]{0,78}$/);
  for (const name of ['holder', 'waiter 1', 'waiter 2', 'waiter 3'])
    assert.ok(
      picture.some((line) => line.startsWith(`${name} `)),
      stdout,
    );
  assert.match(stdout, /^fcntl: closing another descriptor of the file gave the lock away/m);
});

test('a claim that is broken is said, and ends with 1', async (t) => {
  const copy = temporaryDirectory(t);
  const program = copyProgram(copy);
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  const path = join(copy, 'dist', 'strategies', 'flock.js');
  const source = readFileSync(path, 'utf8');
  const changed = source.replace("holderDies: 'released'", "holderDies: 'stuck'");
  assert.notEqual(changed, source);
  writeFileSync(path, changed);
  const { code, stdout } = await lockbench(['crash', 'flock', '--events', 'kill,exit', '--quiet'], {
    env,
    program,
  });
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^A CLAIM WAS BROKEN: flock claims if its holder is killed: stuck; seen: released\.$/m,
  );
});

test('order answers each question as often as it was asked, and draws one answer of each', async (t) => {
  const json = join(temporaryDirectory(t), 'order.json');
  const { code, stdout, stderr } = await lockbench(
    ['order', 'fcntl', 'flock', '--times', '2', '--verbose', '--json', json],
    { env },
  );
  assert.equal(code, 0, stdout + stderr);
  const { cases, times } = orderSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  assert.equal(times, 2);
  assert.deepEqual(
    cases.map(({ strategy, question }) => `${strategy} ${question}`),
    ['fcntl', 'flock'].flatMap((strategy) => QUESTIONS.map((question) => `${strategy} ${question}`)),
  );
  for (const oneCase of cases) {
    assert.ok(oneCase.state === 'played', JSON.stringify(oneCase));
    assert.equal(oneCase.plays.length, 2);
    for (const { heldTwiceNs } of oneCase.plays) assert.equal(heldTwiceNs, 0);
    const heading = new RegExp(
      `^${oneCase.strategy}/block: a (reader|writer) is in.*: ${oneCase.plays[0]?.answer}$`,
      'm',
    );
    if (oneCase.plays[0]?.answer === oneCase.plays[1]?.answer) assert.match(stdout, heading);
  }
  const [readers] = cases;
  assert.ok(readers?.state === 'played');
  assert.deepEqual(
    readers.plays.map(({ answer }) => answer),
    ['together', 'together'],
  );
  assertNoWider(tableLines(stdout).join('\n'), 100);
  assert.equal(stdout.match(/^ +\. waits( {3}[a-zA-Z] [a-z]+)+$/gm)?.length, 8, stdout);
  assert.match(stderr, /^1 of 16 {2}fcntl, two-readers$/m);
});

test('order takes, by default, all synchronous locks with a shared mode', async () => {
  const { code, stdout } = await lockbench(['order', '--times', '1', '--quiet', '--json', '-'], { env });
  assert.equal(code, 0);
  const { cases, unavailable } = orderSchema.parse(JSON.parse(stdout));
  const names = new Set(cases.map(({ strategy }) => strategy));
  assert.ok(names.has('fcntl') && names.has('flock') && !names.has('excl'), [...names].join());
  assert.ok(names.has('flock-fs-ext') || unavailable.some(({ strategy }) => strategy === 'flock-fs-ext'));
});

for (const command of ['crash', 'order']) {
  test(`${command} --help shows examples of ${command}`, async () => {
    const { code, stdout, stderr } = await lockbench([command, '--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^Examples:\n(.*\n)*?  lockbench ${command}`, 'm'));
  });
}

const refusals: readonly (readonly [readonly string[], Refusal])[] = [
  [
    ['crash', 'fcntll'],
    {
      expected: /crash: a strategy of the catalogue or an existing directory was expected/,
      came: '"fcntll"',
      hint: /"fcntl"\?/,
    },
  ],
  [
    ['crash', 'file:///nowhere/lock.js'],
    {
      expected: /--strategies: a module that exports a strategy was expected/,
      came: '"file:',
      hint: /\.\/my-lock\.mjs/,
    },
  ],
  [
    ['crash', 'fcntl', '--events', 'kil'],
    { expected: /--events: one of kill.* was expected/, came: '"kil"', hint: /did you mean "kill"\?/ },
  ],
  [
    ['crash', 'fcntl', '--events', ','],
    { expected: /--events: a list of events was expected/, came: '","', hint: /for example/ },
  ],
  [
    ['crash', 'fcntl', '--patience', '0s'],
    { expected: /--patience: more than 0 was expected/, came: '"0s"', hint: /for example --patience/ },
  ],
  [
    ['crash', 'fcntl', '--patience', '5'],
    { expected: /--patience: a duration.*was expected/, came: '"5"', hint: /write a number and a unit/ },
  ],
  [
    ['crash', 'excl', '--wait', 'block'],
    {
      expected: /its lock can only be tried/,
      came: 'excl cannot wait by block',
      hint: /for example excl\/sleep:100us/,
    },
  ],
  [
    ['crash', 'excl/block'],
    {
      expected: /its lock can only be tried/,
      came: 'excl cannot wait by block',
      hint: /for example excl\/sleep:100us/,
    },
  ],
  [
    ['crash', 'fcntl', '--dir', '/no/such/dir'],
    { expected: /an existing directory was expected/, came: '"/no/such/dir"', hint: /name another/ },
  ],
  [
    ['crash', 'fcntl', '--json', '/no/such/dir/x.json'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '(ENOENT: no such file or directory)',
      hint: /its folder/,
    },
  ],
  [['crash', 'fcntl', '--bogus'], { expected: /option/, came: '--bogus', hint: /--help/ }],
  [
    ['order', 'excl'],
    { expected: /a strategy with a shared mode was expected/, came: '"excl"', hint: /without names/ },
  ],
  [
    ['order', 'flock', '--times', '0'],
    { expected: /a whole number from 1 to/, came: '"0"', hint: /for example --times/ },
  ],
];

for (const [args, refusal] of refusals) {
  test(`${args.join(' ')} is refused`, async (t) => {
    await assertRefused(sandbox(t), args, refusal);
  });
}
