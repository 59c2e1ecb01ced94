/**
 * What a build is made of: the sources as they are now, and as they were when a build was made (its manifest). That both
 * are the same is asked by every start, so it must cost next to nothing: size and times are compared, and only a file
 * where these differ is read. The time of the last change of the inode is among them, which no copying sets back.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the program is compiled from; a start needs no more. */
export const PROGRAM = ['bench', 'strategies'];
/** What `npm run build` compiles. */
export const EVERYTHING = [...PROGRAM, 'test'];

/** Without one of these there is nothing to build from: no package has its package-lock.json in it. */
const PROJECT = ['package-lock.json', 'package.json', 'tsconfig.json'];
/** What decides besides how sources become a build. */
const MAKER = 'bin/build/make.mjs';

/** In the folder of a build: of each source its size, its times and the hash of its content. */
export const MANIFEST = '.build.json';

/** Adds the sources below `folder` to `found`. */
function addFolder(found, root, folder) {
  for (const entry of readdirSync(root + folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (path.endsWith('.ts')) addFile(found, root, path);
    else if (entry.isDirectory()) addFolder(found, root, path);
  }
}

function addFile(found, root, path) {
  const { size, mtimeMs, ctimeMs } = statSync(root + path);
  found.set(path, [size, mtimeMs, ctimeMs]);
}

/**
 * The sources by path: size and times of each. null where there are none: in an installed package. `root` ends in a
 * slash. Throws what cannot be read.
 */
export function listSources(root, folders) {
  if (!PROJECT.every((path) => existsSync(root + path))) return null;
  const found = new Map();
  for (const path of [...PROJECT, MAKER]) addFile(found, root, path);
  for (const folder of folders) addFolder(found, root, folder);
  return found;
}

// Loaded where it is needed: it takes longer than all else here.
const sha256 = (content) =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(content).digest('base64url');

const hashOf = (root, path) => sha256(readFileSync(root + path));

/** What a manifest has of sources: [path, [size, mtime, ctime, hash]], sorted. */
export const describeSources = (root, found) =>
  [...found].map(([path, stats]) => [path, [...stats, hashOf(root, path)]]).sort();

/** The name of what is built from these sources: 16 digits of a hash over their paths and contents. */
export const keyOf = (sources) =>
  Buffer.from(sha256(sources.map(([path, entry]) => `${path}\0${entry.at(-1)}\n`).join('')), 'base64url')
    .toString('hex')
    .slice(0, 16);

/** The manifest of a build: a Map by path. undefined if the folder has none, and so is no whole build. */
export function readManifest(folder) {
  try {
    return new Map(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Whether the sources `found` in `folders` are those of the manifest: 'same'; 'touched' if only their times are other
 * ones, which the manifest then gets; 'changed'.
 */
export function compareSources(root, found, manifest, folders) {
  const isOutside = (path) => path.includes('/') && !folders.some((folder) => path.startsWith(`${folder}/`));
  let expected = 0;
  for (const path of manifest.keys()) if (path === MAKER || !isOutside(path)) expected++;
  if (expected !== found.size) return 'changed';
  let verdict = 'same';
  for (const [path, stats] of found) {
    const entry = manifest.get(path);
    if (entry === undefined) return 'changed';
    const [size, mtime, ctime, hash] = entry;
    if (size === stats[0] && mtime === stats[1] && ctime === stats[2]) continue;
    if (hashOf(root, path) !== hash) return 'changed';
    manifest.set(path, [...stats, hash]);
    verdict = 'touched';
  }
  return verdict;
}
