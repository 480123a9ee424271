import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';

let browser: Browser;
let demo: Demo;
let origin: string;
/** "EU Payments Vault", six units below the root, and "Acorn Apps", directly in it. */
let deep: string;
let shallow: string;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo({ config: { inventory: [{ principal: 'partner' }] } });
  origin = new URL(demo.url).origin;
  const { data } = await demo.query('{ organization { accounts(first: 100) { nodes { id name } } } }');
  const idOf = (name: string) =>
    data.organization.accounts.nodes.find((each: { name: string }) => each.name === name).id;
  [deep, shallow] = [idOf('EU Payments Vault'), idOf('Acorn Apps')];
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const open = (params: Record<string, string> = {}, options = {}) =>
  ConsolePage.open(browser, `${origin}/policies?${new URLSearchParams(params)}`, options);
const level = (view: ConsolePage, name: string) =>
  view.page.locator('.layer').filter({ has: view.page.locator('b').getByText(name, { exact: true }) });

async function createPolicy(name: string, statement: object, targetId?: string): Promise<string> {
  const { data, errors } = await demo.query(
    `mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { ... on CreatePolicyPayload { policy { id } } ... on Error { message } } }`,
    {
      input: {
        name,
        description: name,
        type: 'SERVICE_CONTROL_POLICY',
        content: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      },
    },
  );
  expect(errors).toBeUndefined();
  const { id } = data.createPolicy.policy;
  if (targetId !== undefined) await attach(id, targetId);
  return id;
}

async function attach(policyId: string, targetId: string): Promise<void> {
  const { errors } = await demo.query(
    'mutation ($input: AttachPolicyInput!) { attachPolicy(input: $input) { __typename } }',
    { input: { policyId, targetId } },
  );
  expect(errors).toBeUndefined();
}

test('a question is answered with the policy and the level that decide, as the graph decides it', async () => {
  const action = 's3:PutBucketPublicAccessBlock';
  const { data } = await demo.query(
    'query ($id: ID!, $action: String!) { account(id: $id) { controlPolicyDecision(action: $action) { decision because { policy { name } target { name } } } } }',
    { id: deep, action },
  );
  const { decision, because } = data.account.controlPolicyDecision;
  expect(decision).toBe('DENIED');
  await using view = await open({ account: deep, ask: action });
  await view.page.getByText(`No. “${because.policy.name}” denies it at ${because.target.name}.`).waitFor();
  await level(view, 'Workloads').getByText('Allowed', { exact: true }).waitFor();
  await level(view, because.target.name).getByText('Denied', { exact: true }).waitFor();
  await level(view, 'Payments').getByText('Allowed, but denied above').waitFor();
  await view.page.getByRole('heading', { name: because.policy.name }).waitFor();
  const marked = await view.page.locator('.document-line[data-marked] code').allTextContents();
  expect(JSON.parse(`{${marked.join('')}}`)).toMatchObject({ Effect: 'Deny', Resource: '*' });
  await view.expectNoFailures();
});

test('account and action are completed by keyboard, and a chip opens its document', async () => {
  await using view = await open();
  const account = view.page.getByRole('combobox', { name: 'Account' });
  await account.fill('payments vault');
  await account.press('Enter');
  const action = view.page.getByRole('combobox', { name: 'Action' });
  await action.fill('guardduty:delete');
  await view.page.getByRole('option', { name: 'guardduty:DeleteDetector' }).waitFor();
  await action.press('ArrowDown');
  await action.press('Enter');
  await view.page.getByText('No. “Protect GuardDuty” denies it at Workloads.').waitFor();
  await action.fill('s3:GetObject');
  await action.press('Enter');
  await view.page.getByText('Yes. Every level allows it, and none denies it.').waitFor();
  await level(view, 'Production').getByRole('button', { name: 'No root user keys' }).click();
  await view.page
    .getByRole('region', { name: 'Document of No root user keys' })
    .getByText('"iam:CreateAccessKey"')
    .waitFor();
  await account.fill('Northwind Cloud');
  await account.press('Enter');
  await view.page.getByText('Yes. Control policies never limit the management account.').waitFor();
  await action.fill('not an action');
  await action.press('Enter');
  await view.page.getByRole('heading', { name: 'There is no answer' }).waitFor();
});

test('an answer that depends on a condition says which, in words and as JSON', async () => {
  await createPolicy(
    'Only Europe',
    {
      Effect: 'Deny',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
    },
    shallow,
  );
  await using view = await open({ account: shallow, ask: 'sqs:SendMessage' });
  await view.page.getByText('It depends on aws:RequestedRegion.').waitFor();
  await view.page.getByText('It is denied if aws:RequestedRegion is not eu-west-1 or eu-central-1').click();
  await view.page.getByText('"StringNotEquals"').first().waitFor();
  await view.expectNoFailures();
});

test('a policy that is attached through the API changes reach, levels and answer without a reload', async () => {
  const id = await createPolicy('No queues', { Effect: 'Deny', Action: 'sns:*', Resource: '*' });
  await using view = await open({ account: deep, ask: 'sns:Publish', policy: id });
  await view.page.getByText('Yes. Every level allows it').waitFor();
  await view.page.getByText('It is attached to nothing, and has no effect.').waitFor();
  await attach(id, deep);
  await view.page.getByText('No. “No queues” denies it at EU Payments Vault.').waitFor();
  await view.page.getByRole('option', { name: /^No queues 1$/ }).waitFor();
  await level(view, 'EU Payments Vault').getByRole('button', { name: 'No queues' }).waitFor();
  await view.expectNoFailures();
});

test('everything denied is listed by level, and saved as CSV', async () => {
  await using view = await open({ account: deep });
  const denied = view.page.getByRole('region', { name: 'Everything denied' });
  await denied
    .getByText('guardduty:DeleteDetector')
    .or(denied.getByText('config:DeleteConfigurationRecorder'))
    .first()
    .waitFor();
  const download = view.page.waitForEvent('download');
  await denied.getByRole('button', { name: 'CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv).toContain('Production');
  expect(csv).toContain('s3:PutBucketPublicAccessBlock');
  await view.expectNoFailures();
});

test('a type that AWS merges shows what each level has, and the effective policy', async () => {
  await using view = await open({ account: deep });
  await view.page.getByRole('tab', { name: /^Tag/ }).click();
  await level(view, 'Root').getByRole('button', { name: 'Cost center' }).waitFor();
  await level(view, 'Production').getByRole('button', { name: 'Cost center of production' }).waitFor();
  await view.page
    .getByRole('region', { name: /^Effective Tag policy/ })
    .getByText('"Payments"')
    .waitFor();
  await view.page.getByRole('button', { name: /types not enabled/ }).click();
  await view.page.getByText('Security Hub CSPM').waitFor();
  await view.expectNoFailures();
});

test('names and documents that hold HTML are shown as text', async () => {
  const name = '<img src=x onerror=alert(1)>';
  const policy = await createPolicy(name, {
    Sid: 'x',
    Effect: 'Deny',
    Action: 'iot:*',
    Resource: 'arn:aws:iot:*:*:</code><b>x',
  });
  await using view = await open({ policy });
  await view.page.getByRole('heading', { name }).waitFor();
  await view.page.getByText('</code><b>x').waitFor();
  expect(await view.page.locator('img, script:not([src]):not([type="application/json"])').count()).toBe(0);
  await view.expectNoFailures();
});

test.for(['light', 'dark'] as const)('axe finds no violation in the %s theme', async (theme) => {
  await using view = await open({ account: deep, ask: 's3:PutBucketPublicAccessBlock' }, { theme });
  await view.page.getByText('denies it at Production').waitFor();
  await view.page.getByText('Deciding statement').waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await view.page.getByRole('combobox', { name: 'Account' }).click();
  await view.page.getByRole('option', { name: /Acorn Apps/ }).waitFor();
  expect(await view.accessibilityViolations()).toEqual([]);
  await using merged = await open({ account: deep, type: 'TAG_POLICY' }, { theme });
  await merged.page.getByRole('region', { name: /^Effective Tag policy/ }).waitFor();
  expect(await merged.accessibilityViolations()).toEqual([]);
  await using phone = await open(
    { account: deep, ask: 's3:GetObject' },
    { theme, viewport: { width: 390, height: 844 } },
  );
  await phone.page.getByText('Yes. Every level allows it').waitFor();
  expect(await phone.accessibilityViolations()).toEqual([]);
});
