/**
 * `explain` and `choose`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explanation } from '../../../bench/catalogue/explanation.js';
import { LANGUAGE_NEEDS } from '../../../bench/catalogue/language-need.js';
import { NEEDS } from '../../../bench/catalogue/needs.js';
import { strategyPage } from '../../../bench/catalogue/strategy-page.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { QUOTED_RUN, recordedRun } from '../../../bench/measure/result/recorded-run.js';
import { isMeasured } from '../../../bench/measure/result/result.js';
import { loadAll } from '../../../strategies/index.js';
import { carriedOut } from '../../support/many-commands.js';
import { assertNoWider, ESCAPE, plainEnv } from '../../support/printed.js';
import { assertRefused, sandbox } from '../../support/refusal.js';
import { hasCommand, needs, program } from '../../support/support.js';

const strategies = await loadAll();
const run = recordedRun(QUOTED_RUN, projectRoot);

/** Lines of a table of pairs. */
const pair = (label: string, text: string): RegExp => new RegExp(`^  ${label} +${text}$`, 'm');

test('every strategy can be explained: its facts, its claims, the calls of its page, its rows', () => {
  for (const strategy of strategies) {
    const { name, title, family, claims } = strategy;
    const page = strategyPage(name, projectRoot);
    const finding = { available: false, reason: 'for a test' } as const;
    const known = { strategy, page, directory: '/tmp', finding, run, runName: QUOTED_RUN };
    const text = explanation(known).join('\n');
    assert.ok(text.startsWith(`${name}: ${title}\n`), text);
    assert.match(text, pair('family', family));
    assert.match(text, pair('here', 'unavailable in /tmp: for a test'));
    assert.match(text, pair('excludes', claims.excludes ? 'yes' : 'no'));
    assert.match(text, pair('if its holder is killed', `.*\\(${claims.holderDies}\\)`));
    for (const line of [...page.onLock, ...page.onUnlock]) assert.ok(text.includes(line), line);
    const cells = run.cells.filter((cell) => cell.strategy === name);
    assert.equal(text.match(/^ {4}[\d.]+ .?s \(/gm)?.length ?? 0, cells.filter(isMeasured).length, name);
    assert.equal(text.includes('not in the recorded run'), cells.length === 0, name);
    for (const [, path = ''] of text.matchAll(/^ {2}((?:docs|strategies)\/\S+)/gm)) {
      assert.ok(existsSync(join(projectRoot, path)), path);
    }
  }
});

test('explain tries the strategy here, and prints to standard output alone', async () => {
  const { code, stdout, stderr } = await carriedOut(['explain', 'excl']);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.ok(!stdout.includes(ESCAPE));
  assert.match(stdout, pair('here', 'works in .+: can only be tried'));
});

test('explain refuses a name that is none, and offers the nearest', async (t) => {
  await assertRefused(sandbox(t), ['explain', 'fcnlt'], {
    expected: /a strategy of the catalogue or an existing directory was expected/,
    came: 'fcnlt',
    hint: /did you mean "fcntl"/,
  });
});

for (const options of [
  ['--local', '--crash'],
  ['--nfs', '--crash', '--readers'],
  ['--no-block'],
  ['--as-root'],
]) {
  test(`choose ${options.join(' ')}: names what fits and what does not, each once`, async () => {
    const { code, stdout, stderr } = await carriedOut(['choose', ...options]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.match(stdout, /^ {2}1\. .+ an increment/m);
    assertNoWider(stdout.replace(/^ {2}Measure them: .*$/m, ''), 100);
    // Names are told apart from one another, "fcntl" being in "fcntl-range" too.
    const told = stdout.replace(/^ {2}Measure them: .*$/m, '').replaceAll(/\dx fcntl\/\w+/g, '');
    for (const { name, family } of strategies) {
      const times = told.match(new RegExp(`(?<![\\w-])${name}(?=[/,.: ]|$)(?! of)`, 'gm'))?.length ?? 0;
      if (family === 'control') assert.equal(times, 0, `${name}:\n${stdout}`);
      else assert.ok(times >= 1, `${name}:\n${stdout}`);
    }
  });
}

test('a lock that is stuck when its holder dies is no choice for who needs a crash survived', async () => {
  const { stdout } = await carriedOut(['choose', '--crash']);
  const [fits = '', misses = ''] = stdout.split('Near misses');
  for (const { name, claims, family } of strategies) {
    if (family === 'control' || claims.holderDies !== 'stuck') continue;
    assert.doesNotMatch(fits, new RegExp(`(?<![\\w-])${name}[/,. ]`), name);
    assert.match(misses, new RegExp(`(?<![\\w-])${name}(?![\\w-])`), name);
  }
});

test('choose without options and without a terminal says what to take for the usual needs', async () => {
  const { code, stdout } = await carriedOut(['choose']);
  assert.equal(code, 0);
  assertNoWider(stdout, 100);
  for (const { option } of [...LANGUAGE_NEEDS, ...NEEDS]) {
    // A lock and its cost, or that there is none.
    assert.match(
      stdout,
      new RegExp(`^${option} +(?:\\S+/\\S+(?: \\([^)]*\\))? +[\\d.]+ .?s|none that was measured)`, 'm'),
    );
  }
});

test('choose without options and without a terminal has no JSON to write', async (t) => {
  await assertRefused(sandbox(t), ['choose', '--json', '-'], {
    expected: /an option was expected, or a terminal to ask on/,
    came: 'choose',
    hint: new RegExp(NEEDS.map(({ option }) => option).join('.*')),
  });
});

test('choose refuses options that contradict each other', async (t) => {
  await assertRefused(sandbox(t), ['choose', '--may-block', '--no-block'], {
    expected: /one of --no-block and --may-block was expected, got both/,
    came: '--no-block',
    hint: /leave one of them out/,
  });
});

test('choose asks at a terminal, a question for each need', (t) => {
  if (!needs(t, hasCommand('script', '--version'), 'script is missing; apt-get install bsdutils')) return;
  const input = `python\n${NEEDS.map(({ option }) => (option === '--crash' ? 'y' : 'n')).join('\n')}\n`;
  const { status, stdout } = spawnSync(
    'script',
    ['-qec', `${process.execPath} ${program} choose`, '/dev/null'],
    { input, encoding: 'utf8', env: plainEnv },
  );
  assert.equal(status, 0, stdout);
  for (const { question } of NEEDS) assert.ok(stdout.includes(question), question);
  assert.match(stdout, /can be taken in Python and passes to others when its\s+holder is killed\.\r?\n/);
});
