import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { CopiedData } from '../../src/schema/cost/copied.ts';
import { estimate } from '../../src/schema/cost/estimate.ts';
import { schema } from '../../src/schema/index.ts';
import { fakeCopy } from '../support/fake-copy.ts';

const root = { Id: 'r-root', PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] };

/** A copy whose lists have these sizes, with the account 111111111111 and service control policies alone enabled. */
function copyOf(sizes: Readonly<Record<string, number>>): CopiedData {
  const { reply } = fakeCopy([{ Id: '111111111111' }]).reader(0 as never);
  const replyOf = (operation: string, input: object) =>
    operation === 'ListRoots' ? { value: { Roots: [root] }, asOf: 0 } : reply(operation as never, input as never);
  return { reply: replyOf as CopiedData['reply'], size: (list) => sizes[list] };
}

const ALL = {
  organization: 1,
  roots: 1,
  accounts: 5_000,
  organizationalUnits: 40,
  policies: 12,
  policyAttachments: 60,
  policyContents: 12,
  tags: 5_041,
  organizationHandshakes: 300,
};

function estimated(query: string, sizes?: Readonly<Record<string, number>>) {
  const limits = { maxFirst: 1_000, inventoryMaxFirst: 20_000, accounts: 1_000, maxValues: 1_000_000 };
  const copy = sizes && copyOf(sizes);
  const settings = copy ? { ...limits, copy, accounts: copy.size('accounts') ?? limits.accounts } : limits;
  return estimate(schema, { document: parse(query) }, settings);
}

const TREE = `{ organization { root { name organizationalUnits(first: 50) { totalCount nodes {
  name tags { nodes { key } } policies(type: SERVICE_CONTROL_POLICY) { nodes { content } }
  accounts(first: 1000) { nodes { name parent { ... on OrganizationalUnit { name } } } } } } } } }`;

describe('the estimate of an operation that accepts the age of the copy', () => {
  it('counts no calls for lists and objects that the copy holds', () => {
    expect(estimated(TREE).calls).toBeGreaterThan(100);
    expect(estimated(TREE, ALL)).toMatchObject({ calls: 0, fields: [] });
    expect(estimated(TREE, ALL).forecast.size).toBe(0);
  });

  it('counts the calls for lists that the copy does not hold, and for data that it never has', () => {
    const { tags: _tags, ...others } = ALL;
    expect(estimated(TREE, others).fields.map(({ path }) => path)).toEqual([
      'organization.root.organizationalUnits.nodes.tags',
    ]);
    const effective = '{ account(id: "111111111111") { effectivePolicy(type: TAG_POLICY) { policyContent } } }';
    expect(estimated(effective, ALL).calls).toBe(1);
  });

  it('counts the calls for policies of a type that is not enabled, and for all that is read of them', () => {
    const policies = (type: string) => `{ organization { policies(type: ${type}, first: 20) { nodes {
      content targets(first: 20) { nodes { id } } tags { nodes { key } } } } } }`;
    expect(estimated(policies('SERVICE_CONTROL_POLICY'), ALL).calls).toBe(0);
    const ofEach = 3;
    expect(estimated(policies('TAG_POLICY'), ALL).calls).toBe(1 + 20 * ofEach);
    const attached = (type: string) => `{ account(id: "111111111111") { policies(type: ${type}) { nodes { id } } } }`;
    expect(estimated(attached('SERVICE_CONTROL_POLICY'), ALL).calls).toBe(0);
    expect(estimated(attached('TAG_POLICY'), ALL).calls).toBe(1);
  });

  it('counts a call for each id that the copy does not know', () => {
    const nodes = '{ nodes(ids: ["111111111111", "222222222222", "333333333333", "ou-ab12-11111111"]) { id } }';
    expect(estimated(nodes).calls).toBe(4);
    expect(estimated(nodes, ALL).calls).toBe(3);
    expect(estimated('{ account(id: "111111111111") { name } }', ALL).calls).toBe(0);
  });

  it('counts the values of as many items as the copy has, in place of the assumed number', () => {
    const accounts = (first: number) => `{ organization { accounts(first: ${first}) { nodes { id name } } } }`;
    const perAccount = 2;
    const around = 3;
    expect(estimated(accounts(20_000), ALL).values).toBe(5_000 * perAccount + around);
    expect(estimated(accounts(10), ALL).values).toBe(10 * perAccount + around);
    expect(estimated(accounts(20_000), { ...ALL, accounts: 3 }).values).toBe(3 * perAccount + around);
    // The connection rejects it without reading anything.
    expect(estimated(accounts(20_001), ALL).values).toBeLessThanOrEqual(around + perAccount);
    const handshakes = '{ organization { handshakes(first: 1000) { nodes { id } } } }';
    expect(estimated(handshakes, ALL).values).toBe(300 + around);
  });

  it('counts no calls behind a cursor of the copy, with or without an accepted age, and calls behind one of AWS', () => {
    const behind = (cursor: string) =>
      `{ organization { accounts(first: 20000, after: "${cursor}") { nodes { id } } } }`;
    expect(estimated(behind('i.abc'))).toMatchObject({ calls: 1, values: 20_000 + 3 });
    expect(estimated(behind('abc').replace('20000', '100'), ALL).calls).toBe(6);
  });
});
