import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startAs, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: [{ principal: 'partner' }] } });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

interface Box {
  readonly path: string;
  /** The button that opens it. */
  readonly button: RegExp;
  /** The dialog or menu. */
  readonly name: string | RegExp;
  readonly viewport?: typeof DESKTOP;
}

/** Dialogs and menus that are no forms (src/console/actions/forms.ts). */
const BOXES: Readonly<Record<string, Box>> = {
  'the palette': { path: '/transfers', button: /^Search or jump to/, name: 'Search or jump to' },
  'the palette on a phone': {
    path: '/transfers',
    button: /^Search or jump to/,
    name: 'Search or jump to',
    viewport: PHONE,
  },
  'the list of shortcuts': { path: '/transfers', button: /^Shortcuts/, name: 'Shortcuts' },
  'the further pages on a phone': { path: '/transfers', button: /^More$/, name: 'More', viewport: PHONE },
  'Copy as': { path: '/transfers', button: /^Copy as/, name: 'Copy as' },
  'a filter': { path: '/transfers', button: /^Status/, name: 'Status' },
  'the principals': { path: '/transfers', button: /partner/, name: /principal/i },
  'the watched lists': { path: '/transfers', button: /lists watched/, name: /lists? watched/ },
  'the last operations': { path: '/transfers', button: /^Last action/, name: 'Cost of the last operations' },
  'the confirmation of a refresh': { path: '/status', button: /^Refresh now/, name: 'Refresh now' },
};

test.each(Object.entries(BOXES))(
  '%s opens and closes by keyboard, and axe finds no violation in both themes',
  async (_, box) => {
    const { path, button, name, viewport = DESKTOP } = box;
    await using view = await ConsolePage.open(browser, new URL(path, demo.url).href, { viewport });
    const { page } = view;
    const opener = page.getByRole('button', { name: button }).first();
    await opener.focus();
    await page.keyboard.press('Enter');
    const shown = page.locator('dialog[open], :popover-open').and(page.locator('[aria-label]'));
    await shown.waitFor();
    expect(await shown.getAttribute('aria-label')).toMatch(name);
    await expect.poll(() => hasFocus(shown)).toBe(true);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await view.accessibilityViolations()).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await shown.waitFor({ state: 'detached' });
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);
    await view.expectNoFailures();
  },
);

const hasFocus = (box: Locator) => box.evaluate((element) => element.contains(document.activeElement));

test('the palette locks the actions of a caller without their scopes, and says what is missing', {
  timeout: 180_000,
}, async () => {
  const { settings, authorization } = apiKey({ principals: ['partner'], scopes: ['read', 'gateway:read'] });
  await using restricted = await startAs(
    demo,
    { partner: '111111111111' },
    { auth: { type: 'apiKeys', keys: [settings] }, inventory: [{ principal: 'partner' }] },
  );
  await using proxy = await startAuthorizingProxy(restricted.url, authorization);
  await using view = await ConsolePage.open(browser, `${proxy.origin}/transfers`);
  const { page } = view;
  for (const [typed, action, scope] of [
    ['Heather', /End transfer of Heather Hotels/, 'transfers:manage'],
    ['Heather', /Rename Heather Hotels/, 'transfers:manage'],
    ['EU Payments Vault', /Move EU Payments Vault/, 'organization:write'],
    ['No public buckets', /Edit No public buckets/, 'organization:write'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or jump to' }).fill(typed);
    const option = page.getByRole('option', { name: action });
    await option.waitFor();
    expect(await option.getAttribute('aria-disabled')).toBe('true');
    expect(await option.textContent()).toContain(`This needs the scope ${scope}.`);
    expect(await view.accessibilityViolations()).toEqual([]);
    const { pathname, search } = new URL(page.url());
    // Playwright clicks nothing that is disabled.
    await option.dispatchEvent('click');
    // The actions follow the things that are found, which are as many as eight.
    for (let step = 0; step < 12 && (await option.getAttribute('aria-selected')) !== 'true'; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    expect(await option.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await option.isVisible()).toBe(true);
    expect(new URL(page.url())).toMatchObject({ pathname, search });
    await page.keyboard.press('Escape');
  }
  await view.expectNoFailures();
});

test('rows can be compact, which the page remembers', async () => {
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href);
  const { page } = view;
  const heightOf = () =>
    page
      .locator('.grid-row')
      .first()
      .evaluate((row) => row.getBoundingClientRect().height);
  await page.locator('.grid-row').first().waitFor();
  expect(await heightOf()).toBe(34);
  await page.keyboard.press('d');
  await expect.poll(heightOf).toBe(28);
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.reload();
  await page.locator('.grid-row').first().waitFor();
  expect(await heightOf()).toBe(28);
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Compact rows' }).uncheck();
  await expect.poll(heightOf).toBe(34);
  await view.expectNoFailures();
});
