import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: [{ principal: 'partner' }] } });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (path: string) => ConsolePage.open(browser, new URL(path, demo.url).href);

test('the change of a policy is undone by its former document, and nothing is sent before it is saved', async () => {
  const { data } = await demo.query(
    '{ organization { policies(type: SERVICE_CONTROL_POLICY, first: 100) { nodes { id name content } } } }',
  );
  const { nodes } = data.organization.policies;
  const { id, content } = nodes.find(({ name }: { name: string }) => name === 'No public buckets');
  await using view = await open('/activity');
  await view.page.getByRole('heading', { name: 'Activity' }).waitFor();
  const changed = content.replace('s3:PutBucketPublicAccessBlock', 's3:DeleteBucket');
  await demo.query('mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { __typename } }', {
    input: { policyId: id, content: changed },
  });
  await view.row('No public buckets').filter({ hasText: 'changed' }).first().click();
  const sent: string[] = [];
  view.page.on('request', (request) => {
    if (request.postData()?.includes('"mutation')) sent.push(request.postData() ?? '');
  });
  await view.page.getByRole('button', { name: 'Undo this change' }).click();
  const form = view.page.getByRole('complementary', { name: 'Edit No public buckets' });
  await form.locator('.diff [data-kind="in"]').getByText('s3:PutBucketPublicAccessBlock').waitFor();
  expect(sent).toEqual([]);
  expect(await view.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain(
    'PutBucketPublicAccessBlock',
  );
  await form.getByRole('button', { name: 'Save policy' }).click();
  await form.waitFor({ state: 'detached' });
  const after = await demo.query('query ($id: ID!) { policy(id: $id) { content } }', { id });
  expect(JSON.parse(after.data.policy.content)).toEqual(JSON.parse(content));
  await view.expectNoFailures();
});

test('an attachment is undone by its detachment, and what has no opposite says why', async () => {
  const { data } = await demo.query(
    `{ root { id } organization { policies(type: SERVICE_CONTROL_POLICY, first: 100) { nodes { id name } }
      accounts(first: 100) { nodes { id name } } } }`,
  );
  const byName = (nodes: readonly { id: string; name: string }[], wanted: string) =>
    nodes.find(({ name }) => name === wanted)?.id ?? '';
  const policyId = byName(data.organization.policies.nodes, 'No AI services');
  const targetId = byName(data.organization.accounts.nodes, 'Acorn Apps');
  await using view = await open('/activity');
  await view.page.getByRole('heading', { name: 'Activity' }).waitFor();
  await demo.query('mutation ($input: AttachPolicyInput!) { attachPolicy(input: $input) { __typename } }', {
    input: { policyId, targetId },
  });
  await view.row('No AI services').filter({ hasText: 'attached' }).first().click();
  await view.page.getByRole('button', { name: 'Undo this change' }).click();
  const form = view.page.getByRole('complementary', { name: 'Detach No AI services' });
  await form.getByText('1 account loses it').waitFor();
  await form.getByRole('button', { name: 'Detach from Acorn Apps' }).click();
  await form.waitFor({ state: 'detached' });
  await view.expectNoFailures();
});

test('a move is undone by the form that moves back', async () => {
  const { data } = await demo.query(
    '{ root { id } organization { accounts(first: 100) { nodes { id name parent { id } } } } }',
  );
  const account = data.organization.accounts.nodes.find(({ name }: { name: string }) => name === 'EU Payments Vault');
  const { id, parent } = account;
  await using view = await open('/activity');
  await view.page.getByRole('heading', { name: 'Activity' }).waitFor();
  await demo.query('mutation ($input: MoveAccountInput!) { moveAccount(input: $input) { __typename } }', {
    input: { accountId: id, sourceParentId: parent.id, destinationParentId: data.root.id },
  });
  await view.row('EU Payments Vault').filter({ hasText: 'moved' }).first().click();
  await view.page.getByRole('button', { name: 'Undo this change' }).click();
  await view.page.waitForURL(/\/organization\?/);
  const { searchParams } = new URL(view.page.url());
  expect([searchParams.get('open'), searchParams.get('action'), searchParams.get('with-to')]).toEqual([
    id,
    'move',
    parent.id,
  ]);
  await view.page.getByRole('dialog').waitFor();
  await view.expectNoFailures();
});
