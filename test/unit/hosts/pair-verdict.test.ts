import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differences, type Hello } from '../../../bench/hosts/pair/hello.js';
import type { PairResult, TriedLock } from '../../../bench/hosts/pair/pair-schema.js';
import { pairText } from '../../../bench/hosts/pair/pair-text.js';
import { broke, inconclusive, verdictOf } from '../../../bench/hosts/pair/pair-verdict.js';
import { handoffsOf } from '../../../bench/hosts/pair/story.js';

const REFUSED = { got: false, caught: false, freed: true };
const CAUGHT = { got: true, caught: true, freed: true };

const fcntl: TriedLock = {
  state: 'tried',
  strategy: 'fcntl',
  claim: true,
  held: [REFUSED, REFUSED],
  contended: { turns: [100, 100], handoffs: 90, twoInside: [0, 0], sequence: 'intact', lost: 0, final: 201 },
};
const none: TriedLock = {
  ...fcntl,
  strategy: 'none',
  claim: false,
  held: [CAUGHT, CAUGHT],
};
const lost = { ...fcntl.contended, sequence: 'lost-updates' as const, lost: 3 };
const host = {
  name: 'alpha',
  boot: '1',
  device: '0:1',
  uid: 1000,
  filesystem: 'nfs4',
  options: ['vers=4.2'],
};

/** What the verdict and the text read of a result. */
const result = (changes: Partial<PairResult>): PairResult =>
  ({
    directory: { path: '/mnt', filesystem: 'nfs4', options: [] },
    hosts: [host, { ...host, name: 'beta', boot: '2' }],
    here: 0,
    control: none,
    locks: [fcntl],
    cutShort: null,
    ...changes,
  }) as PairResult;

describe('the verdict on a lock between two hosts', () => {
  for (const [verdict, lock] of [
    ['excludes', fcntl],
    ['not exclusive', { ...fcntl, held: [REFUSED, CAUGHT] }],
    ['not exclusive', { ...fcntl, contended: { ...fcntl.contended, twoInside: [0, 1] } }],
    ['stale', { ...fcntl, contended: lost }],
    // Two inside is the graver finding, and explains the other one.
    ['not exclusive', { ...fcntl, held: [CAUGHT, REFUSED], contended: lost }],
    ['never freed', { ...fcntl, held: [REFUSED, { ...REFUSED, freed: false }] }],
    ['not tried', { state: 'not-tried', strategy: 'fcntl', reason: 'ENOLCK' }],
  ] as const) {
    test(verdict, () => assert.equal(verdictOf(lock as TriedLock), verdict));
  }

  test('only a lock that claims to exclude breaks a claim', () => {
    assert.equal(broke({ ...fcntl, held: [CAUGHT, CAUGHT] }), true);
    assert.equal(broke({ ...fcntl, claim: false, held: [CAUGHT, CAUGHT] }), false);
    assert.equal(broke(fcntl), false);
  });
});

describe('what cannot be relied on', () => {
  test('nothing is amiss', () => assert.equal(inconclusive(result({})), null));

  for (const [why, changes] of [
    [/same mount of the same kernel/, { hosts: [host, { ...host, name: 'beta' }] }],
    [/the control passed/, { control: { ...none, held: [CAUGHT, { ...CAUGHT, caught: false }] } }],
    [/the control passed/, { control: null }],
    [/beta has left/, { cutShort: 'beta has left' }],
    [
      /fcntl could not be tried: ENOLCK/,
      { locks: [{ state: 'not-tried', strategy: 'fcntl', reason: 'ENOLCK' }] },
    ],
    [
      /refused even when nobody held it/,
      { locks: [{ ...fcntl, held: [{ ...REFUSED, freed: false }, REFUSED] }] },
    ],
  ] as const) {
    test(String(why), () => assert.match(inconclusive(result(changes as Partial<PairResult>)) ?? '', why));
  }

  test('other containers of one kernel, whose mounts differ, are two hosts', () => {
    const other = { ...host, name: 'beta', device: '0:2' };
    assert.equal(inconclusive(result({ hosts: [host, other] })), null);
  });
});

test('who got in beside whom is told by name, with what the mounts of both say', () => {
  const text = pairText(
    result({
      hosts: [
        { ...host, filesystem: 'nfs', options: ['vers=3', 'nolock', 'local_lock=all'] },
        { ...host, name: 'beta', boot: '2' },
      ],
      locks: [{ ...fcntl, held: [REFUSED, CAUGHT], contended: { ...fcntl.contended, twoInside: [0, 7] } }],
    }),
  );
  assert.match(text, /^alpha and beta, "\/mnt" \(NFSv3 and NFSv4\.2\)$/m);
  assert.match(
    text,
    /^fcntl: alpha got it while beta held it and beta came in 7 times while alpha was inside\.$/m,
  );
  assert.match(text, /^alpha: locks on this mount stay on this client \(nolock\)/m);
});

test('hand-offs are numbers that another host took than the one before', () => {
  assert.equal(handoffsOf([2, 3, 6], [4, 5]), 2);
  assert.equal(handoffsOf([2, 3], []), 0);
  assert.equal(handoffsOf([], []), 0);
});

describe('what keeps two from going together', () => {
  const hello: Hello = { ...host, version: '1.0.0', locks: [{ strategy: 'fcntl', problem: null }] };
  test('nothing', () => assert.equal(differences(hello, { ...hello, name: 'beta' }), null));
  test('another version', () =>
    assert.match(
      differences(hello, { ...hello, name: 'beta', version: '2.0.0' })?.message ?? '',
      /got 1\.0\.0 here and 2\.0\.0 on beta/,
    ));
  test('other locks', () =>
    assert.match(
      differences(hello, { ...hello, name: 'beta', locks: [] })?.message ?? '',
      /the same locks were expected/,
    ));
});

test('hosts of one name are told apart', () => {
  const hosts = [host, { ...host, boot: '2' }];
  const text = pairText(result({ hosts, locks: [{ ...fcntl, held: [REFUSED, CAUGHT] }] }));
  assert.match(text, /^fcntl: alpha \(1\) got it while alpha \(2\) held it\.$/m);
  assert.match(text, /^alpha \(2\): fcntl and flock are asked of the server/m);
});
