import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostsCell, MeasuredHostsCell } from '../../../bench/hosts/hosts-schema.js';
import { hostsFindings, hostsNext } from '../../../bench/hosts/hosts-sentences.js';
import { hostsTables } from '../../../bench/hosts/hosts-table.js';
import { claimsToExclude, hostsExitCode, judgeHosts } from '../../../bench/hosts/hosts-verdict.js';
import { strategy as excl } from '../../../strategies/excl.js';
import { strategy as fcntl } from '../../../strategies/fcntl.js';
import { strategy as none } from '../../../strategies/none.js';
import { strategy as rename } from '../../../strategies/rename.js';
import { strategy as shmFlag } from '../../../strategies/shm-flag.js';
import { strategy as trunc } from '../../../strategies/trunc.js';
import { madeHostsResult, measuredHostsCell, proveRound } from '../../support/made-hosts.js';

const LOCAL = { filesystem: 'ext4', options: [] };
const NFS3 = { filesystem: 'nfs', options: ['vers=3'] };
const NFS4 = { filesystem: 'nfs4', options: ['vers=4.2'] };
const strategies = new Map([excl, fcntl, rename, none, shmFlag, trunc].map((one) => [one.name, one]));
const judge = (cells: HostsCell[], mount: typeof NFS3 = LOCAL) =>
  judgeHosts(cells, strategies, mount, () => 2, false);

test('between clients of NFS a claim of its own counts, by version; on one host or a local disk the usual one', () => {
  const claims = { ...fcntl.claims, excludesAcrossNfs: { v3: false, v4: true } };
  assert.equal(claimsToExclude(claims, NFS3, 2, false), false);
  assert.equal(claimsToExclude(claims, NFS4, 2, false), true);
  assert.equal(claimsToExclude(claims, NFS3, 1, false), true);
  assert.equal(claimsToExclude(claims, LOCAL, 2, false), true);
  assert.equal(claimsToExclude(shmFlag.claims, NFS4, 2, false), false);
});

test('two in at once break the claim of a lock, and none of a control', () => {
  const violated: Partial<MeasuredHostsCell> = { exclusion: 'violated', violations: 3 };
  const cells = [measuredHostsCell('fcntl', violated), measuredHostsCell('none', violated)];
  assert.deepEqual(judge(cells).brokenClaims, ['fcntl/block with 2 ranks']);
});

test('a lost update breaks a claim on a local file system; between clients of NFS it may be a cache’s', () => {
  const lost: Partial<MeasuredHostsCell> = { sequence: 'lost-updates', lost: 2 };
  assert.deepEqual(judge([measuredHostsCell('excl', lost)]).brokenClaims, ['excl/block with 2 ranks']);
  assert.deepEqual(judge([measuredHostsCell('excl', lost)], NFS4).brokenClaims, []);
});

test('controls that were not caught are named; one that had no company, or was not proven, is not', () => {
  const uncaught = [
    measuredHostsCell('none', {}),
    measuredHostsCell('broken', { rounds: [proveRound()] }),
    measuredHostsCell('none', { ranks: [1] }),
  ];
  assert.deepEqual(judge(uncaught).uncaughtControls, [
    'none/block with 2 ranks',
    'broken/block with 2 ranks',
  ]);
  const caught = [
    measuredHostsCell('none', { sequence: 'lost-updates', lost: 1 }),
    measuredHostsCell('broken', { exclusion: 'violated', rounds: [proveRound()] }),
  ];
  assert.deepEqual(judge(caught).uncaughtControls, []);
});

test('a lock that is said to be released, and is stuck with its dead holder, breaks a claim', () => {
  const stuck = { holderDied: { victim: 1, next: null, afterNs: null, patienceNs: 1e9 } };
  assert.deepEqual(
    judge([measuredHostsCell('fcntl', stuck), measuredHostsCell('excl', stuck)]).brokenClaims,
    ['fcntl/block with 2 ranks, when its holder is killed'],
  );
});

test('exit codes: a broken claim, then what is not known, then all well', () => {
  assert.equal(hostsExitCode(madeHostsResult([])), 0);
  assert.equal(hostsExitCode({ ...madeHostsResult([]), brokenClaims: ['x'], unknown: 'y' }), 1);
  assert.equal(hostsExitCode({ ...madeHostsResult([]), uncaughtControls: ['x'] }), 3);
  assert.equal(hostsExitCode({ ...madeHostsResult([]), unknown: 'y' }), 3);
  const { strategy, wait, ranks } = measuredHostsCell('excl', {});
  const late: HostsCell = { strategy, wait, ranks, state: 'timed-out', reason: 'it hangs', rounds: [] };
  assert.equal(hostsExitCode(madeHostsResult([late])), 3);
});

test('a violation is told with who, on which hosts, and when', () => {
  const cell = measuredHostsCell('flock', {
    ...{ exclusion: 'violated', violations: 3, handoffs: 20 },
    first: { rank: 2, beside: 1, atNs: 5e6 },
  });
  const text = hostsFindings(madeHostsResult([cell])).join('\n');
  assert.match(
    text,
    /flock\/block with 2 ranks is not exclusive: two were in at once 3 times in 20 hand-offs, first rank 2 on b beside rank 1 on a, 5\.00 ms after/,
  );
});

test('the table has a part for each number of ranks, with its hosts, and fits into 80 columns', () => {
  const cells = [measuredHostsCell('fcntl', {}), measuredHostsCell('fcntl', { ranks: [1] })];
  const table = hostsTables(madeHostsResult(cells), 80);
  assert.match(table, /^1 rank on 1 host: a\n/);
  assert.match(table, /2 ranks on 2 hosts: a, b\n/);
  for (const line of table.split('\n')) assert.ok(line.length <= 80, line);
});

test('the table of cells with all figures fits where output is no terminal', () => {
  const crossing = { samples: 9, p50: 123e3, p90: 1, p99: 1, p999: 1, max: 1 };
  const cells = [
    measuredHostsCell('none', {
      ...{ exclusion: 'violated', sequence: 'lost-updates', lost: 1 },
      rounds: [{ ...proveRound(), turns: 8 }],
    }),
    measuredHostsCell('fcntl', { betweenHostsNs: crossing, withinHostNs: crossing }),
  ];
  assert.doesNotMatch(hostsTables(madeHostsResult(cells), 100), /…/);
});

test('the last line offers to kill a holder, unless that was done', () => {
  const next = (cell: MeasuredHostsCell): string => hostsNext(madeHostsResult([cell]));
  const killed = { victim: 1, next: 2, afterNs: 1, patienceNs: 1e9 };
  assert.match(next(measuredHostsCell('fcntl', {})), /^Next: add --kill-holder · lockbench hosts --predict /);
  assert.match(next(measuredHostsCell('fcntl', { holderDied: killed })), /^Next: lockbench hosts --predict /);
});
