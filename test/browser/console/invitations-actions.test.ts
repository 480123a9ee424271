import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({
    simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) },
    config: { inventory: [{ principal: 'partner' }] },
  });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path: string, options = {}) => ConsolePage.open(browser, new URL(path, demo.url).href, options);

async function invite(accountId: string, from: Demo = demo): Promise<string> {
  const { data } = await from.query(
    `mutation Invite($id: ID!) { inviteAccountToOrganization(input: { target: { id: $id, type: ACCOUNT } }) {
      ... on InviteAccountToOrganizationPayload { handshake { id } }
      ... on Error { code message }
    } }`,
    { id: accountId },
  );
  return data.inviteAccountToOrganization.handshake.id;
}

const NOTE = 'From <b>us</b>';

test('invited, declined, invited again, accepted in another window: the account appears in the tree', async () => {
  await using partner = await open('/invitations?as=partner');
  await partner.row('Open').first().waitFor();
  await using invited = await open('/invitations?as=standalone');
  const { keyboard } = partner.page;
  const row = partner.row('Account 2222 2222 2222');

  // By keyboard alone.
  const inviteByKeys = async () => {
    await partner.page.locator('main').focus();
    await keyboard.press('n');
    await partner.page.getByRole('complementary', { name: 'Invite an account' }).locator('input:focus').waitFor();
    await keyboard.type('2222 2222 2222');
    await keyboard.press('Tab');
    await keyboard.type(NOTE);
    const sent = partner.page.waitForResponse((each) =>
      Boolean(each.request().postData()?.includes('mutation InviteToOrganization(')),
    );
    await keyboard.press('Control+Enter');
    expect((await (await sent).json()).extensions.upstream.calls).toBe(1);
    await partner.page.getByRole('complementary', { name: 'Invite an account' }).waitFor({ state: 'detached' });
    await row.filter({ hasText: 'left' }).waitFor();
  };
  const answer = async (button: 'Decline' | 'Accept', consequence: RegExp) => {
    await invited.row('left').filter({ hasText: 'Northwind' }).filter({ hasText: 'Join' }).click();
    const drawer = invited.page.getByRole('complementary');
    await drawer.locator('.invitation-note').getByText(NOTE, { exact: true }).waitFor();
    await drawer.getByRole('button', { name: button, exact: true }).click();
    await drawer.getByText(consequence).waitFor();
    await drawer.getByRole('button', { name: `${button} invitation` }).click();
    await drawer.getByText(button === 'Accept' ? 'Accepted' : 'Declined', { exact: true }).waitFor();
    await drawer.getByRole('button', { name: 'Close' }).click();
  };

  await inviteByKeys();
  await answer('Decline', /does not join, and goes on as it is/);
  await row.filter({ hasText: 'Declined' }).waitFor();
  await inviteByKeys();
  await answer('Accept', /pays the AWS bill of .* from now on/);
  await row.filter({ hasText: 'Accepted' }).waitFor();

  // The invited account sees the organization that it is in now.
  await invited.page.getByRole('tab', { name: 'Sent' }).click();
  await invited.page
    .getByRole('heading', { name: 'This account is in no organization' })
    .waitFor({ state: 'detached' });
  await partner.page
    .getByRole('link', { name: /^Organization/ })
    .first()
    .click();
  await partner.page.getByRole('treeitem', { name: /2222 2222 2222/ }).waitFor();
  const { data } = await demo.query(
    '{ organization { history(first: 50) { nodes { objectId type caller source } } } }',
  );
  const joined = data.organization.history.nodes.find(
    ({ objectId, type }: { objectId: string; type: string }) => objectId === '222222222222' && type === 'ACCOUNT',
  );
  expect(joined).toBeDefined();
  await partner.expectNoFailures();
  await invited.expectNoFailures();
});

test('a canceled invitation says so, and an answer that arrives first replaces the form', async () => {
  const canceled = await invite('333333333333');
  await using view = await open(`/invitations?side=sent&open=${canceled}`);
  const drawer = view.page.getByRole('complementary');
  await drawer.getByRole('button', { name: 'Cancel invitation' }).click();
  await drawer.getByText(/can no longer join .* by this invitation/).waitFor();
  await drawer.locator('.action-card').getByRole('button', { name: 'Cancel invitation' }).click();
  await drawer.getByText('Canceled', { exact: true }).waitFor();
  expect(await drawer.getByRole('button', { name: 'Cancel invitation' }).count()).toBe(0);

  const late = await invite('333333333333');
  await using other = await open(`/invitations?side=sent&open=${late}&action=cancel`);
  const form = other.page.getByRole('complementary');
  await form.getByText(/can no longer join/).waitFor();
  await demo.query('mutation Cancel($id: ID!) { cancelHandshake(input: { handshakeId: $id }) { __typename } }', {
    id: late,
  });
  await form.getByText(/is over: it was canceled meanwhile\./).waitFor();
  await view.expectNoFailures();
  await other.expectNoFailures();
});

test('selected invitations are canceled one after the other, and one that fails is reported and sent again', async () => {
  const addresses = ['first', 'second', 'third'].map((name) => `${name}@selected.example`);
  for (const address of addresses) {
    await demo.query(
      'mutation ($id: ID!) { inviteAccountToOrganization(input: { target: { id: $id, type: EMAIL } }) { __typename } }',
      { id: address },
    );
  }
  await using view = await open('/invitations?side=sent&q=selected.example');
  for (const address of addresses.slice(0, 2)) await view.row(address).getByRole('checkbox').check();
  const bar = view.page.getByRole('toolbar', { name: 'Selected invitations' });
  await bar.getByText('2 invitations selected').waitFor();
  await bar.getByRole('button', { name: 'Cancel 2 invitations' }).click();
  const drawer = view.page.getByRole('complementary', { name: 'Cancel 2 invitations' });
  await drawer.getByText(/can no longer be accepted\. You can send them again\./).waitFor();
  await drawer.getByText('2 calls').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  demo.simulator.control.failNext('CancelHandshake', 'ServiceException');
  demo.simulator.control.failNext('CancelHandshake', 'HandshakeNotFoundException');
  await drawer.getByRole('button', { name: 'Cancel 2 invitations' }).click();
  await drawer.getByText('1 invitation was not canceled. 1 done.').waitFor();
  await drawer.getByText(/^HandshakeNotFoundException [\w-]+$/).waitFor();
  await drawer.getByRole('button', { name: 'Retry 1' }).click();
  await drawer.waitFor({ state: 'detached' });
  await view.row('first@selected.example').getByText('Canceled').waitFor();
  await view.row('second@selected.example').getByText('Canceled').waitFor();
  await view.row('third@selected.example').getByText(/left$/).waitFor();
  await view.expectNoFailures();
});

test('a form stays while its answer is on the way, although the list has the new state', async () => {
  const id = await invite('333333333333');
  await using view = await open(`/invitations?side=sent&open=${id}&action=cancel`);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await view.page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('mutation CancelInvitation(')) return route.continue();
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  const drawer = view.page.getByRole('complementary');
  const form = drawer.locator('.action-card');
  await form.getByRole('button', { name: 'Cancel invitation' }).click();
  await drawer.getByText('Canceled', { exact: true }).waitFor();
  expect(await form.getByText(/can no longer join/).count()).toBe(1);
  release();
  await form.waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('an account that is invited already: the form stays filled in, and leads to the open invitation', async () => {
  const id = await invite('555555555555');
  await using view = await open('/invitations?action=invite');
  const form = view.page.getByRole('complementary', { name: 'Invite an account' });
  await form.getByLabel('Account id or e-mail address').fill('5555');
  await form.getByRole('button', { name: 'Send invitation' }).click();
  await form.getByText(/“5555” is no account id/).waitFor();
  await form.getByLabel('Account id or e-mail address').fill('5555-5555-5555');
  await form.getByLabel(/^Note/).fill('Again');
  await form.getByRole('button', { name: 'Send invitation' }).click();
  await form.getByRole('heading', { name: '5555-5555-5555 was not invited' }).waitFor();
  await form.getByText(/^DuplicateHandshakeException/).waitFor();
  await form.getByText(/Request [\w-]+/).waitFor();
  expect(await form.getByLabel(/^Note/).inputValue()).toBe('Again');
  expect(await view.accessibilityViolations()).toEqual([]);
  view.page.once('dialog', (dialog) => void dialog.accept());
  await form.getByRole('button', { name: 'Show the open invitation' }).click();
  await view.page.getByRole('complementary', { name: 'Account 5555 5555 5555' }).waitFor();
  expect(new URL(view.page.url()).searchParams.get('open')).toBe(id);
  await view.expectNoFailures();
});

test('a reminder is a draft in the mail program: nothing is sent', async () => {
  await demo.query(`mutation { inviteAccountToOrganization(
    input: { target: { id: "owner@example.org", type: EMAIL } }) { __typename } }`);
  await using view = await open('/invitations?side=sent&q=owner@example.org');
  await view.row('owner@example.org').click();
  const link = view.page.getByRole('link', { name: 'Remind by e-mail' });
  const url = new URL((await link.getAttribute('href')) ?? '');
  expect(url.protocol).toBe('mailto:');
  expect(decodeURIComponent(url.pathname)).toBe('owner@example.org');
  expect(url.searchParams.get('body')).toMatch(/We have asked you to join the AWS organization of/);
  await view.expectNoFailures();
});

test('a caller that may only read sees which scope each action needs', async () => {
  const { settings, authorization } = apiKey({ name: 'support-desk', principals: ['partner'], scopes: ['read'] });
  await using restricted = await startDemo({ config: { auth: { type: 'apiKeys', keys: [settings] } } });
  await using proxy = await startAuthorizingProxy(restricted.url, authorization);
  await using view = await ConsolePage.open(browser, `${proxy.origin}/invitations?side=sent`);
  await view.row(/left/).first().click();
  const button = view.page.getByRole('complementary').getByRole('button', { name: 'Cancel invitation' });
  await button.and(view.page.locator('[aria-disabled="true"]')).waitFor();
  await button.focus();
  await view.page.getByRole('tooltip').filter({ hasText: 'handshakes:send', visible: true }).waitFor();
  const inviting = view.page.getByRole('button', { name: 'Invite', exact: true });
  expect(await inviting.getAttribute('aria-disabled')).toBe('true');
  await view.expectNoFailures();
});
