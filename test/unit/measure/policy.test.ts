/**
 * The names of waiting policies, and which lock can follow which.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import {
  canWait,
  defaultPolicy,
  offers,
  type Policy,
  parsePolicy,
  policyName,
} from '../../../bench/measure/worker/policy.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

const both = { lock: true, tryLock: true, shared: false, fifo: false };
const blocks = { lock: true, tryLock: false, shared: false, fifo: false };
const tries = { lock: false, tryLock: true, shared: false, fifo: false };
const queues = { ...tries, fifo: true };

test('a policy is read from its name', () => {
  const known: readonly (readonly [string, Policy])[] = [
    ['block', { kind: 'block' }],
    ['spin', { kind: 'spin' }],
    ['yield', { kind: 'yield' }],
    ['sleep:1ms', { kind: 'sleep', ns: 1_000_000 }],
    ['sleep:1.5us', { kind: 'sleep', ns: 1_500 }],
    ['backoff', { kind: 'backoff', fromNs: 1_000, toNs: 1_000_000 }],
    ['backoff:10us-10us', { kind: 'backoff', fromNs: 10_000, toNs: 10_000 }],
    ['backoff:500ns-2ms', { kind: 'backoff', fromNs: 500, toNs: 2_000_000 }],
  ];
  for (const [name, policy] of known) assert.deepEqual(parsePolicy(name), policy, name);
});

test('a policy has a name of its own, the same however it was written', () => {
  assert.equal(policyName(parsePolicy('backoff')), 'backoff:1us-1ms');
  assert.equal(policyName(parsePolicy('backoff:1000ns-1000us')), 'backoff:1us-1ms');
  assert.equal(policyName(parsePolicy('sleep:1000us')), 'sleep:1ms');
  assert.equal(policyName(parsePolicy('sleep:1.5ms')), 'sleep:1500us');
});

test('a policy’s name is read back as the same policy', () => {
  const random = xorshift32(9);
  const length = (): number => 1 + Math.floor(random() * 1e6) * (random() < 0.5 ? 1 : 1000);
  const policies: Policy[] = [{ kind: 'block' }, { kind: 'spin' }, { kind: 'yield' }];
  for (let i = 0; i < 300; i++) {
    const [a, b] = [length(), length()];
    policies.push({ kind: 'sleep', ns: a });
    policies.push({ kind: 'backoff', fromNs: Math.min(a, b), toNs: Math.max(a, b) });
  }
  for (const policy of policies) assert.deepEqual(parsePolicy(policyName(policy)), policy);
});

test('what is no policy is refused, with what came and what to write', () => {
  const bad = [
    '',
    'bogus',
    'Block',
    ' spin',
    'block:1ms',
    'spin:',
    'yield:1us',
    'sleep',
    'sleep:',
    'sleep:abc',
  ];
  const worse = ['sleep:10', 'sleep:1ms:2ms', 'sleep:1us-1ms', 'backoff:', 'backoff:1us', 'backoff:1us-'];
  const worst = ['backoff:-1us', 'backoff:1ms-1us', 'backoff:0s-1ms', 'backoff:1us-2us-3us', 'toString'];
  for (const name of [...bad, ...worse, ...worst]) {
    assert.throws(
      () => parsePolicy(name),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.ok(error.message.includes(name), `${name}: ${error.message}`);
        assert.match(error.message, /expected, got "/);
        assert.match(error.hint ?? '', /\dms/);
        return true;
      },
      name,
    );
  }
});

test('blocking needs a lock that blocks, every other policy one that can be tried', () => {
  for (const name of ['spin', 'yield', 'sleep:1ms', 'backoff']) {
    const policy = parsePolicy(name);
    assert.deepEqual(
      [both, blocks, tries].map((members) => canWait(policy, members)),
      [true, false, true],
      name,
    );
  }
  assert.deepEqual(
    [both, blocks, tries].map((members) => canWait({ kind: 'block' }, members)),
    [true, true, false],
  );
});

test('the default is to block where that is possible, else to spin, in a queue to yield; a lock can always follow it', () => {
  assert.deepEqual(
    [both, blocks, tries, queues].map((members) => defaultPolicy(members)),
    [{ kind: 'block' }, { kind: 'block' }, { kind: 'spin' }, { kind: 'yield' }],
  );
  for (const members of [both, blocks, tries, queues]) assert.ok(canWait(defaultPolicy(members), members));
});

test('what a lock offers is said in words that differ', () => {
  assert.deepEqual([both, blocks, tries, queues].map(offers), [
    'blocks and can be tried',
    'only blocks',
    'can only be tried',
    'can only be tried, serves in order',
  ]);
});
