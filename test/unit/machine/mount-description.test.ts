/**
 * What a mount is, in words, from lines of real mount tables.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMountinfo } from '../../../bench/machine/file-system.js';
import {
  describeMount,
  fileSystemName,
  isNetworkFileSystem,
} from '../../../bench/machine/mount-description.js';

/** `line`: from the file system's type on. */
function mountFrom(line: string) {
  const [mount] = parseMountinfo(`72 70 0:41 / /mnt rw,relatime - ${line}\n`);
  return mount ?? assert.fail(line);
}

const NFS3 =
  'nfs 192.0.2.101:/lab/exports/ext4 rw,vers=3,rsize=262144,wsize=262144,namlen=255,hard,proto=tcp,timeo=600,' +
  'retrans=2,sec=sys,mountaddr=192.0.2.101,mountvers=3,mountport=45445,mountproto=tcp,local_lock=none,addr=192.0.2.101';
const NFS42 =
  'nfs4 192.0.2.101:/ext4 rw,vers=4.2,rsize=262144,wsize=262144,namlen=255,hard,proto=tcp,timeo=600,retrans=2,' +
  'sec=sys,clientaddr=192.0.2.1,local_lock=none,addr=192.0.2.101';

const describe = (line: string): string => describeMount(mountFrom(line)) ?? '';

test('an NFS mount tells its version, its server and its export', () => {
  assert.match(describe(NFS3), /^NFSv3, server 192\.0\.2\.101, export \/lab\/exports\/ext4, hard /);
  assert.match(describe(NFS42), /^NFSv4\.2, server 192\.0\.2\.101, export \/ext4, hard /);
  assert.match(describe('nfs4 [2001:db8::1]:/home rw,vers=4.1,addr=2001:db8::1'), /export \/home/);
  assert.match(describe('nfs4 server:/ rw,vers=4,minorversion=1'), /^NFSv4\.1, export \/,/);
});

test('it tells who is asked for each kind of lock', () => {
  const locks = (local: string): string => describe(NFS3.replace('local_lock=none', local));
  assert.match(locks('local_lock=none'), /fcntl and flock locks are asked of the server, by lockd/);
  assert.match(locks('local_lock=posix'), /flock locks are asked of the server.*fcntl locks of this host/);
  assert.match(locks('local_lock=flock'), /fcntl locks are asked of the server.*flock locks of this host/);
  assert.match(locks('nolock,local_lock=all'), /fcntl and flock locks are asked of this host alone/);
  assert.doesNotMatch(describe(NFS42), /lockd/);
});

test('it tells what becomes of a request that is not answered', () => {
  assert.match(describe(NFS3), /hard \(waits/);
  assert.match(describe(NFS3.replace('hard', 'soft')), /, soft \(gives up/);
  assert.match(describe(NFS3.replace('hard', 'softerr,softreval')), /, softerr \(gives up/);
});

test('CIFS, FUSE, 9p and overlay are told, local file systems are not', () => {
  const cifs = 'cifs //server/share rw,vers=3.1.1,cache=strict,username=me,uid=0,addr=192.0.2.7';
  assert.match(
    describe(cifs),
    /^SMB 3\.1\.1, server 192\.0\.2\.7, share \/\/server\/share, .*of the server$/,
  );
  assert.match(describe(`${cifs},nobrl`), /locks are kept on this host$/);
  assert.match(
    describe('fuse.sshfs me@server:/home rw,user_id=0'),
    /FUSE, daemon sshfs, shared with other hosts, source me@server:\/home/,
  );
  assert.match(describe('fuse /dev/fuse rw,user_id=0'), /^FUSE, source/);
  assert.match(
    describe('9p host rw,trans=virtio,version=9p2000.L'),
    /^9p, protocol 9p2000\.L, transport virtio/,
  );
  assert.match(
    describe('overlay root rw,lowerdir=/l,upperdir=/u,workdir=/w'),
    /what is written goes to \/u$/,
  );
  assert.match(describe('overlay root ro,lowerdir=/l:/m'), /read-only/);
  for (const local of ['ext4 /dev/sda1 rw', 'tmpfs tmpfs rw', 'fusectl fusectl rw', 'nfsd nfsd rw'])
    assert.equal(describe(local), '', local);
});

test('the names that stand in a table have the version; other hosts may mount NFS and CIFS', () => {
  const names = [
    NFS3,
    NFS42,
    'cifs //s/x rw,vers=3.0',
    'smb3 //s/x rw',
    'ext4 /dev/sda1 rw',
    'fuse.sshfs s:/ rw',
    'fuse.bindfs /a rw',
    'ceph 192.0.2.1:/ rw',
    'virtiofs tag rw',
  ];
  assert.deepEqual(
    names.map(mountFrom).map((mount) => [fileSystemName(mount), isNetworkFileSystem(mount)]),
    [
      ['NFSv3', true],
      ['NFSv4.2', true],
      ['SMB 3.0', true],
      ['smb3', true],
      ['ext4', false],
      ['fuse.sshfs', true],
      ['fuse.bindfs', false],
      ['ceph', true],
      ['virtiofs', false],
    ],
  );
});
