/**
 * The page on a result of `hosts`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import type { HostsResult, MeasuredHostsCell } from '../../../bench/hosts/hosts-schema.js';
import { reported } from '../../../bench/report/read-report.js';
import { reportOn } from '../../../bench/report/report.js';
import { HOSTILE_TEXTS, withHostile } from '../../support/hostile-result.js';
import { madeHostsResult, measuredHostsCell } from '../../support/made-hosts.js';

const TAIL = { samples: 1000, p50: 10e3, p90: 20e3, p99: 30e3, p999: 40e3, max: 50e3 };

const withRanks = (strategy: string, ranks: number[], ns: number): MeasuredHostsCell =>
  measuredHostsCell(strategy, {
    ranks,
    nsPerIncrement: { median: ns, low: ns, high: ns, coverage: 0.75, kind: 'range' },
    ...(ranks.length < 2
      ? {}
      : {
          betweenHostsNs: TAIL,
          withinHostNs: { ...TAIL, p50: 5e3 },
          turnsByHost: [
            { host: 'a', ranks: 1, share: 0.75 },
            { host: 'b', ranks: 1, share: 0.25 },
          ],
        }),
  });

const RESULT = madeHostsResult([
  ...[withRanks('none', [1, 2], 100), withRanks('fcntl', [1], 5e3), withRanks('fcntl', [1, 2], 9e3)],
  ...[withRanks('excl', [1], 6e3), withRanks('excl', [1, 2], 20e3)],
]);

const pageOf = async (result: HostsResult) => parseHTML(await reportOn([{ kind: 'hosts', result }])).document;

test('its file is told apart from that of a run, which has cells, too', () => {
  assert.equal(reported(JSON.stringify(RESULT), 'a').kind, 'hosts');
});

test('it has the cost by ranks, hand-offs to another host and within one, and the share of each host', async () => {
  const page = await pageOf(RESULT);
  assert.equal(page.querySelector('.finding')?.textContent, 'Every lock excluded between 2 hosts.');
  const linesIn = (id: string): number =>
    page.querySelectorAll(`#${id} .wide g[aria-label="line"] > *`).length;
  // Of fcntl and excl; the control has no line.
  assert.equal(linesIn('ranks'), 2);
  assert.equal(linesIn('handoffs'), 4);
  const names = [...page.querySelectorAll('#handoffs .wide text')].map(({ textContent }) => textContent);
  for (const name of ['between, fcntl/block', 'within, excl/block']) assert.ok(names.includes(name), name);
  const bars = [...page.querySelectorAll('#fairness .wide g[aria-label="bar"] title')].map(
    ({ textContent }) => textContent,
  );
  assert.deepEqual(
    bars.filter((says) => says?.startsWith('excl')),
    ['excl/block, 2 ranks: a 75.0%', 'excl/block, 2 ranks: b 25.0%'],
  );
});

test('what was not measured makes no figure, and an uncaught control no verdict', async () => {
  const page = await pageOf({
    ...madeHostsResult([withRanks('fcntl', [1], 5e3)]),
    uncaughtControls: ['none'],
  });
  assert.equal(page.querySelectorAll('figure').length, 0);
  assert.match(page.querySelector('.finding')?.textContent ?? '', /^Inconclusive/);
});

test('two in at once are the headline', async () => {
  const page = await pageOf(madeHostsResult([measuredHostsCell('fcntl', { exclusion: 'violated' })]));
  assert.equal(
    page.querySelector('.finding')?.textContent,
    'fcntl/block let two in at once between 2 hosts.',
  );
});

test('texts of a hostile result make no element and no attribute', async () => {
  const names = [
    'strategy',
    'wait',
    'command',
    'kernel',
    'cpuModel',
    'host',
    'path',
    'filesystem',
    'version',
  ];
  const text = await reportOn([{ kind: 'hosts', result: withHostile(RESULT, names) }]);
  assert.doesNotMatch(text.replaceAll('\n', ' '), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  const { document } = parseHTML(text);
  assert.equal(document.querySelectorAll('script').length, 2);
  assert.equal(document.querySelectorAll('img, iframe, b').length, 0);
  for (const element of document.querySelectorAll('*'))
    for (const { name } of element.attributes) assert.doesNotMatch(name, /^on/);
  assert.ok(document.body.textContent?.includes(HOSTILE_TEXTS[0]));
});
