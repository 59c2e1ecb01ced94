/**
 * Where `75x` measures: in memory, on the disk, in a directory there whose changes are written at once, and, where asked
 * for, the same on fresh file systems.
 */
import { messageOf } from '../../base/error-message.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { type TestDirectory, testDirectoryHere } from '../../measure/parent/plan.js';
import type { Setting } from '../experiment/experiment.js';
import type { DirectoryKind } from './75x-model.js';
import { IMAGES, mountImage } from './images.js';
import { makeSynchronousDirectory, type TemporaryDirectory } from './synchronous.js';

/** Where it is measured. */
export interface NamedDirectory {
  readonly kind: DirectoryKind;
  readonly name: string;
  readonly testDirectory: TestDirectory;
}

const nameOf = ({ mount }: TestDirectory): string => (mount === null ? 'unknown' : fileSystemName(mount));

/** Grounds, why others are not there, and what must be removed afterwards. */
export interface Terrain {
  readonly testDirectories: NamedDirectory[];
  readonly missing: { name: string; reason: string }[];
  readonly temporary: TemporaryDirectory[];
}

/** Adds a ground that has to be made; where it cannot be, it is missing. */
function add(
  { testDirectories, missing, temporary }: Terrain,
  { kind, name }: Omit<NamedDirectory, 'testDirectory'>,
  hint: string,
  make: () => TemporaryDirectory,
): void {
  try {
    const made = make();
    temporary.push(made);
    testDirectories.push({ kind, name, testDirectory: made.testDirectory });
  } catch (error) {
    const why = messageOf(error);
    missing.push({ name, reason: `${why}${hint}` });
  }
}

/** Each synchronous ground follows the plain one of its file system. */
export function groundsOf({ memory, disk, identity, filesystems }: Setting): Terrain {
  const [inMemory, onDisk] = [testDirectoryHere(memory), testDirectoryHere(disk)];
  const terrain: Terrain = {
    testDirectories: [{ kind: 'memory', name: nameOf(inMemory), testDirectory: inMemory }],
    missing: [],
    temporary: [],
  };
  if (disk !== memory)
    terrain.testDirectories.push({ kind: 'disk', name: nameOf(onDisk), testDirectory: onDisk });
  const synchronous = { kind: 'synchronous', name: `${nameOf(onDisk)}, dirsync` } as const;
  add(terrain, synchronous, '; name a directory on ext4 with --dir', () =>
    makeSynchronousDirectory(disk, identity),
  );
  for (const image of filesystems ? IMAGES : []) {
    for (const kind of ['disk', 'synchronous'] as const) {
      const name = `fresh ${image}${kind === 'disk' ? '' : ', dirsync'}`;
      add(terrain, { kind, name }, '', () => mountImage(image, disk, kind === 'synchronous', identity));
    }
  }
  return terrain;
}
