/**
 * The folder in which things stay that one run leaves to later commands. Source: XDG Base Directory Specification.
 */
import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { asName } from '../../../strategies/posix/at.js';
import { openDirectory } from '../../../strategies/posix/directory.js';
import { isSilent } from '../answering.js';
import { as, type Identity } from '../identity.js';
import { ReplacedFile, statusIfThere } from './replaced-file.js';
import { stateRoot, type Variables } from './state-root.js';

/**
 * Its path, or null where the user has no home: that of daemons is often named, and not there. Null also where that does not
 * answer.
 */
export function stateFolder(variables: Variables = process.env): string | null {
  const root = stateRoot(variables);
  if (root === null || isSilent(root)) return null;
  if (root === variables.XDG_STATE_HOME) return join(root, 'lockbench');
  return existsSync(root) ? join(root, '.local', 'state', 'lockbench') : null;
}

/** The nearest directory above, or at, a path that is there. */
function nearest(path: string): { readonly uid: number; readonly gid: number } {
  try {
    return statSync(path);
  } catch (error) {
    const above = dirname(path);
    if (above === path) throw error;
    return nearest(above);
  }
}

/**
 * Whom to be while writing to a folder: root that was handed a user's home (`sudo -E`) would leave files there that the user
 * cannot replace, and follow what the user planted there.
 */
function ownerOf(folder: string): Identity | null {
  const { uid, gid } = nearest(folder);
  return process.geteuid?.() === 0 && uid !== 0 ? { uid, gid } : null;
}

/** Writes a file there, whole; the folder is made if need be. Throws what the system refuses. */
export function writeState(folder: string, name: string, text: string): void {
  as(ownerOf(folder), () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fd = openDirectory(realpathSync(folder));
    try {
      const there = statusIfThere(fd, asName(name));
      const file = new ReplacedFile(
        fd,
        asName(name),
        join(folder, name),
        there?.kind === 'symbolic link' ? null : there,
      );
      try {
        file.replace(text);
      } finally {
        file.close();
      }
    } finally {
      closeSync(fd);
    }
  });
}

/**
 * Gives a file there a second name, in the place of what has that name; nothing where there is no file, or where the file system
 * has no hard links. Only its name is used: a link that somebody planted is not read through.
 */
export function copyState(folder: string, from: string, to: string): void {
  as(ownerOf(folder), () => {
    if (lstatSync(join(folder, from), { throwIfNoEntry: false })?.isFile() !== true) return;
    try {
      rmSync(join(folder, to), { force: true });
      linkSync(join(folder, from), join(folder, to));
    } catch {
      // The earlier run cannot be named; the latest can.
    }
  });
}
