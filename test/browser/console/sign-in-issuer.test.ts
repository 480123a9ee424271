import { InviteAccountToOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/config/index.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage, type Theme } from '../../support/console-page.ts';
import { startDemo } from '../../support/gateway.ts';
import { startOidcIssuer } from '../../support/oidc-issuer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The browser itself writes this line about a rejected request. */
const REJECTED = /status of 40[01]/;

const unexpected = ({ failures }: ConsolePage) => failures.filter((line) => !REJECTED.test(line));
const live = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Sign in again' });
const toIssuer = (page: Page) => page.getByRole('button', { name: /^Sign in with 127\.0\.0\.1/ });
const allow = (page: Page) => page.getByRole('link', { name: 'Allow' });

async function openAt(issuer: Issuer, path: string, more: ConfigInput = {}, theme: Theme = 'light') {
  const demo = await startDemo({ config: { ...issuer.settings, ...more } });
  const view = await ConsolePage.open(browser, new URL(path, demo.url).href, { theme, otherOrigin: issuer.origin });
  const close = async () => {
    await view[Symbol.asyncDispose]();
    await demo.close();
  };
  return { demo, view, page: view.page, [Symbol.asyncDispose]: close };
}

test.each(['light', 'dark'] satisfies Theme[])(
  'a user signs in by keyboard alone, and comes back to the same page: %s',
  async (theme) => {
    await using issuer = await startOidcIssuer();
    await using opened = await openAt(issuer, '/transfers?as=partner&status=active', {}, theme);
    const { page, view } = opened;
    await toIssuer(page).waitFor();
    expect(await toIssuer(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await view.accessibilityViolations()).toEqual([]);
    await page.keyboard.press('Enter');
    await allow(page).focus();
    await page.keyboard.press('Enter');
    await view.row('Active').first().waitFor();
    await live(page);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/transfers?as=partner&status=active');
    await page.getByRole('button', { name: 'anna · read only' }).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(issuer.counts).toMatchObject({ codes: 1, rejected: 0 });
    await view.expectNoFailures();

    // A reload forgets the tokens.
    await page.reload();
    await toIssuer(page).waitFor();
  },
);

test('tokens are renewed before they expire, each refresh token once, while the page stays live', async () => {
  await using issuer = await startOidcIssuer({ lifetime: 4 });
  await using opened = await openAt(issuer, '/invitations');
  const { page, view, demo } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await view.row('Answered or over').waitFor();
  await expect.poll(() => issuer.counts.refreshes, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  await inviteAtAws(demo.simulator.url);
  await view.row('Account 3333 3333 3333').waitFor();
  await live(page);
  expect(issuer.counts.rejected).toBe(0);
  expect(await dialogOf(page).count()).toBe(0);
  await view.expectNoFailures();
});

test('a session that the issuer has ended asks to sign in, in another window, and the page stays', async () => {
  await using issuer = await startOidcIssuer({ lifetime: 4 });
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await view.row('Active').first().waitFor();
  const filter = page.locator('[data-filter]').first();
  await filter.fill('heather');
  issuer.endSessions();
  await dialogOf(page).waitFor({ timeout: 30_000 });
  await dialogOf(page).getByText('has ended. The issuer has ended it.').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  const popups = page.context().waitForEvent('page');
  await page.keyboard.press('Enter');
  const popup = await popups;
  await allow(popup).click();
  await dialogOf(page).waitFor({ state: 'detached' });
  await live(page);
  expect(await filter.inputValue()).toBe('heather');
  await expect
    .poll(async () => popup.isClosed() || (await popup.getByText('You can close this window').count()) > 0)
    .toBe(true);
  expect(unexpected(view)).toEqual([]);
});

test('one refresh serves all requests that wait for it', async () => {
  await using issuer = await startOidcIssuer();
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await live(page);
  // As after the machine has slept for an hour: no timer has fired, and the token has expired.
  await page.evaluate('{ const now = Date.now; Date.now = () => now() + 3_600_000; }');
  await page.getByRole('link', { name: /^Organization/ }).click();
  await page.getByRole('treeitem').first().waitFor();
  await page.getByRole('link', { name: /^Policies/ }).click();
  await page.getByRole('heading', { name: 'Policies' }).waitFor();
  expect(issuer.counts).toMatchObject({ refreshes: 1, rejected: 0 });
  await view.expectNoFailures();
});

test('when the issuer is back after a failure, the session goes on by itself', async () => {
  await using issuer = await startOidcIssuer({ lifetime: 6 });
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await view.row('Active').first().waitFor();
  issuer.options.isFailing = true;
  await dialogOf(page).getByText('the issuer cannot be reached to renew it').waitFor({ timeout: 30_000 });
  issuer.options.isFailing = false;
  await dialogOf(page).waitFor({ state: 'detached' });
  await live(page);
  expect(issuer.counts).toMatchObject({ codes: 1, rejected: 0 });
});

test('a browser that blocks the window of the issuer is named as the reason', async () => {
  await using issuer = await startOidcIssuer({ lifetime: 4 });
  await using opened = await openAt(issuer, '/transfers');
  const { page } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await live(page);
  issuer.endSessions();
  await dialogOf(page).waitFor({ timeout: 30_000 });
  await page.evaluate('window.open = () => null');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'The browser has blocked the window of the issuer.' }).waitFor();
});

test('without refresh tokens, the page asks to sign in when the token expires', async () => {
  await using issuer = await startOidcIssuer({ lifetime: 10, refreshes: false });
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await view.row('Active').first().waitFor();
  await dialogOf(page).waitFor({ timeout: 30_000 });
  // Another user: nothing of the first is left.
  issuer.options.user = 'ben';
  issuer.options.lifetime = 300;
  const popups = page.context().waitForEvent('page');
  await toIssuer(page).click();
  await allow(await popups).click();
  await page.getByRole('button', { name: 'ben · read only' }).waitFor();
  expect(await page.content()).not.toContain('Northwind Cloud Partners');
});

test('a denied sign-in says so, and can be tried again', async () => {
  await using issuer = await startOidcIssuer();
  await using opened = await openAt(issuer, '/transfers?status=active');
  const { page, view } = opened;
  await toIssuer(page).click();
  await page.getByRole('link', { name: 'Deny' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'The issuer or you have denied the access.' });
  await alert.filter({ hasText: 'You are not in the group orgql.' }).waitFor();
  await alert.filter({ hasText: 'access_denied' }).waitFor();
  expect(page.url()).toMatch(/\/transfers\?status=active$/);
  expect(await view.accessibilityViolations()).toEqual([]);
  await toIssuer(page).click();
  await allow(page).click();
  await view.row('Active').first().waitFor();
  await view.expectNoFailures();
});

test('a user that the gateway gives no access learns the reason', async () => {
  await using issuer = await startOidcIssuer({ user: 'mallory' });
  await using opened = await openAt(issuer, '/transfers');
  const { page } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await page.getByRole('alert').filter({ hasText: 'match no rule of this gateway' }).waitFor();
});

test.each([
  ['another state', { state: 'of-another-request' }, 'does not belong to a sign-in of this page'],
  ['another nonce', { nonce: 'of-another-request' }, 'is not valid'],
  ['another issuer in its metadata', { metadata: { issuer: 'https://other.example' } }, 'is not valid'],
  [
    'a token endpoint elsewhere',
    { metadata: { token_endpoint: 'http://localhost:9/token' } },
    'has to add it to console.oidc.endpointOrigins',
  ],
  [
    'a token endpoint without TLS',
    { metadata: { token_endpoint: 'http://tokens.example/' } },
    'no valid token_endpoint',
  ],
])('rejects an issuer that answers with %s', async (_case, options, reason) => {
  await using issuer = await startOidcIssuer(options);
  await using opened = await openAt(issuer, '/transfers');
  const { page } = opened;
  await toIssuer(page).click();
  if (!('metadata' in options) || !('issuer' in options.metadata)) await allow(page).click();
  await page.getByRole('alert').filter({ hasText: reason }).waitFor();
  await toIssuer(page).waitFor();
  expect(page.url()).not.toContain('code=');
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
});

test('rejects an answer to a request that the page has not sent', async () => {
  await using issuer = await startOidcIssuer();
  await using opened = await openAt(issuer, '/signed-in?code=stolen&state=forged');
  const { page } = opened;
  await page.getByRole('alert').filter({ hasText: 'does not belong to a sign-in of this page' }).waitFor();
  expect(issuer.counts.rejected).toBe(0);
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/');
  // The address alone is no answer.
  await page.goto(new URL('/signed-in', page.url()).href);
  await toIssuer(page).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('a user who turns back at the issuer finds the page, and leaves nothing behind', async () => {
  await using issuer = await startOidcIssuer();
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).click();
  await allow(page).waitFor();
  await page.goBack();
  await toIssuer(page).waitFor();
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
  await toIssuer(page).click();
  await allow(page).click();
  await view.row('Active').first().waitFor();
  await view.expectNoFailures();
});

test('an issuer that cannot be reached is named, and a token can be entered instead', async () => {
  await using issuer = await startOidcIssuer();
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).waitFor();
  const token = await issuer.accessToken('anna');
  // The gateway knows its keys from an earlier request.
  await fetch(new URL('/graphql', page.url()), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  await issuer.close();
  await toIssuer(page).click();
  await page
    .getByRole('alert')
    .filter({ hasText: `The issuer ${issuer.origin} cannot be reached.` })
    .waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.getByText('Use an access token instead').click();
  await page.getByLabel('Access token').fill(token);
  await page.keyboard.press('Enter');
  await view.row('Active').first().waitFor();
  await live(page);
});

test('signing out withdraws the refresh token and ends the session at the issuer', async () => {
  await using issuer = await startOidcIssuer();
  await using opened = await openAt(issuer, '/transfers');
  const { page, view } = opened;
  await toIssuer(page).click();
  await allow(page).click();
  await live(page);
  const ended = page.waitForRequest((request) => request.url().startsWith(`${issuer.origin}/end-session`));
  await page.getByRole('button', { name: 'anna · read only' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  const { searchParams } = new URL((await ended).url());
  expect([...searchParams.keys()].sort()).toEqual(['client_id', 'post_logout_redirect_uri']);
  await toIssuer(page).waitFor();
  expect(issuer.counts.revocations).toBe(1);
  await page.goBack();
  await toIssuer(page).waitFor();
  expect(await page.content()).not.toContain('Northwind');
  await view.expectNoFailures();
});

type Issuer = Awaited<ReturnType<typeof startOidcIssuer>>;

/** Invites an account past the gateway. */
async function inviteAtAws(url: string): Promise<void> {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'x' };
  const client = new OrganizationsClient({ endpoint: url, region: 'us-east-1', credentials });
  await client.send(new InviteAccountToOrganizationCommand({ Target: { Type: 'ACCOUNT', Id: '333333333333' } }));
  client.destroy();
}
