/**
 * The finding of a run: what its first sentences recommend, and what they never do.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../../bench/measure/result/result-schema.js';
import { headline } from '../../../bench/run/summary/headline.js';
import { subjectOf } from '../../../bench/run/summary/subject.js';
import { measuredCell, proveRound } from '../../support/made-cells.js';
import {
  CONTROLS,
  FCNTL,
  finding,
  lock,
  printed,
  resultOf,
  strategies,
  times,
} from '../../support/made-summaries.js';
import { ESCAPE } from '../../support/printed.js';

test('locks that cannot be told apart are recommended together, and no ratio between them is told', () => {
  const tied = finding([lock('fcntl', FCNTL), lock('flock', [99, 108, 95, 110, 103, 107]), ...CONTROLS]);
  assert.match(tied, /^Use (flock or fcntl|fcntl or flock)\.$/);
  const told = finding([
    lock('fcntl', FCNTL),
    lock('flock', times(0.5)),
    lock('excl', times(9), 'spin'),
    ...CONTROLS,
  ]);
  assert.equal(
    told,
    'Use flock.\nexcl/spin (lock file) costs 9.00x fcntl in /tmp (9.00–9.00x) and stays locked when its holder dies.',
  );
});

test('a lock that takes another one by the calls of a package is no recommendation beside that', () => {
  assert.equal(finding([lock('fcntl', FCNTL), lock('fcntl-fs-ext', FCNTL)]), 'Use fcntl.');
  assert.match(finding([lock('fcntl', times(3)), lock('fcntl-fs-ext', FCNTL)]), /^Use fcntl-fs-ext\./);
});

test('of the costliest that cannot be told apart the first that was asked for is named, whichever was slower by chance', () => {
  const slower = times(9, [100, 104, 102, 103, 106, 105]);
  for (const link of [slower, times(9)]) {
    const excl = link === slower ? times(9) : slower;
    const cells = [lock('fcntl', FCNTL), lock('excl', excl, 'spin'), lock('link', link, 'spin'), ...CONTROLS];
    assert.match(finding(cells), /^Use fcntl\.\nexcl\/spin \(lock file\) costs /);
    assert.match(printed(resultOf(cells)), /^Next: lockbench crash excl /m);
  }
});

test('for locks that are names and fail alike stands the first that was asked for, also where another costs more', () => {
  const excl = lock('excl', times(7), 'spin');
  const found = finding([lock('fcntl', FCNTL), excl, lock('link', times(9), 'spin'), ...CONTROLS]);
  assert.match(found, /^Use fcntl\.\nexcl\/spin \(lock file\) costs 7\.00x /);
  const cheap = lock('excl', FCNTL, 'spin');
  const other = finding([lock('fcntl', FCNTL), cheap, lock('link', times(9), 'spin'), ...CONTROLS]);
  assert.match(other, /\nlink\/spin .* costs 9\.00x /);
  const slow = finding([lock('fcntl', FCNTL), excl, lock('sqlite', times(30)), ...CONTROLS]);
  assert.match(slow, /\nsqlite .*costs 30\.0x /);
  const leased = finding([lock('fcntl', FCNTL), excl, lock('proper-lockfile', times(30), 'spin')]);
  assert.match(leased, /\nproper-lockfile.*costs 30\.0x /);
});

test('a lock that stays locked when its holder dies is not recommended, however fast, nor is it green', () => {
  const cells = [
    lock('shm-flag', times(0.1), 'spin'),
    lock('fcntl', FCNTL),
    lock('excl', times(0.2), 'spin'),
  ];
  assert.match(
    finding([...cells, ...CONTROLS]),
    /^Use fcntl\.\nshm-flag\/spin and excl\/spin are faster, but stay locked when their holder dies\.$/,
  );
  const lines = printed(resultOf([...cells, ...CONTROLS]), 80, 1).split('\n');
  const green = `${ESCAPE}[32m`;
  for (const name of ['shm-flag', 'excl']) {
    const line = lines.find((one) => one.includes(name) && one.includes('STUCK')) ?? assert.fail(name);
    assert.ok(!line.includes(green), line);
  }
  assert.ok(lines.some((line) => line.includes(green) && line.includes('fcntl')));
});

test('every strategy that stays locked, or is lost with a lease, is never the recommendation', () => {
  for (const { name, family, claims } of strategies.values()) {
    if (family === 'control' || (claims.holderDies !== 'stuck' && claims.leaseNs === undefined)) continue;
    const { recommended } = headline(
      subjectOf(resultOf([lock(name, times(0.01)), lock('fcntl', FCNTL)]), strategies),
    );
    assert.deepEqual(
      [...recommended].map(({ strategy }) => strategy),
      ['fcntl'],
      name,
    );
  }
});

test('one or two rounds give no order, no recommendation and no range', () => {
  for (const rounds of [1, 2]) {
    const few = (factor: number): number[] => times(factor).slice(0, rounds);
    const text = printed(
      resultOf([lock('flock', few(1)), lock('fcntl', few(0.5)), ...CONTROLS], { blocks: rounds }),
    );
    assert.match(text, /No order: \d rounds? of each can't tell/);
    assert.doesNotMatch(text, /Use |\d–\d| faster, but/);
  }
});

test('of one process alone costs are told; of a single lock, that there is none to compare it with', () => {
  const alone = (name: string, costsNs: readonly number[]): Cell => {
    const cell = { ...lock(name, costsNs), verdict: measuredCell(name).verdict };
    return { ...cell, conditions: { ...cell.conditions, processes: 1 } };
  };
  assert.match(finding([alone('fcntl', FCNTL)]), /^Only fcntl was measured: no lock to compare it with\.$/m);
  assert.match(
    finding([alone('fcntl', FCNTL), alone('flock', FCNTL)]),
    /^No lock could be told from the others/,
  );
});

test('a broken claim and a control that passed are told before all else, and nothing is recommended beside them', () => {
  const broken = measuredCell('flock', {
    costsNs: FCNTL,
    wait: 'block',
    verdict: { exclusion: 'violated', violations: 1 },
  });
  assert.match(
    finding([broken, lock('fcntl', FCNTL), ...CONTROLS]),
    /^A CLAIM WAS BROKEN: flock\/block in \/tmp with 2 processes did not exclude\./,
  );
  const uncaught = measuredCell('broken', {
    rounds: [proveRound({ violations: 0, handoffs: 9, first: null })],
  });
  assert.match(finding([uncaught, lock('fcntl', FCNTL)]), /^INCONCLUSIVE: /);
});
