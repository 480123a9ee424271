import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoSettings } from '../../../src/cli/demo-settings.ts';
import { configSchema } from '../../../src/config/index.ts';
import { createGateway } from '../../../src/gateway.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import { launchChromium } from '../../support/browser.ts';
import { query } from '../../support/client.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { startDemo } from '../../support/gateway.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const INVITE = `mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) {
  ... on InviteAccountToOrganizationPayload { handshake { id } }
} }`;

test('a lost connection keeps the data and says of when it is; then what was missed appears', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orgql-console-'));
  await using simulator = await startSimulator();
  const start = (port: number, store?: string) =>
    createGateway(
      configSchema.parse({
        ...demoSettings(simulator.url),
        port,
        watch: { minIntervalMs: 50, maxIntervalMs: 200, store },
        log: { level: 'silent', audit: false },
      }),
    );
  let gateway = await start(0, join(folder, 'events'));
  await using view = await ConsolePage.open(browser, new URL('/invitations', gateway.url).href);
  await view.row('Answered or over').waitFor();
  const rows = () => view.page.getByRole('grid').getAttribute('aria-rowcount');
  const before = await rows();

  const { port } = gateway;
  await gateway.close();
  await view.page.getByText(/This is the state of \d\d:\d\d UTC/).waitFor();
  expect(await rows()).toBe(before);
  expect(await view.accessibilityViolations()).toEqual([]);
  const other = await start(0);
  await query(other.url, { document: INVITE });
  await other.close();

  gateway = await start(port, join(folder, 'events'));
  await view.row('Account 3333 3333 3333').waitFor();
  await view.page.getByText('Live', { exact: true }).waitFor();
  await view.page.getByText(/This is the state of/).waitFor({ state: 'detached' });
  await gateway.close();
  await rm(folder, { recursive: true });
});

test('a list that AWS refuses names the missing permission, and other pages work on', async () => {
  await using demo = await startDemo();
  const repair = demo.simulator.control.fail({
    operation: 'ListInboundResponsibilityTransfers',
    failure: { kind: 'error', error: 'AccessDeniedException' },
  });
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href);
  await view.page.getByRole('heading', { name: 'AWS refuses “partner” this list' }).waitFor();
  await view.page.getByText('organizations:ListInboundResponsibilityTransfers').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.page.getByRole('link', { name: /^Invitations/ }).click();
  await view.row('Answered or over').waitFor();
  await view.page.getByRole('link', { name: /^Transfers/ }).click();
  repair();
  await view.page.getByRole('button', { name: 'Retry' }).click();
  await view.row('Active').first().waitFor();
  await view.expectNoFailures();
});

test('an error of AWS in a detail shows its code and request id, and a retry reads it', async () => {
  await using demo = await startDemo();
  const repair = demo.simulator.control.fail({
    operation: 'ListTagsForResource',
    failure: { kind: 'error', error: 'ServiceException' },
  });
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href);
  await view.row('Active').nth(1).click();
  const drawer = view.page.getByRole('complementary');
  await drawer.getByRole('heading', { name: 'Tags and invitation cannot be read' }).waitFor();
  await drawer.getByText(/Request [\w-]+/).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  repair();
  await drawer.getByRole('button', { name: 'Retry' }).click();
  await drawer.getByText('customer', { exact: true }).waitFor();
});

test('the first copy of an organization says how far it is, and the tree follows', { timeout: 180_000 }, async () => {
  await using demo = await startDemo({
    simulator: { seed: 'empty', account: '111111111111', accounts: 400 },
    config: { upstream: { budget: 'documented' }, inventory: [{ principal: 'partner' }] },
  });
  await using view = await ConsolePage.open(browser, new URL('/organization', demo.url).href);
  const { page } = view;
  page.setDefaultTimeout(120_000);
  await page.getByText(/^\d+ accounts? so far$/).waitFor();
  await page.getByRole('progressbar', { name: 'Accounts read' }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await page.getByText(/^400 accounts, \d+ units$/).waitFor();
  await page.getByText(/so far$/).waitFor({ state: 'detached' });
  await view.expectNoFailures();
});
