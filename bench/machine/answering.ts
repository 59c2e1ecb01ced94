/**
 * Paths on file systems that may not answer: those of servers and of other programs (FUSE). Even to look at such a path can last for
 * ever, and then neither Ctrl-C nor SIGTERM ends what looks.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mountOf, readMounts } from './file-system.js';
import type { Mount } from './mount.js';
import { isKnownLocal } from './shared-file-systems.js';

/** As many as the kernel follows. */
const LINKS = 40;

/**
 * Whether a path leads to a file system that may not answer. Walks to it name by name, as the kernel would, and looks at
 * nothing but what lies on the machine's own file systems.
 */
export function mayNotAnswer(path: string, mounts: readonly Mount[] = readMounts()): boolean {
  const isOurs = (at: string): boolean => isKnownLocal(mountOf(at, mounts)?.filesystem ?? '');
  const names = path.split('/');
  let at = path.startsWith('/') ? '/' : process.cwd();
  if (!isOurs(at)) return true;
  let links = 0;
  try {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      if (name === '' || name === '.') continue;
      const next = name === '..' ? dirname(at) : join(at, name);
      if (!isOurs(next)) return true;
      if (!lstatSync(next).isSymbolicLink()) {
        at = next;
        continue;
      }
      if (++links > LINKS) return false;
      const target = readlinkSync(next);
      names.unshift(...target.split('/'));
      if (target.startsWith('/')) at = '/';
    }
  } catch {
    // It leads nowhere, as the call that opens it will tell.
  }
  return false;
}

const silent = new Set<string>();

/** Keeps in mind that nobody answers there. */
export function declareSilent(path: string): void {
  silent.add(path);
}

/** Whether it is known that nobody answers there: then it is not to be looked at. */
export const isSilent = (path: string): boolean => silent.has(path);
