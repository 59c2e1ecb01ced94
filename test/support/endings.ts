/**
 * Random endings of random commands, each in namespaces of its own, so that all that is left is seen, and nothing of it stays
 * on this machine.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endOf, isRoot, needs } from './support.js';

export interface EndingJob {
  readonly seed: number;
  /** An empty directory; what is made below it is in memory of this namespace. */
  readonly home: string;
}

export interface Ended {
  readonly command: string;
  readonly ending: string;
  readonly afterMs: number;
  /** Its exit code, or the signal that ended it. */
  readonly code: number | string | null;
  /** What should not be so; empty if all is well. */
  readonly problems: readonly string[];
  readonly stderr: string;
}

const FIXTURE = fileURLToPath(new URL('./one-ending.js', import.meta.url));
const UNSHARE = ['--mount', '--ipc', '--pid', '--net', '--fork', '--kill-child', '--mount-proc'];
const PREPARE =
  'mount -t tmpfs -o mode=1777 tmpfs /dev/shm && mount -t tmpfs -o mode=1777 tmpfs "$1" && ip link set lo up; ' +
  'home=$1; shift; TMPDIR=$home; export TMPDIR; "$@"; code=$?; exit $code';

/** Whether such namespaces can be made here. */
const canUnshare = (): boolean =>
  spawnSync('unshare', [...UNSHARE, 'sh', '-c', 'mount -t tmpfs tmpfs /dev/shm']).status === 0;

/** Plays the ending of this seed. */
export async function playEnding(seed: number): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'lockbench-ending-'));
  const job: EndingJob = { seed, home };
  const words = [process.execPath, FIXTURE, JSON.stringify(job)];
  try {
    const child = spawn('unshare', [...UNSHARE, 'sh', '-c', PREPARE, 'sh', home, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { stdout, stderr } = await endOf(child);
    if (stdout === '') throw new Error(`seed ${seed}: ${stderr}`);
    return JSON.parse(stdout) as Ended;
  } finally {
    rmdirSync(home);
  }
}

/** Plays `count` endings from this seed on, several side by side; `onEnded` is told of each. */
export async function playEndings(
  first: number,
  count: number,
  onEnded: (ended: Ended, seed: number) => void,
  sideBySide = 2,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) {
      const seed = first + next++;
      onEnded(await playEnding(seed), seed);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, one));
}

/**
 * Makes a test of this many endings. `npm run test:endings -- 500` plays more; the seed of one that went wrong plays it again:
 * `npm run test:endings -- 1 SEED`.
 */
export function testEndings(first: number, count: number): void {
  test(`${count} random endings leave nothing, and keep what was finished`, async (t) => {
    const able = isRoot && canUnshare();
    if (!needs(t, able, 'namespaces of mounts, processes, IPC and networks need root')) return;
    const bad: string[] = [];
    await playEndings(first, count, (ended, seed) => {
      if (ended.problems.length > 0) bad.push(`seed ${seed}: ${JSON.stringify(ended)}`);
    });
    assert.deepEqual(bad, []);
  });
}
