import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let origin: string;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) } });
  origin = new URL(demo.url).origin;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path: string, options = {}) => ConsolePage.open(browser, origin + path, options);

async function invite(accountId: string): Promise<string> {
  const { data } = await demo.query(
    `mutation Invite($id: ID!) { inviteAccountToOrganization(input: { target: { id: $id, type: ACCOUNT } }) {
      ... on InviteAccountToOrganizationPayload { handshake { id } }
      ... on Error { code message }
    } }`,
    { id: accountId },
  );
  return data.inviteAccountToOrganization.handshake.id;
}

test('an invitation that is sent and answered through the API appears, and changes its group, without a reload', async () => {
  await using view = await open('/invitations');
  await view.row('Answered or over').waitFor();
  const id = await invite('222222222222');
  const row = view.row('Account 2222 2222 2222').and(view.page.locator(`[data-key="${id}"]`));
  await row.getByText('14 d 23 h left').waitFor();
  await demo.query(
    'mutation Decline($id: ID!) { declineHandshake(input: { handshakeId: $id }) { __typename } }',
    { id },
    { principal: 'standalone' },
  );
  await row.getByText('Declined').waitFor();
  await view.expectNoFailures();
});

test('an account in no organization sees what it received, and no transfers', async () => {
  await using view = await open('/?as=standalone');
  await view.page.waitForURL(/\/invitations\?/);
  await view.page.getByRole('grid', { name: 'Received invitations' }).waitFor();
  await view.page.getByRole('tab', { name: 'Sent' }).click();
  await view.page.getByRole('heading', { name: 'This account is in no organization' }).waitFor();
  await view.page.getByRole('link', { name: 'Transfers' }).click();
  await view.page.getByRole('heading', { name: 'This account is in no organization' }).waitFor();
  await view.expectNoFailures();
});

test('the drawer says who asks whom for what, how long is left, and has the raw resources', async () => {
  await using view = await open('/invitations?side=sent&for=billing');
  await view.row('Zinnia Zoos').click();
  const drawer = view.page.getByRole('complementary', { name: 'Zinnia Zoos' });
  await drawer.getByText('You asked Zinnia Zoos to let Northwind Cloud Partners pay its AWS bill').waitFor();
  await drawer.getByText('left to answer').waitFor();
  await drawer.getByText('TRANSFER_START_TIMESTAMP').waitFor();
  await drawer.getByRole('link', { name: 'Zinnia Zoos' }).click();
  await view.page.waitForURL(/\/transfers\?/);
  await view.page.getByRole('complementary', { name: 'Zinnia Zoos' }).getByText('Transfer id').waitFor();
  await view.expectNoFailures();
});

test('filters select by subject, state and deadline, and the CSV has their rows only', async () => {
  await using view = await open('/invitations?for=join&state=Accepted');
  await view.row('Accepted').first().waitFor();
  const shown = Number.parseInt((await view.page.getByText(/^\d+ invitations?$/).textContent()) ?? '', 10);
  const download = view.page.waitForEvent('download');
  await view.page.getByRole('button', { name: 'Export CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(shown + 1);
  for (const line of lines.slice(1)) expect(line).toContain('Join,Accepted,INVITE,ACCEPTED');
});

test.for(['light', 'dark'] as const)('axe finds no violation in the %s theme', async (theme) => {
  await using view = await open('/invitations', { theme });
  await view.row('Answered or over').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.row('Zinnia Zoos').click();
  await view.page.getByRole('complementary').getByText('left to answer').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using phone = await open('/invitations?as=standalone', { theme, viewport: { width: 390, height: 844 } });
  await phone.row('To answer').waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
});
