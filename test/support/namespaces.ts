/**
 * Programs in namespaces of their own, where they can be made: as root, mostly.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { hasCommand, needs, program } from './support.js';

/** The words that start lockbench. */
export const OURS: readonly string[] = [process.execPath, program];

/** Plays a line of a shell in new namespaces, to its end; null where that cannot be. `kinds`: options of unshare(1). */
export function inNamespaces(t: TestContext, kinds: readonly string[], line: string) {
  if (!needs(t, hasCommand('unshare', ...kinds, 'true'), `unshare ${kinds.join(' ')} is refused here`))
    return null;
  return spawnSync('unshare', [...kinds, 'sh', '-c', line], { encoding: 'utf8' });
}

/** Starts words in a pid namespace whose first process is a shell, until the test ends; null where that cannot be. */
export function startInPidNamespace(t: TestContext, words: readonly string[]) {
  const kinds = ['-pf', '--mount-proc', '--kill-child'];
  if (!needs(t, hasCommand('unshare', ...kinds, 'true'), 'pid namespaces are not to be had here'))
    return null;
  const child = spawn('unshare', [...kinds, 'sh', '-c', '"$@" & wait', 'sh', ...words], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child;
}
