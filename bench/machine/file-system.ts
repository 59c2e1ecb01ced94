/**
 * The file system that a path lies on, from /proc/self/mountinfo, and what is known to matter for locks. A platform's or
 * a mount point's name is never guessed from: the kernel is asked. Source: proc_pid_mountinfo(5).
 */

import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { lockWarnings } from './lock-warnings.js';
import type { Mount } from './mount.js';

/** Space, tab, newline and backslash are written as three octal digits. */
export const unescapeOctal = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Reads a mountinfo table, in its order. */
export function parseMountinfo(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line.includes(' - '))
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [id = '', parent = '', device = '', , mountPoint = '', mountOptions = ''] = before.split(' ');
      const [filesystem = '', source = '', superOptions = ''] = after.split(' ');
      const options = new Set(
        [...mountOptions.split(','), ...superOptions.split(',')].filter((o) => o !== ''),
      );
      return {
        id,
        parent,
        mountPoint: unescapeOctal(mountPoint),
        filesystem,
        options: [...options].sort(),
        source: unescapeOctal(source),
        device,
      };
    });
}

/**
 * The mount that an absolute path without symbolic links lies on, or null. Walks as the kernel does: from the root, into
 * the first mount on the way that hangs on the one it is in. The longest mount point is not always the answer, since a
 * later mount above hides it; nor is the table's order.
 */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  const ids = new Set(mounts.map(({ id }) => id));
  const covers = ({ mountPoint }: Mount): boolean =>
    mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
  const nearest = (candidates: readonly Mount[]): Mount | null =>
    candidates.reduce<Mount | null>(
      (best, mount) => (best === null || mount.mountPoint.length < best.mountPoint.length ? mount : best),
      null,
    );
  let current = nearest(
    mounts.filter((mount) => covers(mount) && (!ids.has(mount.parent) || mount.parent === mount.id)),
  );
  for (;;) {
    const from = current;
    const next = nearest(
      mounts.filter((mount) => mount.parent === from?.id && mount !== from && covers(mount)),
    );
    if (next === null) return current;
    current = next;
  }
}

export function readMounts(): Mount[] {
  return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** As `mountOf`, on this machine. */
export function fileSystemOf(path: string): Mount | null {
  return mountOf(path, readMounts());
}

const TMPFS_MAGIC = 0x01021994;

/** Whether a directory lies in memory. False if it is not there. */
export function isTmpfs(directory: string): boolean {
  try {
    return statSync(directory).isDirectory() && statfsSync(directory).type === TMPFS_MAGIC;
  } catch {
    return false;
  }
}

const FOR_ALL = 0o003;
/** The files of some rounds that are made ready at once, of a hundred processes each. */
const LEAST_ROOM = 1024 * 1024;

/** Whether any user can make files in a directory, and there is room for some: it may be closed, read-only or full. */
export function isOpenToAll(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(directory);
    return (statSync(directory).mode & FOR_ALL) === FOR_ALL && bavail * bsize >= LEAST_ROOM;
  } catch {
    return false;
  }
}

/** Whether its disk has parts with inodes of their own, over which directories can be spread: see chattr(1), T. */
export const hasBlockGroups = ({ filesystem }: Pick<Mount, 'filesystem'>): boolean =>
  /^ext[234]$/.test(filesystem);

/**
 * ext4 that keeps no journal, which its options do not tell: the journal's thread would show itself in /proc.
 */
function hasNoJournal({ filesystem, source }: Mount): boolean {
  if (filesystem !== 'ext4' || !existsSync('/proc/fs/jbd2')) return false;
  return !readdirSync('/proc/fs/jbd2').some((name) => name.startsWith(`${basename(source)}-`));
}

/** What of a mount matters to locks or to their timing, on this machine: sentences without their full stop. */
export function fileSystemNotes(mount: Mount): string[] {
  const notes = lockWarnings(mount);
  if (hasNoJournal(mount)) {
    notes.push(
      'names cost more after many removals (run --fresh-inodes): ext4 without a journal skips inodes that were freed ' +
        'in the last minutes, by this benchmark too',
    );
  }
  return notes;
}
