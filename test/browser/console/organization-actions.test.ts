import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let origin: string;
const lines: Readonly<Record<string, unknown>>[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({
    config: { inventory: [{ principal: 'partner' }], log: { level: 'trace', audit: true } },
    onLog: (line) => lines.push(line),
  });
  origin = new URL(demo.url).origin;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path = '/organization', options = {}) => ConsolePage.open(browser, origin + path, options);
const treeItem = ({ page }: ConsolePage, name: string) =>
  page
    .getByRole('tree', { name: 'Accounts and units' })
    .getByRole('treeitem')
    .filter({ has: page.getByText(name, { exact: true }) });
const panel = ({ page }: ConsolePage, name: string) => page.getByRole('complementary', { name });
const button = ({ page }: ConsolePage, name: string) => page.getByRole('button', { name, exact: true });
const more = async (view: ConsolePage, name: string, item: string) => {
  await panel(view, name).getByRole('button', { name: 'More actions' }).click();
  await view.page.getByRole('menuitem', { name: item }).click();
};

async function accountNamed(name: string): Promise<string> {
  const { data } = await demo.query(
    'query ($name: String!) { organization { accounts(first: 5, filter: { nameContains: $name }) { nodes { id name } } } }',
    { name },
  );
  return data.organization.accounts.nodes.find((account: { name: string }) => account.name === name).id;
}

async function unitNamed(name: string): Promise<string> {
  const { data } = await demo.query(
    'query ($name: String!) { organization { organizationalUnits(first: 5, filter: { nameContains: $name }) { nodes { id } } } }',
    { name },
  );
  return data.organization.organizationalUnits.nodes[0].id;
}

const fail = (operation: string, error: string, more: object = {}) =>
  demo.simulator.control.fail({ operation, failure: { kind: 'error', error, ...more }, times: 1 } as never);

test('a move shows what the account loses, gains and keeps, and the account moves when AWS has answered', async () => {
  const id = await accountNamed('EU Payments Vault');
  await using view = await open(`/organization?open=${id}`);
  await button(view, 'Move').click();
  const dialog = view.page.getByRole('dialog', { name: 'Move EU Payments Vault' });
  await dialog.getByText('now here').waitFor();
  await dialog.getByLabel('Destination: find a unit').fill('shared');
  await dialog.getByRole('treeitem').filter({ hasText: 'Shared Services' }).click();
  const { data } = await demo.query(
    `query ($changes: [PolicyChangeInput!]!) { organization { policyPreview(changes: $changes) { accounts(first: 1) { nodes {
      lost { policy { name } } gained { policy { name } } } } } } }`,
    { changes: [{ moveAccount: { accountId: id, destinationParentId: await unitNamed('Shared Services') } }] },
  );
  const [{ lost, gained }] = data.organization.policyPreview.accounts.nodes;
  const namesOf = (policies: { policy: { name: string } }[]) => new Set(policies.map(({ policy }) => policy.name));
  const [before, after] = [namesOf(lost), namesOf(gained)];
  const listed = (list: RegExp) => dialog.getByRole('region', { name: list }).locator('.strong').allTextContents();
  await dialog.getByRole('region', { name: /^Gains/ }).waitFor();
  // A policy that is attached on both paths is neither lost nor gained.
  expect(new Set(await listed(/^Loses/))).toEqual(new Set([...before].filter((name) => !after.has(name))));
  expect(new Set(await listed(/^Gains/))).toEqual(new Set([...after].filter((name) => !before.has(name))));
  await dialog.getByText('iam:CreateAccessKey').waitFor();
  await dialog.getByText(/backups of this account stop\./).waitFor();
  await dialog.getByText('1 call').waitFor();
  await button(view, 'Move account').click();
  await dialog.waitFor({ state: 'detached' });
  await view.page.getByRole('navigation', { name: 'Path' }).getByText('Shared Services').waitFor();
  await panel(view, 'EU Payments Vault').getByText('Shared Services from Payments').waitFor();
  const audited = lines.find((line) => JSON.stringify(line).includes('"MoveAccount"'));
  expect(audited).toMatchObject({ caller: 'anonymous' });
  await view.expectNoFailures();
});

test('a move that AWS refuses keeps the dialog, and says why in plain words', async () => {
  const id = await accountNamed('Search');
  await using view = await open(`/organization?open=${id}&action=move&with-to=${await unitNamed('Security')}`);
  await view.page.getByText('Apply from then on').waitFor();
  fail('MoveAccount', 'SourceParentNotFoundException');
  await button(view, 'Move account').click();
  const alert = view.page.getByRole('alert');
  await alert.getByText('Search was not moved').waitFor();
  await alert.getByText(/no longer in the unit that it was to be moved from\. It was moved meanwhile/).waitFor();
  await alert.getByText('SourceParentNotFoundException').waitFor();
  await alert.getByText(/Request [0-9a-f-]{36}/).waitFor();
});

test('an account is created step by step, goes on in the status bar, and is moved to its unit', async () => {
  await using view = await open(`/organization?open=${await unitNamed('Sandbox')}`);
  await button(view, 'Create account').click();
  const dialog = view.page.getByRole('dialog', { name: 'Create account' });
  await dialog.getByLabel('Name').fill('Data Lake');
  await button(view, 'Create account').last().click();
  await dialog.getByText('Type an e-mail address of at most 64 characters').waitFor();
  expect(await dialog.getByLabel('E-mail of the owner').evaluate((field) => field === document.activeElement)).toBe(
    true,
  );
  await dialog.getByLabel('E-mail of the owner').fill('data-lake@example.com');
  await dialog.getByRole('button', { name: 'Add a tag' }).click();
  await dialog.getByLabel('Key of tag 1').fill('Environment');
  await dialog.getByLabel('Value of tag 1').fill('Sandbox');
  await dialog.getByText('2 calls').waitFor();
  await button(view, 'Create account').last().click();
  await dialog.getByRole('list', { name: 'Progress' }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const task = view.page.getByRole('button', { name: 'Created Data Lake' });
  await task.waitFor();
  await treeItem(view, 'Data Lake').waitFor();
  await task.click();
  await dialog.getByText(/^Data Lake has the account id /).waitFor();
  await dialog.getByRole('link', { name: 'Open the account' }).click();
  await panel(view, 'Data Lake').waitFor();
  await view.page.getByRole('navigation', { name: 'Path' }).getByText('Sandbox').waitFor();
  await task.waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('a creation that can no longer be followed says so, and is looked at again', async () => {
  await using view = await open('/organization?action=create');
  const dialog = view.page.getByRole('dialog', { name: 'Create account' });
  await dialog.getByLabel('Name').fill('Fourth');
  await dialog.getByLabel('E-mail of the owner').fill('fourth@example.com');
  const repairs = (['DescribeCreateAccountStatus', 'ListCreateAccountStatus'] as const).map((operation) =>
    demo.simulator.control.fail({ operation, failure: { kind: 'error', error: 'AccessDeniedException' } }),
  );
  await view.page.keyboard.press('Control+Enter');
  await dialog.getByText('AWS goes on creating the account. The page follows it no longer.').waitFor();
  await view.page.getByRole('button', { name: 'Not known: Fourth' }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  for (const repair of repairs) repair();
  await dialog.getByRole('button', { name: 'Retry' }).click();
  await dialog.getByText(/^Fourth has the account id /).waitFor();
  await view.page.getByRole('button', { name: 'Created Fourth' }).waitFor();
});

test('another principal does not see the accounts that the last one has created', async () => {
  await using view = await open('/organization?action=create');
  const dialog = view.page.getByRole('dialog', { name: 'Create account' });
  await dialog.getByLabel('Name').fill('Third');
  await dialog.getByLabel('E-mail of the owner').fill('third@example.com');
  await view.page.keyboard.press('Control+Enter');
  await dialog.getByText(/^Third has the account id /).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  const task = view.page.getByRole('button', { name: 'Created Third' });
  await task.waitFor();
  await view.page.getByRole('button', { name: /^Principal/ }).click();
  await view.page.getByRole('menuitemradio').filter({ hasText: 'customer' }).click();
  await task.waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('an account that AWS does not create says why', async () => {
  await fetch(`${demo.simulator.url}/_orgql/account-creation-failures`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reasons: ['EMAIL_ALREADY_EXISTS'] }),
  });
  await using view = await open('/organization?action=create');
  const dialog = view.page.getByRole('dialog', { name: 'Create account' });
  await dialog.getByLabel('Name').fill('Second');
  await dialog.getByLabel('E-mail of the owner').fill('taken@example.com');
  await view.page.keyboard.press('Control+Enter');
  await dialog.getByText('Second was not created.').waitFor();
  await dialog.getByText('Another account has the e-mail address.').waitFor();
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  await view.page.getByRole('button', { name: /Not created/ }).waitFor({ state: 'detached' });
});

test('a unit is created, renamed and deleted, by keyboard alone', async () => {
  await using view = await open(`/organization?open=${await unitNamed('Security')}`);
  const { page } = view;
  await button(view, 'New unit').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'New unit in Security' }).waitFor();
  await page.keyboard.type('Red Team');
  await page.keyboard.press('Control+Enter');
  await treeItem(view, 'Red Team').waitFor();
  await panel(view, 'Red Team').waitFor();
  await page.locator('body').press('r');
  await page.getByRole('heading', { name: 'Rename Red Team' }).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.type(' 2');
  await page.keyboard.press('Enter');
  await panel(view, 'Red Team 2').waitFor();
  await panel(view, 'Red Team 2').getByRole('button', { name: 'More actions' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByText('It cannot be restored').waitFor();
  await page.keyboard.type('red team');
  await page.keyboard.press('Enter');
  await page.getByText('This is not “Red Team 2”').waitFor();
  await page.keyboard.type(' 2 ');
  await page.keyboard.press('Enter');
  await treeItem(view, 'Red Team 2').waitFor({ state: 'detached' });
  await panel(view, 'Security').waitFor();
  await view.expectNoFailures();
});

test('a unit that holds something cannot be deleted, and the page says what is in the way', async () => {
  await using view = await open(`/organization?open=${await unitNamed('Production')}`);
  await more(view, 'Production', 'Delete unit');
  await view.page.getByText(/^\d+ accounts? and 1 unit are in the way\./).waitFor();
});

test('tags are set and removed, and only what has changed is sent', async () => {
  const id = await accountNamed('Search');
  await using view = await open(`/organization?open=${id}`);
  await more(view, 'Search', 'Tags');
  const form = view.page.getByRole('region', { name: 'Tags of Search' });
  await form.getByRole('button', { name: 'Add a tag' }).click();
  await form
    .getByLabel(/^Key of tag/)
    .last()
    .fill('Owner');
  await form
    .getByLabel(/^Value of tag/)
    .last()
    .fill('<b>');
  await form.getByText('“<b>”: AWS allows letters').waitFor();
  await form
    .getByLabel(/^Value of tag/)
    .last()
    .fill('Search team');
  await form.getByText('1 call').waitFor();
  await form.getByRole('button', { name: 'Save tags' }).click();
  await panel(view, 'Search').getByText('Search team').first().waitFor();
  await form.waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('an account is closed, and another removed, after its name is typed', async () => {
  const closing = await accountNamed('Sandbox 1').catch(() => accountNamed('Data Lake'));
  await using view = await open(`/organization?open=${closing}`);
  const name = (await view.page.getByRole('complementary').getByRole('heading', { level: 2 }).textContent()) ?? '';
  await more(view, name, 'Close account');
  await view.page.getByText(/It stays in the organization as suspended for 90 days/).waitFor();
  await view.page.getByLabel(/To confirm, type/).fill(` ${name.toUpperCase()} `);
  await button(view, 'Close account').click();
  await panel(view, name)
    .getByText(/Closing|Suspended|Closed/)
    .first()
    .waitFor();
  await view.expectNoFailures();
});

describe('what a caller or a principal may not do', () => {
  test('is locked, and says which scope is missing', async () => {
    const { authorization, settings } = apiKey({ principals: ['partner'], scopes: ['read'] });
    await using other = await startDemo({
      config: { auth: { type: 'apiKeys', keys: [settings] }, console: { enabled: true } },
    });
    await using view = await ConsolePage.open(browser, `${new URL(other.url).origin}/organization`, {
      context: { extraHTTPHeaders: {} },
    });
    await view.page.getByLabel(/API key/).fill(authorization.replace('Bearer ', ''));
    await view.page.keyboard.press('Enter');
    const create = view.page.getByRole('button', { name: 'Create account' });
    await create.waitFor();
    expect(await create.getAttribute('aria-disabled')).toBe('true');
    await create.focus();
    await view.page
      .getByRole('tooltip')
      .filter({ hasText: 'Creating an account needs the scope organization:write' })
      .waitFor();
  });
});
