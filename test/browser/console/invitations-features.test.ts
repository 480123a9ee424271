import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage, type Theme } from '../../support/console-page.ts';
import { type Demo, startAs, startDemo } from '../../support/gateway.ts';

/** The demo's organization with consolidated billing only. */
const SEDGE = '888888888888';

let browser: Browser;
let demo: Demo;
let members: readonly { readonly id: string; readonly name: string }[];

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo();
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (gateway: Demo, path: string, theme: Theme = 'light') =>
  ConsolePage.open(browser, new URL(path, gateway.url).href, { theme });

beforeAll(async () => {
  await using sedge = await startAs(demo, { sedge: SEDGE });
  const document = '{ organization { accounts(first: 10) { nodes { id name } } } }';
  const { data } = await sedge.query(document, {}, { principal: 'sedge' });
  members = data.organization.accounts.nodes.filter(({ id }: { id: string }) => id !== SEDGE);
});

test('all features are asked for, approved by each account, and enabled after the name is typed', async () => {
  const [farm, market] = members;
  if (farm === undefined || market === undefined) throw new Error('The demo world lacks the members');
  await using gateway = await startAs(demo, { sedge: SEDGE, farm: farm.id, market: market.id });
  await using view = await open(gateway, '/invitations?as=sedge', 'dark');
  await view.page.getByRole('button', { name: 'Enable all features' }).click();
  const form = view.page.getByRole('complementary', { name: 'Enable all features' });
  await form.getByText('Sedge Cooperative has consolidated billing only.').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await form.getByRole('button', { name: 'Ask for approval' }).click();
  await form.waitFor({ state: 'detached' });
  await view.row('All accounts').getByText('0 of 2 approved').waitFor();
  expect(await view.row('left').filter({ hasText: 'All features' }).count()).toBe(3);
  expect(await view.page.getByRole('button', { name: 'Enable all features' }).count()).toBe(0);

  for (const [as, count] of [
    ['farm', 1],
    ['market', 2],
  ] as const) {
    await using member = await open(gateway, `/invitations?as=${as}&side=received`);
    await member.row('left').filter({ hasText: 'All features' }).click();
    const drawer = member.page.getByRole('complementary');
    await drawer.getByText(/to approve all features: policies of the organization can then limit it\./).waitFor();
    await drawer.getByRole('button', { name: 'Accept', exact: true }).click();
    await drawer.getByText(/After that it cannot be undone/).waitFor();
    await drawer.getByRole('button', { name: 'Accept invitation' }).click();
    await drawer.getByText('Accepted', { exact: true }).waitFor();
    await view.row('All accounts').getByText(`${count} of 2 approved`).waitFor();
    await member.expectNoFailures();
  }

  await view.row('All accounts').getByText('Ready to enable').waitFor();
  await view.row('All accounts').click();
  const drawer = view.page.getByRole('complementary', { name: 'All accounts' });
  await drawer.getByText('You can enable all features of Sedge Cooperative now.').waitFor();
  await drawer.getByRole('button', { name: 'Enable all features' }).click();
  const finish = drawer.getByRole('region', { name: 'Enable all features of Sedge Cooperative' });
  expect(await view.accessibilityViolations()).toEqual([]);
  await finish.getByRole('button', { name: 'Enable all features' }).click();
  await finish.getByText('This is not “Sedge Cooperative”').waitFor();
  await finish.getByLabel(/^To confirm, type/).fill('sedge cooperative');
  await finish.getByRole('button', { name: 'Enable all features' }).click();
  await drawer.getByText('All features of Sedge Cooperative have been enabled.').waitFor();
  const { data } = await gateway.query('{ organization { featureSet } }', {}, { principal: 'sedge' });
  expect(data.organization.featureSet).toBe('ALL');
  await view.expectNoFailures();
});
