import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { introspectionFromSchema } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { possibleTypes } from '../../src/schema/possible-types.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
let accountId = '';
beforeAll(async () => {
  demo = await startDemo();
  const { data } = await demo.query('{ organization { accounts(first: 1) { nodes { id } } } }');
  accountId = data.organization.accounts.nodes[0].id;
  const tag = `mutation ($id: ID!) {
    tagResource(input: { resourceId: $id, tags: [{ key: "team", value: "blue" }] }) { __typename }
  }`;
  const tagged = await demo.query(tag, { id: accountId });
  expect(tagged.data.tagResource.__typename).toBe('TagResourcePayload');
});
afterAll(() => demo.close());
afterEach(() => {
  vi.restoreAllMocks();
});

// biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
type Data = any;

interface CacheClient {
  readonly query: (document: string, variables?: Record<string, unknown>) => Promise<Data>;
  readonly mutate: (document: string, variables?: Record<string, unknown>) => Promise<Data>;
  /** What the cache has, without a request. */
  readonly cached: (document: string, variables?: Record<string, unknown>) => Promise<Data>;
}

const headers = { 'x-orgql-principal': 'partner' };

function apollo(withTypes = true): CacheClient {
  const client = new ApolloClient({
    cache: new InMemoryCache(withTypes ? { possibleTypes } : {}),
    link: new HttpLink({ uri: demo.url, headers }),
  });
  return {
    query: async (document, variables = {}) => (await client.query({ query: gql(document), variables })).data,
    mutate: async (document, variables = {}) => (await client.mutate({ mutation: gql(document), variables })).data,
    cached: async (document, variables = {}) =>
      (await client.query({ query: gql(document), variables, fetchPolicy: 'cache-only' })).data,
  };
}

/** Objects without an id are cached as a part of their parent. */
const keys = { Tag: () => null };

function urql(options: Parameters<typeof cacheExchange>[0] = { possibleTypes }): CacheClient {
  const client = new Client({
    url: demo.url,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [cacheExchange({ keys, ...options }), fetchExchange],
  });
  const dataOf = ({ data, error }: { data?: Data; error?: unknown }) => {
    expect(error).toBeUndefined();
    return data;
  };
  return {
    query: async (document, variables = {}) => dataOf(await client.query(document, variables).toPromise()),
    mutate: async (document, variables = {}) => dataOf(await client.mutation(document, variables).toPromise()),
    cached: async (document, variables = {}) =>
      dataOf(await client.query(document, variables, { requestPolicy: 'cache-only' }).toPromise()),
  };
}

const refused = `mutation {
  acceptHandshake(input: { handshakeId: "h-00000000000000000000" }) {
    __typename
    ... on AcceptHandshakePayload { handshake { id } }
    ... on Error { code message }
  }
}`;

const taggable = `query ($id: ID!) {
  node(id: $id) { __typename id ... on Taggable { tags { nodes { key value } } } }
}`;

const nested = `query ($id: ID!) {
  account(id: $id) {
    __typename id name
    parent { __typename id ... on PolicyTarget { ... on Taggable { ... on Node { nodeId: id } } } ... on Root { name } ... on OrganizationalUnit { name } }
  }
}`;

describe.each([
  ['Apollo Client with possibleTypes', () => apollo()],
  ['graphcache with possibleTypes', () => urql()],
  ['graphcache with the schema', () => urql({ schema: introspectionFromSchema(schema) })],
] as const)('%s', (_name, connect) => {
  it('has what `... on Error` selects of a mutation', async () => {
    const { acceptHandshake } = await connect().mutate(refused);
    expect(acceptHandshake).toMatchObject({
      __typename: 'HandshakeNotFoundException',
      code: 'HandshakeNotFoundException',
      message: expect.stringMatching(/./),
    });
  });

  it('has what `... on Taggable` selects, from the gateway and then from the cache', async () => {
    const client = connect();
    const node = {
      __typename: 'Account',
      id: accountId,
      tags: { nodes: expect.arrayContaining([expect.objectContaining({ key: 'team', value: 'blue' })]) },
    };
    expect((await client.query(taggable, { id: accountId })).node).toMatchObject(node);
    expect((await client.cached(taggable, { id: accountId })).node).toMatchObject(node);
  });

  it('has what fragments on interfaces in interfaces select', async () => {
    const client = connect();
    const { account } = await client.query(nested, { id: accountId });
    expect(account.parent).toMatchObject({ nodeId: account.parent.id, name: expect.any(String) });
    expect((await client.cached(nested, { id: accountId })).account.parent).toEqual(account.parent);
  });

  it('keeps an account apart from a party, a child and a delegated administrator of the same id', async () => {
    const client = connect();
    const document = `{
      organization {
        id
        accounts(first: 200) { nodes { __typename id name } }
        root { id children(type: ACCOUNT) { nodes { __typename id type } } }
        handshakes(first: 50) { nodes { __typename id parties { __typename id type } } }
      }
    }`;
    const { data: sent } = await demo.query(document);
    await client.query(document);
    const { organization } = await client.cached(document);
    expect(organization).toMatchObject(sent.organization);
    const partyIds = sent.organization.handshakes.nodes.flatMap((each: Data) => each.parties.map(({ id }: Data) => id));
    const accountIds = sent.organization.accounts.nodes.map(({ id }: Data) => id);
    expect(partyIds.filter((id: string) => accountIds.includes(id))).not.toEqual([]);
  });
});

it('Apollo Client without possibleTypes drops what `... on Error` and `... on Taggable` select', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const client = apollo(false);
  expect((await client.mutate(refused)).acceptHandshake).not.toHaveProperty('message');
  expect((await client.query(taggable, { id: accountId })).node).not.toHaveProperty('tags');
});
