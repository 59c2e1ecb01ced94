/**
 * `run` and `doctor` in a directory that happens to be an NFS mount, on a client of the lab.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isMeasured } from '../../../bench/measure/result/result.js';
import { type MeasuredCell, resultSchema } from '../../../bench/measure/result/result-schema.js';
import { needsLab, story, type Told } from '../../support/shared-lab.js';
import { program } from '../../support/support.js';

const V3 = '/lab/v3/ext4';
const V42 = '/lab/v4.2/ext4';
const TURNS = 30;
const RUN = [
  ...['run', '--dir', V3, '--dir', V42, '--strategies', 'none,fcntl,shm-flag', '--processes', '1'],
  ...['--increments', String(TURNS), '--rounds', '1', '--no-trace', '--min-round', '1ns', '--quiet'],
];

const node = `${process.execPath} ${program}`;
const measured = story('client1', `${node} ${RUN.join(' ')} --json -`);
const described = story('client1', `${node} doctor --verbose --dir ${V3}`);
/** Locks that are measured all the same. */
const oneHost = story(
  'client1',
  `${node} run --one-host --dir ${V3} --strategies shm-flag --processes 1 --increments ${TURNS} --rounds 1 --quiet --no-trace`,
);

async function stdoutOf(told: () => Promise<Told>): Promise<string> {
  const { code, stdout, stderr } = await told();
  assert.equal(code, 0, stderr);
  return stdout;
}

async function cellsOf(path: string) {
  const { cells, warnings } = resultSchema.parse(JSON.parse(await stdoutOf(measured)));
  return { cells: cells.filter(({ conditions }) => conditions.directory.path === path), warnings };
}

async function requestsOfFcntl(path: string): Promise<Readonly<Record<string, number>>> {
  const { cells } = await cellsOf(path);
  const cell = cells.filter(isMeasured).find(({ strategy }) => strategy === 'fcntl') as MeasuredCell;
  assert.deepEqual(
    cell.rounds.map(({ kind, turns }) => [kind, turns]),
    [['timing', TURNS]],
  );
  return cell.rounds[0]?.rpcs ?? assert.fail('not counted');
}

describe('on a client of the lab', () => {
  test('what an increment under fcntl asks of the server is counted exactly, by operation', async (t) => {
    if (!needsLab(t)) return;
    const v3 = await requestsOfFcntl(V3);
    assert.deepEqual([v3.READ, v3.WRITE], [TURNS, TURNS]);
    assert.ok((v3.GETATTR ?? 0) >= TURNS, JSON.stringify(v3));
    const v42 = await requestsOfFcntl(V42);
    assert.deepEqual([v42.LOCK, v42.LOCKU, v42.WRITE], [TURNS, TURNS, TURNS]);
  });

  test('without a lock the number stays in the client’s cache: the server hears of it at the end', async (t) => {
    if (!needsLab(t)) return;
    for (const path of [V3, V42]) {
      const { cells } = await cellsOf(path);
      const cell = cells.filter(isMeasured).find(({ strategy }) => strategy === 'none');
      const { READ = 0, WRITE = 0 } = cell?.rounds[0]?.rpcs ?? {};
      assert.ok(WRITE >= 1 && READ + WRITE < TURNS, `${path}: ${READ} READ, ${WRITE} WRITE`);
    }
  });

  test('a lock in memory is unavailable there, unless all that lock are said to run on one host', async (t) => {
    if (!needsLab(t)) return;
    for (const path of [V3, V42]) {
      const { cells } = await cellsOf(path);
      const cell = cells.find(({ strategy }) => strategy === 'shm-flag');
      assert.ok(cell?.state === 'unavailable', path);
      assert.match(cell.reason, /--one-host/);
    }
    const table = await stdoutOf(oneHost);
    assert.match(table, /shm-flag\/spin .* STUCK/);
  });

  test('the mount is told by version, server, export and who is asked for locks', async (t) => {
    if (!needsLab(t)) return;
    const doctor = await stdoutOf(described);
    const table = await stdoutOf(oneHost);
    assert.match(doctor, /^\/lab\/v3\/ext4 \(nfs\): fcntl and flock are asked of the server \(NFSv3\)/m);
    assert.match(
      doctor,
      /mount: NFSv3, server 192\.0\.2\.101, export \/lab\/exports\/ext4, hard .*locks are asked of the server/,
    );
    assert.match(doctor, /note: a verdict from one client holds within this client only/);
    assert.match(doctor, /^ {2}shm-flag +does not: /m);
    assert.match(doctor, /^ {2}fcntl +works/m);
    assert.match(table, /\/lab\/v3\/ext4 \(NFSv3\), 1 process/);
    const { warnings } = await cellsOf(V3);
    assert.ok(warnings.some((warning) => warning.startsWith(`${V42}: a verdict from one client`)));
  });
});
