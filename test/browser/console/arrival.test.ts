import type { Browser, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { watch: { minIntervalMs: 50, maxIntervalMs: 200, bookmarkMs: 1_000 } } });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

/** A page whose connection can be held: what `isHeld` accepts waits for `release`. */
async function openHeld(path: string, isHeld: (message: string) => boolean) {
  const view = await ConsolePage.open(browser, new URL('/status', demo.url).href);
  const state = { isHeld };
  const waiting: (() => void)[] = [];
  const hold = (socket: WebSocketRoute) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const text = String(message);
      if (state.isHeld(text)) waiting.push(() => socket.send(text));
      else socket.send(text);
    });
  };
  await view.page.routeWebSocket('**/graphql', hold);
  await view.page.goto(new URL(path, demo.url).href);
  const release = () => {
    state.isHeld = () => false;
    for (const send of waiting.splice(0)) send();
  };
  return { view, state, release };
}

test.each([
  ['/transfers', 'Inbound transfers', /^\d+ transfers$/],
  ['/invitations', 'Sent invitations', /^\d+ invitations$/],
])('%s shows rows while the snapshot arrives, and totals when it is complete', async (path, label, total) => {
  const { view, release } = await openHeld(path, (message) => message.includes('"type":"BOOKMARK"'));
  await using _ = view;
  const { page } = view;
  await page.getByText(/Reading, \d+ so far$/).waitFor();
  const grid = page.getByRole('grid', { name: label });
  await grid.getByRole('checkbox').nth(1).waitFor();
  expect(await page.getByText(total).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Export CSV' }).isDisabled()).toBe(true);
  expect(await view.accessibilityViolations()).toEqual([]);
  release();
  await page.getByText(total).waitFor();
  await page.getByText(/so far$/).waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('lists that receive nothing for half a minute are stale, although the connection is alive', async () => {
  const { view, state, release } = await openHeld('/transfers', () => false);
  await using _ = view;
  const { page } = view;
  await page.getByText('Live', { exact: true }).waitFor();
  await view.row('Active').first().waitFor();
  state.isHeld = (message) => message.includes('"type":"next"');
  await page.clock.install();
  await page.clock.fastForward(35_000);
  await page.getByText(/^Stale\. This is the state of \d\d:\d\d UTC/).waitFor();
  await page.getByText('Stale', { exact: true }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.getByRole('button', { name: 'Reconnect' }).click();
  release();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText(/^Stale\./).waitFor({ state: 'detached' });
  await view.expectNoFailures();
});
