/**
 * What a mount is, in words: protocol, version, server, and who is asked for a lock. Read from the mount table alone.
 */

import { visible } from '../base/visible.js';
import { optionOf } from './lock-warnings.js';
import type { Mount } from './mount.js';
import { sharedWith } from './shared-file-systems.js';

type Described = Pick<Mount, 'filesystem' | 'options'>;

export const isNfs = ({ filesystem }: Described): boolean => filesystem === 'nfs' || filesystem === 'nfs4';
export const isCifs = ({ filesystem }: Described): boolean => filesystem === 'cifs' || filesystem === 'smb3';

/**
 * Whether the file system is there to be shared with other hosts, as far as the kernel's name for it tells: what an unnamed
 * FUSE daemon does, and with whom a 9p directory is shared, is not to be seen from here.
 */
export const isNetworkFileSystem = (mount: Described): boolean =>
  isNfs(mount) || isCifs(mount) || sharedWith(mount.filesystem) === 'other hosts';

/** The version of NFS as people write it, such as "4.2"; older kernels tell the minor version apart. */
function nfsVersion(mount: Described): string {
  const version = optionOf(mount, 'vers') ?? (mount.filesystem === 'nfs4' ? '4' : '');
  const minor = optionOf(mount, 'minorversion');
  return minor === undefined || version.includes('.') ? version : `${version}.${minor}`;
}

/**
 * A file system's name with the version of its protocol: "NFSv3", "SMB 3.1.1", else as the kernel names it. Made visible: of FUSE
 * every user may choose it.
 */
export function fileSystemName(mount: Described): string {
  if (isNfs(mount)) return `NFSv${nfsVersion(mount)}`;
  const version = optionOf(mount, 'vers');
  return isCifs(mount) && version !== undefined ? `SMB ${version}` : visible(mount.filesystem);
}

const localLocks = (mount: Described): string =>
  mount.options.includes('nolock') ? 'all' : (optionOf(mount, 'local_lock') ?? 'none');

/** Whether some locks are asked of the server by a protocol of their own, as before NFSv4. */
export const asksLockd = (mount: Described): boolean =>
  isNfs(mount) && !nfsVersion(mount).startsWith('4') && localLocks(mount) !== 'all';

/** Whether locks of a kind never leave this host; `posix` are those of fcntl. */
export const areKeptLocal = (kind: 'posix' | 'flock', mount: Described): boolean =>
  isNfs(mount) && ['all', kind].includes(localLocks(mount));

/** Whom NFS asks for locks. */
function locksOfNfs(mount: Described): string {
  const by = asksLockd(mount) ? ', by lockd (NLM)' : '';
  switch (localLocks(mount)) {
    case 'none':
      return `fcntl and flock locks are asked of the server${by}`;
    case 'posix':
      return `flock locks are asked of the server${by}, fcntl locks of this host alone`;
    case 'flock':
      return `fcntl locks are asked of the server${by}, flock locks of this host alone`;
    default:
      return 'fcntl and flock locks are asked of this host alone';
  }
}

/** What NFS does when the server does not answer. */
function patience({ options }: Described): string {
  const found = ['softerr', 'soft', 'hard'].find((option) => options.includes(option)) ?? 'hard';
  return found === 'hard'
    ? 'hard (waits for a server that does not answer)'
    : `${found} (gives up with an error)`;
}

const joined = (parts: readonly (string | null | undefined)[]): string =>
  visible(parts.filter((part) => typeof part === 'string').join(', '));

const labelled = (label: string, value: string | undefined): string | null =>
  value === undefined ? null : `${label} ${value}`;

/** One line about a mount that is not this host's own disk or memory; null for those. */
export function describeMount(mount: Mount): string | null {
  const { filesystem, source } = mount;
  const shared = labelled('shared with', sharedWith(filesystem) ?? undefined);
  const address = labelled('server', optionOf(mount, 'addr'));
  if (isNfs(mount)) {
    return joined([
      fileSystemName(mount),
      address,
      `export ${source.replace(/^.*?:(?=\/)/, '')}`,
      patience(mount),
      locksOfNfs(mount),
    ]);
  }
  if (isCifs(mount)) {
    const locks = mount.options.includes('nobrl')
      ? 'locks are kept on this host'
      : 'locks are asked of the server';
    return joined([fileSystemName(mount), address, `share ${source}`, locks]);
  }
  if (filesystem === '9p') {
    return joined([
      '9p',
      labelled('protocol', optionOf(mount, 'version')),
      labelled('transport', optionOf(mount, 'trans')),
      `tag ${source}`,
    ]);
  }
  if (filesystem === 'overlay') {
    return joined([
      'overlay',
      labelled('what is written goes to', optionOf(mount, 'upperdir')) ?? 'read-only',
    ]);
  }
  if (/^fuse(blk)?(\.|$)/.test(filesystem)) {
    const [, daemon] = filesystem.split('.');
    return joined(['FUSE', labelled('daemon', daemon), shared, `source ${source}`]);
  }
  return shared === null ? null : joined([filesystem, shared, `source ${source}`]);
}
