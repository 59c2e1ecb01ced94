/**
 * The mount table, and what of a mount defeats locks.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileSystemOf, mountOf, parseMountinfo } from '../../../bench/machine/file-system.js';
import { lockWarnings } from '../../../bench/machine/lock-warnings.js';
import type { Mount } from '../../../bench/machine/mount.js';

const table = (...lines: readonly string[]): Mount[] => parseMountinfo(`${lines.join('\n')}\n`);

function mount(filesystem: string, options: string): Mount {
  const [only] = table(`36 35 0:50 / /mnt rw - ${filesystem} server:/export ${options}`);
  assert.ok(only !== undefined);
  return only;
}

/** The warnings that a mount has and the same mount without that option has not. */
function warningsOf(filesystem: string, option: string): string[] {
  const without = new Set(lockWarnings(mount(filesystem, 'rw')));
  return lockWarnings(mount(filesystem, `rw,${option}`)).filter((warning) => !without.has(warning));
}

test('a line of the mount table is read', () => {
  const lines = table('36 35 98:0 /mnt1 /mnt/parent rw,noatime master:1 - ext3 /dev/root rw,errors=continue');
  assert.equal(lines.length, 1);
  const { mountPoint, filesystem, options, source, device } = lines[0] ?? {};
  assert.deepEqual([mountPoint, filesystem, source, device], ['/mnt/parent', 'ext3', '/dev/root', '98:0']);
  assert.deepEqual(options, ['errors=continue', 'noatime', 'rw']);
});

test('any number of optional fields is passed over', () => {
  for (const optional of ['', 'shared:1 ', 'master:2 propagate_from:3 ', 'shared:1 master:2 unbindable ']) {
    const [found] = table(`36 35 8:1 / /mnt rw ${optional}- nfs4 server:/export rw,vers=4.2`);
    assert.equal(found?.filesystem, 'nfs4', optional);
    assert.equal(found?.mountPoint, '/mnt', optional);
    assert.deepEqual(found?.options, ['rw', 'vers=4.2'], optional);
  }
});

test('space, tab, newline and backslash are read from their octal digits', () => {
  const [found] = table('36 35 0:9 / /mnt/a\\040b\\011c\\012d\\134e\\043f rw - cifs //host/my\\040share rw');
  assert.equal(found?.mountPoint, '/mnt/a b\tc\nd\\e#f');
  assert.equal(found?.source, '//host/my share');
});

test('a backslash that was escaped does not begin another escape', () => {
  const [found] = table('36 35 0:9 / /mnt/a\\134040 rw - tmpfs none rw');
  assert.equal(found?.mountPoint, '/mnt/a\\040');
});

test('an empty table has no mounts, and a path then none', () => {
  assert.deepEqual(parseMountinfo(''), []);
  assert.equal(mountOf('/tmp', []), null);
});

const mounts = table(
  '22 1 8:1 / / rw - ext4 /dev/sda1 rw',
  '30 22 0:30 / /mnt/a rw - xfs /dev/sdb1 rw',
  '31 30 0:31 / /mnt/a/deep rw - nfs4 server:/export rw',
  '32 22 0:32 / /tmp rw - tmpfs tmpfs rw',
);

test('a path lies on the mount with the longest mount point above it', () => {
  const found = (path: string): string | undefined => mountOf(path, mounts)?.mountPoint;
  assert.equal(found('/'), '/');
  assert.equal(found('/etc/passwd'), '/');
  assert.equal(found('/mnt'), '/');
  assert.equal(found('/mnt/a'), '/mnt/a');
  assert.equal(found('/mnt/a/b'), '/mnt/a');
  assert.equal(found('/mnt/a/deep/er'), '/mnt/a/deep');
  assert.equal(found('/tmp'), '/tmp');
});

test('/mnt/ab is not below /mnt/a', () => {
  assert.equal(mountOf('/mnt/ab', mounts)?.mountPoint, '/');
  assert.equal(mountOf('/mnt/a/deeper', mounts)?.mountPoint, '/mnt/a');
});

test('the order of the table does not matter where mount points differ', () => {
  assert.equal(mountOf('/mnt/a/deep/er', [...mounts].reverse())?.mountPoint, '/mnt/a/deep');
});

test('a later mount on the same point covers the earlier one', () => {
  const covered = table(
    '22 1 8:1 / / rw - ext4 /dev/sda1 rw',
    '40 22 0:40 / /net rw - autofs auto rw',
    '41 40 0:41 / /net rw - nfs4 server:/export rw',
  );
  assert.equal(mountOf('/net/x', covered)?.filesystem, 'nfs4');
  const rootfs = table('1 1 0:1 / / rw - rootfs rootfs rw', '22 1 8:1 / / rw - ext4 /dev/sda1 rw');
  assert.equal(mountOf('/x', rootfs)?.filesystem, 'ext4');
});

test('a later mount on a directory above hides the mounts that were below it', () => {
  const hidden = table(
    '22 1 8:1 / / rw - ext4 /dev/sda1 rw',
    '42 22 0:39 / /mnt/a/b rw - nfs4 server:/export rw',
    '43 22 0:40 / /mnt/a rw - tmpfs tmpfs rw',
  );
  assert.equal(mountOf('/mnt/a/b/x', hidden)?.filesystem, 'tmpfs');
});

test('on this machine, /proc lies on proc', () => {
  assert.equal(fileSystemOf('/proc')?.filesystem, 'proc');
});

test('NFS without lock requests, or with local locks, is warned of for the locks that it concerns', () => {
  for (const filesystem of ['nfs', 'nfs4']) {
    const concerned = (option: string): string[] => {
      const text = warningsOf(filesystem, option).join('\n');
      return ['fcntl', 'flock'].filter((name) => text.includes(name));
    };
    assert.deepEqual(concerned('nolock'), ['fcntl', 'flock']);
    assert.deepEqual(concerned('local_lock=posix'), ['fcntl']);
    assert.deepEqual(concerned('local_lock=flock'), ['flock']);
    assert.deepEqual(concerned('local_lock=all'), ['fcntl', 'flock']);
    assert.deepEqual(concerned('local_lock=none'), []);
  }
});

test('a soft NFS mount is warned of, a hard one is not', () => {
  assert.match(warningsOf('nfs', 'soft').join(), /EIO/);
  assert.deepEqual(warningsOf('nfs', 'hard'), []);
  assert.deepEqual(warningsOf('nfs', 'softreval'), []);
});

test('each option of NFS that changes locks or what they guard has a warning of its own, which says what to do', () => {
  const options = ['softerr', 'nocto', 'noac', 'sync', 'nosharecache', 'lookupcache=none', 'lookupcache=pos'];
  for (const option of options) {
    const [warning = '', ...more] = warningsOf('nfs4', option);
    assert.ok(warning.startsWith(`${option}: `), option);
    assert.match(warning, /mount|use|needed|need/, option);
    assert.deepEqual(more, [], option);
  }
  for (const option of ['ac', 'cto', 'async', 'lookupcache=all', 'noacl', 'vers=3', 'acregmin=3'])
    assert.deepEqual(warningsOf('nfs', option), [], option);
});

test('actimeo=0 is known by what the mount table has of it; noac brings it and sync along, and is named alone', () => {
  assert.match(warningsOf('nfs', 'acregmin=0,acregmax=0,acdirmin=0,acdirmax=0').join(), /^actimeo=0: /);
  assert.deepEqual(warningsOf('nfs', 'acregmin=0,acregmax=60'), []);
  const all = warningsOf('nfs', 'sync,acregmin=0,acregmax=0,acdirmin=0,acdirmax=0,noac');
  assert.deepEqual(
    all.map((warning) => warning.split(':')[0]),
    ['noac'],
  );
});

test('nolock, with which the kernel shows local_lock=all, is warned of once', () => {
  assert.equal(warningsOf('nfs', 'nolock,local_lock=all').length, 1);
});

test('whatever its options, an NFS or CIFS mount is said to be tested from one client only', () => {
  for (const filesystem of ['nfs', 'nfs4', 'cifs', 'smb3']) {
    assert.match(lockWarnings(mount(filesystem, 'rw,hard')).join('\n'), /one client/, filesystem);
  }
});

test('CIFS that keeps locks from the server is warned of', () => {
  for (const filesystem of ['cifs', 'smb3']) {
    assert.match(warningsOf(filesystem, 'nobrl').join(), /nobrl.*server/, filesystem);
    assert.match(warningsOf(filesystem, 'forcemandatorylock').join(), /reads and writes/, filesystem);
    assert.match(warningsOf(filesystem, 'cache=loose').join(), /^cache=loose: .*cache=strict/, filesystem);
    assert.deepEqual(warningsOf(filesystem, 'cache=strict'), [], filesystem);
  }
});

test('FUSE, 9p and overlay are warned of, each for its own reason', () => {
  assert.match(lockWarnings(mount('fuse', 'rw')).join(), /daemon/);
  assert.match(lockWarnings(mount('fuse.bindfs', 'rw')).join(), /bindfs.*daemon/);
  assert.match(lockWarnings(mount('9p', 'rw,trans=virtio')).join(), /9p.*server/);
  assert.match(lockWarnings(mount('overlay', 'rw')).join(), /overlay.*another file/);
});

test('local file systems are not warned of, whatever their options are called', () => {
  for (const filesystem of ['ext4', 'tmpfs', 'xfs', 'btrfs']) {
    assert.deepEqual(lockWarnings(mount(filesystem, 'rw,relatime,nolock,soft,nobrl')), [], filesystem);
  }
});

test('a shared file system is said to be shared, and how far its locks reach', () => {
  const note = (filesystem: string, options = 'rw'): string =>
    lockWarnings(mount(filesystem, options)).join();
  for (const filesystem of ['ceph', 'fuse.ceph-fuse', 'lustre', 'gfs2', 'ocfs2', 'fuse.glusterfs', 'gpfs']) {
    assert.match(note(filesystem), /locks are asked of .*for all hosts.*two hosts/, filesystem);
  }
  for (const filesystem of ['fuse.sshfs', 'fuse.rclone', 'fuse.s3fs', 'davfs']) {
    assert.match(note(filesystem), /kept on this host, and other hosts are not excluded/, filesystem);
  }
  for (const filesystem of ['virtiofs', 'vboxsf', 'drvfs', 'fuse.grpcfuse']) {
    assert.match(note(filesystem), /shared with the host/, filesystem);
  }
  assert.match(note('9p', 'rw,aname=drvfs;path=C:\\,trans=fd'), /Windows.*shared with the host/);
  assert.match(note('gfs2', 'rw,localflocks'), /^localflocks: .*other hosts are not excluded/);
  assert.match(note('lustre', 'rw,noflock'), /refused/);
});

test('a file system that is not known is said to be unknown', () => {
  for (const filesystem of ['acfs', 'constructor', '__proto__', 'x'])
    assert.match(lockWarnings(mount(filesystem, 'rw')).join(), /not a file system that lockbench knows/);
  for (const filesystem of ['fuseblk', 'ext3', 'zfs', 'vfat'])
    assert.deepEqual(lockWarnings(mount(filesystem, 'rw')), [], filesystem);
});
