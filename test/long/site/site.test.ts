/**
 * The site, built and looked at in a browser: nothing is fetched from elsewhere, nothing complains, its search finds, its pages
 * fit a desk and a telephone in both themes, and print without their frame and without folded answers.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { browserFor, openedAt } from '../../support/browser.js';
import { served } from '../../support/site-server.js';
import { needs, temporaryDirectory } from '../../support/support.js';

const builder = join(projectRoot, 'dist', 'bench', 'dev', 'site', 'build-site.js');
const PACKAGES = join(projectRoot, 'site', 'node_modules', 'vitepress');

const PAGES = [
  '/',
  '/lessons/1-the-race.html',
  '/commands/nfs.html',
  '/machines/',
  '/machines/whole-catalogue.html',
  '/machines/two-cpus-reproduced.html',
];

test('the site is built, no link in it is dead, and it does in a browser what it should', async (t) => {
  if (!needs(t, existsSync(PACKAGES), 'the site has packages of its own: npm ci --prefix site')) return;
  const browser = await browserFor(t);
  if (browser === null) return;
  const folder = join(temporaryDirectory(t), 'site');
  const { status, stderr } = spawnSync(process.execPath, [builder, folder], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const address = await served(t, folder);
  const isOwn = (url: string): boolean => url.startsWith(`${address}/`);

  await t.test('pages fetch nothing from elsewhere, complain of nothing, and fit the window', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const path of PAGES) {
        const { page, incidents } = await openedAt(browser, `${address}${path}`, isOwn, { colorScheme });
        for (const viewport of [
          { width: 1400, height: 900 },
          { width: 360, height: 740 },
        ]) {
          await page.setViewportSize(viewport);
          const where = `${path}, ${colorScheme}, ${viewport.width} pixels`;
          const width = await page.evaluate<number>('document.documentElement.scrollWidth');
          assert.ok(width <= viewport.width, `${where}: ${width} pixels wide`);
          const isDark = await page.evaluate<boolean>('document.documentElement.classList.contains("dark")');
          assert.equal(isDark, colorScheme === 'dark', where);
          assert.deepEqual(incidents, [], where);
        }
        await page.context().close();
      }
    }
  });

  await t.test('the search finds a word of a lesson, and leads there', async () => {
    const { page, incidents } = await openedAt(browser, `${address}/`, isOwn);
    await page.locator('#local-search button').first().click();
    await page.locator('#localsearch-input').fill('lost update');
    const found = page.locator('#localsearch-list a', { hasText: 'Lesson 1' }).first();
    await found.click();
    await page.waitForURL('**/lessons/1-the-race*');
    assert.deepEqual(incidents, []);
  });

  await t.test('drawings are drawn, and reports are pages by themselves', async () => {
    const lesson = await openedAt(browser, `${address}/lessons/1-the-race.html`, isOwn);
    assert.equal(await lesson.page.locator('.diagram svg').count(), 3);
    assert.equal(await lesson.page.getByText('sequenceDiagram').count(), 0);
    const { page } = await openedAt(browser, `${address}/machines/whole-catalogue.html`, isOwn);
    await page.locator('.to-report a').click();
    await page.waitForURL('**/reports/whole-catalogue.html');
    assert.ok(await page.locator('#environment').isVisible());
  });

  await t.test('on paper a lesson is black on white, without its frame and its folded answers', async () => {
    const { page } = await openedAt(browser, `${address}/lessons/1-the-race.html`, isOwn, {
      colorScheme: 'dark',
    });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(
      await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      'rgb(255, 255, 255)',
    );
    for (const frame of ['.VPNav', '.VPSidebar', '.VPDocFooter'])
      assert.equal(await page.locator(frame).first().isVisible(), false, frame);
    assert.ok(await page.getByRole('heading', { name: 'Exercises' }).isVisible());
    assert.equal(await page.locator('details').first().isVisible(), false);
    const pdf = await page.pdf({ format: 'A4' });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  });

  await t.test('without scripts a page has its text and its drawings', async () => {
    const { page } = await openedAt(browser, `${address}/lessons/1-the-race.html`, isOwn, {
      javaScriptEnabled: false,
    });
    assert.ok(await page.getByRole('heading', { name: 'A number in a file' }).isVisible());
    assert.ok(await page.locator('.diagram svg').first().isVisible());
  });
});
