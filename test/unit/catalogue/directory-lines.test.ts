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

test('a mount whose locks stay on the host is said to do so, above what locks claim over NFS', () => {
  for (const [filesystem, options] of [
    ['nfs', ['vers=3', 'nolock']],
    ['fuse', []],
  ] as const) {
    const text = textOf(filesystem, [...options]);
    assert.match(text, /^! \/mnt\/d \(/);
    assert.match(text, /test between two hosts \(lockbench hosts --pair \/mnt\/d\)/);
  }
});

test('one whose server is asked, and one for a single host, are told without advice', () => {
  assert.match(textOf('nfs4', ['vers=4.2']), /^\/mnt\/d \(nfs4\): fcntl and flock are asked of the server/);
  assert.doesNotMatch(textOf('ext4', [], []), /!|--pair/);
  assert.match(textOf('ext4', []), /Claims over NFS say nothing of it\. $/);
});

test('what a mount is called is no escape sequence', () => {
  assert.ok(!textOf('\u001b[31mfs', []).includes('\u001b'));
});
