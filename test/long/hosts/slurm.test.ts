import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hostsSchema } from '../../../bench/hosts/hosts-schema.js';
import { until } from '../../support/limit.js';
import { OURS } from '../../support/namespaces.js';
import { needsSlurm, startUnderSlurm, underSlurm } from '../../support/one-node-slurm.js';
import { temporaryDirectory } from '../../support/support.js';

/** Of all living processes, those in a pid namespace. */
const processesIn = (namespace: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
    } catch {
      return false;
    }
  });

/** As few rounds as there can be: what they find is up to other tests. */
const QUICK = [
  ...['--rounds', '1', '--handoffs', '20', '--min-round', '1ms', '--ranks', '2', '--number', 'kept-open'],
].join(' ');

describe('hosts under Slurm', () => {
  test('srun --mpi=pmix starts it; without MPI, and with one that Open MPI does not speak, one line says so', async (t) => {
    if (!needsSlurm(t)) return;
    const directory = temporaryDirectory(t);
    const json = join(directory, 'result.json');
    const shared = join(directory, 'shared');
    const hosts = `-n 3 --overcommit ${OURS.join(' ')} hosts --quiet fcntl`;
    const { code, stdout, stderr } = await underSlurm(`
      mkdir -m 1777 ${shared}
      srun --mpi=pmix ${hosts} ${shared} ${QUICK} --json ${json}; echo "code $?"
      echo second >&2
      srun ${hosts} ${shared}; echo "code $?"
      echo third >&2
      LOCKBENCH_MPI=libmpi.so.40 srun --mpi=pmi2 ${hosts} ${shared}; echo "code $?"
    `);
    assert.equal(code, 0, stderr);
    const [first = '', second = '', third = ''] = stderr.split(/^(?:second|third)$/m);

    // Of so few hand-offs a control may go uncaught.
    const codes = [...stdout.matchAll(/^code (\d+)$/gm)].map(([, text]) => Number(text));
    assert.ok(codes[0] === 0 || codes[0] === 3, `${stdout}\n${stderr}`);
    assert.deepEqual(codes.slice(1), [2, 2], stderr);

    const result = hostsSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
    assert.equal(result.unknown, null, first);
    assert.equal(result.mpi.family, 'Open MPI');
    assert.deepEqual(
      result.ranks.map(({ host, rank }) => [rank, host]),
      [0, 1, 2].map((rank) => [rank, 'node1']),
    );
    const fcntl = result.cells.find(({ strategy }) => strategy === 'fcntl');
    assert.ok(fcntl?.state === 'measured', JSON.stringify(fcntl));

    for (const [said, why] of [
      [second, /this srun gives its tasks no MPI; for example: srun --mpi=pmix -n 9 lockbench hosts/],
      [third, /got --mpi=pmi2, which MPICH understands and Open MPI does not; for example: srun --mpi=pmix/],
    ] as const) {
      const ours = said.split('\n').filter((line) => line.startsWith('lockbench: '));
      assert.equal(ours.length, 1, said);
      assert.match(ours[0] ?? '', why);
      assert.doesNotMatch(said, /MPI_ERRORS_ARE_FATAL|OPAL ERROR/);
    }
    assert.deepEqual(readdirSync(shared), []);
  });

  test('killed, it takes its daemons with it', async (t) => {
    if (!needsSlurm(t)) return;
    const child = startUnderSlurm(
      'readlink /proc/self/ns/pid; pidof slurmctld slurmd munged | wc -w; sleep infinity',
    );
    let told = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    t.after(() => child.kill('SIGKILL'));
    await until('its daemons run', () => told.split('\n').length > 2);
    const [namespace = '', daemons] = told.split('\n');
    assert.ok(Number(daemons) >= 3, told);
    assert.ok(processesIn(namespace).length > 3);
    child.kill('SIGKILL');
    await ended;
    await until('all are gone', () => processesIn(namespace).length === 0);
  });
});
