import type { Browser, CDPSession, Page } from 'playwright-core';

/** Runs before the page's own scripts: notes when the first row of the table has been drawn, in ms after navigation. */
const NOTE_FIRST_ROW = `
  new MutationObserver((changes, observer) => {
    if (document.querySelector('.grid-row') === null) return;
    observer.disconnect();
    // The task after the next frame's start runs when that frame is drawn.
    requestAnimationFrame(() => setTimeout(() => { window.firstRowAt = performance.now(); }));
  }).observe(document, { childList: true, subtree: true });
`;

/** A page in a browser profile of its own, so that nothing is cached. */
export class BenchPage implements AsyncDisposable {
  readonly page: Page;
  readonly #debugger: CDPSession;
  readonly #failures: string[] = [];

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#debugger = session;
    page.on('pageerror', (error) => this.#failures.push(error.message));
  }

  static async open(browser: Browser): Promise<BenchPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.addInitScript(NOTE_FIRST_ROW);
    return new BenchPage(page, await context.newCDPSession(page));
  }

  get debugger(): CDPSession {
    return this.#debugger;
  }

  /** The value of an expression in the page. The debugger protocol is not ruled by the page's policy. */
  async evaluate<T>(expression: string): Promise<T> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#debugger.send('Runtime.evaluate', options);
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value as T;
  }

  /** Loads a page, and returns the time from navigation until its first row is drawn, in ms. */
  async firstRow(url: string): Promise<number> {
    await this.page.goto(url, { waitUntil: 'commit' });
    const handle = await this.page.waitForFunction(() => (globalThis as { firstRowAt?: number }).firstRowAt);
    return Number(await handle.jsonValue());
  }

  /** Closes the page. Rejects if one of its scripts has failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
    if (this.#failures.length > 0) throw new Error(`The page has failed: ${this.#failures.join('; ')}`);
  }
}
