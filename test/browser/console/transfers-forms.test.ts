import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { inviteToTransfer } from '../../support/transfers.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  browser = await launchChromium();
  // The last day of a month: an invitation for the next one would have expired.
  demo = await startDemo({ simulator: { clock: createClock({ start: new Date('2026-11-30T10:00:00Z') }) } });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path: string, options = {}) => ConsolePage.open(browser, new URL(path, demo.url).href, options);

const activeTransfer = async (from: Demo = demo, headers?: { readonly authorization: string }) => {
  const document = '{ organization { inboundResponsibilityTransfers(first: 100) { nodes { id name status } } } }';
  const { data } = await from.query(document, {}, headers && { headers });
  const { nodes } = data.organization.inboundResponsibilityTransfers;
  return nodes.find(({ name }: { name: string }) => name === 'Heather Hotels').id as string;
};

test('a start whose invitation would have expired cannot be chosen, and says why', async () => {
  await using view = await open('/transfers?action=invite');
  const early = view.page.getByRole('radio', { name: /1 Dec 2026/ });
  await early.waitFor();
  expect(await early.isDisabled()).toBe(true);
  await view.page
    .getByText('The invitation would have expired on 30 Nov 00:00 UTC, 24 hours before the start.')
    .waitFor();
  expect(await view.page.getByRole('radio', { name: /1 Jan 2027/ }).isDisabled()).toBe(false);
  await view.expectNoFailures();
});

test('a customer that is invited already: the form stays filled in, and leads to the open invitation', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Contoso Retail', id: 'contoso@example.com' });
  await using view = await open('/transfers?action=invite');
  const form = view.page.getByRole('complementary', { name: 'Invite a customer' });
  await form.getByLabel('Account id or e-mail address').fill('Contoso@example.com');
  await form.getByLabel('Customer name').fill('Contoso again');
  await form.getByRole('radio', { name: /1 Jan 2027/ }).check();
  await form.getByRole('button', { name: 'Send invitation' }).click();
  await form.getByRole('heading', { name: 'Contoso again was not invited' }).waitFor();
  await form.getByText(/^DuplicateHandshakeException/).waitFor();
  await form.getByText(/Request [\w-]+/).waitFor();
  expect(await form.getByLabel('Customer name').inputValue()).toBe('Contoso again');
  expect(await view.accessibilityViolations()).toEqual([]);
  await form.getByRole('button', { name: 'Show the open invitation' }).click();
  await view.page.getByRole('complementary', { name: 'Contoso Retail' }).waitFor();
  expect(new URL(view.page.url()).searchParams.get('open')).toBe(transferId);
  await view.expectNoFailures();
});

test('N invites by keyboard alone; Esc asks before a filled form is lost', async () => {
  await using view = await open('/transfers');
  await view.row('Active').first().waitFor();
  const { keyboard } = view.page;
  const questions: string[] = [];
  view.page.on('dialog', (dialog) => {
    questions.push(dialog.message());
    void dialog.dismiss();
  });
  await keyboard.press('n');
  const form = view.page.getByRole('complementary', { name: 'Invite a customer' });
  await form.waitFor();
  await keyboard.type('wingtip@example.com');
  await keyboard.press('Escape');
  await expect.poll(() => questions).toHaveLength(1);
  await keyboard.press('Tab');
  await keyboard.type('Wingtip');
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await keyboard.press('Control+Enter');
  await form.waitFor({ state: 'detached' });
  await view.row('Wingtip').waitFor();
  await view.expectNoFailures();
});

test('a dialog over a filled form closes without a question, and the field goes on', async () => {
  await using view = await open('/transfers?action=invite');
  const { keyboard } = view.page;
  const questions: string[] = [];
  view.page.on('dialog', (dialog) => {
    questions.push(dialog.message());
    void dialog.dismiss();
  });
  const field = view.page.getByLabel('Account id or e-mail address');
  await field.pressSequentially('wing@example.com');
  for (let step = 0; step < '@example.com'.length; step += 1) await keyboard.press('ArrowLeft');
  await keyboard.press('Control+k');
  const palette = view.page.getByRole('dialog', { name: 'Search or jump to' });
  await palette.waitFor();
  await keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
  await keyboard.type('tip');
  await expect.poll(() => field.inputValue()).toBe('wingtip@example.com');
  expect(questions).toEqual([]);
  await view.expectNoFailures();
});

test('the palette ends and renames the best match', async () => {
  await using view = await open('/transfers');
  await view.row('Active').first().waitFor();
  await view.page.keyboard.press('Control+k');
  await view.page.keyboard.type('heather');
  await view.page.getByRole('option', { name: /Rename Heather Hotels/ }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.page.getByRole('option', { name: /End transfer of Heather Hotels/ }).click();
  await view.page.getByRole('heading', { name: /When does .* stop paying\?/ }).waitFor();
  await view.expectNoFailures();
});

test('a form that is closed while it is sent does not close the next one', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Coho', id: 'coho@example.com' });
  await using view = await open(`/transfers?open=${transferId}&action=rename`);
  const { page } = view;
  const drawer = page.getByRole('complementary');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('mutation RenameTransfer(')) await held;
    await route.continue();
  });
  await drawer.getByLabel('Customer name').fill('Coho Winery');
  const isSent = page.waitForRequest((each) => each.postData()?.includes('mutation RenameTransfer(') === true);
  await drawer.locator('.action-form').getByRole('button', { name: 'Rename' }).click();
  await isSent;
  await drawer.getByRole('button', { name: 'Cancel', exact: true }).click();
  await drawer.getByRole('button', { name: 'Tags', exact: true }).click();
  await drawer.getByRole('heading', { name: 'Tags of Coho' }).waitFor();
  // What the form reads again when it is done.
  const isDone = page.waitForResponse((each) => !!each.request().postData()?.includes('query TransferDetails('));
  release();
  await isDone;
  await drawer.getByRole('heading', { name: 'Tags of Coho Winery' }).waitFor();
  expect(new URL(page.url()).searchParams.get('action')).toBe('tags');
  await view.expectNoFailures();
});

test('AWS refuses an end: its code and the next step are shown, and what was typed stays', async () => {
  const id = await activeTransfer();
  const repair = demo.simulator.control.fail({
    operation: 'TerminateResponsibilityTransfer',
    failure: { kind: 'error', error: 'ResponsibilityTransferNotFoundException' },
  });
  await using view = await open(`/transfers?open=${id}&action=end`);
  const drawer = view.page.getByRole('complementary', { name: 'Heather Hotels' });
  await drawer.getByRole('radio', { name: /30 Nov/ }).check();
  await drawer.getByLabel(/^To confirm/).fill('Heather Hotels');
  await drawer.getByRole('button', { name: 'End on 30 Nov' }).click();
  await drawer.getByRole('heading', { name: 'The transfer of Heather Hotels was not ended' }).waitFor();
  await drawer.getByText(/^ResponsibilityTransferNotFoundException/).waitFor();
  expect(await drawer.getByLabel(/^To confirm/).inputValue()).toBe('Heather Hotels');
  repair();
});

test('a caller that may only read sees which scope each action needs', async () => {
  const { settings, authorization } = apiKey({ name: 'support-desk', principals: ['partner'], scopes: ['read'] });
  await using restricted = await startDemo({ config: { auth: { type: 'apiKeys', keys: [settings] } } });
  await using proxy = await startAuthorizingProxy(restricted.url, authorization);
  const id = await activeTransfer(restricted, { authorization });
  await using view = await ConsolePage.open(browser, `${proxy.origin}/transfers?open=${id}`);
  const drawer = view.page.getByRole('complementary', { name: 'Heather Hotels' });
  for (const [name, scope] of [
    ['Rename', 'transfers:manage'],
    ['Tags', 'organization:write'],
    ['End transfer', 'transfers:manage'],
  ] as const) {
    const button = drawer.getByRole('button', { name });
    await button.and(view.page.locator('[aria-disabled="true"]')).waitFor();
    await button.focus();
    await drawer.getByRole('tooltip').filter({ hasText: scope, visible: true }).waitFor();
  }
  const invite = view.page.getByRole('button', { name: 'Invite', exact: true });
  expect(await invite.getAttribute('aria-disabled')).toBe('true');
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.expectNoFailures();
});
