/**
 * Makes a build: compiles into a folder of its own beside `dist`, gives it its name when it is whole, and lets `dist` link
 * to it. Nobody sees a part of a build, however its maker ends: rename(2) gives a name at once or not at all.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { compile } from './compile.mjs';
import { BuildError } from './error.mjs';
import { currentFolder, IN_USE, isBuiltFrom, root, writeManifest } from './find.mjs';
import { libc } from './libc.mjs';
import { meaningOf } from './refuse.mjs';
import { describeSources, EVERYTHING, keyOf, listSources } from './sources.mjs';
import { removeOldBuilds, TEMPORARY } from './tidy.mjs';
import { waitForTurn } from './turn.mjs';

const temporaryName = () => join(root, `${TEMPORARY}${randomBytes(8).toString('hex')}`);
const say = (line) => console.error(`lockbench: ${line}`);

/** Compiles `sources` into the folder `path`, which appears when it is whole. */
async function compileInto(path, sources) {
  const folder = temporaryName();
  const clean = () => rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  say('building');
  try {
    await compile(root, folder, clean);
    const now = describeSources(root, listSources(root, EVERYTHING) ?? new Map());
    if (keyOf(now) !== keyOf(sources))
      throw new BuildError('its sources changed while they were compiled; start again');
    libc?.mkfifo(join(folder, IN_USE), 0o644);
    writeManifest(folder, sources);
    // On the disk before it has its name: after a power cut there would be a whole build of empty files.
    const fd = openSync(folder);
    libc?.syncfs(fd);
    closeSync(fd);
    // What has its name and is no whole build was damaged from outside.
    rmSync(path, { recursive: true, force: true });
    renameSync(folder, path);
  } finally {
    clean();
  }
}

/** Lets `dist` link to `folder`, in one step; a folder of that name, as there was before there were links, goes first. */
function publish(folder) {
  const dist = join(root, 'dist');
  const before = currentFolder();
  if (before === folder) return;
  const link = temporaryName();
  symlinkSync(basename(folder), link);
  try {
    if (before === dist) {
      const aside = temporaryName();
      renameSync(dist, aside);
      rmSync(aside, { recursive: true, force: true });
    }
    renameSync(link, dist);
  } finally {
    rmSync(link, { force: true });
  }
  try {
    if (before !== undefined && before !== dist) utimesSync(before, new Date(), new Date());
  } catch {
    // It is not there any more.
  }
}

/** Builds what the sources are now, unless another start has done it meanwhile. Returns the folder. Throws BuildError. */
async function buildInTurn(folders, isOurTurn) {
  const found = listSources(root, EVERYTHING);
  const there = currentFolder();
  if (
    there !== undefined &&
    lstatSync(join(root, 'dist')).isSymbolicLink() &&
    isBuiltFrom(there, found, folders)
  )
    return there;
  const sources = describeSources(root, found);
  const name = `dist-${keyOf(sources)}`;
  const folder = join(root, name);
  // Sources that were built before, such as those of the branch that one comes back to.
  if (!isBuiltFrom(folder, found, EVERYTHING)) await compileInto(folder, sources);
  publish(folder);
  if (isOurTurn) removeOldBuilds(root, name);
  return folder;
}

/** Codes of a folder that takes no build. */
const CLOSED = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EBUSY'];

/** The folder of a build of the sources as they are. Throws BuildError. */
export async function build(folders) {
  const endTurn = waitForTurn(root, () => say('waiting for another start, which is building'));
  try {
    return await buildInTurn(folders, endTurn !== null);
  } catch (error) {
    if (!CLOSED.includes(error.code)) throw error;
    throw new BuildError(
      `a build of its present sources was expected in ${root}, there is none and none can be made (${meaningOf(error)}); ` +
        'run "npm run build" there as a user who may write to it',
    );
  } finally {
    endTurn?.();
  }
}
