import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { inviteToTransfer } from '../../support/transfers.ts';

const PATH = '/transfers?action=invite-csv';

let browser: Browser;
let demo: Demo;

const start = () => startDemo({ simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) } });

beforeAll(async () => {
  browser = await launchChromium();
  demo = await start();
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (from: Demo = demo, options = {}) => ConsolePage.open(browser, new URL(PATH, from.url).href, options);

async function checkText(view: ConsolePage, text: string): Promise<void> {
  await view.page.getByLabel('Rows of customers').fill(text);
  await view.page.getByRole('button', { name: 'Check' }).click();
}

const customer = (at: number) => `Customer ${at},c${at}@csv.example.com,2027-01,`;

/** How many invitations AWS has for each recipient. */
async function sentTo(from: Demo): Promise<ReadonlyMap<string, number>> {
  const { data } = await from.query(
    '{ organization { handshakes(first: 500, filter: { actionType: TRANSFER_RESPONSIBILITY }) { nodes { recipient { id } } } } }',
  );
  const counts = new Map<string, number>();
  for (const { recipient } of data.organization.handshakes.nodes) {
    counts.set(recipient.id, (counts.get(recipient.id) ?? 0) + 1);
  }
  return counts;
}

test('30 rows of which 5 fail, and the connection drops once: each customer is invited once', async () => {
  await using other = await start();
  const { data } = await other.query('{ organization { accounts(first: 20) { nodes { id } } } }');
  const own = data.organization.accounts.nodes.map(({ id }: { id: string }) => id);
  const members = own.filter((id: string) => id !== '111111111111').slice(0, 5);
  const rows = Array.from({ length: 30 }, (_, at) =>
    at % 6 === 5 ? `Member ${at},${members[(at - 5) / 6]},2027-01,` : customer(at),
  );
  other.simulator.control.setFaults({ latencyByOperation: { InviteOrganizationToTransferResponsibility: 150 } });
  await using proxy = await startCuttingProxy(other.url);
  await using view = await ConsolePage.open(browser, new URL(PATH, proxy.url).href);
  // One answer is lost after AWS has carried it out, another request before it arrives.
  await view.page.route('**/graphql', async (route) => {
    const body = route.request().postData() ?? '';
    const isCut = body.includes('mutation InviteToTransfer') && /"c(9|10)@csv/.test(body) && !lost.has(body);
    if (!isCut) return route.fallback();
    lost.add(body);
    if (body.includes('"c9@')) await route.fetch();
    proxy.cut();
    await route.abort('connectionreset');
  });
  const lost = new Set<string>();
  const lookUps: string[] = [];
  view.page.on('request', (request) => {
    if (request.postData()?.includes('query OpenTransferInvitations')) lookUps.push(request.url());
  });
  await checkText(view, ['name,account,start,notes', ...rows].join('\n'));
  await view.page.getByText('30 of 30 ready').waitFor();
  await view.page.getByText('30 calls').waitFor();
  await view.page.getByRole('button', { name: 'Send 30 invitations' }).click();
  await view.page.getByText('25 of 30 invited').waitFor({ timeout: 50_000 });
  await view.page.getByText('All rows are done').waitFor();
  await view.page.getByText('5 not sent').first().waitFor();
  expect(lost.size).toBe(2);
  expect(lookUps.length).toBeGreaterThanOrEqual(2);
  const counts = await sentTo(other);
  for (const row of rows) {
    const account = row.split(',')[1] ?? '';
    expect([account, counts.get(account) ?? 0]).toEqual([account, members.includes(account) ? 0 : 1]);
  }
  await view.page.getByRole('radio', { name: /Needs attention/ }).click();
  await view.row('Member 5').getByText('Not sent').waitFor();
  await view
    .row('Member 5')
    .getByText(/^InvalidInputException TARGET_NOT_SUPPORTED [\w-]+$/)
    .waitFor();

  const download = view.page.waitForEvent('download');
  await view.page.getByRole('button', { name: 'Results as CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(31);
  expect(lines.filter((line) => /,Invited,h-/.test(line))).toHaveLength(25);
  expect(other.simulator.control.requests()).toContainEqual(
    // One for each row, and none twice.
    expect.objectContaining({ operation: 'InviteOrganizationToTransferResponsibility', count: 30 }),
  );
  expect(lines.filter((line) => /,Not sent,,InvalidInputException,TARGET_NOT_SUPPORTED,/.test(line))).toHaveLength(5);
});

test('the check says what is wrong with each row, and the fix; the others are sent', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Zinnia', id: 'aws@zinnia.example.com' });
  expect(transferId).toMatch(/^rt-/);
  await using view = await open();
  await view.page.getByRole('textbox', { name: 'Rows of customers' }).fill('name;start\nDaphne;2027-01');
  await view.page.getByRole('button', { name: 'Check' }).click();
  await view.page
    .getByRole('alert')
    .getByText(/^No column has account ids/)
    .waitFor();
  await checkText(
    view,
    [
      'Customer;Account or e-mail;Start;Notes;Phone',
      'Daphne <b>Dental</b>;aws@daphne.example.com;1 Dec 2026;"hi; there";555',
      'Zinnia;AWS@zinnia.example.com;2027-01;;',
      'Daphne again;aws@daphne.example.com;2027-01;;',
      'Primrose;aws@primrose.example.com;2027-03;;',
      'Erica;1.28409E+11;2027-01;;',
      'Fennel;1610 2284 9107;;;',
    ].join('\r\n'),
  );
  await view.page.getByText('1 of 6 ready').waitFor();
  await view.row('Zinnia').getByText('Invited already. The invitation is open until 31 Dec 00:00 UTC.').waitFor();
  await view.row('Daphne again').getByText('The same account as row 1. Remove one of them.').waitFor();
  await view.row('Primrose').getByText('AWS allows 1 Dec 2026 or 1 Jan 2027.').waitFor();
  await view
    .row('Erica')
    .getByText(/was rounded by a spreadsheet/)
    .waitFor();
  await view.page.getByText('Not used: Phone.').waitFor();
  await view.page.getByLabel('Start of rows without one').selectOption('1 Jan 2027');
  await view.row('Fennel').getByText('Ready').waitFor();
  await view.page.getByRole('button', { name: 'Send 2 invitations' }).click();
  await view.page.getByText('2 of 6 invited').waitFor();
  await view.page.getByText('2 skipped, 2 left out').waitFor();
  await view.row('Daphne <b>Dental</b>').getByText(/^h-/).waitFor();
  await view.page.getByRole('button', { name: 'Back to the transfers' }).click();
  await view.row('Daphne <b>Dental</b>').first().waitFor();
  await view.expectNoFailures();
});

test('Pause keeps the rest for later, other pages stay usable, and closing the tab asks first', async () => {
  await using other = await start();
  other.simulator.control.setFaults({ latencyByOperation: { InviteOrganizationToTransferResponsibility: 200 } });
  await using view = await open(other);
  await checkText(view, Array.from({ length: 12 }, (_, at) => customer(at)).join('\n'));
  await view.page.getByRole('button', { name: 'Send 12 invitations' }).click();
  await view.page.getByText(/^[1-9] of 12 invited$/).waitFor();
  await view.page.getByRole('button', { name: 'Pause' }).click();
  await view.page.getByText(/Paused, \d+ rows left/).waitFor();
  const count = [...(await sentTo(other)).keys()].filter((id) => id.endsWith('@csv.example.com')).length;
  await view.page.getByText(`${count} of 12 invited`).waitFor();

  await view.page.getByRole('link', { name: /^Status/ }).click();
  await view.page.getByRole('heading', { name: 'Status' }).waitFor();
  const asked = new Promise<string>((resolve) => {
    view.page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  await view.page.close({ runBeforeUnload: true });
  expect(await asked).toBe('beforeunload');
  await view.page.getByRole('link', { name: /^Transfers/ }).click();
  await view.page.getByRole('button', { name: 'Invitations of the file' }).click();
  await view.page.getByRole('button', { name: 'Continue' }).click();
  await view.page.getByText('12 of 12 invited').waitFor();
  await view.expectNoFailures();
});

test('what every other row would meet stops the sending, and Retry sends what was not', async () => {
  await using other = await start();
  const repair = other.simulator.control.fail({
    operation: 'InviteOrganizationToTransferResponsibility',
    failure: { kind: 'error', error: 'AccessDeniedException' },
  });
  await using view = await open(other);
  await checkText(view, Array.from({ length: 3 }, (_, at) => customer(at)).join('\n'));
  await view.page.getByRole('button', { name: 'Send 3 invitations' }).click();
  await view.page.getByText(/^Sending has stopped, as every other row would fail, too\./).waitFor();
  await view.page.getByText('Paused, 2 rows left').waitFor();
  repair();
  await view.page.getByRole('button', { name: 'Retry 1 not sent' }).click();
  await view.page.getByText('3 of 3 invited').waitFor();
  await view.expectNoFailures();
});

test('a file is chosen by keyboard alone, checked and sent; too large a file is refused', async () => {
  await using view = await open();
  const chooser = view.page.locator('input[type="file"]');
  const file = (name: string, text: string | Buffer) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await chooser.setInputFiles(file('large.csv', 'x'.repeat(2_100_000)));
  await view.page.getByText('The file has 2.1 MB, and 2 MB are allowed. Split it.').waitFor();
  await chooser.setInputFiles(file('latin.csv', Buffer.from([0x5a, 0x6f, 0xeb])));
  await view.page.getByText(/“latin.csv” is no text in UTF-8/).waitFor();
  await chooser.setInputFiles(file('many.csv', `name,account\n${'a,128409173355\n'.repeat(5_001)}`));
  await view.page.getByRole('button', { name: 'Check' }).focus();
  await view.page.keyboard.press('Enter');
  await view.page.getByText('5,001 rows, and 5,000 rows are allowed. Split the file.').waitFor();
  await chooser.setInputFiles(
    file('good.csv', '\ufeffname\taccount\tstart\r\nKeyboard\tkeys@csv.example.com\t2027-01\r\n'),
  );
  await view.page.getByRole('button', { name: 'Check' }).focus();
  await view.page.keyboard.press('Enter');
  await view.page.getByText('1 of 1 ready').waitFor();
  await view.page.getByRole('button', { name: 'Send 1 invitation' }).focus();
  await view.page.keyboard.press('Enter');
  await view.page.getByText('1 of 1 invited').waitFor();
  await view.expectNoFailures();
});

test.for(['light', 'dark'] as const)('axe finds no violation in the three steps in the %s theme', async (theme) => {
  await using other = await start();
  await using view = await open(other, { theme });
  await view.page.getByLabel('Rows of customers').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  const own = (await other.query('{ organization { accounts(first: 2) { nodes { id } } } }')).data.organization
    .accounts;
  const members = own.nodes.map(({ id }: { id: string }, at: number) => `Member ${at},${id},2027-01`);
  await checkText(
    view,
    [`Good,good@csv.example.com,2027-01`, `Late,late@csv.example.com,2027-05`, ...members].join('\n'),
  );
  await view.page.getByText(/of 4 ready/).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.page.getByRole('button', { name: /^Send \d/ }).click();
  await view.page.getByText('All rows are done').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.page.setViewportSize({ width: 390, height: 844 });
  await view.page.getByText('All rows are done').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using phone = await open(other, { theme, viewport: { width: 390, height: 844 } });
  await phone.page.getByRole('heading', { name: 'This needs a wider screen' }).waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
});

test('a caller without the scope learns why it cannot invite, and by which scope it could', async () => {
  const { settings, authorization } = apiKey({ name: 'support-desk', principals: ['partner'], scopes: ['read'] });
  await using restricted = await startDemo({ config: { auth: { type: 'apiKeys', keys: [settings] } } });
  await using proxy = await startAuthorizingProxy(restricted.url, authorization);
  await using view = await ConsolePage.open(browser, proxy.origin + PATH);
  await view.page.getByText('You cannot invite customers').waitFor();
  await view.page.getByText('handshakes:send').waitFor();
  expect(await view.page.getByRole('textbox').count()).toBe(0);
  await view.expectNoFailures();
});
