import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let origin: string;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: [{ principal: 'partner' }, { principal: 'customer' }] } });
  origin = new URL(demo.url).origin;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path = '/organization', options = {}) => ConsolePage.open(browser, origin + path, options);
const treeItem = (view: ConsolePage, name: string) =>
  view.page.getByRole('treeitem').filter({ has: view.page.getByText(name, { exact: true }) });
const panel = (view: ConsolePage, name: string) => view.page.getByRole('complementary', { name });

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

const mutate = async (document: string, variables: object) => {
  const { data, errors } = await demo.query(document, variables as Record<string, unknown>);
  expect(errors).toBeUndefined();
  return Object.values(data)[0] as Record<string, unknown>;
};

const MOVE = `mutation ($accountId: ID!, $from: ID!, $to: ID!) {
  moveAccount(input: { accountId: $accountId, sourceParentId: $from, destinationParentId: $to }) { __typename }
}`;

test('the tree shows units with their accounts, and opens a link to an account', async () => {
  const id = await accountNamed('EU Payments Vault');
  await using view = await open(`/organization?open=${id}`);
  await panel(view, 'EU Payments Vault').getByText('Policies that reach this account').waitFor();
  const item = treeItem(view, 'EU Payments Vault');
  await item.waitFor();
  expect(await item.getAttribute('aria-level')).toBe('7');
  expect(await item.getAttribute('aria-selected')).toBe('true');
  expect(await treeItem(view, 'Payments').getAttribute('aria-expanded')).toBe('true');
  await view.page.getByText('77 accounts, 38 units').waitFor();
  await view.expectNoFailures();
});

test('the policies of an account are listed by level, as policyLevels has them', async () => {
  const id = await accountNamed('EU Payments Vault');
  const { data } = await demo.query(
    `query ($id: ID!) { account(id: $id) { policyLevels(type: SERVICE_CONTROL_POLICY) { target { name } policies { name awsManaged } } } }`,
    { id },
  );
  await using view = await open(`/organization?open=${id}`);
  const levels = panel(view, 'EU Payments Vault').getByRole('list').getByRole('listitem');
  await levels.getByText('Deny leaving the organization').waitFor();
  for (const [at, { target, policies }] of data.account.policyLevels.entries()) {
    const level = levels.nth(at);
    expect(await level.textContent()).toContain(target.name);
    const own = policies.filter(({ awsManaged }: { awsManaged: boolean }) => !awsManaged);
    for (const { name } of own) await level.getByText(name, { exact: true }).waitFor();
    if (own.length === 0) await level.getByText('Nothing else attached').waitFor();
  }
  await view.page.getByRole('tab', { name: /^Policies/ }).click();
  await view.row('Protect GuardDuty').getByText('Workloads').waitFor();
  await view.page.getByRole('tab', { name: 'Raw' }).click();
  await panel(view, 'EU Payments Vault').getByText(`"id": "${id}"`).waitFor();
});

test('an account that is moved through the API appears in its new unit without a reload', async () => {
  const accountId = await accountNamed('Search');
  const [from, to] = [await unitNamed('Production'), await unitNamed('Security')];
  await using view = await open(`/organization?open=${accountId}`);
  const path = view.page.getByRole('navigation', { name: 'Path' });
  await path.getByText('Production').waitFor();
  await mutate(MOVE, { accountId, from, to });
  await path.getByText('Security').waitFor();
  expect(await path.textContent()).not.toContain('Production');
  await panel(view, 'Search').getByText('No flow log deletion').waitFor({ state: 'detached' });
  await panel(view, 'Search').getByText('No key deletion').waitFor();
  await panel(view, 'Search').getByText('Security from Production').waitFor();
  await panel(view, 'Search').getByRole('link', { name: 'Open in Activity' }).waitFor();
  await mutate(MOVE, { accountId, from: to, to: from });
  await path.getByText('Production').waitFor();
  await view.expectNoFailures();
});

test('a new unit and an attached policy appear without a reload', async () => {
  const security = await unitNamed('Security');
  await using view = await open(`/organization?open=${security}`);
  const details = panel(view, 'Security');
  await details.getByText('Policies that reach this unit').waitFor();
  await mutate(
    'mutation ($parentId: ID!) { createOrganizationalUnit(input: { parentId: $parentId, name: "Forensics 2026" }) { __typename } }',
    { parentId: security },
  );
  await treeItem(view, 'Forensics 2026').waitFor();
  const { data } = await demo.query(
    '{ organization { policies(type: SERVICE_CONTROL_POLICY, first: 100) { nodes { id name } } } }',
  );
  const { id } = data.organization.policies.nodes.find(({ name }: { name: string }) => name === 'No Lightsail');
  await mutate(
    'mutation ($policyId: ID!, $targetId: ID!) { attachPolicy(input: { policyId: $policyId, targetId: $targetId }) { __typename } }',
    { policyId: id, targetId: security },
  );
  await details.getByText('No Lightsail').waitFor();
  await view.expectNoFailures();
});

test('a search by tag and policy keeps the units above, and its accounts are in the list and the CSV', async () => {
  await using view = await open();
  await treeItem(view, 'Root').waitFor();
  const { keyboard } = view.page;
  await keyboard.press('/');
  await keyboard.type('tag:environment=prod');
  await view.page.getByRole('option', { name: /Environment = Production/ }).click();
  await keyboard.type('has:Protect G');
  await keyboard.press('Enter');
  await view.page.getByText(/^11 accounts of 77 match, in 4 units$/).waitFor();
  expect(new URL(view.page.url()).searchParams.get('q')).toBe('tag:Environment=Production has:"Protect GuardDuty"');
  await treeItem(view, 'Retail API').waitFor();
  await treeItem(view, 'Sandbox').getByText('0 of 26').waitFor();
  await view.page.getByRole('radio', { name: 'List' }).click();
  await view.row('Retail API').waitFor();
  const download = view.page.waitForEvent('download');
  await view.page.getByRole('button', { name: 'CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(12);
  expect(lines.find((line) => line.startsWith('Retail API'))).toContain('Workloads / Production / Retail');
  await view.page.getByRole('button', { name: /Remove has:/ }).click();
  await view.page.getByRole('combobox', { name: 'Search accounts' }).fill('nothing like this');
  await view.page.getByRole('heading', { name: 'No account matches' }).waitFor();
  await view.page.getByRole('button', { name: 'Clear filters' }).click();
  await view.row('Acorn Apps').waitFor();
  await view.expectNoFailures();
});

test.for([
  ['name:vault', 'EU Payments Vault'],
  ['1623 3695', 'EU Payments Vault'],
  ['under:Workloads lacks:"Protect Config"', 'No account matches'],
  ['state:closed', 'closed'],
  ['joined:invited under:"Workloads / Production"', 'Production'],
])('the search understands %s', async ([query, shown]) => {
  await using view = await open(`/organization?q=${encodeURIComponent(query ?? '')}`);
  await view.page
    .getByRole('main')
    .getByText(shown ?? '', { exact: true })
    .first()
    .waitFor();
  await view.expectNoFailures();
});

test('the tree works by keyboard', async () => {
  await using view = await open();
  await treeItem(view, 'Root').waitFor();
  const { keyboard } = view.page;
  const focused = () => view.page.locator('[role="treeitem"]:focus .truncate').textContent();
  await keyboard.press('j');
  expect(await focused()).toBe('Root');
  await keyboard.press('ArrowLeft');
  expect(await treeItem(view, 'Root').getAttribute('aria-expanded')).toBe('false');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await expect.poll(focused).toBe('Acorn Apps');
  await keyboard.press('Enter');
  await panel(view, 'Acorn Apps').getByText('Account id').waitFor();
  await keyboard.press('ArrowLeft');
  await expect.poll(focused).toBe('Root');
  await keyboard.press('End');
  await expect.poll(async () => (await focused()) !== 'Root').toBe(true);
  await keyboard.press('Control+k');
  await view.page.getByRole('combobox', { name: 'Search or jump to' }).fill('payments vault');
  await view.page.getByRole('option', { name: /^EU Payments Vault/ }).waitFor();
  await keyboard.press('Enter');
  await panel(view, 'EU Payments Vault').waitFor();
  await view.expectNoFailures();
});

test.for(['light', 'dark'] as const)('axe finds no violation in the %s theme', async (theme) => {
  const id = await accountNamed('EU Payments Vault');
  for (const path of [
    `/organization?open=${id}&q=tag:Environment=Production`,
    '/organization',
    '/organization?view=list',
  ]) {
    await using view = await open(path, { theme });
    await view.page
      .getByRole('complementary')
      .getByText(/^Policies that reach/)
      .waitFor();
    expect(await view.accessibilityViolations()).toEqual([]);
  }
  await using view = await open(`/organization?open=${id}`, { theme });
  await view.page.getByRole('tab', { name: /^Policies/ }).click();
  await view.row('Protect GuardDuty').waitFor();
  await view.page.getByRole('combobox', { name: 'Search accounts' }).fill('has:');
  await view.page.getByRole('option').first().waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using phone = await open('/organization', { theme, viewport: { width: 390, height: 844 } });
  await treeItem(phone, 'Acorn Apps').waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
  await treeItem(phone, 'Acorn Apps').click();
  await phone.page.getByRole('complementary').getByText('Account id').waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
  await phone.page.getByRole('button', { name: 'Close' }).click();
  await phone.page.getByRole('complementary').waitFor({ state: 'detached' });
});

test('names and tags that hold HTML are shown as text', async () => {
  const name = '<img src=x onerror=alert(1)>';
  const parentId = await unitNamed('Security');
  const unit = await mutate(
    `mutation ($parentId: ID!, $name: String!) {
      createOrganizationalUnit(input: { parentId: $parentId, name: $name }) { ... on CreateOrganizationalUnitPayload { organizationalUnit { id } } }
    }`,
    { parentId, name },
  );
  const { id } = unit['organizationalUnit'] as { id: string };
  const value = 'data:text/html/x';
  await mutate(
    'mutation ($id: ID!, $tags: [TagInput!]!) { tagResource(input: { resourceId: $id, tags: $tags }) { __typename } }',
    { id, tags: [{ key: 'link', value }] },
  );
  await using view = await open(`/organization?open=${id}&q=${encodeURIComponent('<b>x')}`);
  await view.page.getByRole('heading', { name }).waitFor();
  await panel(view, name).getByText(value, { exact: true }).waitFor();
  expect(await view.page.locator('img, script:not([src]):not([type="application/json"])').count()).toBe(0);
  await view.expectNoFailures();
});

test('of an account in no organization, the page says what would be here', async () => {
  await using view = await open('/organization?as=standalone');
  await view.page.getByRole('heading', { name: 'This account is in no organization' }).waitFor();
});
