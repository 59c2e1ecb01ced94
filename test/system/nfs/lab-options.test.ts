/**
 * `lockbench nfs`: refusals, and what the doctor says.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { assertRefused, sandbox } from '../../support/refusal.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

describe('lockbench nfs refuses', () => {
  for (const [title, args, refusal] of [
    [
      'an unknown place',
      ['exec', '--on', 'moon', '--', 'true'],
      { expected: /vm or host was expected/, came: 'moon', hint: /--on vm/ },
    ],
    [
      'an unknown host',
      ['exec', '--host', 'client9', '--', 'true'],
      {
        expected: /server, client1, client2 or client3 was expected/,
        came: 'client9',
        hint: /"client1"/,
      },
    ],
    [
      'a kernel without its modules',
      ['exec', '--kernel', '/boot/vmlinuz', '--', 'true'],
      {
        expected: /--kernel and --modules were expected together/,
        came: '--kernel alone',
        hint: /for example/,
      },
    ],
    [
      'a kernel that is not there',
      ['exec', '--kernel', '/no/such', '--modules', '/no/such', '--', 'true'],
      {
        expected: /a kernel with the modules of the lab was expected/,
        came: '/no/such',
        hint: /fetch-kernel/,
      },
    ],
    [
      'a disk for the virtual machine',
      ['exec', '--disk', '/dev/x', '--', 'true'],
      { expected: /goes with --on host/, came: '--disk /dev/x', hint: /leave it out/ },
    ],
    [
      'a round trip without a unit',
      ['exec', '--rtt', '200', '--', 'true'],
      { expected: /a duration .* was expected/, came: '"200"', hint: /unit/ },
    ],
    [
      'too little memory',
      ['exec', '--memory', '16', '--', 'true'],
      { expected: /from 768/, came: '"16"', hint: /--memory 768/ },
    ],
    [
      'a shell without a terminal',
      ['shell'],
      { expected: /a terminal was expected/, came: 'nfs shell', hint: /nfs exec/ },
    ],
  ] as const) {
    test(title, (t) => assertRefused(sandbox(t), ['nfs', ...args], refusal));
  }
});

test('the doctor says for both ways whether they can be tried, and its exit code says whether one can', async (t) => {
  // No kernel is in this cache; an installed one may do.
  const env = { ...process.env, XDG_CACHE_HOME: temporaryDirectory(t) };
  const { code, stdout } = await lockbench(['nfs', 'doctor'], { env });
  const ways = stdout.split('\n').filter((line) => /^(in a virtual machine|on this kernel) /.test(line));
  assert.equal(ways.length, 2, stdout);
  const able = ways.some((line) => line.endsWith(': can be tried'));
  assert.equal(code, able ? 0 : 3, stdout);
  for (const line of ways) assert.match(line, /: (can be tried|not here)$/);
});

test('without a program the doctor names its package in one apt-get line', async () => {
  const env = { ...process.env, PATH: '/nowhere' };
  const { code, stdout } = await lockbench(['nfs', 'doctor'], { env });
  assert.equal(code, 3);
  assert.match(stdout, /missing: the program qemu-system-x86_64 \(package qemu-system-x86\)/);
  assert.match(stdout, /install: apt-get install --no-install-recommends qemu-system-x86 /);
});

describe('without a program every command that needs the lab names its package, with exit code 3, after', () => {
  for (const words of [
    ['--quick'],
    ['roundtrip'],
    ['options'],
    ['faults'],
    ['exec', '--', 'true'],
  ] as const) {
    test(`nfs ${words.join(' ')}`, async (t) => {
      const directory = temporaryDirectory(t);
      const env = { ...process.env, PATH: '/nowhere', TMPDIR: directory };
      const { code, stdout, stderr } = await lockbench(['nfs', ...words], { env });
      assert.equal(code, 3, stderr);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /the lab needs the program qemu-system-x86_64 .*; apt-get install .* qemu-system-x86 /,
      );
      assert.deepEqual(readdirSync(directory), []);
    });
  }
});
