/**
 * Some tests are another user, who cannot pass a directory above the project that is closed to all but root. For the tests the
 * project then has a second place, in mounts that nobody else sees.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const OTHERS_PASS = 0o001;

/** Whether every user may pass all directories above this one. */
function isOpen(path: string): boolean {
  const above = dirname(path);
  return above === path || ((statSync(above).mode & OTHERS_PASS) !== 0 && isOpen(above));
}

/** A path of this directory that every user can reach, until this process ends; its own where that cannot be made. */
export function reachable(project: string): string {
  if (process.getuid?.() !== 0 || isOpen(project)) return project;
  const place = mkdtempSync(join(tmpdir(), 'lockbench-test-project-'));
  const isMounted = spawnSync('mount', ['--bind', project, place], { stdio: 'ignore' }).status === 0;
  process.on('exit', () => {
    if (isMounted) spawnSync('umount', ['--lazy', place]);
    rmdirSync(place);
  });
  return isMounted ? place : project;
}
