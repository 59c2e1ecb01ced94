/**
 * File systems by the kernel's name for them: whom they are shared with, and how far a lock in them reaches. Those with
 * options of their own (NFS, SMB, overlay) are told apart in `lock-warnings.ts`. What is in no list is unknown, and is
 * said to be. Sources: the kernel's Documentation/filesystems, ceph(8), lustre's lctl and mount.lustre(8), gfs2(5),
 * mount.ocfs2(8), sshfs(1), and the manuals of the others.
 */

interface Shared {
  /** With whom. */
  readonly with: 'other hosts' | 'the host of this guest';
  readonly reach: 'this host' | 'all hosts' | 'unknown';
  /** How far a lock reaches: a sentence without its full stop. */
  readonly locks: string;
}

const FROM_BOTH = 'test from both sides before relying on it';
const FROM_TWO = 'test from two hosts before relying on it';

const onThisHost = (what: string): Shared => ({
  with: 'other hosts',
  reach: 'this host',
  locks: `${what}: locks are kept on this host, and other hosts are not excluded; use a lock that a server keeps`,
});
const byServers = (what: string, whom: string): Shared => ({
  with: 'other hosts',
  reach: 'all hosts',
  locks: `${what}: fcntl and flock locks are asked of ${whom}, for all hosts that mount it; ${FROM_TWO}`,
});
const unknownReach = (what: string): Shared => ({
  with: 'other hosts',
  reach: 'unknown',
  locks: `${what}: shared with other hosts; whether its locks exclude them depends on how it was set up; ${FROM_TWO}`,
});
const ofGuest = (what: string): Shared => ({
  with: 'the host of this guest',
  reach: 'unknown',
  locks: `${what}: shared with the host and maybe with other guests, whose locks and ours mostly do not see each other; ${FROM_BOTH}`,
});

const SHARED: Readonly<Record<string, Shared>> = {
  ceph: byServers('CephFS', 'its metadata servers'),
  'fuse.ceph': byServers('CephFS', 'its metadata servers'),
  'fuse.ceph-fuse': byServers('CephFS', 'its metadata servers'),
  lustre: byServers('Lustre', 'its servers'),
  gfs2: byServers('GFS2', 'the lock manager of the cluster'),
  ocfs2: byServers('OCFS2', 'the lock manager of the cluster'),
  'fuse.glusterfs': byServers('GlusterFS', 'its bricks'),
  orangefs: onThisHost('OrangeFS'),
  pvfs2: onThisHost('PVFS2'),
  afs: unknownReach('AFS'),
  beegfs: unknownReach('BeeGFS'),
  gpfs: byServers('Spectrum Scale', 'its token managers'),
  coda: onThisHost('Coda'),
  ncpfs: unknownReach('NCP'),
  'fuse.juicefs': byServers('JuiceFS', 'its metadata engine'),
  'fuse.mfs': byServers('MooseFS', 'its master'),
  'fuse.lizardfs': byServers('LizardFS', 'its master'),
  'fuse.sshfs': onThisHost('sshfs'),
  'fuse.rclone': onThisHost('rclone'),
  'fuse.s3fs': onThisHost('s3fs'),
  'fuse.gcsfuse': onThisHost('gcsfuse'),
  davfs: onThisHost('WebDAV'),
  'fuse.davfs': onThisHost('WebDAV'),
  'fuse.curlftpfs': onThisHost('curlftpfs'),
  virtiofs: ofGuest('virtiofs'),
  vboxsf: ofGuest('shared folder of VirtualBox'),
  vmhgfs: ofGuest('shared folder of VMware'),
  'fuse.vmhgfs-fuse': ofGuest('shared folder of VMware'),
  prl_fs: ofGuest('shared folder of Parallels'),
  'fuse.grpcfuse': ofGuest('shared folder of Docker Desktop'),
  'fuse.osxfs': ofGuest('shared folder of Docker Desktop'),
  drvfs: ofGuest('drive of Windows under WSL'),
  wslfs: ofGuest('file system of WSL'),
};

/** Disks and memory of this host alone. */
const LOCAL: ReadonlySet<string> = new Set([
  ...[
    'ext2',
    'ext3',
    'ext4',
    'xfs',
    'btrfs',
    'bcachefs',
    'f2fs',
    'zfs',
    'jfs',
    'reiserfs',
    'nilfs2',
    'minix',
  ],
  ...['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'hfs', 'hfsplus', 'udf', 'iso9660', 'ubifs', 'jffs2'],
  ...['tmpfs', 'ramfs', 'devtmpfs', 'hugetlbfs', 'squashfs', 'erofs', 'rootfs', 'fuseblk'],
]);

/** Options by which locks of a file system that has a lock manager for all hosts stay on this one. */
const LOCAL_LOCKS: Readonly<Record<string, readonly string[]>> = {
  lustre: ['localflock'],
  gfs2: ['localflocks', 'lockproto=lock_nolock'],
  ocfs2: ['localflocks', 'local'],
};
const NO_FLOCK = 'noflock';

/** With whom a file system is shared, or null: with nobody, or with nobody known. */
export const sharedWith = (filesystem: string): Shared['with'] | null =>
  Object.hasOwn(SHARED, filesystem) ? (SHARED[filesystem]?.with ?? null) : null;

/** How far locks of such a file system reach, by its options; null if it stands in no list. */
export function reachOf(filesystem: string, options: readonly string[]): Shared['reach'] | null {
  const shared = Object.hasOwn(SHARED, filesystem) ? SHARED[filesystem] : undefined;
  if (shared === undefined) return null;
  const isLocal = LOCAL_LOCKS[filesystem]?.some((option) => options.includes(option)) === true;
  return isLocal ? 'this host' : shared.reach;
}

/** What there is to know of locks on a file system that stands in the list above; null if it does not. */
export function sharedNote(filesystem: string, options: readonly string[]): string | null {
  const shared = Object.hasOwn(SHARED, filesystem) ? SHARED[filesystem] : undefined;
  if (shared === undefined) return null;
  const local = LOCAL_LOCKS[filesystem]?.find((option) => options.includes(option));
  if (local !== undefined) {
    return `${local}: locks are kept on this host, and other hosts are not excluded; mount without it`;
  }
  return filesystem === 'lustre' && options.includes(NO_FLOCK)
    ? `${NO_FLOCK}: fcntl and flock locks are refused; mount with -o flock`
    : shared.locks;
}

export const isKnownLocal = (filesystem: string): boolean => LOCAL.has(filesystem);
