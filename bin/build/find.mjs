/**
 * The build that a start runs. `dist` is a link to the folder dist-KEY beside it, which never changes once it has that
 * name: KEY is of the sources that it was made of. A program that runs keeps its folder when another start builds anew, so
 * what it loads later, and the processes that it starts by then, are still those of its own sources.
 */
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError } from './error.mjs';
import { compareSources, listSources, MANIFEST, PROGRAM, readManifest } from './sources.mjs';

/** Where package.json lies. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A FIFO in each folder that was built: who runs the build has it open for reading, and who would remove the folder asks
 * for a writer's end, which the kernel refuses only if nobody reads. No process can die without letting go of it, it is
 * seen from other containers, and it costs one call, where flock(2) would cost loading a library at each start.
 */
export const IN_USE = '.in-use';

/** The folder that `dist` stands for: what it links to, or itself. undefined if it is not there. */
export function currentFolder() {
  const dist = join(root, 'dist');
  try {
    return lstatSync(dist).isSymbolicLink() ? resolve(root, readlinkSync(dist)) : dist;
  } catch {
    return undefined;
  }
}

/** Writes the manifest of `folder`, whole at once. Throws what the system refuses. */
export function writeManifest(folder, sources) {
  const part = join(folder, `${MANIFEST}.${process.pid}`);
  writeFileSync(part, JSON.stringify(sources));
  renameSync(part, join(folder, MANIFEST));
}

/** Keeps `folder` from being removed for as long as this process lives. */
function use(folder) {
  try {
    openSync(join(folder, IN_USE), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Built where no FIFO could be made, or not built here; nobody removes such a folder.
  }
}

/** Whether a process runs what is in `folder`; true where that can't be known. */
export function isInUse(folder) {
  try {
    closeSync(openSync(join(folder, IN_USE), constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    return error.code !== 'ENXIO';
  }
}

/** Whether `folder` holds a whole build of the sources in `folders` as they are now. */
export function isBuiltFrom(folder, found, folders) {
  const manifest = readManifest(folder);
  if (manifest === undefined) return false;
  const verdict = compareSources(root, found, manifest, folders);
  if (verdict === 'touched') {
    try {
      writeManifest(folder, [...manifest]);
    } catch {
      // Read-only, or another user's: then each start reads those files again.
    }
  }
  return verdict !== 'changed';
}

/**
 * The folder of the build to run: the one that is there if it is of these sources, else a new one. Throws BuildError in a
 * line, and what the system refuses when the sources are read.
 */
export async function readyBuild(folders = PROGRAM) {
  const found = listSources(root, folders);
  // Installed from a package: there is nothing to compare with, and nothing to build from.
  if (found === null) {
    const dist = join(root, 'dist');
    if (existsSync(join(dist, 'bench', 'cli.js'))) return dist;
    throw new BuildError(
      `dist/bench/cli.js was expected in ${root}, the package is not whole; install it again`,
    );
  }
  let folder = currentFolder();
  if (folder === undefined || !isBuiltFrom(folder, found, folders)) {
    // Not loaded by the other starts.
    const { build } = await import('./make.mjs');
    folder = await build(folders);
  }
  use(folder);
  return folder;
}
