/**
 * Chromium, the system's own, without a window: what a page does in a real browser.
 */
import { after, type TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { LIMIT_MS } from './limit.js';
import { hasCommand, needs } from './support.js';

const CHROMIUM = 'chromium';

/** One for all tests of a file: each page has a context of its own, and to start a browser takes longer than most tests. */
let launched: Promise<Browser> | undefined;

/** A browser that ends with the file; null where there is none, and the test is skipped. */
export async function browserFor(t: TestContext): Promise<Browser | null> {
  if (!needs(t, hasCommand(CHROMIUM), `pages are looked at in ${CHROMIUM}, which is not installed`))
    return null;
  launched ??= chromium.launch({
    executablePath: `/usr/bin/${CHROMIUM}`,
    // Root has no sandbox, nor has a container; the pages are ours. Its /dev/shm may be small.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: LIMIT_MS,
  });
  return launched;
}
after(async () => (await launched)?.close());

/** A page, and what went on in it that should not. */
export interface Opened {
  readonly page: Page;
  /** Requests for what is not the page's own, errors, and whatever it wrote to its console. */
  readonly incidents: readonly string[];
}

/** Opens an address in a window of its own. `isOwn`: whether a request is for what belongs to the page. */
export async function openedAt(
  browser: Browser,
  address: string,
  isOwn: (url: string) => boolean,
  how: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext(how);
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  page.setDefaultNavigationTimeout(LIMIT_MS);
  const incidents: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!isOwn(url) && !url.startsWith('data:')) incidents.push(`request ${url}`);
  });
  page.on('console', (message) => incidents.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, incidents };
}

/** Opens a file. */
export function opened(browser: Browser, path: string, how: BrowserContextOptions = {}): Promise<Opened> {
  const own = `file://${path}`;
  return openedAt(browser, own, (url) => url === own, how);
}
