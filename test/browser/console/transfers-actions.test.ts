import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { acceptAsCustomer, inviteToTransfer } from '../../support/transfers.ts';

let browser: Browser;
let demo: Demo;
let origin: string;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({
    simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) },
    config: { inventory: [{ principal: 'partner' }] },
  });
  origin = new URL(demo.url).origin;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path = '/transfers', options = {}) => ConsolePage.open(browser, origin + path, options);

const transferOf = async (id: string) => {
  const { data } = await demo.query(
    `query ($id: ID!) { responsibilityTransfer(id: $id) { name status endTimestamp tags(first: 9) { nodes { key value } } } }`,
    { id },
  );
  return data.responsibilityTransfer;
};

/** What an operation of the page costs, in calls to AWS. */
const costOf = async (view: ConsolePage, operation: string): Promise<number> => {
  const isIt = (body: string | null) => body?.includes(`mutation ${operation}(`) === true;
  const response = await view.page.waitForResponse((each) => isIt(each.request().postData()));
  return (await response.json()).extensions.upstream.calls;
};

test('an invitation is sent, accepted in another window, seen live in both, and ended', async () => {
  await using partner = await open('/transfers?as=partner');
  await partner.row('Active').first().waitFor();
  await partner.page.getByRole('button', { name: 'Invite', exact: true }).click();
  const form = partner.page.getByRole('complementary', { name: 'Invite a customer' });
  await form.getByLabel('Account id or e-mail address').fill('4444 4444 4444');
  await form.getByLabel('Customer name').fill('Fabrikam & <b>Sons</b>');
  await form.getByRole('button', { name: 'Send invitation' }).click();
  // No month was chosen.
  await form.getByText('No month is chosen. Choose when billing starts.').waitFor();
  await form.getByRole('radio', { name: /1 Dec 2026/ }).check();
  await form.getByLabel('Note to the customer').fill('As agreed');
  const cost = costOf(partner, 'InviteToTransfer');
  await form.getByRole('button', { name: 'Send invitation' }).click();
  await form.waitFor({ state: 'detached' });
  expect(await cost).toBe(1);
  await partner.row('Fabrikam & <b>Sons</b>').getByText(/left$/).waitFor();

  await using customer = await open('/transfers?as=customer&side=outbound');
  await customer
    .row(/(min|h|s) left/)
    .first()
    .click();
  const received = customer.page.getByRole('complementary');
  await received.getByRole('button', { name: 'Accept', exact: true }).click();
  await received.getByText(/pays the AWS bill of all accounts of/).waitFor();
  await received.getByRole('button', { name: 'Accept invitation' }).click();
  await received.getByText('Scheduled', { exact: true }).waitFor();
  const row = partner.row('Fabrikam & <b>Sons</b>');
  await row.locator('[data-column="status"]').getByText('Starts 1 Dec').waitFor();

  await row.click();
  const drawer = partner.page.getByRole('complementary', { name: 'Fabrikam & <b>Sons</b>' });
  await drawer.getByRole('button', { name: 'End transfer' }).click();
  await drawer.getByRole('radio', { name: /31 Dec/ }).check();
  // Before it is sent, the row shows it.
  await row.locator('.timeline-end').getByText('Ends 31 Dec').waitFor();
  await drawer.getByText(/pays December\. Fabrikam & <b>Sons<\/b> pays January\./).waitFor();
  await drawer.getByRole('button', { name: 'End on 31 Dec' }).click();
  await drawer.getByText(/Type the name as it is written above/).waitFor();
  await drawer.getByLabel(/^To confirm, type/).fill('  fabrikam & <B>sons</b> ');
  const endCost = costOf(partner, 'EndTransfer');
  await drawer.getByRole('button', { name: 'End on 31 Dec' }).click();
  await drawer.getByText('Ending', { exact: true }).waitFor();
  expect(await endCost).toBe(1);
  await received.getByText('Ending', { exact: true }).waitFor();
  await drawer.getByText('Set to end by anonymous').waitFor();
  await partner.expectNoFailures();
  await customer.expectNoFailures();
});

test('R on a row renames its transfer by keyboard alone, and Ctrl Enter sends it', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Contoso Retail', id: 'contoso@example.com' });
  await using view = await open();
  await view.row('Contoso Retail').waitFor();
  const { keyboard } = view.page;
  await view.page.locator(`[data-key="${transferId}"]`).focus();
  await keyboard.press('r');
  const drawer = view.page.getByRole('complementary');
  const field = drawer.getByLabel('Customer name');
  await drawer.locator('input:focus').waitFor();
  expect(await field.inputValue()).toBe('Contoso Retail');
  await keyboard.press('Control+A');
  await keyboard.type('Contoso Zoë');
  await keyboard.press('Control+Enter');
  await drawer.getByText(/“ë”: AWS allows only/).waitFor();
  await keyboard.press('Backspace');
  await keyboard.type('e');
  const cost = costOf(view, 'RenameTransfer');
  await keyboard.press('Control+Enter');
  await drawer.getByRole('heading', { name: 'Contoso Zoe' }).waitFor();
  await field.waitFor({ state: 'detached' });
  expect(await cost).toBe(1);
  await drawer.getByText('Renamed by anonymous, before Contoso Retail').waitFor();
  await keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('tags: only what has changed is sent, and a part that fails is reported exactly', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Tailspin Toys', id: 'tailspin@example.com' });
  await demo.query(`mutation ($input: TagResourceInput!) { tagResource(input: $input) { ... on Error { message } } }`, {
    input: {
      resourceId: transferId,
      tags: [
        { key: 'team', value: 'north' },
        { key: 'stage', value: 'test' },
      ],
    },
  });
  const repair = demo.simulator.control.fail({
    operation: 'UntagResource',
    failure: { kind: 'error', error: 'TargetNotFoundException' },
  });
  await using view = await open(`/transfers?open=${transferId}`);
  const drawer = view.page.getByRole('complementary', { name: 'Tailspin Toys' });
  await drawer.getByRole('button', { name: 'Tags' }).click();
  await drawer.getByLabel('Value of tag 1').fill('south');
  await drawer.getByRole('button', { name: 'Remove tag stage' }).click();
  await drawer.getByText('Saving sets 1 tag and removes “stage”.').waitFor();
  await drawer.getByText('2 calls').waitFor();
  await drawer.getByRole('button', { name: 'Save tags' }).click();
  await drawer.getByRole('heading', { name: '1 tag was set, but “stage” was not removed' }).waitFor();
  await drawer.getByText(/^TargetNotFoundException/).waitFor();
  // Only the rest is sent again.
  await drawer.getByText('Saving removes “stage”.').waitFor();
  repair();
  await drawer.getByRole('button', { name: 'Save tags' }).click();
  await drawer.locator('.action-form').waitFor({ state: 'detached' });
  await drawer.getByText('stage', { exact: true }).waitFor({ state: 'detached' });
  expect((await transferOf(transferId)).tags.nodes).toEqual([{ key: 'team', value: 'south' }]);
  await view.expectNoFailures();
});

test('an invitation is canceled, and an answer that arrives first replaces the form', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Wingtip', id: 'wingtip@example.com' });
  await using view = await open(`/transfers?open=${transferId}&action=cancel`);
  const drawer = view.page.getByRole('complementary', { name: 'Wingtip' });
  await drawer.getByText(/can no longer accept/).waitFor();
  await drawer.getByRole('group').or(drawer).getByRole('button', { name: 'Cancel invitation' }).last().click();
  await drawer.getByText('Canceled', { exact: true }).waitFor();
  await view.expectNoFailures();

  await using other = await startDemo({
    simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) },
  });
  const next = await inviteToTransfer(other, { name: 'Litware' });
  const url = new URL(`/transfers?open=${next.transferId}&action=cancel`, other.url).href;
  await using late = await ConsolePage.open(browser, url);
  const form = late.page.getByRole('complementary', { name: 'Litware' });
  await form.getByText(/can no longer accept/).waitFor();
  await acceptAsCustomer(other, next.handshakeId);
  await form.getByText('The invitation of Litware has been accepted meanwhile.').waitFor();
  expect(await form.locator('.action-card').count()).toBe(1);
  await late.expectNoFailures();
});

test('an invitation is declined by the invited side', async () => {
  await using other = await startDemo({
    simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) },
  });
  const { transferId } = await inviteToTransfer(other, { name: 'Litware' });
  const url = new URL(`/transfers?as=customer&side=outbound&open=${transferId}`, other.url).href;
  await using view = await ConsolePage.open(browser, url);
  const drawer = view.page.getByRole('complementary');
  await drawer.getByRole('button', { name: 'Decline', exact: true }).click();
  await drawer.getByText(/goes on paying its AWS bill itself/).waitFor();
  await drawer.getByRole('button', { name: 'Decline invitation' }).click();
  await drawer.getByText('Declined', { exact: true }).waitFor();
  await view.expectNoFailures();
});

test('selected rows are canceled and tagged one after the other, and each failure is reported; none is ended', async () => {
  await using other = await startDemo();
  for (const at of [1, 2]) await inviteToTransfer(other, { name: `Selected ${at}`, id: `s${at}@example.com` });
  await using view = await ConsolePage.open(browser, new URL('/transfers?q=selected', other.url).href);
  await view.row('Selected 2').waitFor();
  for (const at of [1, 2]) await view.row(`Selected ${at}`).getByRole('checkbox').check();
  const bar = view.page.getByRole('toolbar', { name: 'Selected transfers' });
  await bar.getByText('2 transfers selected').waitFor();
  expect(await bar.getByRole('button', { name: /End/ }).count()).toBe(0);
  expect(await view.accessibilityViolations()).toEqual([]);

  await bar.getByRole('button', { name: 'Tag 2 transfers' }).click();
  const drawer = view.page.getByRole('complementary');
  await drawer.getByLabel('Key of tag 1').fill('wave');
  await drawer.getByLabel('Value of tag 1').fill('december');
  other.simulator.control.failNext('TagResource', 'TargetNotFoundException');
  await drawer.getByRole('button', { name: 'Tag 2 transfers' }).click();
  await drawer.getByText('1 transfer was not tagged. 1 done.').waitFor();
  await drawer.getByText(/^TargetNotFoundException [\w-]+$/).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await drawer.getByRole('button', { name: 'Retry 1' }).click();
  await drawer.waitFor({ state: 'detached' });

  await bar.getByRole('button', { name: 'Cancel 2 invitations' }).click();
  await drawer.getByText(/can no longer accept/).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await drawer.getByRole('button', { name: 'Cancel 2 invitations' }).click();
  await drawer.waitFor({ state: 'detached' });
  await view.row('Selected 1').getByText('Canceled').first().waitFor();
  await view.row('Selected 2').getByText('Canceled').first().waitFor();
  await view.expectNoFailures();
});

test('selected rows that are not sent yet stay as they are when the drawer is closed', async () => {
  await using other = await startDemo();
  for (const at of [1, 2]) await inviteToTransfer(other, { name: `Closed ${at}`, id: `c${at}@example.com` });
  await using view = await ConsolePage.open(browser, new URL('/transfers?q=closed', other.url).href);
  const { page } = view;
  const sent: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/graphql', async (route) => {
    const body = route.request().postData() ?? '';
    if (!body.includes('mutation CancelInvitation(')) return route.continue();
    sent.push(body);
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  page.on('dialog', (dialog) => void dialog.accept());
  await view.row('Closed 2').waitFor();
  for (const at of [1, 2]) await view.row(`Closed ${at}`).getByRole('checkbox').check();
  await page.getByRole('toolbar').getByRole('button', { name: 'Cancel 2 invitations' }).click();
  const drawer = page.getByRole('complementary');
  await drawer.getByRole('button', { name: 'Cancel 2 invitations' }).click();
  await expect.poll(() => sent).toHaveLength(1);
  await drawer.getByRole('button', { name: 'Close' }).first().click();
  await drawer.waitFor({ state: 'detached' });
  const answer = page.waitForResponse((each) => !!each.request().postData()?.includes('mutation CancelInvitation('));
  release();
  await (await answer).finished();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(sent).toHaveLength(1);
  await view.expectNoFailures();
});
