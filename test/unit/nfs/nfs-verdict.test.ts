/**
 * What cells over NFS say, and what contradicts a claim, on cells made by hand.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overview } from '../../../bench/dev/pages/overview.js';
import type { Cell, Conditions, MeasuredCell, Result } from '../../../bench/measure/result/result-schema.js';
import { exitCode, judge } from '../../../bench/measure/verdict/judgement.js';
import { nfsVerdict } from '../../../bench/measure/verdict/nfs-verdict.js';
import { recordFiles } from '../../../bench/nfs/compare/compare-overview.js';
import { nfsFindings } from '../../../bench/nfs/compare/compare-sentences.js';
import { nfsTables } from '../../../bench/nfs/compare/nfs-compare-table.js';
import { loadAll } from '../../../strategies/index.js';
import { measuredCell } from '../../support/made-cells.js';

const strategies = new Map((await loadAll()).map((strategy) => [strategy.name, strategy]));

/** A cell of three processes on this many clients. */
function over(
  version: 'v3' | 'v4.2',
  strategy: string,
  verdict: Partial<MeasuredCell['verdict']>,
  more: { readonly clients?: number; readonly conditions?: Partial<Conditions> } = {},
): MeasuredCell {
  const nfs = {
    version,
    clients: more.clients ?? 3,
    roundTripNs: 0,
    export: 'ext4',
    machine: 'tcg' as const,
  };
  return measuredCell(strategy, { conditions: { processes: 3, nfs, ...more.conditions }, verdict });
}

const held = { exclusion: 'held', handoffs: 500 } as const;
const violated = { exclusion: 'violated', violations: 2, handoffs: 500 } as const;
const stale = { ...held, sequence: 'lost-updates', lost: 5 } as const;
const codeOf = (...cells: Cell[]): number => exitCode(judge(cells, strategies, false));

test('a cell over NFS is safe, stale, violated, unchecked or alone', () => {
  assert.equal(nfsVerdict(over('v3', 'excl', held)), 'safe');
  assert.equal(nfsVerdict(over('v3', 'excl', stale)), 'stale');
  assert.equal(nfsVerdict(over('v3', 'excl', { ...stale, ...violated })), 'violated');
  assert.equal(nfsVerdict(over('v3', 'excl', {})), 'unchecked');
  assert.equal(nfsVerdict(over('v3', 'excl', held, { clients: 1, conditions: { processes: 1 } })), 'alone');
});

test('between clients a lost update contradicts no claim of a lock that held', () => {
  assert.equal(codeOf(over('v3', 'excl', stale)), 0);
  assert.equal(codeOf(over('v3', 'excl', stale, { clients: 1 })), 1);
});

test('two inside contradict a claim, by version of NFS', () => {
  assert.equal(codeOf(over('v3', 'fcntl', violated)), 1);
  assert.equal(codeOf(over('v3', 'trunc', violated)), 0);
  assert.equal(codeOf(over('v4.2', 'trunc', violated)), 1);
});

const resultOf = (cells: MeasuredCell[]): Result =>
  ({ cells, blocks: 1, seed: 7, budgetNs: 4e9, interruptedBy: null }) as unknown as Result;

const serverLocks = new Set(
  [...strategies.values()].filter(({ family }) => family === 'kernel file lock').map(({ name }) => name),
);
const sentences = (...cells: MeasuredCell[]): string =>
  nfsFindings(resultOf(cells), judge(cells, strategies, false), serverLocks).join('\n');

test('the sentences tell a lock that is safe from one that only excludes, and from one that does not', () => {
  const text = sentences(
    over('v3', 'fcntl', held),
    over('v4.2', 'fcntl', held),
    over('v3', 'excl', stale),
    over('v4.2', 'excl', held),
    over('v3', 'trunc', violated),
    over('v3', 'none', { ...violated, ...stale, exclusion: 'violated' }),
  );
  assert.match(text, /^Safe between clients wherever it was looked at: fcntl\/spin: /m);
  assert.match(
    text,
    /^No failure was met in these turns, under some conditions only: excl\/spin \(v4\.2 kept-open\)\. /m,
  );
  assert.match(
    text,
    /^Never two inside, and updates were lost all the same .*: excl\/spin \(v3 kept-open\)\. /m,
  );
  assert.match(text, /^No lock at all, two were inside: trunc\/spin \(v3 kept-open\)\.$/m);
  assert.doesNotMatch(text, /none\/spin|No control was run/);
});

test('a lock that the server keeps and seldom fails over version 4 may have been forgotten; others fail by themselves', () => {
  const forgotten = /^Failed once in a while: fcntl\/spin \(v4\.2 kept-open\)\. /m;
  const text = sentences(over('v4.2', 'fcntl', violated));
  assert.match(text, forgotten);
  assert.match(text, /A CLAIM WAS BROKEN/);
  assert.doesNotMatch(text, /No lock at all|Safe/);
  for (const other of [
    over('v3', 'fcntl', violated),
    over('v4.2', 'trunc', violated),
    over('v4.2', 'fcntl', { ...violated, violations: 100 }),
  ]) {
    assert.match(sentences(other), /^No lock at all, two were inside: /m);
    assert.doesNotMatch(sentences(other), forgotten);
  }
});

test('without a control the sentences say so, and what is not handed over is not called safe', () => {
  const text = sentences(over('v3', 'fcntl', {}));
  assert.match(text, /Not handed over often enough/);
  assert.match(text, /No control was run/);
  assert.doesNotMatch(text, /Safe/);
  const both = sentences(over('v3', 'rename', { ...stale, exclusion: 'unchecked' }));
  assert.match(both, /updates were lost all the same/);
  assert.match(both, /Not handed over often enough .*: rename\/spin/);
});

test('a cell that was stopped by the budget tells how many turns it did', () => {
  assert.match(
    sentences(over('v3', 'fcntl', held)),
    /^Stopped by the budget of 4\.00 s a round, .*: fcntl\/spin \(v3 kept-open, 3 clients\) 10 of 300; /m,
  );
  const many = Array.from({ length: 9 }, () => over('v3', 'fcntl', held));
  assert.match(sentences(...many), /^Stopped by the budget .* turns: 9 of 9 cells with a lock; /m);
  const whole = over('v3', 'fcntl', held, { conditions: { processes: 2, increments: 5 } });
  assert.doesNotMatch(sentences(whole), /Stopped/);
});

test('the tables have a row for each lock and a column for each version and way of opening', () => {
  const text = nfsTables(
    resultOf([
      over('v3', 'fcntl', held),
      over('v4.2', 'fcntl', violated),
      over('v4.2', 'fcntl', stale, { conditions: { number: 'reopened' } }),
      over('v3', 'fcntl', {}, { clients: 1, conditions: { processes: 1 } }),
    ]),
  );
  assert.match(text, /^3 clients, 1 process each$/m);
  assert.match(text, /v3 .*v4\.2 .*v4\.2/);
  assert.match(text, /kept-open .*kept-open .*reopened/);
  assert.match(text, /fcntl\/spin .*safe .*TWO INSIDE .*LOSES 50\.0%/);
  assert.ok(text.indexOf('3 clients') < text.indexOf('1 client, 1 process'));
});

test('a page quotes the layout with the most clients, all locks or one; a record tells all client layouts', () => {
  const environment = { packages: {}, workers: null };
  const command = 'lockbench nfs compare';
  const result = {
    ...resultOf([
      over('v3', 'fcntl', held),
      over('v3', 'excl', stale),
      over('v3', 'excl', {}, { clients: 1, conditions: { processes: 1 } }),
    ]),
    command,
    environment,
  } as unknown as Result;
  assert.deepEqual(overview(result, null), [
    '| strategy/wait | v3, kept-open |',
    '| :-- | --: |',
    '| fcntl/spin | safe, 1.00 ns |',
    '| excl/spin | LOSES 50.0%, 1.00 ns |',
  ]);
  assert.deepEqual(overview(result, 'excl').slice(2), ['| excl/spin | LOSES 50.0%, 1.00 ns |']);
  const readme = recordFiles(result, 'nfs')['README.md'] ?? '';
  assert.match(readme, /^## 3 clients, 1 process each$/m);
  assert.match(readme, /^## 1 client, 1 process$/m);
});
