/**
 * What `choose` says first of a directory that was named: between whom locks exclude there. What a strategy claims holds where
 * its calls reach all who share the directory, which its mount decides.
 */
import { visible } from '../base/visible.js';
import { fileSystemOf } from '../machine/file-system.js';
import { lockReach } from '../machine/lock-reach.js';
import type { Mount } from '../machine/mount.js';
import { textWidth } from '../text/table.js';
import { folded } from '../text/words.js';
import type { Need } from './needs.js';

const ACROSS_HOSTS = '--nfs';

/** `mount`: of the directory. */
export function directoryLines(
  directory: string,
  mount: Pick<Mount, 'filesystem' | 'options'>,
  needs: readonly Need[],
): string[] {
  const { reach, sentence } = lockReach(mount);
  const isOpen = reach !== 'all hosts' && needs.some(({ option }) => option === ACROSS_HOSTS);
  const told = `${visible(directory)} (${visible(mount.filesystem)}): ${visible(sentence)}.`;
  // Where the mount tells that no other host is excluded, two hosts would show no more.
  const advice =
    reach === 'unknown' ? `: test between two hosts (lockbench hosts --pair ${visible(directory)})` : '';
  const line = isOpen ? `! ${told} Claims over NFS say nothing of it${advice}.` : told;
  return [...folded(line, textWidth()), ''];
}

/** The same of the file system that it lies on; nothing where the mount table does not tell. */
export function linesOf(directory: string, needs: readonly Need[]): string[] {
  const mount = fileSystemOf(directory);
  return mount === null ? [] : directoryLines(directory, mount, needs);
}
