/**
 * The page, without a browser: what is on it, that it fetches nothing, and that texts of a result stay texts. What a browser
 * makes of it is the long suite's.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import { projectRoot } from '../../../bench/machine/project.js';
import { recordedRun } from '../../../bench/measure/result/recorded-run.js';
import { isMeasured } from '../../../bench/measure/result/result.js';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import { reportOn } from '../../../bench/report/report.js';
import { hostile } from '../../support/hostile-result.js';
import { withTenures } from '../../support/reported-results.js';

const whole = recordedRun('default-2-cpus', projectRoot);
const recorded: Result = withTenures(
  { ...whole, cells: whole.cells.filter(({ conditions }) => conditions.directory.path === '/tmp') },
  null,
);

async function drawPage(result: Result) {
  const text = await reportOn([{ kind: 'run', result }]);
  return { text, document: parseHTML(text).document };
}

const drawn = new Map<Result, ReturnType<typeof drawPage>>();

/** Each is drawn once, since that takes long. */
function pageOf(result: Result): ReturnType<typeof drawPage> {
  const page = drawn.get(result) ?? drawPage(result);
  drawn.set(result, page);
  return page;
}

/** With a time line. */
const traced = withTenures(recorded);

test('a page says what was found, with a verdict for each lock of the first group', async () => {
  const { document } = await pageOf(recorded);
  assert.match(
    document.querySelector('.finding')?.textContent ?? '',
    /^Use (flock|fcntl)( or (flock|fcntl))?\./,
  );
  assert.equal(document.querySelector('.command')?.textContent, recorded.command);
  const rows = [...document.querySelectorAll('.first tbody tr')].map((row) =>
    [...row.querySelectorAll('th,td')].slice(0, 3).map((cell) => cell.textContent),
  );
  assert.equal(rows.length, 9);
  assert.deepEqual(
    rows.find(([name]) => name === 'excl/spin'),
    ['excl/spin', '✓\u00a0yes', '✗\u00a0STUCK'],
  );
  assert.deepEqual(
    rows.find(([name]) => name === 'none/block'),
    ['none/block', '✗\u00a0NO: two inside', '–'],
  );
});

test('the ratio plot has a mark for each lock, in both sizes, and the textbook’s lines', async () => {
  const { document } = await pageOf(recorded);
  for (const size of ['wide', 'narrow']) {
    const plot = document.querySelector(`.first .${size} svg`);
    assert.equal(plot?.querySelectorAll('g[aria-label="dot"] > *').length, 9, size);
    assert.equal(
      plot?.querySelectorAll('g[aria-label="rule"] line').length,
      9 + 3,
      `${size}: an interval of each lock; 1, 75 and 80`,
    );
    assert.match(plot?.getAttribute('aria-label') ?? '', /^9 locks on a logarithmic axis/);
  }
});

test('the table of processor time has what the processor counted, where it does', async () => {
  const headingsOf = async (result: Result): Promise<(string | null)[]> =>
    [...(await pageOf(result)).document.querySelectorAll('#cpu th[scope="col"]')].map((th) => th.textContent);
  const counts = { instructions: 3e6, cycles: 2e6, cacheMisses: 1e3 };
  const counted: Result = {
    ...recorded,
    cells: recorded.cells.map((cell) =>
      isMeasured(cell) ? { ...cell, cpu: { ...cell.cpu, counts } } : cell,
    ),
  };
  const plain = await headingsOf(recorded);
  assert.ok(plain.includes('switches per turn'), plain.join());
  assert.ok(!plain.includes('cycles per turn'), 'nothing was counted');
  const all = await headingsOf(counted);
  for (const what of ['instructions', 'cycles', 'cache misses'])
    assert.ok(all.includes(`${what} per turn`), what);
});

test('each section is linked, each plot has a text, and a time line needs tenures', async () => {
  const [without, having] = await Promise.all([pageOf(recorded), pageOf(traced)]);
  assert.ok(without.document.querySelector('#timeline') === null);
  const { document } = having;
  const links = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'));
  assert.deepEqual(links, [
    ...[
      '#timeline',
      '#cost',
      '#scaling',
      '#latency',
      '#cpu',
      '#fairness',
      '#matrix',
      '#findings',
      '#environment',
    ],
  ]);
  for (const link of links) assert.ok(document.querySelector(link ?? ''), link ?? '');
  for (const plot of document.querySelectorAll('figure .wide svg')) {
    assert.equal(plot.getAttribute('role'), 'img');
    assert.notEqual(plot.getAttribute('aria-label'), '');
  }
  // Three tenures of each of nine locks; on a telephone no pointer rests on one.
  assert.equal([...having.text.matchAll(/<title>process [01]: \d+ turns? in /g)].length, 3 * 9);
});

test('a page fetches nothing: no address in it, but for names of the SVG format and of data', async () => {
  const { text, document } = await pageOf(traced);
  const readable = text.replaceAll(/base64,[\w+/=]+/g, '');
  const addresses = [...readable.matchAll(/(?:https?:)?\/\/[\w.]+/g)].map(([address]) => address);
  assert.deepEqual(
    [...new Set(addresses)].filter((address) => address !== 'http://www.w3.org'),
    [],
  );
  for (const element of document.querySelectorAll('[src],[href]')) {
    const address = element.getAttribute('src') ?? element.getAttribute('href') ?? '';
    assert.match(address, /^(#|data:)/);
  }
  const policy = document
    .querySelector('meta[http-equiv="Content-Security-Policy"]')
    ?.getAttribute('content');
  assert.match(policy ?? '', /^default-src 'none'; script-src 'sha256-[\w+/=]+'; /);
});

test('the data is in the page, and can be saved from it', async () => {
  const { document } = await pageOf(recorded);
  const embedded: unknown = JSON.parse(document.querySelector('#data-1')?.textContent ?? '');
  const link = document.querySelector('a.download')?.getAttribute('href') ?? '';
  const saved: unknown = JSON.parse(gunzipSync(Buffer.from(link.split(',')[1] ?? '', 'base64')).toString());
  const written: unknown = JSON.parse(JSON.stringify(recorded));
  assert.deepEqual(embedded, written);
  assert.deepEqual(saved, written);
});

test('a result without cells, and one with a single process, have pages', async () => {
  const empty = await pageOf({ ...recorded, cells: [] });
  assert.equal(empty.document.querySelector('.finding')?.textContent, 'Nothing was measured.');
  const alone = recorded.cells.filter(({ conditions }) => conditions.processes === 1);
  const { document } = await pageOf({ ...recorded, cells: alone.slice(0, 1) });
  assert.ok(document.querySelector('#matrix') === null);
});

test('texts of a hostile result make no element, no attribute, and nothing that is not seen', async () => {
  const { document, text } = await pageOf(hostile(traced));
  assert.doesNotMatch(text.replaceAll('\n', ' '), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  const tame = (await pageOf(traced)).document;
  const kinds = (page: typeof document): string[] =>
    [...new Set([...page.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase()))].sort();
  const known = kinds(tame);
  assert.deepEqual(
    kinds(document).filter((kind) => !known.includes(kind)),
    [],
  );
  assert.equal(document.querySelectorAll('script').length, 2);
  for (const element of document.querySelectorAll('*')) {
    for (const { name } of element.attributes)
      assert.doesNotMatch(name, /^on/, element.outerHTML.slice(0, 200));
  }
});
