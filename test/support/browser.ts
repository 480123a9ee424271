import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

export { launchChromium } from './chromium.ts';

/** Runs in the page. The answer's pane renders only the lines in sight; its model has all of them. */
const RESPONSE_TEXT = `monaco.editor.getModels().find(({ uri }) => uri.path.endsWith('response.json')).getValue()`;

/** GraphiQL in a fresh browser profile, and the actions of a user. */
export class GraphiQL implements AsyncDisposable {
  readonly page: Page;
  /** Requests to any other origin than the server's. None left the browser: they were refused. */
  readonly foreign: string[] = [];
  /** Uncaught exceptions and error lines of the console. */
  readonly failures: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string, viewport = { width: 1440, height: 900 }): Promise<GraphiQL> {
    const { origin, host } = new URL(url);
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const graphiql = new GraphiQL(page);
    await context.route('**', (route) => {
      const target = route.request().url();
      if (new URL(target).origin === origin) return route.continue();
      graphiql.foreign.push(target);
      return route.abort();
    });
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== host) graphiql.foreign.push(socket.url());
    });
    page.on('pageerror', (error) => graphiql.failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') graphiql.failures.push(message.text());
    });
    await page.goto(url);
    await page.locator('.graphiql-query-editor .view-lines').waitFor();
    return graphiql;
  }

  tabs(): Promise<string[]> {
    return this.page.locator('.graphiql-tab-button').allTextContents();
  }

  async openTab(name: string): Promise<void> {
    const tab = this.page.locator('.graphiql-tab', { hasText: name });
    // As long as a person presses: what moves away under the pointer is not clicked.
    await tab.locator('.graphiql-tab-button').click({ delay: 100 });
    // GraphiQL puts the tab's document into the address once it has understood which operations there are to run.
    await this.page.waitForURL((url) => url.searchParams.get('query')?.includes(` ${name}`) ?? false);
  }

  /** Presses the play button; with several operations in the document it asks which. */
  async run(operation?: string): Promise<void> {
    await this.page.locator('button.graphiql-execute-button').click();
    if (operation !== undefined) await this.page.getByRole('menuitem', { name: operation }).click();
  }

  /** Chooses the principal of the open tab. */
  async choosePrincipal(name: string): Promise<void> {
    await this.page.getByLabel('Principal').selectOption(name);
  }

  /** The whole answer, also what is scrolled out of sight, once it is complete JSON that a condition holds for. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
  async answer(condition: (answer: any) => boolean): Promise<any> {
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    let answer: any;
    await expect
      .poll(
        async () => {
          const text = String(await this.page.evaluate(RESPONSE_TEXT));
          try {
            answer = JSON.parse(text);
            return condition(answer) || text.slice(0, 2_000);
          } catch {
            return text.slice(0, 2_000);
          }
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    return answer;
  }

  /** Waits until the answer's visible lines hold all of these. */
  async answers(...parts: readonly string[]): Promise<void> {
    // Playwright's locators look from a world of their own, which the page's Content-Security-Policy does not rule.
    const response = this.page.locator('.graphiql-response');
    const holding = parts.reduce((found, part) => found.filter({ hasText: part }), response);
    await holding.waitFor({ timeout: 20_000 }).catch(async (error: unknown) => {
      const text = await this.page.locator('.graphiql-response').textContent();
      throw new Error(`the answer does not hold ${parts.join(', ')}, but: ${text?.slice(0, 2_000)}`, { cause: error });
    });
  }

  /** Replaces the open tab's document. */
  async setQuery(query: string): Promise<void> {
    // Typed in, it would get the brackets that the editor adds.
    const model = "monaco.editor.getModels().find(({ uri }) => uri.path.endsWith('operation.graphql'))";
    await this.page.evaluate(`${model}.setValue(${JSON.stringify(query)})`);
    await this.page.waitForURL((url) => url.searchParams.get('query') === query);
  }

  /** Replaces what the headers editor holds. */
  async setHeaders(headers: object): Promise<void> {
    await this.page.getByRole('button', { name: 'Headers', exact: true }).click();
    await this.page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(JSON.stringify(headers));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page.context().close();
  }
}
