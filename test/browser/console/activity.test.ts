import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DEMO_INVENTORY, demoSettings } from '../../../src/cli/demo-settings.ts';
import { configSchema } from '../../../src/config/index.ts';
import { createGateway } from '../../../src/gateway.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { query } from '../../support/client.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let unitId: string;
let policyId: string;

const isReady = async (read: () => Promise<{ readonly data?: unknown }>) => {
  await vi.waitFor(
    async () => expect((await read()).data).toMatchObject({ gatewayStatus: { inventory: { state: 'READY' } } }),
    { timeout: 40_000, interval: 100 },
  );
};
const STATE = '{ gatewayStatus { inventory { state } } }';

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: DEMO_INVENTORY } });
  await isReady(() => demo.query(STATE));
  const { data } = await demo.query(`{ organization {
    roots { nodes { organizationalUnits(first: 1) { nodes { id } } } }
    policies(type: SERVICE_CONTROL_POLICY, first: 10) { nodes { id name } }
  } }`);
  const { roots, policies } = data.organization;
  unitId = roots.nodes[0].organizationalUnits.nodes[0].id;
  policyId = policies.nodes.find(({ name }: { name: string }) => name === 'Deny leaving the organization').id;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path = '/activity', options = {}) => ConsolePage.open(browser, new URL(path, demo.url).href, options);

async function createUnit(name: string): Promise<void> {
  const { data } = await demo.query(
    `mutation ($parentId: ID!, $name: String!) {
      createOrganizationalUnit(input: { parentId: $parentId, name: $name }) { __typename ... on Error { message } }
    }`,
    { parentId: unitId, name },
  );
  expect(data.createOrganizationalUnit.message).toBeUndefined();
}

async function setPolicy(actions: readonly string[]): Promise<void> {
  const statement = { Sid: 'Leave', Effect: 'Deny', Action: actions, Resource: '*' };
  const { data } = await demo.query(
    `mutation ($id: ID!, $content: String!) {
      updatePolicy(input: { policyId: $id, content: $content }) { __typename ... on Error { message } }
    }`,
    { id: policyId, content: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) },
  );
  expect(data.updatePolicy.message).toBeUndefined();
}

test('a change appears without a reload, with who made it, and costs no calls', async () => {
  await using view = await open();
  await view.page.getByText('Following').waitFor();
  await view.page.getByRole('heading', { name: 'Activity' }).waitFor();
  await createUnit('Juniper Energy');
  const row = view.row('Juniper Energy unit created');
  await row.getByText('in Security').waitFor();
  await row.getByText('anonymous').waitFor();
  expect(await row.getAttribute('data-changed')).toBe('true');
  // Playwright switches the browser's cache off, so that Chromium itself asks for fresh data: this sends the request without.
  const sent = await view.page.waitForRequest((request) => request.postData()?.includes('query History') ?? false);
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: sent.postData(),
  });
  const { data, extensions } = await response.json();
  expect(data.organization.history.nodes).not.toEqual([]);
  expect(extensions.upstream.calls).toBe(0);
  // Looks for newer changes are no actions of the reader.
  await view.page.getByRole('button', { name: /^Last action/ }).click();
  const actions = view.page.getByRole('dialog', { name: 'Cost of the last operations' });
  await actions.getByRole('listitem').first().waitFor();
  expect(await actions.getByText('History', { exact: true }).count()).toBe(1);
  await view.expectNoFailures();
});

test('the drawer shows what a policy said before and after, and its earlier changes', async () => {
  await setPolicy(['organizations:LeaveOrganization']);
  await setPolicy(['organizations:LeaveOrganization', 'organizations:CloseAccount']);
  await using view = await open();
  await view.row('Deny leaving the organization changed').first().click();
  const drawer = view.page.getByRole('complementary', { name: 'Deny leaving the organization changed' });
  await drawer.getByText('1 line out').waitFor();
  await drawer.getByText('2 lines in').waitFor();
  await drawer.getByText('"organizations:CloseAccount"').waitFor();
  await drawer.getByText(policyId).waitFor();
  await drawer.getByRole('heading', { name: /^Earlier changes of this object/ }).waitFor();
  await drawer
    .getByRole('button', { name: /^Changed/ })
    .first()
    .click();
  await view.page
    .getByRole('complementary')
    .getByText(/line.* out/)
    .waitFor();
  await view.page.keyboard.press('Escape');
  await view.page.getByRole('complementary').waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('filters by kind, text and by whom are in the URL', async () => {
  await createUnit('Filter Fruit');
  await using view = await open();
  await view.row('Filter Fruit').first().waitFor();
  await view.page.getByRole('button', { name: 'Invitations', exact: true }).click();
  await view.page.getByRole('heading', { name: 'No change matches' }).waitFor();
  expect(new URL(view.page.url()).searchParams.get('kind')).toBe('invitations');
  await view.page.getByRole('button', { name: 'Clear filters' }).click();
  await view.page.getByRole('textbox', { name: 'Filter changes' }).fill('filter fruit');
  await view.row('Filter Fruit unit created').waitFor();
  await view.row('Deny leaving').first().waitFor({ state: 'detached' });
  await view.page.getByRole('button', { name: /^By/ }).click();
  await view.page.getByRole('menuitemradio', { name: 'Seen by CloudTrail' }).click();
  await view.page.getByRole('heading', { name: 'No change matches' }).waitFor();
  await view.expectNoFailures();
});

test('the range of time moves by arrows, and Shift resizes it', async () => {
  await createUnit('Range Rover');
  await using view = await open();
  await view.row('Range Rover').first().waitFor();
  const slider = view.page.getByRole('slider', { name: 'Range of time' });
  await slider.focus();
  await view.page.keyboard.press('ArrowLeft');
  await view.page.getByText(/to now/).waitFor();
  await view.row('Range Rover').first().waitFor();
  const first = await slider.getAttribute('aria-valuetext');
  for (let press = 0; press < 10; press += 1) await view.page.keyboard.press('ArrowLeft');
  await view.page.getByRole('heading', { name: 'No change matches' }).waitFor();
  expect(await slider.getAttribute('aria-valuetext')).not.toBe(first);
  for (let press = 0; press < 12; press += 1) await view.page.keyboard.press('Shift+ArrowRight');
  await view.row('Range Rover').first().waitFor();
  await view.page.getByRole('button', { name: 'Show all' }).click();
  expect(new URL(view.page.url()).searchParams.get('since')).toBeNull();
  await view.expectNoFailures();
});

test('what changed while the connection was lost is there when it is back', async () => {
  await createUnit('Before the loss');
  await using proxy = await startCuttingProxy(demo.url);
  await using view = await ConsolePage.open(browser, new URL('/activity', proxy.url).href);
  await view.row('Before the loss').first().waitFor();
  await view.page.context().setOffline(true);
  proxy.cut();
  await view.page.getByText('Offline.').waitFor();
  await view.page.getByText('Not following').waitFor();
  await createUnit('During the loss');
  await view.row('Before the loss').first().waitFor();
  await view.page.context().setOffline(false);
  await view.row('During the loss unit created').waitFor();
  await view.page.getByText('Following', { exact: true }).waitFor();
});

test('names that hold HTML are shown as text', async () => {
  const name = '<img src=x onerror=alert(1)>';
  await createUnit(name);
  await using view = await open();
  await view.row(name).first().click();
  await view.page.getByRole('complementary').getByText(name).first().waitFor();
  expect(await view.page.locator('img').count()).toBe(0);
  await view.expectNoFailures();
});

test('a principal whose organization is not kept has no history', async () => {
  await using view = await open('/activity?as=standalone');
  await view.page.getByRole('heading', { name: 'The history is not kept' }).waitFor();
  await view.expectNoFailures();
});

test.for(['light', 'dark'] as const)('axe finds no violation in the %s theme', async (theme) => {
  await setPolicy(['organizations:LeaveOrganization', `organizations:${theme === 'light' ? 'Light' : 'Dark'}*`]);
  await using view = await open('/activity', { theme });
  await view.row('changed').first().waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.row('changed').first().click();
  await view.page.getByRole('complementary').getByText('Request id').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using phone = await open('/activity', { theme, viewport: { width: 390, height: 844 } });
  await phone.row('changed').first().waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
});

test('a caller without audit:read does not see who made a change', async () => {
  const keys = {
    writer: apiKey({ name: 'writer', principals: ['partner'] }),
    reader: apiKey({ name: 'reader', principals: ['partner'], scopes: ['read'] }),
  };
  await using restricted = await startDemo({
    config: {
      auth: { type: 'apiKeys', keys: Object.values(keys).map(({ settings }) => settings) },
      inventory: [{ principal: 'partner', maxAgeMs: 120_000 }],
    },
  });
  const as = { headers: { authorization: keys.writer.authorization } };
  await isReady(() => restricted.query(STATE, {}, as));
  const { data } = await restricted.query(
    `mutation ($id: ID!) { tagResource(input: { resourceId: $id, tags: [{ key: "stage", value: "prod" }] }) {
      __typename ... on Error { message }
    } }`,
    { id: unitId },
    as,
  );
  expect(data.tagResource.message).toBeUndefined();
  await using proxy = await startAuthorizingProxy(restricted.url, keys.reader.authorization);
  await using view = await ConsolePage.open(browser, `${proxy.origin}/activity`);
  await view.row('tagged').getByText('stage = prod').waitFor();
  await view.row('tagged').getByText('This gateway').waitFor();
  expect(await view.page.getByText('writer').count()).toBe(0);
  await view.expectNoFailures();
});

test('with a store, the history is there after a restart', async () => {
  const store = await mkdtemp(join(tmpdir(), 'orgql-activity-'));
  await using simulator = await startSimulator();
  const settings = configSchema.parse({
    ...demoSettings(simulator.url),
    port: 0,
    inventory: [{ principal: 'partner', maxAgeMs: 120_000 }],
    watch: { store, minIntervalMs: 50, maxIntervalMs: 200 },
    log: { level: 'error', audit: false },
  });
  const before = await createGateway(settings);
  await isReady(() => query(before.url, { document: STATE }));
  await query(before.url, {
    document: `mutation ($id: ID!) { tagResource(input: { resourceId: $id, tags: [{ key: "kept", value: "yes" }] }) { __typename } }`,
    variables: { id: unitId },
  });
  await before.close();
  const after = await createGateway(settings);
  try {
    await using view = await ConsolePage.open(browser, new URL('/activity', after.url).href);
    await view.row('tagged').getByText('kept = yes').waitFor();
    await view.expectNoFailures();
  } finally {
    await after.close();
    await rm(store, { recursive: true });
  }
});
