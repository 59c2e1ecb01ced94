/**
 * How calls are counted, on texts of a real kernel: mountstats, and the trace of two increments.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inSequence, parseRpcTrace } from '../../../bench/lab/rpc-trace.js';
import { operationsBetween, parseMountstats } from '../../../bench/machine/mountstats.js';
import { disagreement, tally } from '../../../bench/nfs/roundtrip/counting.js';
import { MOUNTSTATS, TRACE_CUT, TRACE_V3, TRACE_V4 } from '../../support/nfs-texts.js';

const named = (requests: readonly { program: string; version: number; name: string }[]): string[] =>
  requests.map(({ program, version, name }) => `${program}v${version} ${name}`);

describe('mountstats', () => {
  test('tells the NFS mounts apart, with version, device and what was called', () => {
    const [v3, v4, ...more] = parseMountstats(MOUNTSTATS);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [v3?.device, v3?.mountPoint, v3?.version],
      ['192.0.2.101:/lab/exports/ext4', '/lab/v3/ext4', '3'],
    );
    assert.deepEqual(
      [v4?.device, v4?.mountPoint, v4?.version],
      ['192.0.2.101:/ext4', '/lab/v4.2/ext4', '4.2'],
    );
    assert.deepEqual(
      [...(v3?.operations.keys() ?? [])],
      ['NULL', 'GETATTR', 'LOOKUP', 'ACCESS', 'READ', 'WRITE'],
    );
    assert.deepEqual(v3?.operations.get('GETATTR'), { calls: 32, transmissions: 32 });
    assert.deepEqual(v4?.operations.get('FREE_STATEID'), { calls: 30, transmissions: 30 });
    assert.equal(v4?.operations.has('OPEN_CONFIRM'), false);
  });

  test('between two looks: only what was called, and what was sent again', () => {
    const later = MOUNTSTATS.replace('READ: 30 30', 'READ: 35 36').replace('SETATTR: 0 0', 'SETATTR: 2 2');
    const [before] = parseMountstats(MOUNTSTATS);
    const [after] = parseMountstats(later);
    assert.ok(before !== undefined && after !== undefined);
    assert.deepEqual(
      [...operationsBetween(before, after)],
      [
        ['SETATTR', { calls: 2, transmissions: 2 }],
        ['READ', { calls: 5, transmissions: 6 }],
      ],
    );
  });

  test('of a machine without NFS is empty', () => {
    assert.deepEqual(parseMountstats('device root mounted on / with fstype ext4\n'), []);
    assert.deepEqual(parseMountstats(''), []);
  });
});

describe('a trace of calls', () => {
  test('has the lock manager’s beside those of NFS, in their order', () => {
    assert.deepEqual(named(parseRpcTrace(TRACE_V3).requests), [
      'lockdv4 LOCK',
      'nfsv3 GETATTR',
      'nfsv3 READ',
      'nfsv3 WRITE',
      'lockdv4 UNLOCK',
    ]);
  });

  test('tells when each answer was waited for', () => {
    const [first] = parseRpcTrace(TRACE_V3).waits;
    assert.deepEqual(first, { fromUs: 30_629_294 - 1_724, toUs: 30_629_294 });
  });

  test('five that follow one another are five in a row; one that nobody waits for adds none', () => {
    assert.equal(inSequence(parseRpcTrace(TRACE_V3).waits), 5);
    const { requests, waits } = parseRpcTrace(TRACE_V4);
    assert.equal(requests.length, 5);
    assert.equal(inSequence(waits), 4);
  });

  test('of a buffer that was too small says how much it lost', () => {
    assert.equal(parseRpcTrace(TRACE_V3).lost, 0);
    assert.equal(parseRpcTrace(TRACE_CUT).lost, 5);
  });

  test('is tallied by program, version and procedure', () => {
    const { requests } = parseRpcTrace(TRACE_V4);
    assert.deepEqual(
      tally(requests).map(({ name, calls }) => [name, calls]),
      [
        ['LOCKU', 2],
        ['FREE_STATEID', 1],
        ['LOCK', 1],
        ['WRITE', 1],
      ],
    );
  });
});

describe('trace and mountstats', () => {
  const [before] = parseMountstats(MOUNTSTATS);
  const later = (text: string) => parseMountstats(text)[0];
  const procedures = tally(parseRpcTrace(TRACE_V3).requests);
  const agreeing = MOUNTSTATS.replace('GETATTR: 32 32', 'GETATTR: 33 33')
    .replace('READ: 30 30', 'READ: 31 31')
    .replace('WRITE: 30 30', 'WRITE: 31 31');

  test('agree, the lock manager’s calls being no business of mountstats', () => {
    const after = later(agreeing);
    assert.ok(before !== undefined && after !== undefined);
    assert.equal(disagreement(procedures, before, after), null);
  });

  test('disagree by a call that only one of them saw, and by one that was sent again', () => {
    assert.ok(before !== undefined);
    const more = later(agreeing.replace('ACCESS: 4 4', 'ACCESS: 5 5'));
    const again = later(agreeing.replace('READ: 31 31', 'READ: 31 32'));
    const fewer = later(agreeing.replace('WRITE: 31 31', 'WRITE: 30 30'));
    assert.ok(more !== undefined && again !== undefined && fewer !== undefined);
    assert.equal(disagreement(procedures, before, more), 'ACCESS: traced 0, mountstats 1');
    assert.equal(disagreement(procedures, before, again), 'READ: 1 sent again');
    assert.equal(disagreement(procedures, before, fewer), 'WRITE: traced 1, mountstats 0');
  });
});
