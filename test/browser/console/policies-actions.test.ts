import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let policies: readonly { readonly id: string; readonly name: string }[];

const LIST =
  '{ organization { policies(type: SERVICE_CONTROL_POLICY, first: 100) { nodes { id name content description targets(first: 9) { nodes { targetId } } } } } }';

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: [{ principal: 'partner' }] } });
  policies = (await demo.query(LIST)).data.organization.policies.nodes;
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (params: Record<string, string> = {}, options = {}) =>
  ConsolePage.open(browser, new URL(`/policies?${new URLSearchParams(params)}`, demo.url).href, options);

const idOf = (name: string): string => policies.find((policy) => policy.name === name)?.id ?? '';

const policyOf = async (id: string) => {
  const document = 'query ($id: ID!) { policy(id: $id) { name content targets(first: 9) { nodes { targetId } } } }';
  return (await demo.query(document, { id })).data.policy;
};

async function createPolicy(name: string): Promise<string> {
  const { data } = await demo.query(
    'mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { ... on CreatePolicyPayload { policy { id } } } }',
    {
      input: {
        ...{ name, description: '', type: 'SERVICE_CONTROL_POLICY' },
        content: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sqs:*","Resource":"*"}]}',
      },
    },
  );
  return data.createPolicy.policy.id;
}

/** What an operation of the page costs, in calls to AWS. */
const costOf = async (view: ConsolePage, operation: string): Promise<number> => {
  const response = await view.page.waitForResponse((each) =>
    Boolean(each.request().postData()?.includes(`mutation ${operation}(`)),
  );
  return (await response.json()).extensions.upstream.calls;
};

test('a policy is created by keyboard alone, attached with a preview, detached and deleted', async () => {
  await using view = await open({ type: 'SERVICE_CONTROL_POLICY', ask: 'sqs:SendMessage' });
  await view.page.getByRole('option', { name: /^FullAWSAccess/ }).waitFor();
  const { keyboard } = view.page;
  const name = 'No queues <b>ever</b>';
  await keyboard.press('n');
  const form = view.page.getByRole('complementary', { name: 'New Service control policy' });
  await form.locator('input:focus').waitFor();
  await keyboard.type(name);
  await keyboard.press('Tab');
  await keyboard.type('By test');
  await keyboard.press('Tab');
  await keyboard.press('Control+A');
  await keyboard.insertText('{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sqs:*","Resource":"*"}]}');
  await form.getByText('No problem found.').waitFor();
  const created = costOf(view, 'CreatePolicy');
  await keyboard.press('Control+Enter');
  await form.waitFor({ state: 'detached' });
  expect(await created).toBe(1);
  const panel = view.page.getByRole('region', { name, exact: true });
  await panel.getByText('It is attached to nothing, and has no effect.').waitFor();

  await panel.getByRole('button', { name: 'Attach' }).click();
  const attaching = view.page.getByRole('complementary', { name: `Attach ${name}` });
  await attaching.getByRole('combobox').fill('Production');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  const preview = attaching.getByRole('region', { name: 'Preview' });
  await preview.getByText(/^\d+ accounts gain it$/).waitFor();
  await preview.getByText(/sqs:SendMessage.*\d+ accounts change from allowed to denied\./).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  const gaining = Number.parseInt((await preview.getByText(/accounts gain it$/).textContent()) ?? '', 10);
  const attached = costOf(view, 'AttachPolicy');
  await attaching.getByRole('button', { name: 'Attach to Production' }).click();
  await attaching.waitFor({ state: 'detached' });
  expect(await attached).toBe(1);
  await view.page.getByRole('option', { name: new RegExp(`^No queues .* ${gaining}$`) }).waitFor();

  await panel.getByRole('button', { name: 'More actions' }).click();
  await view.page.getByRole('menuitem', { name: 'Delete' }).click();
  const deleting = view.page.getByRole('complementary', { name: `Delete ${name}` });
  await deleting.getByText('Detach it first from Production.').waitFor();
  await deleting.locator('.form-footer').getByRole('button', { name: 'Close' }).click();

  await panel.getByRole('button', { name: /^Detach/ }).click();
  const detaching = view.page.getByRole('complementary', { name: `Detach ${name}` });
  await detaching.getByText(`${gaining} accounts lose it`).waitFor();
  await detaching.getByRole('button', { name: 'Detach from Production' }).click();
  await detaching.waitFor({ state: 'detached' });
  await panel.getByText('It is attached to nothing, and has no effect.').waitFor();

  await panel.getByRole('button', { name: 'More actions' }).click();
  await view.page.getByRole('menuitem', { name: 'Delete' }).click();
  await deleting.getByRole('button', { name: 'Delete policy' }).click();
  await deleting.getByText(/Type the name as it is written above/).waitFor();
  await deleting.getByLabel(/^To confirm/).fill(name);
  await deleting.getByRole('button', { name: 'Delete policy' }).click();
  await deleting.waitFor({ state: 'detached' });
  await view.page.getByRole('option', { name: /^No queues <b>/ }).waitFor({ state: 'detached' });
  const { data } = await demo.query(
    '{ organization { history(first: 9, filter: { types: [POLICY, POLICY_ATTACHMENT] }) { nodes { kind type caller } } } }',
  );
  expect(data.organization.history.nodes[0]).toEqual({ kind: 'REMOVED', type: 'POLICY', caller: 'anonymous' });
  await view.expectNoFailures();
});

test('a document with an error: the editor marks it, AWS refuses it, and what was typed stays', async () => {
  const id = idOf('No public buckets');
  const before = (await policyOf(id)).content;
  await using view = await open({ policy: id });
  await view.page.getByRole('button', { name: 'Edit' }).click();
  const form = view.page.getByRole('complementary', { name: 'Edit No public buckets' });
  const text = form.getByLabel('Document', { exact: true });
  const valid = await text.inputValue();
  expect(JSON.parse(valid)).toEqual(JSON.parse(before));

  await text.fill(valid.slice(0, -1));
  await form.getByRole('button', { name: 'Save policy' }).click();
  await form.getByText('AWS would reject it: 1 error.').waitFor();
  await form
    .getByRole('button', { name: /^Line \d+/ })
    .first()
    .waitFor();
  expect((await policyOf(id)).content).toBe(before);

  await text.fill(valid.replace('"Deny"', '"Denyy"'));
  await form.getByText('AWS would reject it: 1 error.').waitFor();
  await form.getByRole('button', { name: /^Line \d+/ }).click();
  expect(await text.evaluate((area: HTMLTextAreaElement) => area.selectionStart)).toBeGreaterThan(0);
  await form.getByText('1 line out').waitFor();
  await form.locator('.diff [data-kind="in"]').getByText('"Denyy"').waitFor();
  await form.getByRole('button', { name: 'Save policy' }).click();
  await form.getByRole('heading', { name: 'No public buckets was not changed' }).waitFor();
  await form.getByText(/^MalformedPolicyDocumentException/).waitFor();
  await form.getByText(/Request [\w-]+/).waitFor();
  expect(await text.inputValue()).toContain('"Denyy"');
  expect(await view.accessibilityViolations()).toEqual([]);

  await text.fill(`${valid}${' '.repeat(11_000)}`);
  await form.getByText(/of 10,240 characters/).waitFor();
  await form.getByRole('button', { name: 'Save policy' }).click();
  await text.fill(valid.replace('"Resource": "*"', '"Resource": "arn:aws:s3:::*"'));
  await form.getByText('No problem found.').waitFor();
  const saved = costOf(view, 'UpdatePolicy');
  await form.getByRole('button', { name: 'Save policy' }).click();
  await form.waitFor({ state: 'detached' });
  expect(await saved).toBe(1);
  expect((await policyOf(id)).content).toContain('arn:aws:s3:::*');
  await view.expectNoFailures();
});

test('a form is filled in by its own link only', async () => {
  const policy = await createPolicy('Own link');
  await using view = await open({ policy, action: 'edit', 'with-name': 'Former name' });
  const nameIn = (title: string) =>
    view.page.getByRole('complementary', { name: title }).getByRole('textbox', { name: 'Name', exact: true });
  await nameIn('Edit Own link').waitFor();
  expect(await nameIn('Edit Own link').inputValue()).toBe('Former name');
  view.page.once('dialog', (dialog) => void dialog.accept());
  await view.page.getByRole('button', { name: 'New policy' }).click();
  await nameIn('New Service control policy').waitFor();
  expect(await nameIn('New Service control policy').inputValue()).toBe('');
  await view.expectNoFailures();
});

test('a type is enabled, and disabled with its name typed', async () => {
  await using view = await open();
  await view.page.getByRole('button', { name: /types not enabled/ }).click();
  await view.page.getByRole('button', { name: 'Enable S3' }).click();
  const enabling = view.page.getByRole('complementary', { name: 'Enable S3 policies' });
  await enabling.getByRole('button', { name: 'Enable type' }).click();
  await enabling.waitFor({ state: 'detached' });
  await view.page.getByRole('heading', { name: 'No S3 policies yet' }).waitFor();
  await view.page.getByRole('button', { name: 'New policy' }).first().waitFor();
  await view.page.getByRole('button', { name: 'Actions on this type' }).click();
  await view.page.getByRole('menuitem', { name: 'Disable S3 policies' }).click();
  const disabling = view.page.getByRole('complementary', { name: 'Disable S3 policies' });
  await disabling.getByText(/are detached in the whole organization/).waitFor();
  await disabling.getByLabel(/^To confirm/).fill('s3');
  await disabling.getByRole('button', { name: 'Disable type' }).click();
  await disabling.waitFor({ state: 'detached' });
  await view.page.locator('.policies, .page-main').getByRole('button', { name: 'Enable S3' }).waitFor();
  await view.expectNoFailures();
});

test('the palette edits, attaches and deletes the best match', async () => {
  await using view = await open();
  await view.page.getByRole('option', { name: /^FullAWSAccess/ }).waitFor();
  await view.page.keyboard.press('Control+k');
  await view.page.keyboard.type('no public buckets');
  await view.page.getByRole('option', { name: /^Edit No public buckets/ }).waitFor();
  await view.page.getByRole('option', { name: /^Delete No public buckets/ }).waitFor();
  await view.page.getByRole('option', { name: /^Attach No public buckets/ }).click();
  await view.page.getByRole('complementary', { name: 'Attach No public buckets' }).waitFor();
  await view.expectNoFailures();
});

test('the last control policy of a place cannot be detached, and the form says why', async () => {
  const policy = idOf('FullAWSAccess');
  const { data } = await demo.query(
    `{ organization { organizationalUnits(first: 1, filter: { nameContains: "Sandbox" }) { nodes {
      id policies(type: SERVICE_CONTROL_POLICY, first: 9) { nodes { id } } } } } }`,
  );
  const [{ id: targetId, policies: attached }] = data.organization.organizationalUnits.nodes;
  for (const { id } of attached.nodes as { id: string }[]) {
    if (id === policy) continue;
    await demo.query('mutation ($input: DetachPolicyInput!) { detachPolicy(input: $input) { __typename } }', {
      input: { policyId: id, targetId },
    });
  }
  await using view = await open({ policy, action: 'detach', 'with-target': targetId });
  const sent: string[] = [];
  view.page.on('request', (request) => {
    if (request.postData()?.includes('mutation DetachPolicy(')) sent.push(request.postData() ?? '');
  });
  const form = view.page.getByRole('complementary', { name: 'Detach FullAWSAccess' });
  await form.getByText('It is the last Service control policy at Sandbox').waitFor();
  await form.getByRole('button', { name: 'Detach from Sandbox' }).click();
  await form.locator('input:focus').waitFor();
  expect(sent).toEqual([]);
  await view.expectNoFailures();
});

test('a caller that may only read sees which scope each action needs', async () => {
  const { settings, authorization } = apiKey({ name: 'support-desk', principals: ['partner'], scopes: ['read'] });
  await using restricted = await startDemo({ config: { auth: { type: 'apiKeys', keys: [settings] } } });
  await using proxy = await startAuthorizingProxy(restricted.url, authorization);
  await using view = await ConsolePage.open(browser, `${proxy.origin}/policies`);
  await view.page.getByRole('option', { name: 'No public buckets' }).click();
  for (const name of ['New policy', 'Edit', 'Attach']) {
    const button = view.page.getByRole('button', { name, exact: true });
    await button.and(view.page.locator('[aria-disabled="true"]')).waitFor();
    await button.focus();
    await view.page.getByRole('tooltip').filter({ hasText: 'organization:write', visible: true }).waitFor();
  }
  await view.page.goto(`${proxy.origin}/policies?type=S3_POLICY&action=enable`);
  await view.page.getByRole('status').filter({ hasText: 'This needs the scope organization:write.' }).waitFor();
  expect(await view.page.getByRole('button', { name: 'Enable type' }).count()).toBe(0);
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.expectNoFailures();
});
