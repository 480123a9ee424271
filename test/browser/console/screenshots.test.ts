import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_INVENTORY } from '../../../src/cli/demo-settings.ts';
import { createClock } from '../../../src/simulator/index.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage, type Theme } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { changeOrganization } from '../../support/organization-changes.ts';

/** `npm run screenshots` writes the pictures to docs/images; a test run writes them to a temporary folder. */
const folder = process.env['ORGQL_SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'orgql-screenshots-'));

/** The time that all pictures have. */
const NOW = new Date('2026-11-28T23:38:00Z');

const SIZES = { '': { width: 1440, height: 900 }, '-phone': { width: 390, height: 844 } };

/** Each page by the name of its picture, and what it shows when it is complete. */
const PAGES: readonly (readonly [name: string, path: string | (() => Promise<string>), ready: string])[] = [
  ['transfers', '/transfers', 'Awaiting answer'],
  ['invitations', '/invitations', 'Answered or over'],
  ['invitations-received', '/invitations?as=standalone', 'Answered or over'],
  [
    'organization',
    `/organization?${new URLSearchParams({ open: '162336956157', q: 'tag:Environment=Production has:"Protect GuardDuty"' })}`,
    '11 accounts',
  ],
  [
    'policies',
    '/policies?account=162336956157&ask=s3:PutBucketPublicAccessBlock',
    'No. “No public buckets” denies it at Production.',
  ],
  ['status', '/status', 'Everything works'],
  ['transfers-end', openEnd, 'To confirm, type'],
  ['organization-move', openMove, 'Apply from then on'],
  // The last, as it changes the organization.
  ['activity', openPolicyChange, 'Earlier changes of this object'],
];

/** Ends the transfer of a customer. */
async function openEnd(): Promise<string> {
  const { data } = await demo.query(
    '{ organization { inboundResponsibilityTransfers(first: 100) { nodes { id name } } } }',
  );
  const { nodes } = data.organization.inboundResponsibilityTransfers;
  const { id } = nodes.find(({ name }: { name: string }) => name === 'Heather Hotels');
  return `/transfers?open=${id}&action=end`;
}

/** Moves an account to a unit that has other policies. */
async function openMove(): Promise<string> {
  const { data } = await demo.query(
    `{ organization { organizationalUnits(first: 1, filter: { nameContains: "Shared Services" }) { nodes { id } }
      accounts(first: 1, filter: { nameContains: "EU Payments Vault" }) { nodes { id } } } }`,
  );
  const { organizationalUnits, accounts } = data.organization;
  const params = { open: accounts.nodes[0].id, action: 'move', 'with-to': organizationalUnits.nodes[0].id };
  return `/organization?${new URLSearchParams(params)}`;
}

let changed: Promise<string> | undefined;

/** Changes the organization once, and opens the change of a policy. */
async function openPolicyChange(): Promise<string> {
  changed ??= changeOrganization(demo);
  const { data } = await demo.query(
    `query ($ids: [ID!]) { organization { history(first: 1, filter: { types: [POLICY], objectIds: $ids }) { nodes { id } } } }`,
    { ids: [await changed] },
  );
  return `/activity?open=${data.organization.history.nodes[0].id}`;
}

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  browser = await launchChromium();
  demo = await startDemo({
    simulator: { clock: createClock({ start: NOW, rate: 0 }) },
    config: { upstream: { budget: 'documented' }, inventory: DEMO_INVENTORY },
  });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

for (const [name, path, ready] of PAGES) {
  for (const theme of ['light', 'dark'] satisfies Theme[]) {
    for (const [suffix, viewport] of Object.entries(SIZES)) {
      test(`${name} has a picture: ${theme}${suffix}`, async () => {
        const opened = typeof path === 'string' ? path : await path();
        await using view = await ConsolePage.open(browser, new URL(opened, demo.url).href, { theme, viewport });
        await view.page.getByText(ready).first().waitFor();
        await view.page.getByText('Live', { exact: true }).waitFor();
        await expect.poll(() => view.page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
        if (name === 'transfers-end') {
          await view.page.getByRole('radio').last().check();
          await view.page.getByLabel(/^To confirm, type/).fill('Heather Hot');
        }
        await view.page.evaluate('document.fonts.ready');
        await view.page.screenshot({ path: join(folder, `${name}${suffix}-${theme}.png`) });
        expect(view.failures).toEqual([]);
      });
    }
  }
}
