/**
 * What `choose` is told of needs: by options, or by answers to its questions.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { asked, given } from '../../../bench/catalogue/choose-command.js';
import { NEEDS } from '../../../bench/catalogue/needs.js';

test('options name needs; their opposites name none, and contradict them', () => {
  assert.equal(given([]), null);
  assert.deepEqual(given(['--local', '--may-block']), []);
  assert.deepEqual(
    given(['--readers', '--nfs'])?.map(({ option }) => option),
    ['--nfs', '--readers'],
  );
  assert.throws(() => given(['--nfs', '--local']), UsageError);
  assert.throws(() => given(['--may-block', '--crash', '--no-block']), UsageError);
});

test('questions are put one after the other, again until the answer is yes or no', async () => {
  const answers = ['cobol', 'any', 'n', 'perhaps', '?', 'YES', 'no', 'y', 'n', 'n'];
  const questions: string[] = [];
  const needs = await asked(async (question) => {
    questions.push(question);
    return answers.shift() ?? null;
  });
  assert.deepEqual(
    needs.map(({ option }) => option),
    ['--crash', '--as-root'],
  );
  assert.equal(questions.length, NEEDS.length + 4);
  assert.equal(questions[0], questions[1]);
  assert.equal(questions[3], questions[5]);
});

test('Enter is the usual answer, and Enter twice the usual one to all questions that follow', async () => {
  const usual = NEEDS.filter((one) => one.usual).map(({ option }) => option);
  assert.deepEqual(usual, ['--crash']);
  for (const [answers, expected] of [
    [['', ''], usual],
    [
      ['Python', '', ' '],
      ['--language python', ...usual],
    ],
    [
      ['any', 'y', '', ' '],
      ['--nfs', ...usual],
    ],
    [['', 'n', 'n', '', ''], []],
    [['', 'n', 'n', '', 'y', '', ''], ['--as-root']],
  ] as const) {
    const left = [...answers];
    const needs = await asked(async () => left.shift() ?? null);
    assert.deepEqual(
      needs.map(({ option }) => option),
      expected,
    );
    assert.deepEqual(left, []);
  }
});

test('when the input ends, the options are named instead', async () => {
  await assert.rejects(
    asked(async () => null),
    (error) => error instanceof UsageError && /--nfs --local --crash/.test(error.hint ?? ''),
  );
});
