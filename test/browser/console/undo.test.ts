import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { inventoryIsReady } from '../../support/organization-changes.ts';
import { inviteToTransfer } from '../../support/transfers.ts';

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

/** The last change of an object, open in Activity. It is there when the copy has it. */
async function openChange(objectId: string, type: string, kind: string): Promise<ConsolePage> {
  const read = async () => {
    const { data } = await demo.query(
      `query ($ids: [ID!], $types: [ChangedType!]) { organization {
        history(first: 1, filter: { types: $types, objectIds: $ids }) { nodes { id kind } } } }`,
      { ids: [objectId], types: [type] },
    );
    const [change] = data.organization.history.nodes;
    expect(change?.kind).toBe(kind);
    return change.id;
  };
  const id = await vi.waitFor(read, { timeout: 20_000, interval: 100 });
  return open(`/activity?open=${id}`);
}

const transferOf = async (id: string) => {
  const document = 'query ($id: ID!) { responsibilityTransfer(id: $id) { name status } }';
  return (await demo.query(document, { id })).data.responsibilityTransfer;
};

test('tags are taken back by the form that has the former ones', async () => {
  await inventoryIsReady(demo);
  const accounts = await demo.query('{ organization { accounts(first: 100) { nodes { id name } } } }');
  const { id } = accounts.data.organization.accounts.nodes.find(({ name }: { name: string }) => name === 'Catalog');
  const tagsOf = async () => {
    const { data } = await demo.query(
      'query ($id: ID!) { account(id: $id) { tags(first: 50) { nodes { key value } } } }',
      {
        id,
      },
    );
    return data.account.tags.nodes;
  };
  const setTags = (tags: readonly object[]) =>
    demo.query('mutation ($input: TagResourceInput!) { tagResource(input: $input) { __typename } }', {
      input: { resourceId: id, tags },
    });
  await setTags([{ key: 'stage', value: 'test' }]);
  const before = await tagsOf();
  await setTags([
    { key: 'stage', value: 'live' },
    { key: 'wave', value: '2' },
  ]);
  const changed = await tagsOf();
  await using view = await openChange(id, 'TAG', 'CHANGED');
  await view.page.getByRole('button', { name: 'Undo this change' }).click();
  const form = view.page.getByRole('region', { name: 'Tags of Catalog' });
  await form.getByText('Saving sets 1 tag and removes “wave”.').waitFor();
  expect(await tagsOf()).toEqual(changed);
  await form.getByRole('button', { name: 'Save tags' }).click();
  await form.waitFor({ state: 'detached' });
  expect(await tagsOf()).toEqual(before);
  await view.expectNoFailures();
});

test('the name of a transfer is taken back by the form that has the former one', async () => {
  await inventoryIsReady(demo);
  const { transferId: id } = await inviteToTransfer(demo, { name: 'Wingtip Toys', id: 'wingtip@example.com' });
  // Its lists see the change at once.
  await using view = await open('/activity');
  await view.row('Wingtip Toys').first().waitFor();
  await demo.query(
    'mutation ($input: UpdateResponsibilityTransferInput!) { updateResponsibilityTransfer(input: $input) { __typename } }',
    { input: { id, name: 'Wingtip Games' } },
  );
  await view.row('Wingtip Games').filter({ hasText: 'renamed' }).first().click();
  await view.page.getByRole('button', { name: 'Undo this change' }).click();
  const form = view.page.getByRole('complementary', { name: 'Wingtip Games' }).locator('.action-form');
  expect(await form.getByLabel('Customer name').inputValue()).toBe('Wingtip Toys');
  expect((await transferOf(id)).name).toBe('Wingtip Games');
  await form.getByRole('button', { name: 'Rename' }).click();
  await form.waitFor({ state: 'detached' });
  expect((await transferOf(id)).name).toBe('Wingtip Toys');
  await view.expectNoFailures();
});

test('an invitation is taken back by the form that cancels it', async () => {
  await inventoryIsReady(demo);
  const { handshakeId, transferId } = await inviteToTransfer(demo, { name: 'Coho', id: 'coho@example.com' });
  await using view = await openChange(handshakeId, 'HANDSHAKE', 'ADDED');
  await view.page.getByRole('button', { name: 'Undo this change' }).click();
  const form = view.page.locator('.action-form');
  await form.getByText(/can no longer accept/).waitFor();
  expect((await transferOf(transferId)).status).toBe('REQUESTED');
  await form.getByRole('button', { name: 'Cancel invitation' }).click();
  await form.waitFor({ state: 'detached' });
  expect((await transferOf(transferId)).status).toBe('CANCELED');
  await view.expectNoFailures();
});
