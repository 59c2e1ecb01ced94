/**
 * `hosts --pair` on two clients of the lab: the mount as it should be, and one whose locks never leave the client.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PairResult, pairSchema } from '../../../bench/hosts/pair/pair-schema.js';
import { controlWorks, verdictOf } from '../../../bench/hosts/pair/pair-verdict.js';
import { needsLab, story } from '../../support/shared-lab.js';
import { program } from '../../support/support.js';

const pair = `${process.execPath} ${program} hosts --pair --quiet --json - fcntl`;
const NOLOCK = '/run/nolock';
/** On client 1 or 2, each of which knows the server by an address of its own. */
const mounting = (client: 1 | 2): string =>
  `mkdir -p ${NOLOCK} && mount.nfs 192.0.2.10${client}:/lab/exports/tmpfs ${NOLOCK} -o vers=3,proto=tcp,nolock,nosharecache`;

/** Both sides of it, which say what they found and with what code they ended; one after the other. */
const both = (directory: string, prepare: (client: 1 | 2) => string, tidy: string): string => `
  on client2 /bin/bash -c '${prepare(2)}; ${pair} ${directory} >/run/pair.out; echo $? >>/run/pair.out; ${tidy}' &
  ${prepare(1)}; ${pair} ${directory}; echo $?; ${tidy}
  wait
  on client2 cat /run/pair.out`;

const nothing = (): string => 'true';
const shared = story('client1', both('/lab/v3/tmpfs', nothing, 'true'));
const apart = story('client1', both(NOLOCK, mounting, `umount ${NOLOCK}`));

/** What both told, and their exit codes. */
async function toldBy(told: typeof shared): Promise<{ code: number; result: PairResult }[]> {
  const { code, stdout, stderr } = await told();
  assert.equal(code, 0, stderr);
  const outcomes = [...stdout.matchAll(/^(\{.*?^\})\n(\d+)$/gms)];
  assert.equal(outcomes.length, 2, `${stdout}\n${stderr}`);
  return outcomes.map(([, json = '', digits]) => ({
    code: Number(digits),
    result: pairSchema.parse(JSON.parse(json)),
  }));
}

describe('hosts --pair between two clients', () => {
  test('fcntl over NFS 3 excludes, and both say so', async (t) => {
    if (!needsLab(t)) return;
    for (const { code, result } of await toldBy(shared)) {
      assert.deepEqual(result.hosts.map(({ name }) => name).sort(), ['client1', 'client2']);
      assert.ok(controlWorks(result));
      assert.deepEqual(result.locks.map(verdictOf), ['excludes']);
      assert.equal(code, 0);
    }
  });

  test('nolock: each got it while the other one held it', async (t) => {
    if (!needsLab(t)) return;
    for (const { code, result } of await toldBy(apart)) {
      const [fcntl] = result.locks;
      assert.ok(fcntl?.state === 'tried');
      const got = { got: true, caught: true, freed: true };
      assert.deepEqual(fcntl.held, [got, got]);
      assert.equal(code, 1);
    }
  });
});
