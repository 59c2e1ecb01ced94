/**
 * Locks that other hosts cannot see are not measured where other hosts may look.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMountinfo } from '../../../bench/machine/file-system.js';
import type { TestDirectory } from '../../../bench/measure/parent/plan.js';
import type { Look } from '../../../bench/measure/parent/preflight.js';
import { withinReach } from '../../../bench/measure/parent/reach.js';
import { loadAll } from '../../../strategies/index.js';

const strategies = await loadAll();

const testDirectory = (directory: string, line: string): TestDirectory => ({
  directory,
  mount: parseMountinfo(`1 0 0:1 / ${directory} rw - ${line}`)[0] ?? null,
  hosts: [],
});
const testDirectories = [
  testDirectory('/nfs', 'nfs4 server:/ rw,vers=4.2'),
  testDirectory('/cifs', 'cifs //server/x rw,vers=3.1.1'),
  testDirectory('/ext4', 'ext4 /dev/sda1 rw'),
  { directory: '/nowhere', mount: null, hosts: [] },
];

const available = {
  available: true,
  members: { block: true, try: true, shared: false, async: false },
} as never;
const byName = Object.fromEntries(strategies.map((strategy) => [strategy.name, strategy]));
const everything: Look = {
  strategies: byName,
  findings: Object.fromEntries(
    strategies.map(({ name }) => [
      name,
      Object.fromEntries(testDirectories.map(({ directory }) => [directory, available])),
    ]),
  ),
  loop: null,
};

test('only locks in this host’s memory are refused, and only on the network’s file systems', () => {
  const { findings } = withinReach(everything, testDirectories);
  for (const { name, claims } of strategies) {
    const inMemory = claims.excludes && claims.excludesAcrossNfs === 'not applicable';
    for (const { directory } of testDirectories) {
      const refused = inMemory && ['/nfs', '/cifs'].includes(directory);
      assert.equal(findings[name]?.[directory]?.available, !refused, `${name} in ${directory}`);
    }
  }
  assert.equal(findings['shm-flag']?.['/nfs']?.available, false, 'the catalogue has one at least');
});

test('controls stay: what is not a lock must be caught there too', () => {
  const { findings } = withinReach(everything, testDirectories);
  for (const { name } of strategies.filter(({ family }) => family === 'control'))
    assert.equal(findings[name]?.['/nfs']?.available, true, name);
});

test('the reason says what to do, and which file system it is', () => {
  const found = withinReach(everything, testDirectories).findings['shm-flag']?.['/nfs'];
  assert.ok(found?.available === false);
  assert.match(found.reason, /NFSv4\.2.*--one-host/);
});

test('what does not work for another reason elsewhere keeps it', () => {
  const broken = { available: false, reason: 'not built' } as const;
  const look = { strategies: byName, findings: { flock: { '/ext4': broken, '/nfs': broken } }, loop: null };
  assert.deepEqual(withinReach(look, testDirectories), look);
});
