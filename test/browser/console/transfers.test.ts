import { readFile } from 'node:fs/promises';
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
  demo = await startDemo({ simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) } });
  origin = new URL(demo.url).origin;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path = '/transfers', options = {}) => ConsolePage.open(browser, origin + path, options);

test('the console opens with the transfers, grouped by what the reader has to do', async () => {
  await using view = await open('/');
  await view.page.waitForURL('**/transfers');
  await view.page.getByRole('heading', { name: 'Transfers' }).waitFor();
  const grid = view.page.getByRole('grid', { name: 'Inbound transfers' });
  await grid.getByRole('row').filter({ hasText: 'Awaiting answer' }).waitFor();
  const { data } = await demo.query('{ organization { inboundResponsibilityTransfers(first: 100) { totalCount } } }');
  const { totalCount } = data.organization.inboundResponsibilityTransfers;
  await view.page.getByText(`${totalCount} transfers`).waitFor();
  await view.page.getByText('Live', { exact: true }).waitFor();
  await view.expectNoFailures();
});

test('an organization without transfers opens with its accounts', async () => {
  await using bare = await startDemo({ simulator: { seed: 'empty' } });
  await bare.query('mutation { createOrganization { __typename } }');
  await using view = await ConsolePage.open(browser, new URL('/', bare.url).href);
  await view.page.waitForURL('**/organization');
  await view.page.getByRole('heading', { name: 'Organization' }).waitFor();
});

test('a transfer that is accepted through the API changes its group without a reload', async () => {
  const { handshakeId } = await inviteToTransfer(demo, { name: 'Contoso Retail' });
  await using view = await open();
  await view.row('Contoso Retail').getByText(/left$/).waitFor();
  await acceptAsCustomer(demo, handshakeId);
  await view
    .row('Contoso Retail')
    .locator('[data-column="status"]')
    .getByText(/^Starts /)
    .waitFor();
  // By the clock of this machine, whatever AWS's clock is.
  await view.page.getByText(/^last change \d+ s ago$/).waitFor();
  await view.expectNoFailures();
});

test.for(['light', 'dark'] as const)('axe finds no violation in the %s theme', async (theme) => {
  await using view = await open('/transfers', { theme });
  await view.row('Active').first().waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.row('Active').nth(1).click();
  await view.page.getByRole('complementary').getByText('Transfer id').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using phone = await open('/transfers', { theme, viewport: { width: 390, height: 844 } });
  await phone.row('Active').first().waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
});

test('names, notes and tags that hold HTML are shown as text', async () => {
  const name = '<img src=x onerror=alert(1)>';
  const link = 'data:text/html/x';
  const notes = '<b>bold</b> & "quoted"';
  const { transferId } = await inviteToTransfer(demo, {
    name,
    id: 'hostile@example.com',
    notes,
  });
  await demo.query(
    `mutation Tag($id: ID!, $tags: [TagInput!]!) { tagResource(input: { resourceId: $id, tags: $tags }) { __typename } }`,
    { id: transferId, tags: [{ key: 'link', value: link }] },
  );
  await using view = await open(`/transfers?open=${transferId}`);
  await view.page.getByRole('heading', { name }).waitFor();
  const drawer = view.page.getByRole('complementary');
  await drawer.getByText(notes).waitFor();
  await drawer.getByText(link, { exact: true }).waitFor();
  expect(
    await view.page.locator('img, script:not([src]):not([type="application/json"]), a[href^="javascript"]').count(),
  ).toBe(0);
  await view.expectNoFailures();
});

test('a filter selects while the reader types, and the CSV has its rows only', async () => {
  await using view = await open();
  const filter = view.page.getByRole('textbox', { name: 'Filter transfers' });
  await view.row('Active').first().waitFor();
  await view.page.keyboard.press('/');
  await filter.fill('jasmine');
  await view.page.getByText('1 transfer', { exact: true }).waitFor();
  const download = view.page.waitForEvent('download');
  await view.page.getByRole('button', { name: 'Export CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('Jasmine Jewels');
  await filter.fill('nothing like this');
  await view.page.getByRole('heading', { name: 'No transfer matches' }).waitFor();
  await view.page.getByRole('button', { name: 'Clear filters' }).click();
  await view.row('Jasmine Jewels').waitFor();
});

test('a tag selects its transfers', async () => {
  await using view = await open();
  await view.row('Active').first().waitFor();
  await view.page.getByRole('button', { name: 'Tag Any' }).click();
  await view.page.getByRole('menuitemradio', { name: 'customer = Heather Hotels' }).click();
  await view.page.getByText('1 transfer', { exact: true }).waitFor();
  await view.row('Heather Hotels').waitFor();
  expect(new URL(view.page.url()).searchParams.get('tag')).toBe('customer = Heather Hotels');
  await view.expectNoFailures();
});

test('the drawer has the history of a transfer, and follows it', async () => {
  await using kept = await startDemo({ config: { inventory: [{ principal: 'partner' }] } });
  const { handshakeId, transferId } = await inviteToTransfer(kept, { name: 'Contoso Retail' });
  await using view = await ConsolePage.open(browser, new URL(`/transfers?open=${transferId}`, kept.url).href);
  const drawer = view.page.getByRole('complementary', { name: 'Contoso Retail' });
  await drawer.getByText(/^Invited/).waitFor();
  await acceptAsCustomer(kept, handshakeId);
  await drawer.getByText('Contoso Retail accepted').waitFor();
  await drawer.getByText('Billing starts').waitFor();
  await view.expectNoFailures();
});

test('the table, the drawer and the palette work by keyboard', async () => {
  await using view = await open();
  await view.row('Active').first().waitFor();
  const { keyboard } = view.page;
  await keyboard.press('j');
  await keyboard.press('ArrowDown');
  const focused = () => view.page.evaluate('document.activeElement.dataset.key ?? document.activeElement.outerHTML');
  await expect.poll(focused).toMatch(/^rt-/);
  const name = await view.page.locator('[role="row"]:focus [data-column="customer"]').textContent();
  await keyboard.press('x');
  expect(await view.page.locator('[role="row"]:focus').getAttribute('aria-selected')).toBe('true');
  await keyboard.press('Enter');
  await view.page.getByRole('complementary', { name: name ?? '' }).waitFor();
  await keyboard.press('Escape');
  await view.page.getByRole('complementary').waitFor({ state: 'detached' });
  await view.page
    .locator('[role="row"]:focus')
    .filter({ hasText: name ?? '' })
    .waitFor();
  await keyboard.press('Control+k');
  await keyboard.type('jasmine');
  await view.page.getByRole('option', { name: /Jasmine Jewels/ }).waitFor();
  await keyboard.press('Enter');
  await view.page.getByRole('complementary', { name: 'Jasmine Jewels' }).waitFor();
  await view.expectNoFailures();
});

test('another principal has its own transfers', async () => {
  await using view = await open('/transfers?as=customer');
  await view.page.getByText('customer · 4444 4444 4444').waitFor();
  await view.page.getByRole('tab', { name: /Outbound/ }).click();
  await view.page.getByRole('grid', { name: 'Outbound transfers' }).waitFor();
  await view.page.getByRole('button', { name: 'Principal' }).click();
  await view.page.getByRole('menuitemradio', { name: /partner/ }).click();
  await view.page.waitForURL(/as=partner/);
  await view.page.getByText('partner · 1111 1111 1111').first().waitFor();
  await view.expectNoFailures();
});
