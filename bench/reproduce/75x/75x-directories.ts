/**
 * Where `75x` measures: in memory, on the disk, in a directory there whose changes are written at once, and, where asked
 * for, the same on fresh file systems.
 */
import { fileSystemName } from '../../machine/mount-description.js';
import { type Ground, groundHere } from '../../measure/parent/plan.js';
import type { Setting } from '../experiment/experiment.js';
import type { GroundKind } from './75x-model.js';
import { IMAGES, mountImage } from './images.js';
import { makeSynchronousGround, type TemporaryGround } from './synchronous.js';

/** Where it is measured. */
export interface NamedGround {
  readonly kind: GroundKind;
  readonly name: string;
  readonly ground: Ground;
}

const nameOf = ({ mount }: Ground): string => (mount === null ? 'unknown' : fileSystemName(mount));

/** Grounds, why others are not there, and what must be removed afterwards. */
export interface Terrain {
  readonly grounds: NamedGround[];
  readonly missing: { name: string; reason: string }[];
  readonly temporary: TemporaryGround[];
}

/** Adds a ground that has to be made; where it cannot be, it is missing. */
function add(
  { grounds, missing, temporary }: Terrain,
  { kind, name }: Omit<NamedGround, 'ground'>,
  cure: string,
  make: () => TemporaryGround,
): void {
  try {
    const made = make();
    temporary.push(made);
    grounds.push({ kind, name, ground: made.ground });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    missing.push({ name, reason: `${why}${cure}` });
  }
}

/** Each synchronous ground follows the plain one of its file system. */
export function groundsOf({ memory, disk, identity, filesystems }: Setting): Terrain {
  const [inMemory, onDisk] = [groundHere(memory), groundHere(disk)];
  const terrain: Terrain = {
    grounds: [{ kind: 'memory', name: nameOf(inMemory), ground: inMemory }],
    missing: [],
    temporary: [],
  };
  if (disk !== memory) terrain.grounds.push({ kind: 'disk', name: nameOf(onDisk), ground: onDisk });
  const synchronous = { kind: 'synchronous', name: `${nameOf(onDisk)}, dirsync` } as const;
  add(terrain, synchronous, '; name a directory on ext4 with --dir', () =>
    makeSynchronousGround(disk, identity),
  );
  for (const image of filesystems ? IMAGES : []) {
    for (const kind of ['disk', 'synchronous'] as const) {
      const name = `fresh ${image}${kind === 'disk' ? '' : ', dirsync'}`;
      add(terrain, { kind, name }, '', () => mountImage(image, disk, kind === 'synchronous', identity));
    }
  }
  return terrain;
}
