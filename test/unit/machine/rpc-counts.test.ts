/**
 * Requests to an NFS server: from the kernel's table to what stands under a table of results.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestsOf, requestsSince, sumOfRequests } from '../../../bench/machine/rpc-counts.js';
import { summarise } from '../../../bench/measure/parent/summarise.js';
import { groupsOf } from '../../../bench/measure/result/groups.js';
import { type Result, resultSchema } from '../../../bench/measure/result/result-schema.js';
import { rpcLines } from '../../../bench/run/rpc-lines.js';
import { strategy } from '../../../strategies/fcntl.js';
import { conditions, measuredCell, timingRound } from '../../support/made-cells.js';

/** A table of a client, shortened. */
const table = (getattr: number, more = ''): string => `device tmpfs mounted on /run with fstype tmpfs
device 192.0.2.101:/lab/exports/ext4 mounted on /mnt/a\\040b with fstype nfs statvers=1.1
\topts:\trw,vers=3,hard,proto=tcp,local_lock=none
\tage:\t1
\tevents:\t0 0 0 0
\tRPC iostats version: 1.1  p/v: 100003/3 (nfs)
\txprt:\ttcp 920 1 2 0 0 13 13 0 13 0 2 0 0
\tper-op statistics
\t        NULL: 1 1 0 44 24 12 0 13 0
\t     GETATTR: ${getattr} ${getattr} 0 168 224 0 0 1 0
\t     SETATTR: 0 0 0 0 0 0 0 0 0

${more}device proc mounted on /proc with fstype proc
`;

test('the requests of a mount are those of its mount point, escaped in the table', () => {
  assert.deepEqual(requestsOf('/mnt/a b', table(2)), { NULL: 1, GETATTR: 2 });
  assert.deepEqual(requestsOf('/run', table(2)), {});
  assert.deepEqual(requestsOf('/mnt/a', table(2)), {});
});

test('of two mounts on one point the later one counts, which covers the other', () => {
  const [covering = ''] = /device 192.*?\n\n/s.exec(table(7)) ?? [];
  assert.deepEqual(requestsOf('/mnt/a b', table(2, covering)), { NULL: 1, GETATTR: 7 });
});

test('of two readings the difference is kept, what did not change is left out', () => {
  const since = requestsSince(requestsOf('/mnt/a b', table(2)), requestsOf('/mnt/a b', table(12)));
  assert.deepEqual(since, { GETATTR: 10 });
  assert.deepEqual(requestsSince({}, { READ: 3 }), { READ: 3 });
  assert.deepEqual(sumOfRequests([since, { GETATTR: 1, READ: 5 }]), { GETATTR: 11, READ: 5 });
  assert.deepEqual(sumOfRequests([]), {});
});

/** Rounds have ten turns each. */
const summarised = (...counted: readonly (Record<string, number> | undefined)[]) => {
  const rounds = counted.map((rpcs, block) => ({
    ...timingRound(block, 1),
    ...(rpcs === undefined ? {} : { rpcs }),
  }));
  const cell = {
    strategy,
    wait: 'block',
    policy: { kind: 'block' as const },
    conditions,
    hosts: [],
    unavailable: null,
  };
  const [found] = summarise([{ cell, rounds, failure: null }]);
  return found?.state === 'measured' ? found.rpcsPerIncrement : assert.fail(found?.state);
};

test('a cell has the requests of all its timing rounds over their turns, and none unless all were counted', () => {
  assert.deepEqual(summarised({ READ: 10, WRITE: 1 }, { READ: 20 }), { READ: 1.5, WRITE: 0.05 });
  assert.deepEqual(summarised({}), {}, 'counted, and nothing was asked');
  assert.equal(summarised(undefined, { READ: 10 }), undefined);
});

test('the schema takes both, and needs neither', () => {
  const { rpcsPerIncrement, rounds } = resultSchema.shape.cells.element.options[0].shape;
  assert.ok(rpcsPerIncrement.safeParse({ GETATTR: 1.005 }).success);
  assert.ok(rpcsPerIncrement.safeParse(undefined).success);
  assert.ok(rounds.safeParse([{ ...timingRound(0, 1), rpcs: { GETATTR: 201 } }]).success);
  assert.ok(rounds.safeParse([timingRound(0, 1)]).success);
  assert.ok(!rounds.safeParse([{ ...timingRound(0, 1), rpcs: { GETATTR: 0.5 } }]).success);
});

const linesFor = (options: readonly string[], rpcsPerIncrement?: Record<string, number>): string[] => {
  const directory = { path: '/mnt', filesystem: 'nfs', options: [...options] };
  const cell = {
    ...measuredCell('fcntl', { conditions: { directory } }),
    ...(rpcsPerIncrement && { rpcsPerIncrement }),
  };
  return rpcLines(groupsOf({ cells: [cell] } as unknown as Result, new Set()), 2);
};

test('the line has the sum and the operations, the most frequent first, and rare ones together', () => {
  const [line, ...more] = linesFor(['vers=4.2'], { LOCKU: 1, LOCK: 1.25, CLOSE: 0.004, OPEN: 0.002 });
  assert.match(
    line ?? '',
    /\/mnt \(NFSv4\.2\).*: fcntl\/spin 2\.26 \(LOCK 1\.25, LOCKU 1\.00, others 0\.0060\)\.$/,
  );
  assert.deepEqual(more, []);
});

test('what asked nothing is 0; NFSv3 is said to count no lock requests; elsewhere there is no line', () => {
  const [line, note] = linesFor(['vers=3'], {});
  assert.match(line ?? '', /: fcntl\/spin 0\.$/);
  assert.match(note ?? '', /NLM/);
  assert.deepEqual(linesFor(['vers=3']), []);
  assert.equal(
    linesFor(['vers=3', 'nolock', 'local_lock=all'], {}).length,
    1,
    'no request is asked for there',
  );
});
