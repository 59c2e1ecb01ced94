/**
 * Pages on results of `nfs roundtrip`, `nfs options`, `compare`, `compat` and `pairs`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { html } from '../../../bench/report/html.js';
import { type Reported, reported } from '../../../bench/report/read-report.js';
import { reportOn } from '../../../bench/report/report.js';
import { stepsFigure } from '../../../bench/report/scenario/steps-figure.js';
import type { Step } from '../../../bench/scenario/steps-schema.js';
import { HOSTILE_TEXTS, withHostile } from '../../support/hostile-result.js';
import { compatCell, compatResult, pairsResult } from '../../support/reported-pairs.js';
import { comparisons, mountOptionsResult, roundTripResult } from '../../support/reported-results.js';

type Page = ReturnType<typeof parseHTML>['document'];

const pageOf = async (result: Reported): Promise<Page> => parseHTML(await reportOn([result])).document;
const findingOf = (page: Page): string => page.querySelector('.finding')?.textContent ?? '';

test('their files are told apart from others', () => {
  for (const [kind, result] of [
    ['roundtrip', roundTripResult()],
    ['options', mountOptionsResult()],
    ['comparison', comparisons()],
    ['compat', compatResult()],
    ['pairs', pairsResult()],
  ] as const)
    assert.equal(reported(JSON.stringify(result), 'a').kind, kind);
});

test('a round trip’s page has the ratio, the model through what was measured, and the calls', async () => {
  const result = roundTripResult();
  const page = await pageOf({ kind: 'roundtrip', result });
  assert.match(
    findingOf(page),
    /^An increment with fcntl\/block, v3, tmpfs waits for 5\.00 calls, .* the textbook has 80\.$/,
  );
  const points = result.figures.curves.reduce((sum, { points }) => sum + points.length, 0);
  for (const plot of ['article > figure .wide', '#model .wide']) {
    assert.equal(page.querySelectorAll(`${plot} g[aria-label="dot"] > *`).length, points, plot);
    assert.equal(
      page.querySelectorAll(`${plot} g[aria-label="line"] > *`).length,
      result.figures.curves.length,
      plot,
    );
  }
  assert.equal(page.querySelectorAll('#requests > .scroll tbody tr').length, result.findings.calls.length);
  const none = { ...result, figures: { ...result.figures, curves: [], predictions: [] } };
  assert.equal(findingOf(await pageOf({ kind: 'roundtrip', result: none })), 'Nothing was measured.');
});

test('a page on mount options says under which a lock let two in, and has a row for each mount', async () => {
  const page = await pageOf({ kind: 'options', result: mountOptionsResult() });
  assert.equal(findingOf(page), 'Under v3 nolock a lock let two in between clients.');
  const rows = [...page.querySelectorAll('article > .scroll tbody tr')].map((row) =>
    [...row.querySelectorAll('th,td')].map(({ textContent }) => textContent),
  );
  assert.deepEqual(rows, [
    ['default', 'mounted', '✓\u00a0safe', '✓\u00a0safe', '✓\u00a0safe', '▲\u00a0yes, but 25.0% lost'],
    ['nolock', 'mounted', '✓\u00a0safe', '✗\u00a0NO: two inside', '', 'errored'],
    ['nolock', 'as default'],
    ['soft', 'refused'],
  ]);
});

test('a page on compared runs begins with what fails now, and draws each change', async () => {
  const result = comparisons();
  const page = await pageOf({ kind: 'comparison', result });
  assert.equal(findingOf(page), '2 locks that excluded before fail now.');
  const changes = result.comparisons.flatMap(({ cells }) => cells).filter(({ change }) => change !== null);
  assert.equal(page.querySelectorAll('figure .wide g[aria-label="dot"] title').length, changes.length);
  const flock = [...page.querySelectorAll('tbody tr')].filter(
    (row) => row.querySelector('th')?.textContent === 'flock/block',
  );
  assert.equal(flock.length, 4);
  for (const row of flock) assert.equal(row.querySelectorAll('td')[3]?.textContent, '3.00');
  const none = { ...result, comparisons: [] };
  assert.equal(
    findingOf(await pageOf({ kind: 'comparison', result: none })),
    'Too few runs to tell a change.',
  );
});

test('a page on locks that see each other has their matrix, each sign of it a word, too, and every pair', async () => {
  const result = compatResult();
  const page = await pageOf({ kind: 'compat', result });
  assert.equal(
    findingOf(page),
    '3 locks, 2 groups: a lock keeps out its own group, and does not see the others.',
  );
  const rows = [...page.querySelectorAll('.matrix tbody tr')].map((row) =>
    [...row.querySelectorAll('th,td')].map(({ textContent }) => textContent),
  );
  const [x, dot] = ['xexcludes', '·does not see it'];
  assert.deepEqual(rows, [
    ['fcntl', x, x, dot],
    ['ofd', x, x, dot],
    ['excl', dot, dot, x],
  ]);
  assert.equal(page.querySelectorAll('#pairs tbody tr').length, result.places[0]?.cells.length);
});

test('a pair that lets two in is the headline of its page, and a control that does is not', async () => {
  const racing = compatCell('excl-race', 'excl', 'lets-two-in');
  const page = await pageOf({ kind: 'compat', result: compatResult({ cells: [racing] }) });
  assert.equal(findingOf(page), 'excl-race and excl let two in at once.');
  const control = compatCell('broken', 'broken', 'lets-two-in');
  const other = await pageOf({ kind: 'compat', result: compatResult({ cells: [control] }) });
  assert.equal(findingOf(other), 'No pair was proven to exclude.');
  const unseen = await pageOf({ kind: 'compat', result: compatResult({ controlCaught: false }) });
  assert.match(findingOf(unseen), /^Inconclusive/);
});

test('a page on pairs has a mark for each lock in each directory, and says which costs least and which most', async () => {
  const result = pairsResult();
  const page = await pageOf({ kind: 'pairs', result });
  assert.equal(
    findingOf(page),
    'Alone in /dev/shm (tmpfs): flock/block 900 ns, excl/spin 9.00 µs, which is 10.0 times as much.',
  );
  assert.equal(page.querySelectorAll('figure .wide g[aria-label="dot"] title').length, result.pairs.length);
  assert.equal(page.querySelectorAll('article .scroll tbody tr').length, result.pairs.length);
  const none = { ...result, pairs: [] };
  assert.equal(findingOf(await pageOf({ kind: 'pairs', result: none })), 'Nothing was measured.');
});

test('two are inside only where they have the same lock', () => {
  const step = (participant: string, what: Step['what'], atNs: number): Step => ({ participant, what, atNs });
  const steps = [
    ...[step('holder', 'asked', 0), step('holder', 'got-in', 1), step('other', 'asked', 2)],
    ...[step('other', 'got-in', 5), step('other', 'leaves', 8), step('holder', 'leaves', 9)],
  ];
  const bandsOf = (apart: readonly string[]): number => {
    const { text } = stepsFigure({ title: 'a', outcome: html`b`, steps, apart });
    return parseHTML(`<html><body>${text}</body></html>`).document.querySelectorAll(
      'g[aria-label="rect"] > *',
    ).length;
  };
  assert.equal(bandsOf([]), 1);
  assert.equal(bandsOf(['other']), 0);
});

const NAMES = [
  'strategy',
  'wait',
  'command',
  'kernel',
  'cpuModel',
  'node',
  'option',
  'reason',
  'inForce',
  'name',
  'lock',
  'where',
  'directory',
  'filesystem',
  'disagreement',
  'holder',
  'other',
  'names',
  'path',
  'file',
  'as',
  'what',
];

for (const [kind, result] of [
  ['roundtrip', roundTripResult()],
  ['options', mountOptionsResult()],
  ['comparison', comparisons()],
  ['compat', compatResult()],
  ['pairs', pairsResult()],
] as const) {
  test(`texts of a hostile result make no element and no attribute: ${kind}`, async () => {
    const made = { kind, result: withHostile(result, NAMES) } as Reported;
    const text = await reportOn([made]);
    assert.doesNotMatch(text.replaceAll('\n', ' '), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const { document } = parseHTML(text);
    assert.equal(document.querySelectorAll('script').length, 2);
    assert.equal(document.querySelectorAll('img, iframe, b').length, 0);
    for (const element of document.querySelectorAll('*'))
      for (const { name } of element.attributes) assert.doesNotMatch(name, /^on/);
    assert.ok(document.body.textContent?.includes(HOSTILE_TEXTS[0]));
  });
}
