import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { inviteToTransfer } from '../../support/transfers.ts';

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

const open = (path: string) => ConsolePage.open(browser, new URL(path, demo.url).href);

/** Finds a transfer by its id, opens it and the form of an action, by keyboard alone. A field or button of it has the focus. */
async function openForm(view: ConsolePage, transferId: string, action: string) {
  const { page } = view;
  await page.getByRole('row').nth(2).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(transferId);
  await page.getByText('1 transfer', { exact: true }).waitFor();
  const row = page.locator(`[data-key="${transferId}"]`);
  await view.tabTo(page.getByRole('grid').locator('[role="row"][tabindex="0"]'));
  // From the header of its group.
  await page.keyboard.press('End');
  await row.and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary');
  await view.tabTo(drawer.getByRole('button', { name: action, exact: true }).first());
  await page.keyboard.press('Enter');
  await drawer.locator('.action-form :focus').waitFor();
  return drawer;
}

test('a transfer is ended', async () => {
  await using view = await open('/transfers');
  const { keyboard } = view.page;
  const { data } = await demo.query(
    '{ organization { inboundResponsibilityTransfers(first: 100) { nodes { id name } } } }',
  );
  const { nodes } = data.organization.inboundResponsibilityTransfers;
  const { id } = nodes.find(({ name }: { name: string }) => name === 'Heather Hotels');
  const drawer = await openForm(view, id, 'End transfer');
  await keyboard.press('ArrowDown');
  await keyboard.press('Tab');
  await keyboard.type('Heather Hotels');
  await keyboard.press('Control+Enter');
  await drawer.getByText('Ending', { exact: true }).waitFor();
  await view.expectNoFailures();
});

test('a transfer is tagged, and its invitation canceled', async () => {
  const { transferId } = await inviteToTransfer(demo, { name: 'Contoso Retail', id: 'contoso@example.com' });
  await using view = await open('/transfers');
  const { keyboard } = view.page;
  const drawer = await openForm(view, transferId, 'Tags');
  // Adds a tag, and moves to its key.
  await keyboard.press('Enter');
  await drawer.getByLabel('Key of tag 1').and(view.page.locator(':focus')).waitFor();
  await keyboard.type('wave');
  await keyboard.press('Tab');
  await keyboard.type('december');
  await keyboard.press('Control+Enter');
  await drawer.locator('.action-form').waitFor({ state: 'detached' });
  const { data } = await demo.query(
    'query ($id: ID!) { responsibilityTransfer(id: $id) { tags(first: 9) { nodes { key value } } } }',
    { id: transferId },
  );
  expect(data.responsibilityTransfer.tags.nodes).toEqual([{ key: 'wave', value: 'december' }]);

  await view.tabTo(drawer.getByRole('button', { name: 'Cancel invitation' }));
  await keyboard.press('Enter');
  await drawer.locator('.action-form :focus').waitFor();
  await keyboard.press('Control+Enter');
  await drawer.getByText('Canceled', { exact: true }).waitFor();
  await view.expectNoFailures();
});

test.for([
  ['Decline', 'Declined'],
  ['Accept', 'Scheduled'],
] as const)('the invited side answers: %s', async ([action, state]) => {
  const { transferId } = await inviteToTransfer(demo, { name: action });
  await using view = await open('/transfers?as=customer&side=outbound');
  const drawer = await openForm(view, transferId, action);
  await view.page.keyboard.press('Control+Enter');
  await drawer.getByText(state, { exact: true }).waitFor();
  await view.expectNoFailures();
});
