/**
 * What `lockbench prove` says of checks, and the exit code that they deserve.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveExitCode } from '../../../bench/prove/prove-command.js';
import type { CheckResult, Proof } from '../../../bench/prove/prove-schema.js';
import { proofSentence, proveText } from '../../../bench/prove/prove-text.js';

const proof = (...verdicts: CheckResult['verdict'][]): Proof => ({
  strategy: 'my-lock',
  wait: 'block',
  checks: verdicts.map((verdict) => ({
    claim: 'excludes',
    promise: 'refuses a second holder',
    observed: '2 of 2 tries were refused',
    verdict,
  })),
});

const codeOf = (...verdicts: CheckResult['verdict'][]): number =>
  proveExitCode({ proofs: [proof(...verdicts)], unavailable: [] });

test('the verdict counts what holds, what is broken and what is not known', () => {
  assert.equal(proofSentence(proof('holds', 'holds')), 'my-lock: 2 of 2 claims proven.');
  assert.equal(proofSentence(proof('holds', 'broken')), 'my-lock: 1 of 2 claims is broken.');
  assert.equal(
    proofSentence(proof('broken', 'broken', 'failed')),
    'my-lock: 2 of 3 claims are broken; 1 could not be checked to the end.',
  );
  assert.equal(
    proofSentence(proof('holds', 'not-proven')),
    'my-lock: 1 of 2 claims proven; 1 cannot be proven here.',
  );
});

test('a broken claim is 1, what is not known 3', () => {
  assert.equal(codeOf('holds', 'not-proven'), 0);
  assert.equal(codeOf('holds', 'failed'), 3);
  assert.equal(codeOf('failed', 'broken'), 1);
  assert.equal(proveExitCode({ proofs: [], unavailable: [{ strategy: 'a', reason: 'b' }] }), 3);
});

test('what comes next has no path where the lock came from outside', () => {
  const text = (one: Proof): string => proveText({ proofs: [one], unavailable: [] }, 80);
  assert.match(text(proof('holds')), /^Next: lockbench crash or lockbench run, naming this lock as here$/m);
  assert.match(text({ ...proof('holds'), strategy: 'excl' }), /^Next: lockbench crash excl · /m);
});
