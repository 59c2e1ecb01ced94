/**
 * Two hosts in small: namespaces of their own for mounts, network, names and processes, so that nothing but the directory joins
 * them.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type PairResult, pairSchema } from '../../../bench/hosts/pair/pair-schema.js';
import { verdictOf } from '../../../bench/hosts/pair/pair-verdict.js';
import { OURS } from '../../support/namespaces.js';
import { hasCommand, isRoot, needs, temporaryDirectory } from '../../support/support.js';

const HOST = ['unshare', '-mnupf', '--mount-proc', '--kill-child'] as const;
/** NAME COMMAND…: runs it there as it is. */
const PLAIN = 'hostname "$1"; shift; "$@"';
/** NAME SOURCE MOUNTED COMMAND…: with a file system of its own over the directory, and so a cache and locks of its own. */
const MOUNTING = `hostname "$1"; source=$2; mounted=$3; shift 3
  bindfs -f "$source" "$mounted" & daemon=$!
  until mountpoint -q "$mounted"; do kill -0 $daemon || exit 99; sleep 0.02; done
  "$@"; code=$?
  umount "$mounted"; exit $code`;

interface Outcome {
  readonly code: number;
  readonly result: PairResult;
}

function on(script: string, ...words: string[]): Promise<Outcome> {
  const [unshare, ...options] = HOST;
  return new Promise((resolve, reject) => {
    execFile(unshare, [...options, 'sh', '-c', script, 'sh', ...words], (error, stdout, stderr) => {
      try {
        const code = typeof error?.code === 'number' ? error.code : 0;
        resolve({ code, result: pairSchema.parse(JSON.parse(stdout)) });
      } catch {
        reject(new Error(`${stdout}\n${stderr}`));
      }
    });
  });
}

const command = (directory: string): string[] => [
  ...OURS,
  ...['hosts', '--pair', '--stay-root', '--quiet', '--json', '-', 'fcntl', 'flock', 'excl', directory],
];
const canUnshare = isRoot && hasCommand(HOST[0], ...HOST.slice(1), 'true');
const NO_NAMESPACES = 'namespaces of mounts, networks, names and processes need root';

const verdictsOf = ({ locks }: PairResult) => locks.map((lock) => [lock.strategy, verdictOf(lock)]);

describe('hosts --pair between namespaces', () => {
  test('one local file system: all exclude, and it is said to be one host', async (t) => {
    if (!needs(t, canUnshare, NO_NAMESPACES)) return;
    const directory = temporaryDirectory(t);
    const both = await Promise.all(['alpha', 'beta'].map((name) => on(PLAIN, name, ...command(directory))));
    for (const { code, result } of both) {
      assert.equal(code, 3);
      assert.deepEqual(result.hosts.map(({ name }) => name).sort(), ['alpha', 'beta']);
      assert.deepEqual(verdictsOf(result), [
        ['fcntl', 'excludes'],
        ['flock', 'excludes'],
        ['excl', 'excludes'],
      ]);
    }
    assert.deepEqual(readdirSync(directory), []);
  });

  test('two mounts whose kernel locks do not reach each other: caught on both, by who held what', async (t) => {
    if (!needs(t, canUnshare, NO_NAMESPACES)) return;
    const canMount = hasCommand('bindfs') && existsSync('/dev/fuse');
    if (!needs(t, canMount, 'needs /dev/fuse and bindfs; apt-get install bindfs')) return;
    const directory = temporaryDirectory(t);
    const [source, mounted] = [join(directory, 'source'), join(directory, 'mounted')];
    mkdirSync(source);
    mkdirSync(mounted);
    const both = await Promise.all(
      ['alpha', 'beta'].map((name) => on(MOUNTING, name, source, mounted, ...command(mounted))),
    );
    for (const { code, result } of both) {
      assert.equal(code, 1);
      const [fcntl, flock, excl] = result.locks;
      const got = { got: true, caught: true, freed: true };
      for (const lock of [fcntl, flock]) {
        assert.ok(lock?.state === 'tried');
        assert.deepEqual(lock.held, [got, got]);
      }
      // Names are made below both mounts, whatever becomes of the number in their caches.
      assert.ok(excl?.state === 'tried');
      const refused = { got: false, caught: false, freed: true };
      assert.deepEqual(excl.held, [refused, refused]);
      assert.deepEqual(excl.contended.twoInside, [0, 0]);
    }
    assert.deepEqual(readdirSync(source), []);
  });
});
