import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startAs, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let origin: string;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: [{ principal: 'partner' }] } });
  origin = new URL(demo.url).origin;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path: string, options = {}) => ConsolePage.open(browser, origin + path, options);
const panel = ({ page }: ConsolePage, name: string) => page.getByRole('complementary', { name });
const inTree = ({ page }: ConsolePage, name: string) =>
  page.getByRole('tree', { name: 'Accounts and units' }).getByText(name, { exact: true });

interface Account {
  readonly id: string;
  readonly name: string;
  readonly joinedMethod: 'CREATED' | 'INVITED';
}

async function accounts(): Promise<readonly Account[]> {
  const { data } = await demo.query('{ organization { accounts(first: 200) { nodes { id name joinedMethod } } } }');
  return data.organization.accounts.nodes;
}

async function find(matches: (account: Account) => boolean): Promise<Account> {
  const account = (await accounts()).find(matches);
  if (account === undefined) throw new Error('The demo world has no such account');
  return account;
}

/** The management account, and a delegated administrator: neither can leave. */
const NOT_FREE = new Set(['Northwind Cloud Partners', 'Security Tooling']);
const isCustomer = ({ name, joinedMethod }: Account) => joinedMethod === 'INVITED' && !NOT_FREE.has(name);

async function unitNamed(name: string): Promise<string> {
  const { data } = await demo.query(
    'query ($name: String!) { organization { organizationalUnits(first: 5, filter: { nameContains: $name }) { nodes { id } } } }',
    { name },
  );
  return data.organization.organizationalUnits.nodes[0].id;
}

async function detachFromRoot(name: string): Promise<void> {
  const { data } = await demo.query(
    '{ root { id } organization { policies(type: SERVICE_CONTROL_POLICY, first: 50) { nodes { id name } } } }',
  );
  const policyId = data.organization.policies.nodes.find((policy: { name: string }) => policy.name === name).id;
  const result = await demo.query(
    'mutation ($input: DetachPolicyInput!) { detachPolicy(input: $input) { __typename } }',
    { input: { policyId, targetId: data.root.id } },
  );
  expect(result.data.detachPolicy.__typename).toBe('DetachPolicyPayload');
}

/** A gateway whose principal is a member account of the demo's organization. */
const startMember = (accountId: string) => startAs(demo, { member: accountId });

test('an account is removed after its name is typed, and the unit that it was in opens', async () => {
  const { id, name } = await find(isCustomer);
  await using view = await open(`/organization?open=${id}&action=remove`);
  const form = view.page.getByRole('region', { name: `Remove ${name} from the organization` });
  await form.getByText('pays its own AWS bill from then on').waitFor();
  await form.getByText('1 call').waitFor();
  await form.getByLabel(/To confirm, type/).fill('Another');
  await form.getByRole('button', { name: 'Remove account' }).click();
  await form.getByText(`This is not “${name}”`).waitFor();
  expect((await accounts()).some((account) => account.id === id)).toBe(true);
  await form.getByLabel(/To confirm, type/).fill(name);
  await view.page.keyboard.press('Control+Enter');
  await inTree(view, name).waitFor({ state: 'detached' });
  await form.waitFor({ state: 'detached' });
  expect((await accounts()).some((account) => account.id === id)).toBe(false);
  await view.expectNoFailures();
});

test('an account that cannot leave stays, and AWS’s reason is there in words', async () => {
  const { id, name } = await find(({ joinedMethod }) => joinedMethod === 'CREATED');
  demo.simulator.control.fail({
    operation: 'RemoveAccountFromOrganization',
    failure: {
      kind: 'error',
      error: 'ConstraintViolationException',
      reason: 'MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED',
    },
    times: 1,
  });
  await using view = await open(`/organization?open=${id}&action=remove`);
  await view.page.getByLabel(/To confirm, type/).fill(name);
  await view.page.keyboard.press('Enter');
  const alert = view.page.getByRole('alert');
  await alert.getByText(`${name} was not removed`).waitFor();
  await alert.getByText(/pay/).first().waitFor();
  await alert.getByText(/ConstraintViolationException/).waitFor();
  expect(await view.page.getByLabel(/To confirm, type/).inputValue()).toBe(name);
});

test('a move is made by keyboard alone, and Escape closes the dialog with nothing sent', async () => {
  const { id } = await find(({ name }) => name === 'Forensics');
  await using view = await open(`/organization?open=${id}`);
  const { keyboard } = view.page;
  await panel(view, 'Forensics').getByRole('button', { name: 'Move' }).waitFor();
  const dialog = view.page.getByRole('dialog', { name: 'Move Forensics' });
  await view.page.locator('body').press('m');
  await dialog.waitFor();
  await keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await view.page.locator('body').press('m');
  await dialog.getByLabel('Destination: find a unit').waitFor();
  await keyboard.type('policy staging');
  await dialog.getByRole('treeitem').filter({ hasText: 'Policy Staging' }).waitFor();
  await keyboard.press('Tab');
  await keyboard.press('End');
  await keyboard.press('Enter');
  await dialog.getByText('Apply from then on').waitFor();
  await keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await view.page.getByRole('navigation', { name: 'Path' }).getByText('Policy Staging').waitFor();
  await view.expectNoFailures();
});

test('links fill in forms, and send nothing', async () => {
  const unit = await unitNamed('Sandbox');
  await using view = await open(`/organization?open=${unit}&action=rename&with-name=Playground`);
  const name = view.page.getByRole('region', { name: 'Rename Sandbox' }).getByLabel('Name');
  await name.waitFor();
  expect(await name.inputValue()).toBe('Playground');
  const { id } = await find((account) => account.name === 'Catalog');
  await view.page.goto(`${origin}/organization?open=${id}&action=tags&with-tags=1&with-key=Owner&with-value=a=b`);
  const form = view.page.getByRole('region', { name: 'Tags of Catalog' });
  expect(await form.getByLabel('Key of tag 1').inputValue()).toBe('Owner');
  expect(await form.getByLabel('Value of tag 1').inputValue()).toBe('a=b');
  await form.getByText(/^Saving sets 1 tag/).waitFor();
  expect(await unitNamed('Sandbox')).toBe(unit);
});

test('a name that holds HTML stays text in every form', async () => {
  const parentId = await unitNamed('Security');
  const name = '<img src=x onerror=alert(1)>';
  await using view = await open(`/organization?open=${parentId}&action=new-unit`);
  await view.page.getByRole('region', { name: 'New unit in Security' }).getByLabel('Name').fill(name);
  await view.page.keyboard.press('Enter');
  await panel(view, name).waitFor();
  const id = new URL(view.page.url()).searchParams.get('open');
  for (const action of ['rename', 'tags', 'delete']) {
    await view.page.goto(`${origin}/organization?open=${id}&action=${action}`);
    await view.page.locator('.action-card h3').filter({ hasText: name }).waitFor();
    expect(await view.page.locator('img').count()).toBe(0);
  }
  await view.page.getByLabel(/To confirm, type/).fill(name);
  await view.page.keyboard.press('Enter');
  await panel(view, 'Security').waitFor();
  await view.expectNoFailures();
});

test('a delegated administrator sees the accounts, and that only the management account changes them', async () => {
  const { id, name } = await find((account) => account.name === 'Security Tooling');
  await using member = await startMember(id);
  const path = `${new URL(member.url).origin}/organization?open=${id}`;
  await using view = await ConsolePage.open(browser, path);
  const move = panel(view, name).getByRole('button', { name: 'Move' });
  await move.waitFor();
  expect(await move.getAttribute('aria-disabled')).toBe('true');
  await move.focus();
  await view.page
    .getByRole('tooltip')
    .filter({ hasText: '“member” is a member account. Only the management account, Northwind Cloud Partners' })
    .first()
    .waitFor();
  await view.page.keyboard.press('m');
  expect(await view.page.getByRole('dialog').count()).toBe(0);
  const other = await find(isCustomer);
  const { origin: own } = new URL(member.url);
  for (const action of ['move', 'remove', 'close']) {
    await view.page.goto(`${own}/organization?open=${other.id}&action=${action}`);
    await view.page
      .locator('.action-form')
      .getByText(/Only the management account, Northwind Cloud Partners/)
      .waitFor();
    expect(await view.page.locator('.action-form').getByRole('button').allTextContents()).toEqual(['Close']);
  }
  await view.page.goto(`${new URL(member.url).origin}/organization?open=${other.id}&action=leave`);
  await panel(view, other.name).getByText(`Only ${other.name} itself can leave.`).waitFor();
  expect(await view.page.getByRole('button', { name: 'Leave organization' }).count()).toBe(0);
});

test('a member account leaves by keyboard alone when no policy denies it any more; its form stays filled in until then', async () => {
  const { id } = await find(isCustomer);
  await using member = await startMember(id);
  await using view = await ConsolePage.open(browser, `${new URL(member.url).origin}/organization`, { theme: 'dark' });
  await view.page.getByRole('heading', { name: '“member” is a member account' }).waitFor();
  await view.page.getByText(/Only the management account, 1111 1111 1111, and delegated administrators/).waitFor();
  await view.tabTo(view.page.getByRole('button', { name: 'Leave the organization' }));
  await view.page.keyboard.press('Enter');
  const form = view.page.getByRole('region', { name: 'Leave the organization' });
  await form.getByText('Only an invitation by the organization brings it back.').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await form.locator('input:focus').waitFor();
  await view.page.keyboard.type('member');
  await view.page.keyboard.press('Enter');
  await form.getByText(/explicit deny in a service control policy/).waitFor();
  await detachFromRoot('Deny leaving the organization');
  expect(await form.getByLabel(/To confirm, type/).inputValue()).toBe('member');
  await view.page.keyboard.press('Enter');
  await view.page.getByRole('heading', { name: 'This account is in no organization' }).waitFor();
  expect((await accounts()).some((account) => account.id === id)).toBe(false);
});

test('without a copy of the organization, a search by tag says why it finds nothing', async () => {
  await using other = await startDemo();
  await using view = await ConsolePage.open(browser, `${new URL(other.url).origin}/organization?q=tag:Environment`);
  await view.page.getByRole('heading', { name: 'The search knows no tags' }).waitFor();
  await view.page.getByText('inventory').waitFor();
});
