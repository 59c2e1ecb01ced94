/**
 * A newcomer's lock in Python, as docs/other-languages.md shows it: measured, proven and killed by the words that stand there,
 * with at most 20 lines of theirs.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CrashResult } from '../../../bench/crash/crash-schema.js';
import { projectRoot } from '../../../bench/machine/project.js';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import type { ProveResult } from '../../../bench/prove/prove-schema.js';
import { needsPython } from '../../support/foreign-round.js';
import { lockbench } from '../../support/support.js';

const page = readFileSync(join(projectRoot, 'docs', 'other-languages.md'), 'utf8');
const path = 'docs/examples/my_lock.py';
const WORDS = ['--worker', `python3 '${join(projectRoot, path)}'`, '--name', 'mylock'];

async function played<T>(t: TestContext, words: readonly string[]): Promise<T | null> {
  if (!needsPython(t)) return null;
  const { code, stdout, stderr } = await lockbench([...words, ...WORDS, '--quiet', '--json', '-']);
  assert.equal(code, 0, stderr + stdout);
  return JSON.parse(stdout) as T;
}

test('the page shows the program, which has at most 20 lines', () => {
  const program = readFileSync(join(projectRoot, path), 'utf8');
  assert.ok(program.trimEnd().split('\n').length <= 20);
  assert.ok(page.includes(`\`\`\`python\n${program}\`\`\`\n`));
  for (const command of ['run', 'prove', 'crash'])
    assert.match(page, new RegExp(`\\$ npx lockbench ${command} .*--worker 'python3 ${path}' --name mylock`));
});

test('it is measured in a run', async (t) => {
  const brief = ['--processes', '2', '--rounds', '1', '--increments', '100', '--handoffs', '0', '--no-trace'];
  const result = await played<Result>(t, ['run', 'flock', ...brief]);
  if (result === null) return;
  const mine = result.cells.find(({ strategy }) => strategy === 'mylock');
  assert.equal(mine?.state, 'measured', JSON.stringify(mine));
  assert.equal(mine?.runtime, 'worker');
});

test('it is proven', async (t) => {
  const result = await played<ProveResult>(t, ['prove', '--handoffs', '20', '--patience', '60s']);
  if (result === null) return;
  const [proof] = result.proofs;
  assert.ok(proof !== undefined && proof.checks.length > 4);
  for (const { promise, verdict, observed } of proof.checks)
    assert.ok(verdict === 'holds' || verdict === 'not-proven', `${promise}: ${verdict}: ${observed}`);
});

test('it is killed, and the kernel gives it on', async (t) => {
  // Long: a machine that is busy shall not be told from a lock that is stuck.
  const result = await played<CrashResult>(t, ['crash', '--events', 'kill', '--patience', '60s']);
  if (result === null) return;
  const [scenario] = result.scenarios;
  assert.ok(scenario?.state === 'played', JSON.stringify(scenario));
  assert.deepEqual([scenario.outcome, scenario.runtime, scenario.served], ['released', 'worker', 3]);
});
