/**
 * What `choose` says of a directory: between whom its locks exclude, and that claims over NFS do not reach further.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryLines } from '../../../bench/catalogue/directory-lines.js';
import { NEEDS } from '../../../bench/catalogue/needs.js';

const nfs = NEEDS.filter(({ option }) => option === '--nfs');
const textOf = (filesystem: string, options: string[], needs = nfs): string =>
  directoryLines('/mnt/d', { filesystem, options }, needs).join(' ');

test('where locks are not known to reach other hosts, it says so above what locks claim over NFS', () => {
  assert.match(textOf('nfs', ['vers=3', 'nolock']), /^! \/mnt\/d \(nfs\): .*nothing of it\. $/);
  assert.match(textOf('ext4', []), /^! \/mnt\/d \(ext4\): .*nothing of it\. $/);
  assert.match(textOf('fuse', []), /^! .*: test between two hosts \(lockbench hosts --pair \/mnt\/d\)\. $/);
});

test('one whose server is asked, and one for a single host, are told without more', () => {
  assert.match(textOf('nfs4', ['vers=4.2']), /^\/mnt\/d \(nfs4\): fcntl and flock are asked of the server/);
  assert.doesNotMatch(textOf('ext4', [], []), /!|Claims/);
});

test('what a mount is called is no escape sequence', () => {
  assert.ok(!textOf('\u001b[31mfs', []).includes('\u001b'));
});
