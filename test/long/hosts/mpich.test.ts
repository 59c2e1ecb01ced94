/**
 * `lockbench hosts` under MPICH, whose handles and whose launcher are others than those of Open MPI.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hostsSchema } from '../../../bench/hosts/hosts-schema.js';
import { MPICH, startWords } from '../../support/mpi-hosts.js';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

const HOSTS = [process.execPath, program, 'hosts'];
/** Short where nothing else runs; the verdicts have as much time as they need. */
const SHORT = [
  ...['--rounds', '1', '--min-round', '50ms', '--ranks', '2', '--handoffs', '150'],
  ...['--budget', '5min', '--time-limit', '20min', '--quiet'],
];

const needsMpich = (t: TestContext): boolean =>
  needs(t, hasCommand(MPICH[0] ?? '', '--version'), 'MPICH is not installed (mpich)');

test('MPICH is told from Open MPI, and does the same', async (t) => {
  if (!needsMpich(t)) return;
  const directory = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const args = ['fcntl', '--dir', directory, ...SHORT, '--json', json];
  const { stdout, stderr } = await startWords(t, [...MPICH, '-n', '3', ...HOSTS, ...args]).ended;
  assert.ok(existsSync(json), stdout + stderr);
  const result = hostsSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  assert.equal(result.mpi.family, 'MPICH');
  const fcntl = result.cells.find(({ strategy }) => strategy === 'fcntl');
  assert.ok(fcntl?.state === 'measured');
  assert.equal(fcntl.exclusion, 'held');
  assert.deepEqual(readdirSync(directory), []);
});

test('where one rank lacks the library, it says so and all end: the launcher would let the others wait for ever', async (t) => {
  if (!needsMpich(t)) return;
  const args = ['fcntl', '--dir', temporaryDirectory(t)];
  const lacking = ['-n', '1', '-env', 'LOCKBENCH_MPI', '/none', ...HOSTS, ...args];
  const words = [...MPICH, ...lacking, ':', '-n', '2', ...HOSTS, ...args];
  const { code, stdout, stderr } = await startWords(t, words).ended;
  assert.equal(code, 2, stdout + stderr);
  const said = (stdout + stderr).split(/\r?\n/).filter((line) => line.startsWith('lockbench: '));
  assert.equal(said.length, 1, stdout + stderr);
  assert.match(said[0] ?? '', /a library of MPI was expected, none of \/none can be loaded/);
});

test('UCX, where MPICH is built on it, does not move the heap while other threads of Node use it', async (t) => {
  if (!needsMpich(t)) return;
  const words = [...MPICH, '-n', '2', ...HOSTS];
  const { code, stdout, stderr } = await startWords(t, words, { UCX_MEM_LOG_LEVEL: 'debug' }).ended;
  assert.equal(code, 2, stdout + stderr);
  assert.doesNotMatch(stdout + stderr, /hook for sbrk/);
});
