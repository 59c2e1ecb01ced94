/**
 * Real runs: what is not a lock is caught letting two in, what is one is said to have held only after it was handed over
 * often enough, and what was not proven is said to be unchecked.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cellName, timingRounds } from '../../../bench/measure/result/result.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { LEAST_HANDOFFS } from '../../../bench/measure/verdict/exclusion.js';
import { assertHeld, kindsOf, measured, tiny } from '../../support/short-runs.js';
import { type Ended, lockbench, temporaryDirectory } from '../../support/support.js';

const ASKED = 500;

test('the flawed flag is caught, and locks are held in as many hand-offs as were asked for', async (t) => {
  const directory = temporaryDirectory(t);
  const json = join(directory, 'result.json');
  const locks = ['fcntl/block', 'excl/yield', 'shm-flag/yield'];
  const { code, stdout }: Ended = await lockbench([
    ...[...tiny, '--strategies', ['broken', ...locks].join(), '--processes', '2', '--dir', directory],
    ...['--handoffs', String(ASKED), '--json', json],
  ]);
  assert.equal(code, 0, 'that a control is caught breaks no claim');
  const text = readFileSync(json, 'utf8');
  const cells = measured(text);
  const said = (resultSchema.parse(JSON.parse(text)).findings ?? []).join('\n');
  const held = locks.filter((name) => {
    const cell = cells.find((one) => cellName(one) === name) ?? assert.fail(name);
    assert.equal(cell.state, 'measured', name);
    return assertHeld(cell, ASKED);
  });
  const broken = cells.find(({ strategy }) => strategy === 'broken') ?? assert.fail('broken');
  assert.equal(broken.verdict.exclusion, 'violated');
  assert.ok(broken.verdict.violations > 0);
  assert.ok(broken.state === 'failed-verdict');
  const times = broken.verdict.violations === 1 ? 'time' : 'times';
  assert.match(
    broken.reason,
    new RegExp(
      `it let two in at once ${broken.verdict.violations} ${times} in ${broken.verdict.handoffs} hand-offs? \\(first process [01] beside process [01], `,
    ),
  );
  assert.match(stdout, /controls +the broken lock let two in: the checks work$/m);
  assert.match(said, new RegExp(`broken/spin let two in ${broken.verdict.violations} ${times}`));
  assert.equal(said.includes('two were never inside at once'), held.length > 0);
  assert.equal(said.includes('Exclusion unchecked'), held.length < locks.length);
  assert.doesNotMatch(stdout + said, /A CLAIM WAS BROKEN|INCONCLUSIVE/);
});

test('each contended cell is proven and traced once, before it is timed; one process alone is not proven', async (t) => {
  const directory = temporaryDirectory(t);
  const { stdout, code } = await lockbench([
    ...[...tiny, '--strategies', 'excl', '--processes', '1,2', '--dir', directory, '--rounds', '2'],
    ...['--handoffs', String(ASKED), '--json', '-'],
  ]);
  assert.equal(code, 0);
  const [alone, contended] = measured(stdout);
  assert.deepEqual(kindsOf(alone), ['trace', 'timing', 'timing']);
  assert.deepEqual(kindsOf(contended), ['prove', 'trace', 'timing', 'timing']);
  assert.deepEqual([alone?.verdict.exclusion, alone?.verdict.handoffs], ['unchecked', 0]);
  assert.deepEqual(contended === undefined ? [] : timingRounds(contended).map(({ block }) => block), [0, 1]);
});

test('--handoffs 0 proves nothing, and says so', async (t) => {
  const directory = temporaryDirectory(t);
  const json = join(directory, 'result.json');
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'excl,broken', '--processes', '2', '--dir', directory],
    ...['--increments', '2000', '--handoffs', '0', '--json', json],
  ]);
  const cells = measured(readFileSync(json, 'utf8'));
  for (const cell of cells) {
    assert.deepEqual(kindsOf(cell), ['trace', 'timing'], cell.strategy);
    assert.equal(cell.verdict.handoffs, 0);
  }
  const [excl] = cells;
  assert.equal(excl?.verdict.exclusion, 'unchecked');
  assert.match(stdout, /^! Not proven: excl\/spin.*; --handoffs 0 left the proofs out$/m);
  assert.doesNotMatch(stdout, /\byes$|INCONCLUSIVE/m);
  assert.equal(code, 0, 'a control that was not proven is not uncaught');
});

test('a few hand-offs are too few to say that a lock held', async (t) => {
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'excl/yield', '--processes', '2', '--dir', temporaryDirectory(t)],
    ...['--handoffs', '5', '--json', '-'],
  ]);
  assert.equal(code, 0);
  const [cell] = measured(stdout);
  assert.equal(cell?.verdict.exclusion, 'unchecked');
  const { handoffs } = cell?.verdict ?? assert.fail('a cell');
  assert.ok(handoffs >= 5 && handoffs < LEAST_HANDOFFS, `${handoffs} hand-offs`);
});

test('--until adds blocks until there are enough for an interval: one block has no width that is known', async (t) => {
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl', '--processes', '1', '--dir', temporaryDirectory(t), '--no-trace'],
    ...['--rounds', '1', '--until', '100%', '--max-time', '10min', '--json', '-'],
  ]);
  assert.equal(code, 0);
  const [cell] = measured(stdout);
  assert.ok(cell !== undefined);
  assert.ok(timingRounds(cell).length >= 18, `${timingRounds(cell).length} blocks`);
  assert.deepEqual(
    timingRounds(cell).map(({ block }) => block),
    timingRounds(cell).map((_, i) => i),
  );
});

test('--until ends by --max-time where no machine is that quiet, and the result is whole', async (t) => {
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl', '--processes', '1', '--dir', temporaryDirectory(t), '--no-trace'],
    ...['--rounds', '1', '--until', '0.0000001%', '--max-time', '3s', '--json', '-'],
  ]);
  assert.equal(code, 0);
  const [cell] = measured(stdout);
  assert.ok(cell !== undefined);
  const blocks = timingRounds(cell).length;
  assert.ok(blocks >= 1 && blocks < 1_000, `${blocks} blocks`);
});
