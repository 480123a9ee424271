import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_INVENTORY } from '../../../src/cli/demo-settings.ts';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { secret, WebhookReceiver } from '../../support/webhook-receiver.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: DEMO_INVENTORY, upstream: { budget: 'documented' } } });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path = '/status', options = {}) => ConsolePage.open(browser, new URL(path, demo.url).href, options);

const rowOf = ({ page }: ConsolePage, table: string, name: string) =>
  page.getByRole('table', { name: table }).locator(`[data-row="${name}"]`);

test('the status has calls, kept lists, budgets, pollers and principals', async () => {
  await using view = await open();
  await view.page.getByText('Everything works').waitFor();
  const { data } = await demo.query('{ gatewayStatus { version inventory { lists { name objects calls } } } }');
  const { version, inventory } = data.gatewayStatus;
  const accounts = inventory.lists.find(({ name }: { name: string }) => name === 'accounts');
  await rowOf(view, 'Kept inventory', 'accounts').getByText(String(accounts.objects), { exact: true }).waitFor();
  expect(await view.page.getByRole('table', { name: 'Kept inventory' }).locator('tbody tr').count()).toBe(
    inventory.lists.length,
  );
  await view.page.getByText(`orgql ${version}, up `).waitFor();
  await rowOf(view, 'Rate budget', 'ListAccounts').getByText('80 per s').waitFor();
  await rowOf(view, 'Pollers', 'inboundResponsibilityTransfers').getByText('1 listener').waitFor();
  await rowOf(view, 'Principals', 'customer').getByText('Contoso Retail').waitFor();
  await rowOf(view, 'Principals', 'standalone').getByText('In no organization').waitFor();
  await view.expectNoFailures();
});

test('destinations of notifications appear with their state, and one that is disabled is a failure', async () => {
  await using receiver = await WebhookReceiver.start();
  receiver.reply = () => ({ status: 410 });
  const webhook = { url: receiver.url, secret, allowHttp: true, allowPrivateAddresses: true };
  await using notifying = await startDemo({
    config: { notifications: [{ name: 'billing-desk', principal: 'partner', events: ['handshake'], webhook }] },
  });
  await using view = await ConsolePage.open(browser, new URL('/status', notifying.url).href, {});
  await rowOf(view, 'Notifications', 'billing-desk').getByText('Active').waitFor();
  await rowOf(view, 'Notifications', 'billing-desk').getByText('0 events').waitFor();
  await rowOf(view, 'Pollers', 'accountHandshakes')
    .getByText(/ago|now/)
    .waitFor();
  await notifying.query(
    'mutation { inviteAccountToOrganization(input: { target: { id: "new@example.com", type: EMAIL } }) { __typename } }',
  );
  await rowOf(view, 'Notifications', 'billing-desk').getByText('Disabled by the receiver').waitFor();
  await view.page.getByText('1 thing fails').waitFor();
  await view.page.getByText('the receiver replied with status 410').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.expectNoFailures();
});

test('calls of other clients appear without a reload', async () => {
  await using view = await open();
  await view.page.getByText('Everything works').waitFor();
  await view.page.getByRole('button', { name: /^Show all/ }).click();
  const calls = rowOf(view, 'Rate budget', 'DescribeHandshake').locator('td').last();
  expect(await calls.textContent()).toBe('0');
  await demo.query('{ handshake(id: "h-examplehandshakeid111") { id } }');
  await expect.poll(() => calls.textContent()).toBe('1');
  await view.expectNoFailures();
});

test('a principal that AWS does not answer is shown, and marks the page in the navigation', async () => {
  await using view = await open();
  await view.page.getByText('Everything works').waitFor();
  const roots = '{ organization { roots { nodes { id } } } }';
  const end = demo.simulator.control.fail({ accountId: '222222222222', failure: { kind: 'reset' } });
  await demo.query(roots, {}, { principal: 'standalone' });
  await view.page.getByText('1 thing fails').waitFor();
  await rowOf(view, 'Principals', 'standalone').getByText('Not ready').waitFor();
  await view.page.getByText(/UPSTREAM_UNAVAILABLE/).waitFor();
  await view.page.getByRole('link', { name: /Status something fails/ }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  end();
  await demo.query(roots, {}, { principal: 'standalone' });
  await view.page.getByText('Everything works').waitFor();
  await view.expectNoFailures();
});

test('a refresh says its calls first, and reads the lists again', async () => {
  await using view = await open();
  await view.page.getByText('Everything works').waitFor();
  const asOf = async () => {
    const { data } = await demo.query('{ gatewayStatus { inventory { lists { name asOf } } } }');
    return data.gatewayStatus.inventory.lists.find(({ name }: { name: string }) => name === 'tags').asOf;
  };
  const before = await asOf();
  await view.page.getByRole('button', { name: 'Refresh now' }).click();
  await view.page.getByRole('button', { name: /^Read again with about \d+ calls$/ }).click();
  await view.page.getByText(/^Reading \d+ lists again, with about \d+ calls$/).waitFor();
  await expect.poll(asOf).not.toBe(before);
  await view.expectNoFailures();
});

test('an account without a kept organization is told so, and has no refresh', async () => {
  await using view = await open('/status?as=standalone');
  await view.page.getByText('The gateway keeps no copy of this organization').waitFor();
  expect(await view.page.getByRole('button', { name: 'Refresh now' }).count()).toBe(0);
  await view.expectNoFailures();
});

test('all operations can be shown by keyboard', async () => {
  await using view = await open();
  const all = view.page.getByRole('button', { name: /^Show all \d+ operations$/ });
  await all.focus();
  await view.page.keyboard.press('Enter');
  await rowOf(view, 'Rate budget', 'CloseAccount').waitFor();
  await view.page.getByRole('button', { name: 'Show used operations' }).waitFor();
});

test('a lost connection is said, and the status goes on when it is back', async () => {
  await using proxy = await startCuttingProxy(demo.url);
  await using view = await ConsolePage.open(browser, new URL('/status', proxy.url).href);
  await view.page.getByText('Everything works').waitFor();
  await view.page.context().setOffline(true);
  proxy.cut();
  await view.page.getByText('Offline.').waitFor();
  await rowOf(view, 'Kept inventory', 'accounts').waitFor();
  await view.page.getByRole('button', { name: /^Show all/ }).click();
  await view.page.context().setOffline(false);
  await view.page.getByText('Live', { exact: true }).waitFor();
  await demo.query('{ createAccountStatus(id: "car-examplecreateaccountrequestid111") { id } }');
  const calls = rowOf(view, 'Rate budget', 'DescribeCreateAccountStatus').locator('td').last();
  await expect.poll(() => calls.textContent()).toBe('1');
});

test.for(['light', 'dark'] as const)('axe finds no violation in the %s theme', async (theme) => {
  await using view = await open('/status', { theme });
  await view.page.getByText('Everything works').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.page.getByRole('button', { name: 'Refresh now' }).click();
  await view.page.getByRole('button', { name: /^Read again/ }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using phone = await open('/status', { theme, viewport: { width: 390, height: 844 } });
  await phone.page.getByText('Everything works').waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
});

describe('with callers of few scopes', () => {
  const keys = {
    reader: apiKey({ name: 'support-desk', principals: ['partner'], scopes: ['read', 'gateway:read'] }),
    other: apiKey({ name: 'report', principals: ['partner'], scopes: ['read'] }),
  };
  let restricted: Demo;
  beforeAll(async () => {
    restricted = await startDemo({
      config: {
        auth: { type: 'apiKeys', keys: Object.values(keys).map(({ settings }) => settings) },
        inventory: [{ principal: 'partner', maxAgeMs: 120_000 }],
      },
    });
  });
  afterAll(() => restricted?.close());

  test('a caller that may not refresh learns why from the locked button', async () => {
    await using proxy = await startAuthorizingProxy(restricted.url, keys.reader.authorization);
    await using view = await ConsolePage.open(browser, `${proxy.origin}/status`);
    const button = view.page.getByRole('button', { name: 'Refresh now' });
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.focus();
    await view.page
      .getByRole('tooltip')
      .filter({ hasText: /support-desk.*gateway:manage/ })
      .waitFor();
    expect(await view.accessibilityViolations()).toEqual([]);
    await view.expectNoFailures();
  });

  test('a caller that may not see the status learns which scope is missing', async () => {
    await using proxy = await startAuthorizingProxy(restricted.url, keys.other.authorization);
    await using view = await ConsolePage.open(browser, `${proxy.origin}/status`);
    await view.page.getByRole('heading', { name: 'You may not see the status' }).waitFor();
    await view.page.getByText('gateway:read').waitFor();
    expect(await view.accessibilityViolations()).toEqual([]);
    await view.expectNoFailures();
  });
});
