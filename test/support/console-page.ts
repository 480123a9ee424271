import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** axe-core as a script. The page's policy does not rule what Playwright runs in a world of its own. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** More than a page has elements that take the focus. */
const MAX_TABS = 150;

export type Theme = 'light' | 'dark';

interface ConsoleOptions {
  readonly theme?: Theme;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly context?: BrowserContextOptions;
  /** Another origin that the page may use, such as the issuer of its users. */
  readonly otherOrigin?: string;
}

/** The console in a fresh browser profile. Notes everything that a page must not do. */
export class ConsolePage implements AsyncDisposable {
  readonly page: Page;
  /** Requests to any other origin than the gateway's. None left the browser: they were refused. */
  readonly foreign: string[] = [];
  /** Uncaught exceptions, error lines of the console, and violations of the Content-Security-Policy. */
  readonly failures: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string, options: ConsoleOptions = {}): Promise<ConsolePage> {
    const { theme = 'light', viewport = { width: 1440, height: 900 }, context: more, otherOrigin } = options;
    const { origin, host } = new URL(url);
    const context = await browser.newContext({
      viewport,
      colorScheme: theme,
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Berlin',
      locale: 'en-US',
      ...more,
    });
    const page = await context.newPage();
    const opened = new ConsolePage(page);
    await context.route('**', (route) => {
      const target = route.request().url();
      if ([origin, otherOrigin].includes(new URL(target).origin)) return route.continue();
      opened.foreign.push(target);
      return route.abort();
    });
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== host) opened.foreign.push(socket.url());
    });
    page.on('pageerror', (error) => opened.failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') opened.failures.push(message.text());
    });
    await page.goto(url);
    return opened;
  }

  /** Rows of the table by a text that they hold. */
  row(text: string | RegExp) {
    return this.page.getByRole('row').filter({ hasText: text });
  }

  /** Presses Tab until an element has the focus, as a user without a mouse does. */
  async tabTo(element: Locator): Promise<void> {
    for (let step = 0; step < MAX_TABS; step += 1) {
      if (await element.evaluate((one) => one === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${element} cannot be reached by Tab`);
  }

  /** Violations of WCAG 2.2 A and AA that axe-core finds, in words. */
  async accessibilityViolations(): Promise<string[]> {
    // The policy of the page forbids an evaluated script, so axe is evaluated by the debugger protocol.
    const session = await this.page.context().newCDPSession(this.page);
    const evaluate = (expression: string) =>
      session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    // A document that is checked again has it still.
    const { result: loaded } = await evaluate('typeof axe');
    if (loaded.value === 'undefined') await evaluate(`${axe};0`);
    // The other results take time, and nothing reads them.
    const { result } =
      await evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }).then(({ violations }) =>
        JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | '))))`);
    await session.detach();
    return JSON.parse(String(result.value));
  }

  async expectNoFailures(): Promise<void> {
    expect(this.failures).toEqual([]);
    expect(this.foreign).toEqual([]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page.context().close();
  }
}
