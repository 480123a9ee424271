import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
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

/** `npm run screenshot` writes the picture to docs/; a test run writes it to a temporary file. */
const screenshot = process.env['ORGQL_SCREENSHOT'] ?? join(mkdtempSync(join(tmpdir(), 'orgql-')), 'graphiql.png');

test('GraphiQL opens with named examples, and sends no request to another host', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  expect(await graphiql.page.title()).toBe('orgql');
  expect(await graphiql.tabs()).toEqual([
    'Tree',
    'Accounts',
    'Watch',
    'InviteAccount',
    'AcceptInvitation',
    'InvitationChanges',
    'InviteToTransferBilling',
    'Transfers',
    'AcceptTransfer',
  ]);
  expect(graphiql.foreign).toEqual([]);
  expect(graphiql.failures).toEqual([]);
});

test('runs the example Tree and explores the docs', async () => {
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

test('runs the example Watch over a WebSocket and shows a new invitation', async () => {
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

test('does not store a tab’s headers, which may hold an API key, in localStorage', async () => {
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

test('a tab’s headers select the principal of queries and subscriptions', async () => {
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

// biome-ignore lint/suspicious/noExplicitAny: an event of any subscription.
const eventTypes = (answer: any): string[] =>
  answer.newestFirst.map(({ data }: { data: Record<string, { type: string }> }) => Object.values(data)[0]?.type);

test('a subscription continues while other tabs are used, and its tab shows every event, the newest first', async () => {
  await using own = await startDemo();
  await using graphiql = await GraphiQL.open(browser, own.url);
  await graphiql.openTab('Watch');
  await graphiql.run();
  const before = await graphiql.answer((answer) => eventTypes(answer)[0] === 'BOOKMARK');
  expect(before.subscription).toBe('live');
  expect(eventTypes(before).slice(1)).toEqual(Array.from({ length: before.events - 1 }, () => 'SNAPSHOT'));

  await graphiql.openTab('InviteAccount');
  await graphiql.run();
  const invited = await graphiql.answer((answer) => answer.data !== undefined);
  const { id } = invited.data.inviteAccountToOrganization.handshake;
  expect(JSON.stringify(invited)).not.toContain('newestFirst');

  await graphiql.openTab('Watch');
  await graphiql.answer((answer) => eventTypes(answer)[0] === 'ADDED');
  await graphiql.answers('ADDED', id, 'BOOKMARK');
  await graphiql.openTab('AcceptInvitation');
  expect(await graphiql.page.getByLabel('Principal').inputValue()).toBe('standalone');
  await graphiql.run('AcceptInvitation');
  const accepted = await graphiql.answer((answer) => answer.data !== undefined);
  expect(accepted.data.acceptHandshake.handshake).toEqual({ id, state: 'ACCEPTED' });
  expect(accepted.extensions.variables).toEqual({ handshakeId: id });

  await graphiql.openTab('Watch');
  const after = await graphiql.answer((answer) => eventTypes(answer)[0] === 'CHANGED');
  expect(eventTypes(after).slice(0, 3)).toEqual(['CHANGED', 'ADDED', 'BOOKMARK']);
  expect(after.newestFirst[0].data.organizationHandshakeChanges.handshake).toMatchObject({ id, state: 'ACCEPTED' });
  expect(after.events).toBe(before.events + 2);
  expect(graphiql.failures).toEqual([]);
});

test('the stop button and closing its tab each end a subscription', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  const sockets: Promise<unknown>[] = [];
  graphiql.page.on('websocket', (socket) => sockets.push(new Promise((resolve) => socket.once('close', resolve))));
  const stopButton = graphiql.page.getByRole('button', { name: /^Stop query/ });
  await graphiql.openTab('Watch');
  await graphiql.run();
  await graphiql.answers('BOOKMARK');
  // After another tab was open, too.
  await graphiql.openTab('Tree');
  await graphiql.openTab('Watch');
  await stopButton.click();
  await sockets[0];
  await graphiql.page.getByRole('button', { name: /^Execute query/ }).waitFor();

  await graphiql.run();
  await graphiql.answers('BOOKMARK');
  await graphiql.openTab('Tree');
  await graphiql.openTab('Watch');
  await graphiql.page.locator('.graphiql-tab-active').getByRole('button', { name: 'Close Tab' }).click();
  await sockets[1];
  expect(sockets).toHaveLength(2);
});

test('a result that arrives while another tab is open is shown in its own tab', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await graphiql.page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('query Tree')) await released;
    await route.fallback();
  });
  const answered = graphiql.page.waitForResponse((response) => !!response.request().postData()?.includes('query Tree'));
  await graphiql.run();
  await graphiql.openTab('Accounts');
  await graphiql.run();
  await graphiql.answer((answer) => answer.data?.organization.accounts !== undefined);
  release();
  await answered;
  await graphiql.openTab('Tree');
  await graphiql.answer((answer) => answer.data?.organization.root !== undefined);
  await graphiql.page.getByRole('button', { name: /^Execute query/ }).waitFor();
  await graphiql.openTab('Accounts');
  await graphiql.answer((answer) => answer.data?.organization.accounts !== undefined);
});

test('every example runs unchanged, without pasting ids', { timeout: 180_000 }, async () => {
  await using own = await startDemo();
  await using graphiql = await GraphiQL.open(browser, own.url);
  const run = async (operation?: string) => {
    await graphiql.run(operation);
    const answer = await graphiql.answer(
      (each) => each.data !== undefined || each.errors !== undefined || each.events > 0,
    );
    expect(answer.errors, operation).toBeUndefined();
    expect(JSON.stringify(answer), operation).not.toContain('Exception');
    return answer;
  };
  for (const tab of ['Tree', 'Accounts', 'Transfers', 'Watch', 'InviteAccount']) {
    await graphiql.openTab(tab);
    await run();
  }
  await graphiql.openTab('InvitationChanges');
  await run('SentInvitations');
  const { variables } = await run('InvitationChanges');
  await graphiql.openTab('AcceptInvitation');
  await run('ReceivedInvitations');
  const accepted = await run('AcceptInvitation');
  expect(accepted.data.acceptHandshake.handshake.id).toBe(variables.handshakeId);
  await graphiql.openTab('InvitationChanges');
  const changes = await graphiql.answer((answer) => answer.subscription === 'complete');
  expect(eventTypes(changes)).toEqual(['CHANGED', 'BOOKMARK', 'SNAPSHOT']);

  await graphiql.openTab('InviteToTransferBilling');
  await run('InviteToTransferBilling');
  await run('InboundTransfers');
  await graphiql.openTab('AcceptTransfer');
  await run('ReceivedTransfers');
  await run('AcceptTransfer');
  // GraphiQL has named the tab after the operation that was run last in it.
  await graphiql.openTab('InboundTransfers');
  const ended = await run('TerminateTransfer');
  expect(ended.data.terminateResponsibilityTransfer.responsibilityTransfer.endTimestamp).toEqual(expect.any(String));
});

test('an example without a suitable object names the example to run first', async () => {
  await using own = await startDemo({ simulator: { seed: 'empty' } });
  await using graphiql = await GraphiQL.open(browser, own.url);
  await graphiql.openTab('AcceptInvitation');
  await graphiql.run('AcceptInvitation');
  await graphiql.answers('ReceivedInvitations finds no value for the variable handshakeId. Run InviteAccount first');
});

test('the selected principal applies to queries and subscriptions of its tab', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  const inits: string[] = [];
  graphiql.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('connection_init')) inits.push(String(payload));
    }),
  );
  const sent = graphiql.page.waitForRequest((request) => !!request.postData()?.includes('query Accounts'));
  await graphiql.openTab('Accounts');
  await graphiql.choosePrincipal('customer');
  await graphiql.run();
  expect((await sent).headers()['x-orgql-principal']).toBe('customer');
  await graphiql.answers('"id": "444444444444"');

  await graphiql.openTab('Watch');
  expect(await graphiql.page.getByLabel('Principal').inputValue()).toBe('partner');
  await graphiql.choosePrincipal('standalone');
  await graphiql.run();
  await graphiql.answers('AWSOrganizationsNotInUseException');
  expect(JSON.parse(inits[0] ?? '{}').payload).toMatchObject({ principal: 'standalone' });

  await graphiql.openTab('Accounts');
  expect(await graphiql.page.getByLabel('Principal').inputValue()).toBe('customer');
});

test.each([
  ['a desktop', { width: 1280, height: 720 }],
  ['a phone', { width: 390, height: 844 }],
])('the page fits %s: nothing scrolls away, and its buttons can be clicked', async (_, viewport) => {
  await using graphiql = await GraphiQL.open(browser, demo.url, viewport);
  await graphiql.openTab('Tree');
  await graphiql.page.mouse.move(viewport.width / 2, 10);
  await graphiql.page.mouse.wheel(0, 500);
  expect(await graphiql.page.evaluate('scrollY')).toBe(0);
  await graphiql.page.getByRole('button', { name: 'Show Documentation Explorer' }).click({ timeout: 5_000 });
  await graphiql.page.locator('.graphiql-doc-explorer').waitFor({ timeout: 5_000 });
});

test.each([
  ['a large window', { width: 1440, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
])('long lines wrap in all editors on %s', async (_, viewport) => {
  await using graphiql = await GraphiQL.open(browser, demo.url, viewport);
  await graphiql.openTab('Watch');
  await graphiql.run();
  await graphiql.answers('BOOKMARK');
  const overflow = await graphiql.page
    .locator('.graphiql-query-editor .view-line, .graphiql-response .view-line')
    .evaluateAll((lines) =>
      lines
        .map((line) => {
          const pane = line.closest('.monaco-scrollable-element')?.getBoundingClientRect();
          const text = line.querySelector('span')?.getBoundingClientRect();
          return pane && text ? text.right - pane.right : 0;
        })
        .filter((beyond) => beyond > 1),
    );
  expect(overflow).toEqual([]);
  const widths = await graphiql.page
    .locator('.graphiql-query-editor, .graphiql-response')
    .evaluateAll((panes) => panes.map((pane) => pane.getBoundingClientRect().width));
  expect(Math.min(...widths)).toBeGreaterThan(Math.min(viewport.width * 0.8, 500));
  const scrolls = await graphiql.page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(scrolls).toBe(false);
});

test('a deferred part is merged into the result', async () => {
  await using graphiql = await GraphiQL.open(browser, demo.url);
  await graphiql.openTab('Accounts');
  await graphiql.setQuery('{ organization { id ... @defer { accounts(first: 100) { nodes { id } } } } }');
  await graphiql.run();
  const { data } = await graphiql.answer((answer) => answer.data?.organization?.accounts !== undefined);
  expect(data.organization.id).toBe('o-exampleorgid');
});

test('only a page of an allowed origin can query and subscribe', async () => {
  const pages = createServer(
    (_, response) => void response.setHeader('content-type', 'text/html').end('<p>A page</p>'),
  );
  await once(pages.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void pages.close());
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  await using own = await startDemo({ config: { allowedOrigins: [origin] } });
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const use = (url: string) =>
    page.evaluate(`(async (url) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-orgql-principal': 'customer' },
        body: JSON.stringify({ query: '{ organization { id } }' }),
      }).then((response) => response.json(), () => 'refused');
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      const opened = await new Promise((resolve) => { socket.onopen = () => resolve(true); socket.onerror = () => resolve(false); });
      return [answer.data ?? answer, opened];
    })(${JSON.stringify(url)})`);
  await page.goto(origin);
  expect(await use(own.url)).toEqual([{ organization: { id: 'o-contosoorg1' } }, true]);
  expect(await use(demo.url)).toEqual(['refused', false]);
});
