import assert from 'node:assert/strict';
import { chmodSync, readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { pairSchema } from '../../../bench/hosts/pair/pair-schema.js';
import { startPair } from '../../support/pairs.js';
import { isRoot, lockbench, needs, temporaryDirectory } from '../../support/support.js';

describe('hosts --pair', () => {
  test('two that are started on one host meet, try a lock, and say that this tells nothing about hosts', async (t) => {
    const directory = temporaryDirectory(t);
    const [one, two] = [
      startPair(directory, ['fcntl', '--json', '-', '--quiet']),
      startPair(directory, ['fcntl']),
    ];
    const [{ code, stdout, stderr }, other] = [await one.ended, await two.ended];
    assert.equal(code, 3, stderr);
    const { control, locks, hosts, cutShort } = pairSchema.parse(JSON.parse(stdout));
    assert.equal(cutShort, null);
    assert.equal(hosts.length, 2);
    const caught = { got: true, caught: true, freed: true };
    assert.ok(control?.state === 'tried');
    assert.deepEqual(control.held, [caught, caught]);
    const [fcntl] = locks;
    assert.ok(fcntl?.state === 'tried');
    const refused = { got: false, caught: false, freed: true };
    assert.deepEqual(fcntl.held, [refused, refused]);
    assert.deepEqual(fcntl.contended.twoInside, [0, 0]);
    assert.equal(fcntl.contended.sequence, 'intact');
    assert.ok(fcntl.contended.turns.every((turns) => turns > 0));
    assert.equal(other.code, 3, other.stderr);
    assert.match(other.stdout, /fcntl.*excludes/);
    assert.match(other.stdout, /INCONCLUSIVE: both came through the same mount of the same kernel/);
    assert.deepEqual(readdirSync(directory), []);
  });

  test('nobody comes', async (t) => {
    const directory = temporaryDirectory(t);
    const { code, stdout, stderr } = await startPair(directory, ['--wait-for', '1ms', '--quiet']).ended;
    assert.equal(code, 3);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^lockbench: nobody came to ".*" within 1ms: start the same command on the other host$/m,
    );
    assert.deepEqual(readdirSync(directory), []);
  });

  test('a directory that the workers of root may not write to', async (t) => {
    if (!needs(t, isRoot, 'dropping privileges needs root')) return;
    const directory = temporaryDirectory(t);
    chmodSync(directory, 0o755);
    const { code, stderr } = await lockbench(['hosts', '--pair', '--dir', directory, '--quiet']);
    assert.equal(code, 3);
    assert.match(stderr, /refuses a new name by uid \d+: make it writable for that user/);
    assert.deepEqual(readdirSync(directory), []);
  });

  for (const { words, complaint } of [
    { words: [], complaint: /a directory that both hosts share was expected, got none/ },
    { words: ['shm-flag', '.'], complaint: /that other hosts can see was expected, got "shm-flag"/ },
    { words: ['fcntl/spin', '.'], complaint: /a strategy without a policy was expected/ },
    { words: ['/nowhere'], complaint: /an existing directory was expected, "\/nowhere" does not exist/ },
    { words: ['.', '--ranks', '1'], complaint: /'--pair' cannot be used with option '--ranks <list>'/ },
    { words: ['.', '--wait-for', '0s'], complaint: /--wait-for: more than 0 was expected/ },
  ]) {
    test(`refused in one line: ${words.join(' ') || 'no directory'}`, async () => {
      const { code, stdout, stderr } = await lockbench(['hosts', '--pair', ...words]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.match(stderr, complaint);
    });
  }
});
