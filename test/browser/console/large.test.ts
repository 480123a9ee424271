import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

const READING_MS = 400_000;

/** More rows than are in sight, and far less than there are. */
const MAX_RENDERED = 100;

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({
    simulator: { seed: 'empty', account: '111111111111', accounts: 10_000 },
    config: {
      upstream: { budget: 'off' },
      inventory: [{ principal: 'partner', maxAgeMs: 86_400_000, tagsMaxAgeMs: 86_400_000, budgetShare: 0.8 }],
    },
  });
  await vi.waitFor(
    async () => {
      const { data } = await demo.query('{ organization { inventory { state } } }');
      expect(data.organization.inventory.state).toBe('READY');
    },
    { timeout: READING_MS, interval: 250 },
  );
}, READING_MS);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

test('10,000 accounts in 1,000 units are searched while typing, and only rows in sight exist', {
  timeout: 180_000,
}, async () => {
  await using view = await ConsolePage.open(browser, new URL('/organization', demo.url).href);
  const { page } = view;
  page.setDefaultTimeout(90_000);
  await page.getByText('10,000 accounts, 1,000 units').waitFor();
  const items = page.getByRole('treeitem');
  const search = page.getByRole('combobox', { name: 'Search accounts' });
  const result = page.getByRole('status').filter({ hasText: 'match' });

  // Each letter searches: no Enter is pressed.
  await search.pressSequentially('account 0123');
  await result.getByText('10 accounts', { exact: true }).waitFor();
  await items
    .filter({ hasText: /account 0123\d/i })
    .first()
    .waitFor();
  await search.press('Backspace');
  await result.getByText('100 accounts', { exact: true }).waitFor();

  // What all accounts have opens the whole tree.
  await search.fill('@');
  await result.getByText('10,000 accounts', { exact: true }).waitFor();
  expect(await items.count()).toBeLessThan(MAX_RENDERED);
  await page.getByRole('tree', { name: 'Accounts and units' }).hover();
  const before = await items.first().getAttribute('data-key');
  await page.mouse.wheel(0, 100_000);
  await expect.poll(() => items.first().getAttribute('data-key')).not.toBe(before);
  expect(await items.count()).toBeLessThan(MAX_RENDERED);
  await items.first().focus();
  await page.keyboard.press('End');
  await expect
    .poll(() => page.evaluate('document.activeElement.ariaPosInSet === document.activeElement.ariaSetSize'))
    .toBe(true);

  await page.getByRole('radio', { name: 'List' }).click();
  const grid = page.getByRole('grid', { name: 'Accounts' });
  expect(await grid.getAttribute('aria-rowcount')).toBe('10001');
  await grid.hover();
  await page.mouse.wheel(0, 100_000);
  await grid.locator('[aria-rowindex="2950"]').waitFor();
  expect(await grid.getByRole('row').count()).toBeLessThan(MAX_RENDERED);
  await view.expectNoFailures();
});
