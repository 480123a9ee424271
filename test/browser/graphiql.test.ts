import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphiQL, launchChromium } from '../support/browser.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo();
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

/** Where the picture goes: `npm run screenshot` puts it into docs/, a test run where nobody is bothered by it. */
const screenshot = process.env['ORGQL_SCREENSHOT'] ?? join(mkdtempSync(join(tmpdir(), 'orgql-')), 'graphiql.png');

test('GraphiQL opens with named examples, and asks no other host for anything', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  expect(await graphiql.page.title()).toBe('orgql');
  expect(await graphiql.tabs()).toEqual([
    'Tree',
    'InviteAccount',
    'AcceptInvitation',
    'Watch',
    'InviteToTransferBilling',
    'AcceptTransfer',
  ]);
  expect(graphiql.foreign).toEqual([]);
  expect(graphiql.failures).toEqual([]);
});

test('it runs the example Tree, and explores the docs', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  await graphiql.run();
  await graphiql.answers('"organization": {', '"managementAccount": {', '"111111111111"');
  await graphiql.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const docs = graphiql.page.locator('.graphiql-doc-explorer');
  await docs.getByRole('link', { name: 'Query', exact: true }).click();
  await docs.getByRole('link', { name: 'organization', exact: true }).click();
  await docs.getByRole('link', { name: 'Organization', exact: true }).click();
  await docs.getByText('masterAccountId').waitFor();
  await graphiql.page.screenshot({ path: screenshot });
  console.warn(`screenshot: ${screenshot}`);
  expect(graphiql.foreign).toEqual([]);
  expect(graphiql.failures).toEqual([]);
});

test('it runs the example Watch over a WebSocket, and shows an invitation when it is sent', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  await graphiql.openTab('Watch');
  await graphiql.run();
  await graphiql.answers('BOOKMARK');
  const { data } = await demo.query(
    'mutation { inviteAccountToOrganization(input: { target: { id: "333333333333", type: ACCOUNT } }) { ... on InviteAccountToOrganizationPayload { handshake { id } } ... on Error { message } } }',
  );
  await graphiql.answers('ADDED', data.inviteAccountToOrganization.handshake.id, '333333333333');
  expect(graphiql.foreign).toEqual([]);
  expect(graphiql.failures).toEqual([]);
});

test('a tab’s headers, which may hold an API key, are not kept in localStorage', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  await graphiql.openTab('Watch');
  await graphiql.setHeaders({ 'x-orgql-principal': 'standalone', 'x-secret': 'hunter2' });
  await graphiql.run();
  await graphiql.answers('AWSOrganizationsNotInUseException');
  const stored = async () => JSON.stringify((await graphiql.page.context().storageState()).origins);
  // GraphiQL writes its tabs a while after they have changed.
  await expect.poll(stored, { timeout: 10_000 }).toContain('tabState');
  await graphiql.openTab('Tree');
  await expect.poll(stored, { timeout: 10_000 }).toMatch(/activeTabIndex\W+0\b/);
  expect(await stored()).not.toContain('hunter2');
});

test('a tab’s headers choose the principal, of queries and of subscriptions', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  await graphiql.openTab('AcceptInvitation');
  await graphiql.run('ReceivedInvitations');
  await graphiql.answers('"name": "standalone"', '"accountId": "222222222222"');
  await graphiql.openTab('Watch');
  await graphiql.setHeaders({ 'x-orgql-principal': 'standalone' });
  await graphiql.run();
  // This account is in no organization, and so has no handshakes of one.
  await graphiql.answers('AWSOrganizationsNotInUseException');
  expect(graphiql.foreign).toEqual([]);
});
