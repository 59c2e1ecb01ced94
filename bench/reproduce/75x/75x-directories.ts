/**
 * Where `75x` measures: in memory, on the disk, in a directory there whose changes are written at once, and, where asked
 * for, the same on fresh file systems.
 */
import { messageOf } from '../../base/error-message.js';
import { rememberAs } from '../../machine/files/private-directory.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { USUAL_PATIENCE_NS } from '../../measure/parent/kept-directories.js';
import { type MadeApart, makeApart } from '../../measure/parent/make-apart.js';
import { type TestDirectory, testDirectoryHere } from '../../measure/parent/plan.js';
import type { Setting } from '../experiment/experiment.js';
import type { DirectoryKind } from './75x-model.js';
import { IMAGES, mountImage } from './images.js';
import { makeSynchronousDirectory, type OwnTestDirectory } from './synchronous.js';

/** Where it is measured. */
export interface NamedDirectory {
  readonly kind: DirectoryKind;
  readonly name: string;
  readonly testDirectory: TestDirectory;
}

const nameOf = ({ mount }: TestDirectory): string => (mount === null ? 'unknown' : fileSystemName(mount));

/** Directories, why others are not there, and what must be removed afterwards. */
export interface Terrain {
  readonly testDirectories: NamedDirectory[];
  readonly missing: { name: string; reason: string }[];
  readonly temporary: MadeApart<OwnTestDirectory>[];
}

/** Adds a directory that has to be made; where it cannot be, it is missing. */
async function add(
  { testDirectories, missing, temporary }: Terrain,
  { kind, name }: Omit<NamedDirectory, 'testDirectory'>,
  hint: string,
  making: Promise<MadeApart<OwnTestDirectory>>,
): Promise<void> {
  try {
    const made = await making;
    const { testDirectory, remembered } = made.value;
    temporary.push(made);
    if (remembered !== null) rememberAs(testDirectory.directory, remembered);
    testDirectories.push({ kind, name, testDirectory });
  } catch (error) {
    const why = messageOf(error);
    missing.push({ name, reason: `${why}${hint}` });
  }
}

/** The program that makes a file system is waited for, on the slowest machine and disk. */
const MKFS_PATIENCE_NS = 600e9;
const SYNCHRONOUS = new URL('synchronous.js', import.meta.url).href;
const IN_IMAGES = new URL('images.js', import.meta.url).href;

/** Each synchronous directory follows the plain one of its file system. What the user no longer wants is not made. */
export async function directoriesOf({
  memory,
  disk,
  identity,
  filesystems,
  ending,
}: Setting): Promise<Terrain> {
  const [inMemory, onDisk] = [testDirectoryHere(memory), testDirectoryHere(disk)];
  const terrain: Terrain = {
    testDirectories: [{ kind: 'memory', name: nameOf(inMemory), testDirectory: inMemory }],
    missing: [],
    temporary: [],
  };
  if (disk !== memory)
    terrain.testDirectories.push({ kind: 'disk', name: nameOf(onDisk), testDirectory: onDisk });
  const synchronous = { kind: 'synchronous', name: `${nameOf(onDisk)}, dirsync` } as const;
  const hint = '; name a directory on ext4 with --dir';
  const place = { directory: disk, patienceNs: USUAL_PATIENCE_NS };
  await add(
    terrain,
    synchronous,
    hint,
    makeApart(SYNCHRONOUS, makeSynchronousDirectory, place, disk, identity),
  );
  for (const image of filesystems ? IMAGES : []) {
    for (const kind of ['disk', 'synchronous'] as const) {
      if (ending.signal.aborted) return terrain;
      const name = `fresh ${image}${kind === 'disk' ? '' : ', dirsync'}`;
      const isSynchronous = kind === 'synchronous';
      const making = makeApart(
        IN_IMAGES,
        mountImage,
        { ...place, patienceNs: MKFS_PATIENCE_NS },
        image,
        disk,
        isSynchronous,
        identity,
      );
      await add(terrain, { kind, name }, '', making);
    }
  }
  return terrain;
}
