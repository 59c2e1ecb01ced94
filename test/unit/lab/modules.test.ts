/**
 * In which order kernel modules go in, and which are missing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOrder, moduleName, parseDependencies } from '../../../bench/lab/modules.js';

const DEPENDENCIES = parseDependencies(
  [
    'kernel/fs/nfsd/nfsd.ko.xz: kernel/net/sunrpc/sunrpc.ko.xz kernel/fs/lockd/lockd.ko.xz',
    'kernel/fs/lockd/lockd.ko.xz: kernel/fs/nfs_common/grace.ko.xz kernel/net/sunrpc/sunrpc.ko.xz',
    'kernel/net/sunrpc/sunrpc.ko.xz:',
    'kernel/fs/nfs_common/grace.ko.xz:',
    'kernel/net/sched/sch-netem.ko:',
    '',
  ].join('\n'),
  'kernel/fs/ext4/ext4.ko\n',
);

test('a module comes after all that it stands on, each once', () => {
  const { paths, missing } = loadOrder(['nfsd', 'lockd'], DEPENDENCIES);
  assert.deepEqual(missing, []);
  assert.deepEqual(paths, [
    'kernel/net/sunrpc/sunrpc.ko.xz',
    'kernel/fs/nfs_common/grace.ko.xz',
    'kernel/fs/lockd/lockd.ko.xz',
    'kernel/fs/nfsd/nfsd.ko.xz',
  ]);
});

test('what is built in is neither loaded nor missing; what is nowhere is missing', () => {
  assert.deepEqual(loadOrder(['ext4', '9p'], DEPENDENCIES), { paths: [], missing: ['9p'] });
});

test('a file’s name may be packed and have dashes; the module’s has neither', () => {
  assert.equal(moduleName('kernel/net/sched/sch-netem.ko'), 'sch_netem');
  assert.equal(moduleName('kernel/net/9p/9pnet.ko.zst'), '9pnet');
  assert.deepEqual(loadOrder(['sch_netem'], DEPENDENCIES).paths, ['kernel/net/sched/sch-netem.ko']);
});
