import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { build } from '../support/cli.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { folderOf, startFakeGateway, startMcp } from '../support/mcp.ts';

const OWN = join(import.meta.dirname, '../../src/mcp/documents');
const key = apiKey({ name: 'agents', principals: ['partner', 'customer'] });
const environment = { ORGQL_TOKEN: key.authorization.replace('Bearer ', '') };

let demo: Demo;
beforeAll(async () => {
  build();
  demo = await startDemo({ simulator: { accounts: 300 }, config: { auth: { type: 'apiKeys', keys: [key.settings] } } });
}, 120_000);
afterAll(() => demo?.close());

const start = (...args: readonly string[]) => startMcp(['--url', demo.url, ...args], environment);

/** Arguments for each tool that orgql has. */
const EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AccountPolicies: { accountId: '191813416651' },
  CanAccountDo: {
    accountId: '191813416651',
    action: 's3:PutObject',
    context: [{ key: 'aws:RequestedRegion', values: ['eu-west-1'] }],
  },
  FindAccounts: { text: 'network', states: ['ACTIVE'] },
  PendingInvitations: {},
  PreviewMove: { accountId: '191813416651', destinationParentId: 'ou-exmp-wf7gfu5n' },
  TransfersByMonth: { billedInMonth: '2027-01' },
  WhatChanged: { since: '2026-01-01T00:00:00Z', types: ['ACCOUNT'] },
};

describe('the tools that orgql has', () => {
  it('have a description, a cost, a schema of their arguments, and results with age and cost', async () => {
    const { client, call } = await start();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(Object.keys(EXAMPLES));
    expect(tools).toHaveLength(readdirSync(OWN).length);
    const ajv = new Ajv2020({ strict: false });
    ajv.addFormat('date-time', true);
    for (const { name, description, inputSchema, annotations, _meta } of tools) {
      expect(description).toMatch(
        /^[A-Z].{40,}\.\nEstimated cost: at most \d+ AWS calls with the default arguments\.$/s,
      );
      expect(_meta?.['dev.orgql/estimatedCalls']).toEqual(expect.any(Number));
      expect(annotations).toMatchObject({ readOnlyHint: true });
      const validate = ajv.compile(inputSchema);
      expect(validate(EXAMPLES[name]), JSON.stringify(validate.errors)).toBe(true);
      expect(validate({ ...EXAMPLES[name], other: 1 })).toBe(false);
      for (const [argument, property] of Object.entries(inputSchema.properties ?? {}))
        expect(property, `${name}(${argument})`).toMatchObject({ description: expect.stringMatching(/\S/) });
      const { isError, structured, text } = await call(name, EXAMPLES[name]);
      expect({ name, isError, text }).toMatchObject({ isError: false });
      expect(structured.cost).toEqual({
        calls: expect.any(Number),
        cached: expect.any(Number),
        coalesced: expect.any(Number),
        waitedMs: expect.any(Number),
      });
      expect(structured.ageMs).toEqual(expect.any(Number));
      expect(text).toMatch(/\nCost: \d+ AWS calls?, \d+ cached reads?\. The data is at most \d+ s old\.$/);
      expect(JSON.parse(text.split('\n')[0] ?? '')).toEqual(structured.data);
    }
  });

  it('answer the questions that they are for', async () => {
    const { call } = await start();
    const found = await call('FindAccounts', EXAMPLES['FindAccounts']);
    expect(found.structured.data.organization.accounts.nodes).toContainEqual(
      expect.objectContaining({ id: '191813416651', name: 'Network Transit' }),
    );
    const { account } = (await call('AccountPolicies', EXAMPLES['AccountPolicies'])).structured.data;
    expect(account.policyLevels.map(({ target }: { target: { id: string } }) => target.id)).toEqual([
      ...account.ancestors.map(({ id }: { id: string }) => id),
      '191813416651',
    ]);
    const decided = (await call('CanAccountDo', EXAMPLES['CanAccountDo'])).structured.data;
    expect(decided.account.controlPolicyDecision.decision).toMatch(/DENIED|ALLOWED|DEPENDS/);
    const { organization } = (await call('PendingInvitations')).structured.data;
    expect(organization.handshakes.nodes.length).toBeGreaterThan(0);
    const moved = (await call('PreviewMove', EXAMPLES['PreviewMove'])).structured.data;
    expect(moved.organization.policyPreview.accounts.nodes).toMatchObject([{ account: { id: '191813416651' } }]);
  });
});

const DOCUMENTS = {
  'typed.graphql': `# A license, which describes nothing.

# Finds accounts
# by conditions.
query Typed(
  $filter: AccountFilter!
  # How many
  # accounts.
  $first: Int! = 2
  $since: DateTime
  $withTags: Boolean = false
  $types: [ChangedType!] = [TAG, ACCOUNT]
) {
  organization {
    accounts(first: $first, filter: $filter) { nodes { id name tags @include(if: $withTags) { nodes { key } } } }
    history(filter: { since: $since, types: $types }) { nodes { id } }
  }
}`,
};

describe('the schema of arguments', () => {
  it('has the types, defaults and descriptions of the variables', async () => {
    const { client } = await start('--documents', folderOf(DOCUMENTS));
    const [tool] = (await client.listTools()).tools;
    expect(tool?.description).toMatch(/^Finds accounts by conditions\.\nEstimated cost: at most \d+/);
    const { properties, required, $defs } = (tool?.inputSchema ?? {}) as Record<string, unknown>;
    expect(required).toEqual(['filter']);
    expect(properties).toMatchObject({
      filter: { $ref: '#/$defs/AccountFilter', description: 'Which ones.' },
      first: { type: 'integer', default: 2, description: 'How many accounts.' },
      since: { type: 'string', format: 'date-time', description: 'Changes that were observed then or later.' },
      withTags: { type: 'boolean', default: false },
      types: {
        type: 'array',
        items: { type: 'string', enum: expect.arrayContaining(['TAG']) },
        default: ['TAG', 'ACCOUNT'],
      },
    });
    expect($defs).toMatchObject({
      AccountFilter: {
        type: 'object',
        additionalProperties: false,
        properties: {
          tags: { type: 'array', items: { $ref: '#/$defs/TagFilter' } },
          states: { type: 'array', items: { type: 'string', enum: expect.not.arrayContaining(['UNKNOWN']) } },
        },
      },
      TagFilter: { required: ['key'] },
    });
  });

  it('agrees with the check of the arguments', async () => {
    const { client, call } = await start('--documents', folderOf(DOCUMENTS));
    const [tool] = (await client.listTools()).tools;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(tool?.inputSchema ?? {});
    const cases = [
      { filter: {} },
      { filter: { nameContains: 'a', states: ['ACTIVE'] }, first: 1, withTags: true, types: ['TAG'] },
      {},
      { filter: { states: ['OPEN'] } },
      { filter: { name: 'a' } },
      { filter: {}, first: 'two' },
      { filter: {}, first: 1.5 },
      { filter: {}, first: 3e9 },
      { filter: {}, frist: 1 },
      { filter: { tags: [{ value: 'x' }] } },
    ];
    for (const given of cases) {
      const { isError, text } = await call('Typed', given);
      expect(isError, `${JSON.stringify(given)}: ${text}`).toBe(!validate(given));
    }
  });
});

describe('a long result', () => {
  const ids = (structured: { data: { organization: { accounts: { nodes: { id: string }[] } } } }) =>
    structured.data.organization.accounts.nodes.map(({ id }) => id);

  it('has pages of bounded size, each with the shape of the result', async () => {
    const { call } = await start();
    const given = { first: 1000 };
    const found: string[] = [];
    let page: string | undefined;
    let pages = 0;
    do {
      const { isError, structured, text } = await call('FindAccounts', { ...given, ...(page && { page }) });
      expect(isError).toBe(false);
      expect(Buffer.byteLength(text)).toBeLessThan(34_000);
      expect(Buffer.byteLength(JSON.stringify(structured))).toBeLessThan(34_000);
      pages += 1;
      expect(structured.page).toMatchObject({ number: pages });
      expect(structured.data.organization.accounts.pageInfo).toEqual({
        hasNextPage: false,
        endCursor: expect.any(String),
      });
      found.push(...ids(structured));
      page = structured.page.next ?? undefined;
      if (page === undefined) expect(structured.page.of).toBe(pages);
    } while (page !== undefined);
    expect(pages).toBeGreaterThan(1);
    const { data } = await demo.query(
      '{ organization { accounts(first: 1000) { nodes { id } } } }',
      {},
      { headers: { authorization: key.authorization } },
    );
    expect(found).toEqual(data.organization.accounts.nodes.map(({ id }: { id: string }) => id));
  });

  it('is divided as text if one item is too long', async () => {
    const nested =
      'query Nested { organization { roots { nodes { accounts(first: 1000, descendants: true) { nodes { id arn name email } } } } } }';
    const { call } = await start('--documents', folderOf({ 'nested.graphql': nested }));
    let json = '';
    let page: string | undefined;
    do {
      const { structured } = await call('Nested', page === undefined ? {} : { page });
      expect(Buffer.byteLength(structured.jsonPart)).toBeLessThanOrEqual(32_768);
      json += structured.jsonPart;
      page = structured.page.next ?? undefined;
    } while (page !== undefined);
    expect(JSON.parse(json).organization.roots.nodes[0].accounts.nodes.length).toBeGreaterThan(200);
  });

  it('has no pages for other arguments, other sessions and other numbers', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    const { structured } = await one.call('FindAccounts', { first: 1000 });
    const page: string = structured.page.next;
    const refused = async (session: typeof one, given: Readonly<Record<string, unknown>>) => {
      const { isError, text } = await session.call('FindAccounts', given);
      expect(isError).toBe(true);
      return text;
    };
    expect(await refused(one, { first: 999, page })).toContain(
      'The page belongs to another tool or to other arguments.',
    );
    expect(await refused(other, { first: 1000, page })).toContain('The page is not one of this session');
    expect(await refused(one, { first: 1000, page: 'two' })).toContain('The page is not one of this session');
    expect(await refused(one, { first: 1000, page: page.replace(/\d+$/, '999') })).toContain('the result has');
    expect((await one.call('FindAccounts', { page, first: 1000 })).isError).toBe(false);
  });
});

it('invisible characters are escaped in the text and in the structured content of results and errors', async () => {
  const name = 'a\u{e0041}b\u{e0158}c\u202ed\u00ade \u26a0\ufe0f\n{}';
  const visible = 'a\\udb40\\udc41b\\udb40\\udd58c\\u202ed\\u00ade \u26a0\ufe0f\n{}';
  const gateway = await startFakeGateway(() => ({
    data: { organization: { accounts: { nodes: [{ name }] } } },
    errors: [{ message: name, extensions: { code: 'X' } }],
  }));
  const { call } = await startMcp(['--url', gateway.url]);
  const { text, structured } = await call('FindAccounts');
  expect(structured.data.organization.accounts.nodes).toEqual([{ name: visible }]);
  expect(structured.errors[0].message).toBe(visible);
  expect(JSON.parse(text.split('\n')[0] ?? '')).toEqual(structured.data);
  expect(text).not.toMatch(/[\u{e0000}-\u{e0fff}\u202e\u00ad]/u);
});

it('every operation of orgql begins with a comment that says what it does', () => {
  for (const name of readdirSync(OWN)) expect(readFileSync(join(OWN, name), 'utf8')).toMatch(/^# [A-Z]/);
});
