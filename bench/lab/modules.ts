/**
 * Kernel modules: which ones the lab needs, in which order they go in, and their bytes.
 *
 * A kernel's modules.dep names for each module all that it stands on; what is built in stands in modules.builtin.
 * Source: modules.dep(5), kmod(8).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** To reach the host's root, the disk and the outputs. */
const MACHINE = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_blk', 'virtio_console'];
/** ext4 asks the kernel for this checksum by name, so that no dependency tells of it; later kernels have it built in. */
const CHECKSUM = 'crc32c_generic';
/** `loop` makes a disk of a file. */
const DISK = ['ext4', 'loop'];
const NETWORK = ['veth', 'bridge', 'sch_netem'];
const NFS = ['nfsd', 'nfsv3', 'nfsv4'];

/** What a machine of the lab is made of. */
const LAB_MODULES: readonly string[] = [CHECKSUM, ...MACHINE, ...DISK, ...NETWORK, ...NFS];
/** What the lab needs of the kernel that it runs on. */
export const HOST_MODULES: readonly string[] = [...DISK, ...NETWORK, ...NFS];

const MOST_BYTES = 64e6;

/** `fs/nfsd/nfsd.ko.xz` is the module `nfsd`; a file's name may have dashes where the kernel's has underscores. */
export const moduleName = (path: string): string =>
  basename(path)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');

export interface Dependencies {
  /** Path, below the kernel's module directory, of each module by name. */
  readonly paths: ReadonlyMap<string, string>;
  /** Names of the modules that each one stands on, by name. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly builtin: ReadonlySet<string>;
}

export function parseDependencies(modulesDep: string, modulesBuiltin: string): Dependencies {
  const paths = new Map<string, string>();
  const needs = new Map<string, readonly string[]>();
  for (const line of modulesDep.split('\n')) {
    const [path = '', rest = ''] = line.split(':');
    if (path === '') continue;
    paths.set(moduleName(path), path);
    needs.set(
      moduleName(path),
      rest
        .split(' ')
        .filter((word) => word !== '')
        .map(moduleName),
    );
  }
  const builtin = modulesBuiltin
    .split('\n')
    .filter((line) => line !== '')
    .map(moduleName);
  return { paths, needs, builtin: new Set(builtin) };
}

export interface Order {
  /** Paths below the kernel's module directory; each comes after all that it stands on. */
  readonly paths: readonly string[];
  /** Names that are neither there as a module nor built in. */
  readonly missing: readonly string[];
}

/** The order in which these modules, and what they stand on, go in. */
export function loadOrder(names: readonly string[], { paths, needs, builtin }: Dependencies): Order {
  const ordered = new Set<string>();
  const missing: string[] = [];
  const visit = (name: string): void => {
    const path = paths.get(name);
    if (path === undefined) {
      if (!builtin.has(name)) missing.push(name);
      return;
    }
    if (ordered.has(path)) return;
    for (const other of needs.get(name) ?? []) visit(other);
    ordered.add(path);
  };
  for (const name of names) visit(name);
  return { paths: [...ordered], missing };
}

/** As `loadOrder`, for the kernel whose modules lie in `directory`. Throws what the file system throws. */
export function labModules(directory: string, names: readonly string[] = LAB_MODULES): Order {
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const { paths, missing } = loadOrder(
    names,
    parseDependencies(read('modules.dep'), read('modules.builtin')),
  );
  return { paths, missing: missing.filter((name) => name !== CHECKSUM) };
}

/**
 * The bytes of a module, unpacked: not every busybox can load a packed one. Distributions pack them differently; the
 * programs that unpack are the distribution's own. Throws if there is none.
 */
export function moduleBytes(path: string): Buffer {
  const unpackedBy = (command: string, ...args: string[]): Buffer =>
    execFileSync(command, [...args, path], { maxBuffer: MOST_BYTES });
  if (path.endsWith('.xz')) return unpackedBy('busybox', 'xzcat');
  if (path.endsWith('.zst')) return unpackedBy('zstd', '-dcq');
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
