/**
 * What the lab needs of the running kernel: built in, as a module, missing, or not to be told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerFor, type Evidence } from '../../../bench/lab/kernel-features.js';

const SILENT: Evidence = {
  fileSystems: [],
  isLoaded: () => false,
  notInModules: () => null,
  config: null,
  tried: () => null,
};

test('each of the witnesses can say that it is there', () => {
  assert.equal(answerFor('nfsd', { ...SILENT, fileSystems: ['nfsd'] }), 'there');
  assert.equal(answerFor('bridge', { ...SILENT, isLoaded: (name) => name === 'bridge' }), 'there');
  assert.equal(answerFor('loop', { ...SILENT, notInModules: () => [] }), 'there');
  assert.equal(answerFor('nfsv3', { ...SILENT, config: 'CONFIG_NFS_V3=y\n' }), 'there');
  assert.equal(answerFor('veth', { ...SILENT, tried: (command) => command.includes('veth') }), 'there');
});

test('built in without /lib/modules is there: the kernel is asked, not the disk', () => {
  const builtIn: Evidence = { ...SILENT, config: '# CONFIG_MODULES is not set\nCONFIG_VETH=y\n' };
  assert.equal(answerFor('veth', builtIn), 'there');
  assert.equal(answerFor('veth', { ...SILENT, config: '', tried: () => true }), 'there');
});

test('a module in the configuration without a file of it, and what a try refuses, is missing', () => {
  assert.equal(answerFor('nfsv3', { ...SILENT, config: 'CONFIG_NFS_V3=m\n' }), 'missing');
  assert.equal(answerFor('veth', { ...SILENT, tried: () => false }), 'missing');
  assert.equal(answerFor('nfsv4', { ...SILENT, notInModules: (names) => names }), 'missing');
});

test('what nothing tells is unknown, not missing', () => {
  assert.equal(answerFor('nfsv3', SILENT), 'unknown');
  assert.equal(answerFor('veth', SILENT), 'unknown');
});
