/**
 * `hosts` under Open MPI on three clients of the lab: mounts as they should be, with a holder killed and the host of another cut
 * off, and one whose locks never leave the client.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type HostsResult, hostsSchema } from '../../../bench/hosts/hosts-schema.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { mayBeForgotten } from '../../../bench/nfs/frame/forgotten-lock.js';
import { needsOpenMpi } from '../../support/mpi-hosts.js';
import { needsLab, story, type Told } from '../../support/shared-lab.js';
import { program } from '../../support/support.js';

const script = join(projectRoot, 'test', 'fixtures', 'hosts-in-lab.sh');

/** Short where nothing else runs; the verdicts have as much time as they need. */
const SHORT = [
  ...['--ranks', '2', '--rounds', '1', '--min-round', '1ms', '--handoffs', '100', '--no-trace'],
  ...['--budget', '20min', '--time-limit', '20min', '--quiet', '--json', '-'],
];
const onAllClients = (...words: readonly string[]): string =>
  `${['bash', script, '3', process.execPath, program, 'hosts', ...words, ...SHORT].join(' ')}; echo $?`;

const APART = '/run/apart';
/** Of the server's tmpfs, for these stories alone. */
const OWN = 'by-mpi';
/** On each client, which knows the server by an address of its own. */
const mounting = [1, 2, 3].map(
  (client) =>
    `on client${client} /bin/bash -c "mkdir -p ${APART} && mount.nfs 192.0.2.10${client}:/lab/exports/tmpfs ${APART} -o vers=3,proto=tcp,local_lock=all,nosharecache"`,
);
const unmounting = [1, 2, 3].map((client) => `on client${client} umount ${APART}`);

/** Ranks, workers, and daemons of MPI, on whatever client: from the start of a line, since the stories are words of shells. */
const OURS = '^[^ ]*node [^ ]*(lockbench.mjs hosts|worker.js)|^[^ ]*orted ';
/** What is there afterwards: in the directory, in memory, and of processes. */
const LEFT = `ls -A /lab/v3/tmpfs/${OWN}; ls /dev/shm | grep lockbench; pgrep -af '${OURS}'; true`;

/** Nobody gets a lock file whose holder is killed, however long it is waited for. */
const SHORTLY = ['--kill-holder', '--patience', '5s'];
const apart = story(
  'client1',
  [
    ...mounting,
    `mkdir -pm 1777 ${APART}/${OWN}`,
    onAllClients('fcntl', 'excl/sleep:1ms', '--dir', `${APART}/${OWN}`, ...SHORTLY),
    ...unmounting,
  ].join('\n'),
);
const LONG = ['--kill-holder', '--patience', '20min'];
const version3 = story('client1', onAllClients('fcntl', '--dir', `/lab/v3/tmpfs/${OWN}`, ...LONG));
const version4 = story(
  'client1',
  onAllClients('fcntl', '--dir', `/lab/v4.2/tmpfs/${OWN}`, ...LONG, '--cut-holder', 'CUTTER'),
);
const left = story('client1', LEFT);

/** What rank 0 told, and with what code mpirun ended. */
async function toldBy(told: () => Promise<Told>): Promise<{ code: number; result: HostsResult }> {
  const { code, stdout, stderr } = await told();
  assert.equal(code, 0, stderr);
  const [, json = '', digits] = stdout.match(/^(\{.*?^\})\n(\d+)$/ms) ?? assert.fail(`${stdout}\n${stderr}`);
  return { code: Number(digits), result: hostsSchema.parse(JSON.parse(json)) };
}

const cellOf = ({ cells }: HostsResult, name: string) => {
  const cell = cells.find(({ strategy }) => strategy === name);
  assert.ok(cell?.state === 'measured', `${name}: ${JSON.stringify(cell)}`);
  return cell;
};

function controlsWereCaught(result: HostsResult): void {
  assert.deepEqual(result.uncaughtControls, []);
  for (const name of ['none', 'broken']) {
    const control = cellOf(result, name);
    assert.equal(control.exclusion, 'violated', name);
    assert.notEqual(control.first?.rank, control.first?.beside);
  }
}

const ranksOf = ({ ranks }: HostsResult): string[] =>
  ranks.map(({ rank, host, mount }) => `${rank} ${host} ${mount?.filesystem}`);

const needs = (t: TestContext): boolean => needsLab(t) && needsOpenMpi(t);

describe('hosts by mpirun on three clients', () => {
  for (const [version, told, filesystem] of [
    ['3', version3, 'nfs'],
    ['4.2', version4, 'nfs4'],
  ] as const) {
    test(`fcntl over NFS ${version} excludes between them, and both controls are caught`, async (t) => {
      if (!needs(t)) return;
      const { result } = await toldBy(told);
      assert.deepEqual(
        ranksOf(result),
        [1, 2, 3].map((client, rank) => `${rank} client${client} ${filesystem}`),
      );
      controlsWereCaught(result);
      const fcntl = cellOf(result, 'fcntl');
      const isSafe = fcntl.exclusion === 'held' && fcntl.sequence === 'intact';
      // Of all turns only those that were handed over are sure.
      const seen = { ...fcntl, turns: fcntl.handoffs };
      assert.ok(isSafe || mayBeForgotten({ version: `v${version}`, ...seen }), JSON.stringify(fcntl));
      assert.equal(fcntl.betweenHosts, fcntl.handoffs);
      assert.equal(result.brokenClaims.length, fcntl.violations === 0 ? 0 : 1);
      // It came to its end, whatever befell its holders.
      assert.equal(result.unknown, null);
      assert.ok(result.finishedAt !== null);
    });

    test(`NFS ${version}: when its holder is killed, the rank on the other client gets fcntl`, async (t) => {
      if (!needs(t)) return;
      const { holderDied } = cellOf((await toldBy(told)).result, 'fcntl');
      assert.ok(holderDied !== null);
      assert.deepEqual([holderDied.victim, holderDied.next].sort(), [1, 2]);
    });
  }

  test('each client counts what it asks of the server: every increment under NFS 4.2 asks for the lock', async (t) => {
    if (!needs(t)) return;
    const { rpcsPerIncrement } = cellOf((await toldBy(version4)).result, 'fcntl');
    assert.deepEqual(rpcsPerIncrement.map(({ host }) => host).sort(), ['client2', 'client3']);
    assert.ok(rpcsPerIncrement.every(({ requests }) => (requests.LOCK ?? 0) >= 1));
  });

  test('a host that is cut off while it holds fcntl loses it to the other one, when its lease is over', async (t) => {
    if (!needs(t)) return;
    const { holderCutOff } = cellOf((await toldBy(version4)).result, 'fcntl');
    assert.ok(holderCutOff !== null);
    assert.deepEqual([holderCutOff.victim, holderCutOff.next].sort(), [1, 2]);
  });

  test('local_lock=all: two were in at once, on two hosts, and a claim is broken', async (t) => {
    if (!needs(t)) return;
    const { code, result } = await toldBy(apart);
    controlsWereCaught(result);
    assert.equal(cellOf(result, 'fcntl').exclusion, 'violated');
    assert.ok(result.brokenClaims.includes('fcntl/block with 2 ranks'));
    assert.equal(code, 1);
  });

  test('a lock file excludes even there, and stays with its dead holder', async (t) => {
    if (!needs(t)) return;
    const { exclusion, betweenHosts, handoffs, holderDied } = cellOf((await toldBy(apart)).result, 'excl');
    assert.equal(exclusion, 'held');
    assert.equal(betweenHosts, handoffs);
    assert.ok(holderDied !== null && holderDied.next === null);
  });

  test('nothing is left on any host', async (t) => {
    if (!needs(t)) return;
    const { code, stdout } = await left();
    assert.deepEqual([code, stdout], [0, '']);
  });
});
