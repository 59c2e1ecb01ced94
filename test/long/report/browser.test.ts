/**
 * Pages in a real browser: they fetch nothing and complain of nothing, fit a desk and a telephone, are readable in light and
 * in dark and on paper, do without scripts, and take every text of a result for a text.
 */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../../bench/machine/project.js';
import { recordedRun } from '../../../bench/measure/result/recorded-run.js';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import type { Reported } from '../../../bench/report/read-report.js';
import { reportOn } from '../../../bench/report/report.js';
import { recordedReproduction } from '../../../bench/reproduce/recorded-reproduction.js';
import { browserFor, opened } from '../../support/browser.js';
import { hostile } from '../../support/hostile-result.js';
import { compatResult, pairsResult } from '../../support/reported-pairs.js';
import {
  comparisons,
  mountOptionsResult,
  roundTripResult,
  withTenures,
} from '../../support/reported-results.js';
import { temporaryDirectory } from '../../support/support.js';

const run = (name: string): Reported => ({ kind: 'run', result: recordedRun(name, projectRoot) });
const small = run('default-2-cpus');
const catalogue = run('whole-catalogue');

const DESK = { viewport: { width: 1400, height: 900 } };
const TELEPHONE = { viewport: { width: 360, height: 740 } };
const MOST_BYTES = 2_000_000;

/** The page on these, as a file. */
async function written(t: TestContext, ...results: readonly Reported[]): Promise<string> {
  const path = join(temporaryDirectory(t), 'report.html');
  writeFileSync(path, await reportOn(results));
  return path;
}

const widthOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');

/** Text of a plot that stands on other text of it: a third of the smaller one is more than a font's difference. */
const OVERLAPS = `(() => {
  const found = [];
  for (const svg of document.querySelectorAll('figure svg')) {
    const box = svg.getBoundingClientRect();
    if (box.width === 0) continue;
    const texts = [...svg.querySelectorAll('text')].filter((one) => one.textContent.trim() !== '');
    const boxes = texts.map((one) => one.getBoundingClientRect());
    for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const least = Math.min(a.width * a.height, b.width * b.height);
      if (width > 0 && height > 0 && width * height > least / 3) found.push(texts[i].textContent + ' on ' + texts[j].textContent);
    }
  }
  return found;
})()`;

/** Colours of text that are too close to what is behind them, by WCAG 2's ratio of 4.5. */
const FAINT = `(() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)' && colour !== 'transparent') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = new Set();
  for (const element of document.querySelectorAll('body *:not(script):not(svg *)')) {
    if (element.childElementCount > 0 || element.textContent.trim() === '' || element.getClientRects().length === 0) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.add(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2));
  }
  return [...found];
})()`;

async function looksWell(browser: Browser, path: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, incidents } = await opened(browser, path, { ...DESK, colorScheme });
    for (const { viewport } of [DESK, TELEPHONE]) {
      // As when a window is made smaller: what a page looks like at a width is a matter of its style alone.
      await page.setViewportSize(viewport);
      const where = `${colorScheme}, ${viewport.width} pixels`;
      assert.ok((await widthOf(page)) <= viewport.width, `${where}: wider than the window`);
      assert.deepEqual(await page.evaluate<string[]>(OVERLAPS), [], where);
      assert.deepEqual(await page.evaluate<string[]>(FAINT), [], where);
      assert.deepEqual(incidents, [], where);
    }
    await page.context().close();
  }
}

test('pages on a run, on one over NFS, and on the textbook look well, and fetch nothing', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  await looksWell(browser, await written(t, small));
  await looksWell(browser, await written(t, run('nfs-catalogue')));
  const result = recordedReproduction('two-cpus-reproduced', projectRoot);
  await looksWell(browser, await written(t, { kind: 'reproduction', result }, small));
});

test('pages on round trips, mount options, compared runs, locks that see each other and pairs look well, and fetch nothing', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  await looksWell(browser, await written(t, { kind: 'roundtrip', result: roundTripResult() }));
  await looksWell(browser, await written(t, { kind: 'options', result: mountOptionsResult() }));
  await looksWell(browser, await written(t, { kind: 'comparison', result: comparisons() }));
  await looksWell(browser, await written(t, { kind: 'compat', result: compatResult() }));
  await looksWell(browser, await written(t, { kind: 'pairs', result: pairsResult() }));
});

test('the whole catalogue is a page of less than 2 MB, whose first screen needs no scrolling', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const path = await written(t, catalogue);
  assert.ok(statSync(path).size < MOST_BYTES, `${statSync(path).size} bytes`);
  const { page } = await opened(browser, path, DESK);
  const bottom = await page.evaluate<number>(
    `document.querySelector('.first').getBoundingClientRect().bottom`,
  );
  assert.ok(bottom <= DESK.viewport.height, `the first screen is ${bottom} pixels high`);
  const marks = page.locator('.first .wide svg g[aria-label="dot"] > *');
  assert.equal(await marks.count(), 34);
  assert.equal(await page.locator('.first tbody tr').count(), 34);
});

test('each window shows one of the two sizes of a plot', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const path = await written(t, small);
  for (const [how, shown, hidden] of [
    [DESK, '.wide', '.narrow'],
    [TELEPHONE, '.narrow', '.wide'],
  ] as const) {
    const { page } = await opened(browser, path, how);
    assert.ok(await page.locator(`.first ${shown} svg`).isVisible());
    assert.ok(!(await page.locator(`.first ${hidden} svg`).isVisible()));
  }
});

test('without scripts the page is complete, and the data can be saved', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const path = await written(t, small);
  const { page } = await opened(browser, path, { ...DESK, javaScriptEnabled: false });
  assert.equal(await page.locator('.first tbody tr').count(), 9);
  assert.ok(await page.locator('.finding').isVisible());
  const waiting = page.waitForEvent('download');
  await page.locator('a.download').click();
  const saved = await (await waiting).path();
  const data = JSON.parse(gunzipSync(readFileSync(saved)).toString()) as Result;
  assert.equal(data.command, (small.result as Result).command);
});

test('a click on a heading sorts, one on a lock makes it stand out, and keys do the same', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const { page } = await opened(browser, await written(t, small), DESK);
  const names = () => page.locator('.first tbody th').allInnerTexts();
  const before = await names();
  const heading = page.locator('.first thead button', { hasText: 'lock/wait' });
  await heading.click();
  assert.deepEqual(
    await names(),
    [...before].sort((a, b) => a.localeCompare(b, 'en')),
  );
  assert.equal(await page.locator('.first thead th[aria-sort="ascending"]').count(), 1);
  await heading.press('Enter');
  assert.equal(await page.locator('.first thead th[aria-sort="descending"]').count(), 1);

  const lock = page.locator('.first tbody th button', { hasText: 'excl/spin' });
  await lock.press('Space');
  assert.equal(await lock.getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('.first .wide svg g[aria-label="dot"] > .is-chosen').count(), 1);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.is-chosen').count(), 0);
});

test('the time line can be looked at more nearly, part by part, and is whole again after it', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const result = withTenures(recordedRun('default-2-cpus', projectRoot));
  const { page, incidents } = await opened(browser, await written(t, { kind: 'run', result }), DESK);
  const bars = () =>
    page.evaluate<{ x: number; width: number; isSeen: boolean }[]>(
      `[...document.querySelectorAll('#timeline .wide g[aria-label=bar] rect')].map((bar) => ({ x: Number(bar.getAttribute('x')), width: Number(bar.getAttribute('width')), isSeen: bar.style.visibility !== 'hidden' }))`,
    );
  const press = async (...names: readonly string[]): Promise<void> => {
    for (const name of names)
      await page.locator('#timeline .zoom button', { hasText: name }).first().press('Enter');
  };
  const whole = await bars();
  assert.ok(whole.length > 0 && whole.every(({ isSeen }) => isSeen));
  const rightmost = Math.max(...whole.map(({ x, width }) => x + width));
  await press('Nearer', 'Nearer');
  const near = await bars();
  assert.ok(
    near.some(({ isSeen }) => !isSeen),
    'what is later is not seen',
  );
  assert.ok(near.filter(({ isSeen }) => isSeen).every(({ x, width }) => x + width <= rightmost + 0.1));
  await press('Later');
  assert.notDeepEqual(await bars(), near);
  await press('Further', 'Further');
  const again = await bars();
  again.forEach((bar, i) => {
    assert.ok(bar.isSeen && Math.abs(bar.x - (whole[i]?.x ?? 0)) < 0.1);
  });
  assert.deepEqual(incidents, []);
});

test('on paper a dark page is black on white', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const { page } = await opened(browser, await written(t, small), { ...DESK, colorScheme: 'dark' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  assert.notEqual(await background(), 'rgb(255, 255, 255)');
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  // Plots side by side that are wider than the paper lie across.
  assert.match(pdf.toString('latin1'), /\/MediaBox \[0 0 84\d[.\d]* 59\d[.\d]*\]/);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await background(), 'rgb(255, 255, 255)');
});

test('texts of a hostile result stay texts', async (t) => {
  const browser = await browserFor(t);
  if (browser === null) return;
  const result = hostile(recordedRun('default-2-cpus', projectRoot));
  const path = await written(t, { kind: 'run', result });
  for (const how of [DESK, TELEPHONE]) {
    const { page, incidents } = await opened(browser, path, how);
    // Whatever waits for a pointer, too.
    for (const element of await page.locator('figure .wide svg title, tbody th').all())
      await element.dispatchEvent('mouseover');
    assert.equal(await page.evaluate('window.hostile'), undefined);
    assert.deepEqual(incidents, []);
    assert.equal(await page.locator('script').count(), 2);
    assert.equal(await page.locator('iframe, img, b').count(), 0);
    assert.ok((await widthOf(page)) <= how.viewport.width);
    assert.ok((await page.locator('.command').innerText()).includes('<script>window.hostile = 1</script>'));
  }
});
