/**
 * Random endings of random commands, each in namespaces of its own, so that all that is left is seen, and nothing of it stays
 * on this machine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended, EndingJob } from './one-ending.js';

const FIXTURE = fileURLToPath(new URL('./one-ending.js', import.meta.url));
const UNSHARE = ['--mount', '--ipc', '--pid', '--net', '--fork', '--kill-child', '--mount-proc'];
const PREPARE =
  'mount -t tmpfs -o mode=1777 tmpfs /dev/shm && mount -t tmpfs -o mode=1777 tmpfs "$1" && ip link set lo up; ' +
  'home=$1; shift; TMPDIR=$home; export TMPDIR; "$@"; code=$?; exit $code';

/** Whether such namespaces can be made here. */
export const canUnshare = (): boolean =>
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
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    await new Promise((resolve) => child.on('close', resolve));
    if (out === '') throw new Error(`seed ${seed}: ${err}`);
    return JSON.parse(out) as Ended;
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
