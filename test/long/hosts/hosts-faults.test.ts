/**
 * `lockbench hosts` where something goes wrong: a holder dies, a rank dies, a directory is not shared.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type HostsResult, hostsSchema } from '../../../bench/hosts/hosts-schema.js';
import { hasEnded, ownerOf } from '../../../bench/machine/owner-name.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { until } from '../../support/limit.js';
import { needsOpenMpi, onThisHost, ownDirectory, startWords, twoHosts } from '../../support/mpi-hosts.js';
import { lockbench, program, temporaryDirectory } from '../../support/support.js';

/** Short where nothing else runs; the verdicts have as much time as they need. */
const SHORT = [
  ...['--rounds', '1', '--min-round', '50ms', '--ranks', '2', '--handoffs', '150', '--no-trace'],
  ...['--budget', '5min', '--time-limit', '20min', '--quiet'],
];

const COMMAND_LINE = fileURLToPath(new URL('../../../bench/cli.js', import.meta.url));

const resultIn = (file: string): HostsResult => hostsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const cellOf = ({ cells }: HostsResult, name: string) => {
  const cell = cells.find(({ strategy }) => strategy === name);
  assert.ok(cell?.state === 'measured', `${name}: ${JSON.stringify(cell)}`);
  return cell;
};

test('a killed holder: the kernel gives fcntl to the other host, a lock file stays', async (t) => {
  const hosts = twoHosts(t);
  if (hosts === null) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const faults = ['--kill-holder', '--patience', '2min'];
  const words = hosts.words([2, 1], 'fcntl', '--dir', directory, ...SHORT, ...faults, '--json', json);
  const { stdout, stderr } = await startWords(t, words).ended;
  assert.ok(existsSync(json), stdout + stderr);
  const { holderDied } = cellOf(resultIn(json), 'fcntl');
  assert.ok(holderDied !== null && holderDied.next !== null, stdout);
  assert.notEqual(holderDied.next, holderDied.victim);
  assert.match(stdout, /its holder, rank \d on host-., was killed; rank \d on host-. got the lock .* later/);
  assert.deepEqual(readdirSync(directory), []);
});

test('a lock that stays with its dead holder is stuck, and contradicts no claim of a lock file', async (t) => {
  if (!needsOpenMpi(t)) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const faults = ['--kill-holder', '--patience', '1s', '--json', json];
  const { stdout, stderr } = await startWords(
    t,
    onThisHost(3, 'excl/sleep:1ms', '--dir', directory, ...SHORT, ...faults),
  ).ended;
  assert.ok(existsSync(json), stdout + stderr);
  const result = resultIn(json);
  assert.equal(cellOf(result, 'excl').holderDied?.next, null);
  assert.deepEqual(result.brokenClaims, []);
  assert.match(stdout, /excl\/sleep:1ms with 2 ranks is STUCK/);
  assert.deepEqual(readdirSync(directory), []);
});

/** The process of a rank below the launcher, by what the launcher tells it. */
function pidOfRank(launcher: number, rank: number): number | null {
  const children = readFileSync(`/proc/${launcher}/task/${launcher}/children`, 'latin1').trim().split(' ');
  for (const child of children) {
    try {
      const told = readFileSync(`/proc/${child}/environ`, 'latin1').split('\0');
      if (told.includes(`OMPI_COMM_WORLD_RANK=${rank}`)) return Number(child);
    } catch {
      // It has ended meanwhile.
    }
  }
  return null;
}

test('when a rank dies MPI ends the job: what was measured by then is saved, and nothing is left', async (t: TestContext) => {
  if (!needsOpenMpi(t)) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  // More rounds than anybody would wait for.
  const args = ['fcntl', '--dir', directory, ...SHORT, '--rounds', '1000', '--json', json];
  const job = startWords(t, onThisHost(3, ...args));
  await until('a result so far', () => existsSync(json) && readFileSync(json).length > 0);
  const victim = pidOfRank(job.pid, 2);
  assert.ok(victim !== null);
  process.kill(victim, 'SIGKILL');
  const { code } = await job.ended;
  assert.notEqual(code, 0);
  const result = resultIn(json);
  assert.ok(result.unknown !== null);
  assert.ok(result.cells.some((cell) => 'rounds' in cell && cell.rounds.length > 0));
  await clearedAway(directory);
});

/** The launcher gives a rank one second to clean up; what a busy machine does not manage by then, the next start removes. */
async function clearedAway(directory: string): Promise<void> {
  const owners = readdirSync(directory).map(ownerOf);
  await until('the ranks have ended', () => owners.every((owner) => owner === null || hasEnded(owner)));
  if (owners.length > 0) {
    await lockbench(['run', 'fcntl', '--dir', directory, '--rounds', '1', '--increments', '10', '--quiet']);
  }
  assert.deepEqual(readdirSync(directory), []);
}

test('a directory that a host has for itself is refused, with the rank that does not see it', async (t) => {
  const directory = temporaryDirectory(t);
  const hosts = twoHosts(t, ownDirectory(directory));
  if (hosts === null) return;
  const { code, stdout, stderr } = await startWords(
    t,
    hosts.words([1, 1], 'fcntl', '--dir', directory, '--quiet'),
  ).ended;
  assert.equal(code, 2);
  const said = (stdout + stderr).split(/\r?\n/).filter((line) => line.startsWith('lockbench: '));
  assert.equal(said.length, 1, stdout + stderr);
  assert.match(
    said[0] ?? '',
    /a directory that all ranks share was expected, ".*" is not: rank 1 on host-b does not find/,
  );
  assert.deepEqual(readdirSync(directory), []);
});

/** The one thing that is ours, which may be folded; the launcher has lines of its own, after it. */
function refusalIn(printed: string): string {
  assert.equal(printed.match(/^lockbench: /gm)?.length, 1, printed);
  return printed.slice(printed.indexOf('lockbench: ')).replaceAll(/\s+/g, ' ');
}

test('a rank that cannot reach the directory is named, with the reason', async (t) => {
  const above = temporaryDirectory(t);
  const directory = join(above, 'shared');
  mkdirSync(directory, { mode: 0o777 });
  const hosts = twoHosts(t, ownDirectory(above));
  if (hosts === null) return;
  const words = hosts.words([1, 1], 'fcntl', '--dir', directory, '--quiet');
  const { code, stdout, stderr } = await startWords(t, words).ended;
  assert.equal(code, 2, stdout + stderr);
  assert.match(
    refusalIn(stdout + stderr),
    /".*shared" is not: rank 1 on host-b cannot use it: an existing directory was expected, ".*shared" does not exist/,
  );
  assert.deepEqual(readdirSync(directory), []);
});

test('a rank that may not write there is named, with the reason', async (t) => {
  const directory = temporaryDirectory(t);
  const readOnly = `mount --bind '${directory}' '${directory}'; mount -o remount,bind,ro '${directory}'`;
  const hosts = twoHosts(t, readOnly);
  if (hosts === null) return;
  const words = hosts.words([1, 1], 'fcntl', '--dir', directory, '--quiet');
  const { code, stdout, stderr } = await startWords(t, words).ended;
  assert.equal(code, 2, stdout + stderr);
  assert.match(
    refusalIn(stdout + stderr),
    /is not: rank 1 on host-b cannot use what rank 0 made there \(open: EROFS: Read-only file system/,
  );
  assert.deepEqual(readdirSync(directory), []);
});

test('ranks of different versions are refused, with both versions', async (t) => {
  const manifest = join(projectRoot, 'package.json');
  const other = join(temporaryDirectory(t), 'package.json');
  writeFileSync(other, readFileSync(manifest, 'utf8').replace(/"version": ".*"/, '"version": "99.0.0"'));
  const hosts = twoHosts(t, `mount --bind '${other}' '${manifest}'`);
  if (hosts === null) return;
  // Not by the program, which would build what another manifest asks for.
  const words = hosts
    .words([1, 1], 'fcntl', '--dir', temporaryDirectory(t), '--quiet')
    .map((word) => (word === program ? COMMAND_LINE : word));
  const { code, stdout, stderr } = await startWords(t, words).ended;
  assert.equal(code, 2, stdout + stderr);
  assert.match(
    refusalIn(stdout + stderr),
    /the same lockbench on all ranks was expected, rank 0 on host-a has .*, rank 1 on host-b has 99\.0\.0/,
  );
});

test('without a library of MPI one rank of a host says so, however slow it is', async (t) => {
  if (!needsOpenMpi(t)) return;
  const words = onThisHost(3, 'fcntl', '--dir', temporaryDirectory(t));
  const { code, stdout, stderr } = await startWords(t, words, { LOCKBENCH_MPI: '/none' }).ended;
  assert.equal(code, 2, stdout + stderr);
  assert.match(refusalIn(stdout + stderr), /a library of MPI was expected, none of \/none can be loaded/);
});

test('Ctrl-C under mpirun: what was measured is saved, and neither process nor file is left', async (t) => {
  if (!needsOpenMpi(t)) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  // More rounds than anybody would wait for.
  const args = ['fcntl', '--dir', directory, ...SHORT, '--rounds', '1000', '--json', json];
  const job = startWords(t, onThisHost(3, ...args));
  await until('a result so far', () => existsSync(json) && readFileSync(json).length > 0);
  const ranks = [0, 1, 2].map((rank) => pidOfRank(job.pid, rank));
  assert.ok(ranks.every((pid) => pid !== null));
  job.kill('SIGINT');
  await job.ended;
  await until('the ranks have ended', () => ranks.every((pid) => !existsSync(`/proc/${pid}`)));
  assert.ok(resultIn(json).cells.some((cell) => 'rounds' in cell && cell.rounds.length > 0));
  await clearedAway(directory);
});

test('a holder whose host is cut off keeps its lock on one file system; the host is healed, and all goes on', async (t) => {
  const hosts = twoHosts(t);
  if (hosts === null) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const faults = ['--cut-holder', hosts.cutter(true), '--patience', '1s', '--json', json];
  const words = hosts.words([2, 1], 'fcntl', '--dir', directory, ...SHORT, ...faults);
  const { code, stdout, stderr } = await startWords(t, words).ended;
  assert.ok(existsSync(json), stdout + stderr);
  const result = resultIn(json);
  assert.equal(result.unknown, null, stdout + stderr);
  const { holderCutOff, holderDied } = cellOf(result, 'fcntl');
  assert.equal(holderDied, null);
  assert.deepEqual([holderCutOff?.victim, holderCutOff?.next], [2, null]);
  assert.deepEqual(result.brokenClaims, []);
  assert.notEqual(code, 1, stdout + stderr);
  assert.match(stdout, /its holder, rank 2 on host-b, was cut off, and nobody got it within 1\.00 s/);
  assert.deepEqual(readdirSync(directory), []);
});

test('a host that stays cut off: rank 0 saves what was measured, and says what is unknown and why', async (t) => {
  const hosts = twoHosts(t);
  if (hosts === null) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const faults = ['--cut-holder', hosts.cutter(false), '--patience', '1s', '--handoffs', '0'];
  const args = ['fcntl', '--dir', directory, ...SHORT, ...faults, '--json', json];
  const job = startWords(t, hosts.words([2, 1], ...args));
  await until('a result so far', () => existsSync(json) && readFileSync(json).length > 0);
  // Open MPI itself waits for the host that is gone.
  await until('rank 0 has saved all', () => existsSync(json) && resultIn(json).finishedAt !== null);
  const result = resultIn(json);
  assert.match(result.unknown ?? '', /heal host-b ended with exit code 7: the cable is gone/);
  assert.equal(cellOf(result, 'fcntl').holderCutOff?.next, null);
  hosts.powerOff();
  await job.ended;
});

for (const [what, ranks, args, expected] of [
  ['one rank', 1, ['--dir', '.'], /at least 2 ranks were expected, got 1/],
  ['more contending ranks than there are', 2, ['--dir', '.', '--ranks', '1,4'], /at most 1 contending rank/],
  ['no directory', 2, [], /a directory that all hosts share was expected, got none/],
] as const) {
  test(`${what}: one line, and exit code 2`, async (t) => {
    if (!needsOpenMpi(t)) return;
    const { code, stdout, stderr } = await startWords(t, onThisHost(ranks, ...args)).ended;
    assert.equal(code, 2);
    const said = (stdout + stderr).split(/\r?\n/).filter((line) => line.startsWith('lockbench: '));
    assert.equal(said.length, 1, stdout + stderr);
    assert.match(said[0] ?? '', expected);
  });
}
