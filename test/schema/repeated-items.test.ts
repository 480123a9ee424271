import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { startRewritingProxy } from '../support/rewriting-proxy.ts';

/** Every list of AWS shows each of its items twice: in each page, and the last of a page in the next one again. */
let demo: Demo;
let proxy: Awaited<ReturnType<typeof startRewritingProxy>>;
let doubled: Demo;
const lastItems = new Map<string, unknown>();

/** Lists of which each account has one, so that pages of two are not taken for pages of one. */
const isOneList = /^List(Accounts|HandshakesForOrganization|CreateAccountStatus|InboundResponsibilityTransfers)$/;

function twice(operation: string, reply: unknown): unknown {
  if (!operation.startsWith('List')) return reply;
  return Object.fromEntries(
    Object.entries(reply as Record<string, unknown>).map(([member, items]) => {
      if (!Array.isArray(items)) return [member, items];
      const before = isOneList.test(operation) ? lastItems.get(operation) : undefined;
      lastItems.set(operation, (reply as { NextToken?: string }).NextToken === undefined ? undefined : items.at(-1));
      return [member, [...(before === undefined ? [] : [before]), ...items, ...items]];
    }),
  );
}

beforeAll(async () => {
  demo = await startDemo();
  proxy = await startRewritingProxy(demo.simulator.url, twice);
  doubled = await startDemo({ config: { principals: demoSettings(proxy.url).principals, upstream: { cacheMs: 0 } } });
});
afterAll(async () => {
  await doubled.close();
  await proxy[Symbol.asyncDispose]();
  await demo.close();
});

test.for([1, 2, 20, 21])(
  'an item that the next page of AWS shows again does not follow on its own cursor, %i items at a time',
  async (first) => {
    const document = `query ($after: String) {
      organization { accounts(first: ${first}, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
    }`;
    let after: string | null = null;
    let last: string | undefined;
    lastItems.clear();
    do {
      const { data } = await doubled.query(document, { after });
      const { nodes, pageInfo } = data.organization.accounts;
      if (last !== undefined && nodes.length > 0) expect(nodes[0].id).not.toBe(last);
      last = nodes.at(-1)?.id ?? last;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  },
);

const page = '(first: 1000) { totalCount nodes';
test.for([
  ['accounts', `organization { accounts${page} { id } } }`],
  ['roots', `organization { root { id organizationalUnits${page} { id } } } }`],
  [
    'accounts of each unit',
    `organization { root { organizationalUnits(first: 50) { nodes { accounts${page} { id } } } } } }`,
  ],
  [
    'policies',
    `organization { policies(type: SERVICE_CONTROL_POLICY, first: 100) { totalCount nodes { id targets${page} { target { id } } } } } }`,
  ],
  [
    'policies of each account',
    `organization { accounts(first: 60) { nodes { policies(type: SERVICE_CONTROL_POLICY) { nodes { id } } } } }`,
  ],
  ['handshakes', `organization { handshakes${page} { id } } } viewer { handshakes${page} { id } } }`],
  [
    'transfers',
    `organization { inboundResponsibilityTransfers${page} { id } } outboundResponsibilityTransfers${page} { id } } }`,
  ],
  ['creations', `organization { createAccountStatuses${page} { id } } }`],
  ['services', `organization { enabledServices${page} { servicePrincipal } } }`],
  [
    'delegated administrators',
    `organization { delegatedAdministrators${page} { id account { delegatedServices { nodes { servicePrincipal } } } } } }`,
  ],
  ['tags', `organization { root { tags${page} { key } } } accounts(first: 20) { nodes { tags { nodes { key } } } } }`],
] as const)('an item that AWS shows twice is once in the list: %s', async ([_, selection]) => {
  const document = `{ ${selection} }`;
  const expected = await demo.query(document);
  expect(expected.errors).toBeUndefined();
  lastItems.clear();
  const found = await doubled.query(document);
  expect(found.errors).toBeUndefined();
  expect(found.data).toEqual(expected.data);
});
