/** Pages in Debian's Chromium. */
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

export interface OpenOptions extends BrowserContextOptions {
  /** Complaints that the test wants. */
  readonly expects?: RegExp;
}

export interface TestBrowser {
  /**
   * A page of a new profile, closed after the test. The test fails if the page complained: errors on the console, uncaught
   * exceptions, reports of the content security policy.
   */
  open(options?: OpenOptions): Promise<Page>;
}

const WAIT_MS = 15_000;

/** One browser for the tests of a file. */
export function useBrowser(): TestBrowser {
  let browser: Browser;
  let opened: { readonly page: Page; readonly complaints: string[]; readonly expects: RegExp | undefined }[] = [];
  beforeAll(async () => {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    const finished = opened;
    opened = [];
    await Promise.all(finished.map(({ page }) => page.context().close()));
    expect(finished.flatMap(({ complaints, expects }) => complaints.filter((text) => !expects?.test(text)))).toEqual(
      [],
    );
  });

  return {
    async open({ expects, ...options } = {}) {
      const page = await (await browser.newContext(options)).newPage();
      // Before the test ends, so that the failure names what was waited for.
      page.setDefaultTimeout(WAIT_MS);
      const complaints: string[] = [];
      opened.push({ page, complaints, expects });
      page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      await page.exposeFunction('reportViolation', (text: string) => void complaints.push(`policy: ${text}`));
      await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
        reportViolation(event.effectiveDirective + ' ' + event.blockedURI))`);
      return page;
    },
  };
}

/** Into docs/images, only with SCREENSHOTS=1: images differ with fonts. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== '1') return;
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url)) });
}
