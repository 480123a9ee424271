import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoSettings } from '../../../src/cli/demo-settings.ts';
import { type ConfigInput, configSchema } from '../../../src/config/index.ts';
import { createGateway } from '../../../src/gateway.ts';
import { createClock, startSimulator } from '../../../src/simulator/index.ts';
import { apiKey } from '../../support/api-key.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage, type Theme } from '../../support/console-page.ts';
import { startDemo } from '../../support/gateway.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The browser itself writes this line about a rejected request. */
const REJECTED = /status of 40[01]/;

const unexpected = ({ failures }: ConsolePage) => failures.filter((line) => !REJECTED.test(line));
const live = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
const keyOf = ({ authorization }: { readonly authorization: string }) => authorization.slice('Bearer '.length);
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Sign in again' });

const anna = apiKey({ name: 'anna', principals: ['partner', 'customer'], scopes: ['read', 'gateway:read'] });
const ben = apiKey({ name: 'ben', principals: ['customer'], scopes: ['read'] });
const auth = (...keys: (typeof anna)[]) => ({ type: 'apiKeys' as const, keys: keys.map(({ settings }) => settings) });

test.each(['light', 'dark'] satisfies Theme[])(
  'a key that is typed signs in by keyboard alone, and a wrong one says why: %s',
  async (theme) => {
    await using demo = await startDemo({ config: { auth: auth(anna) } });
    await using view = await ConsolePage.open(browser, new URL('/transfers?status=active', demo.url).href, { theme });
    const { page } = view;
    const field = page.getByLabel('API key');
    await field.waitFor();
    // Nothing was requested, and so nothing has failed.
    expect(view.failures).toEqual([]);
    expect(await view.accessibilityViolations()).toEqual([]);
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Enter an API key first.' }).waitFor();
    await page.keyboard.type('two words');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'This cannot be an API key' }).waitFor();
    // What was typed is selected, and so replaced.
    await page.keyboard.type('wrong-key');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert').filter({ hasText: 'The API key is not valid.' });
    await alert.waitFor();
    expect(await alert.textContent()).not.toContain('wrong-key');
    expect(await view.accessibilityViolations()).toEqual([]);

    await page.keyboard.type(anna.authorization);
    await page.keyboard.press('Enter');
    await view.row('Active').first().waitFor();
    await live(page);
    expect(page.url()).toContain('/transfers?status=active');
    expect(unexpected(view)).toEqual([]);
  },
);

test('the caller is shown with its scopes in words, and signs out by keyboard alone', async () => {
  await using demo = await startDemo({ config: { auth: auth(anna) } });
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href);
  const { page } = view;
  await enterKey(page, anna);
  await view.row('Active').first().waitFor();
  await live(page);
  const caller = page.getByRole('button', { name: 'anna · read only' });
  await caller.focus();
  await page.keyboard.press('Enter');
  const box = page.getByRole('dialog', { name: 'anna · read only' });
  await box.getByText('Read the organization').waitFor();
  await box.getByRole('listitem').filter({ hasText: 'Change the organization: not allowed' }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByLabel('API key').waitFor();
  await expect.poll(() => page.url()).toBe(new URL('/', demo.url).href);
  expect(await page.content()).not.toContain('anna');
  await page.goBack();
  await page.getByLabel('API key').waitFor();
  expect(await page.content()).not.toContain('anna');
  await view.expectNoFailures();
});

test('a phone has the caller, the scopes and the way out under More', async () => {
  await using demo = await startDemo({ config: { auth: auth(anna) } });
  const viewport = { width: 390, height: 844 };
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href, { viewport });
  const { page } = view;
  await page.getByLabel('API key').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await enterKey(page, anna);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('dialog').getByText('Read the organization').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
  await view.expectNoFailures();
});

test.each(['light', 'dark'] satisfies Theme[])(
  'a session that ends keeps the page and what was typed, and goes on by cursor after signing in: %s',
  async (theme) => {
    await using simulator = await startSimulator();
    const next = apiKey({ name: 'anna', principals: ['partner', 'customer'] });
    let gateway = await startGateway(simulator.url, 0, auth(anna));
    await using view = await ConsolePage.open(browser, new URL('/invitations', gateway.url).href, { theme });
    const { page } = view;
    await enterKey(page, anna);
    await view.row('Answered or over').waitFor();
    await live(page);
    const filter = page.locator('[data-filter]').first();
    await filter.fill('Account 3333');

    // The operator withdraws the key.
    const { port } = gateway;
    await gateway.close();
    gateway = await startGateway(simulator.url, port, auth(next));
    await dialogOf(page).waitFor();
    await page.getByText('Signed out', { exact: true }).waitFor();
    expect(await view.accessibilityViolations()).toEqual([]);
    expect(await filter.inputValue()).toBe('Account 3333');

    // It can be closed to read on, and opened again.
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    expect(await view.accessibilityViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await enterKey(page, next);
    await dialogOf(page).waitFor({ state: 'detached' });
    await live(page);
    expect(await filter.inputValue()).toBe('Account 3333');
    // The scopes of the new key.
    await page.getByRole('button', { name: 'anna · all 8 scopes' }).waitFor();
    await invite(gateway.url, next.authorization, '333333333333');
    await view.row('Account 3333 3333 3333').waitFor();
    await gateway.close();
  },
);

test('a form that is filled in survives the end of the session, and is sent once after signing in', async () => {
  const clock = createClock({ start: new Date('2026-11-20T10:00:00Z') });
  await using simulator = await startSimulator({ clock });
  const admin = apiKey({ name: 'anna', principals: ['partner'] });
  const next = apiKey({ name: 'anna', principals: ['partner'] });
  let gateway = await startGateway(simulator.url, 0, auth(admin));
  await using view = await ConsolePage.open(browser, new URL('/transfers', gateway.url).href);
  const { page } = view;
  await enterKey(page, admin);
  await view.row('Active').first().waitFor();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const form = page.getByRole('complementary', { name: 'Invite a customer' });
  await form.getByLabel('Account id or e-mail address').fill('4444 4444 4444');
  await form.getByRole('radio', { name: /1 Dec 2026/ }).check();
  const name = form.getByLabel('Customer name');
  await name.fill('Fabrikam');

  const { port } = gateway;
  await gateway.close();
  gateway = await startGateway(simulator.url, port, auth(next));
  await dialogOf(page).waitFor();
  // Esc closes what is above the form, and not the form.
  await page.keyboard.press('Escape');
  await form.getByText('You are signed out. The form can be sent after you have signed in.').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await enterKey(page, next);
  await dialogOf(page).waitFor({ state: 'detached' });
  await live(page);
  expect(await name.inputValue()).toBe('Fabrikam');
  expect(await form.getByLabel('Account id or e-mail address').inputValue()).toBe('4444 4444 4444');
  expect(await form.getByRole('radio', { name: /1 Dec 2026/ }).isChecked()).toBe(true);
  await form.getByRole('button', { name: 'Send invitation' }).click();
  await form.waitFor({ state: 'detached' });
  await view.row('Fabrikam').waitFor();
  const sent = simulator.control.requests();
  const invitations = sent.filter(({ operation }) => operation === 'InviteOrganizationToTransferResponsibility');
  expect(invitations).toMatchObject([{ count: 1 }]);
  await gateway.close();
});

test('the focus returns to the field that was being typed in', async () => {
  await using simulator = await startSimulator();
  const next = apiKey({ name: 'anna', principals: ['partner', 'customer'], scopes: ['read'] });
  let gateway = await startGateway(simulator.url, 0, auth(anna));
  await using view = await ConsolePage.open(browser, new URL('/transfers', gateway.url).href);
  const { page } = view;
  await enterKey(page, anna);
  await view.row('Active').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('heat');
  const { port } = gateway;
  await gateway.close();
  gateway = await startGateway(simulator.url, port, auth(next));
  await dialogOf(page).waitFor();
  await page.keyboard.type(keyOf(next));
  await page.keyboard.press('Enter');
  await dialogOf(page).waitFor({ state: 'detached' });
  await page.keyboard.type('her');
  await expect.poll(() => page.locator('[data-filter]').first().inputValue()).toBe('heather');
  await gateway.close();
});

test('a key that expires while the page is open asks to sign in, and requests wait for it', async () => {
  const expires = new Date(Date.now() + 15_000).toISOString();
  const short = apiKey({ name: 'anna', principals: ['partner'], expires });
  const long = apiKey({ name: 'anna', principals: ['partner'] });
  await using simulator = await startSimulator();
  let gateway = await startGateway(simulator.url, 0, auth(short));
  await using view = await ConsolePage.open(browser, new URL('/transfers', gateway.url).href);
  const { page } = view;
  await enterKey(page, short);
  await view.row('Active').first().waitFor();
  await dialogOf(page).waitFor({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  // A detail that has not been read before.
  await view.row('Active').nth(1).click();
  const drawer = page.getByRole('complementary');
  await drawer.getByText('Transfer id').waitFor();
  const { port } = gateway;
  await gateway.close();
  gateway = await startGateway(simulator.url, port, auth(long));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await enterKey(page, long);
  await drawer.getByText('customer', { exact: true }).waitFor();
  await live(page);
  expect(await drawer.getByRole('alert').count()).toBe(0);
  await gateway.close();
});

test('another caller that signs in over the page sees nothing of the last one', async () => {
  await using simulator = await startSimulator();
  const admin = apiKey({ name: 'anna', principals: ['partner'] });
  let gateway = await startGateway(simulator.url, 0, auth(admin));
  await using view = await ConsolePage.open(browser, new URL('/transfers?as=partner', gateway.url).href);
  const { page } = view;
  await enterKey(page, admin);
  await view.row('Active').first().waitFor();
  await page.getByText('Northwind Cloud Partners').first().waitFor();
  // Its progress is in the status bar, whatever the page.
  await page.getByRole('link', { name: /^Organization/ }).click();
  await page.getByRole('button', { name: 'Create account' }).click();
  const form = page.getByRole('dialog', { name: 'Create account' });
  await form.getByLabel('Name').fill('Data Lake');
  await form.getByLabel('E-mail of the owner').fill('data-lake@example.com');
  await page.keyboard.press('Control+Enter');
  await form.getByRole('list', { name: 'Progress' }).waitFor();
  await form.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Created Data Lake' }).waitFor();
  const { port } = gateway;
  await gateway.close();
  gateway = await startGateway(simulator.url, port, auth(ben));
  await dialogOf(page).waitFor();
  await enterKey(page, ben);
  await page.getByRole('button', { name: 'ben · read only' }).waitFor();
  await live(page);
  expect(page.url()).not.toContain('as=partner');
  const content = await page.content();
  expect(content).not.toContain('Northwind Cloud Partners');
  expect(content).not.toContain('anna');
  expect(content).not.toContain('Data Lake');
  await gateway.close();
});

test('a change that is sent while signed out is rejected at once, and never sent later', async () => {
  const admin = apiKey({ name: 'anna', principals: ['partner'] });
  const next = apiKey({ name: 'anna', principals: ['partner'] });
  await using simulator = await startSimulator();
  let gateway = await startGateway(simulator.url, 0, auth(admin));
  await using view = await ConsolePage.open(browser, new URL('/status', gateway.url).href);
  const { page } = view;
  const changes: string[] = [];
  page.on('request', (request) => {
    if (request.postData()?.includes('mutation')) changes.push(request.url());
  });
  await enterKey(page, admin);
  const refresh = page.getByRole('button', { name: 'Refresh now' });
  await refresh.waitFor();
  const { port } = gateway;
  await gateway.close();
  gateway = await startGateway(simulator.url, port, auth(next));
  await dialogOf(page).waitFor();
  await page.keyboard.press('Escape');
  await refresh.click();
  await page.getByRole('button', { name: /^Read again/ }).click();
  await page.getByRole('alert').filter({ hasText: 'You are signed out. Sign in, then send it again.' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await enterKey(page, next);
  await live(page);
  expect(changes).toEqual([]);
  await refresh.click();
  await page.getByRole('button', { name: /^Read again/ }).click();
  await page.getByText(/^Reading \d+ lists again/).waitFor();
  expect(changes).toHaveLength(1);
  await gateway.close();
});

async function enterKey(page: Page, key: { readonly authorization: string }): Promise<void> {
  await page.getByLabel('API key').fill(keyOf(key));
  await page.keyboard.press('Enter');
}

function startGateway(simulatorUrl: string, port: number, auth: ConfigInput['auth']) {
  return createGateway(
    configSchema.parse({
      ...demoSettings(simulatorUrl),
      port,
      auth,
      inventory: [{ principal: 'partner', maxAgeMs: 120_000 }],
      watch: { minIntervalMs: 50, maxIntervalMs: 200 },
      log: { level: 'silent', audit: false },
    }),
  );
}

async function invite(url: string, authorization: string, account: string): Promise<void> {
  const query = `mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "${account}" } }) { __typename } }`;
  const headers = { 'content-type': 'application/json', authorization };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data } = await response.json();
  expect(data.inviteAccountToOrganization.__typename).toBe('InviteAccountToOrganizationPayload');
}
