import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { post, send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { type Transport, transportNames, transports } from '../support/transports.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashOf = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(query) } });

/** What a client sent: a hash, a document, or both, with the status and the errors of the answer. */
interface Exchange {
  readonly method: string;
  readonly sent: string;
  readonly status: number;
  readonly errors: readonly string[];
}

function recorded(): { readonly fetch: typeof fetch; readonly exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  const recording: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const params =
      init?.method === 'GET'
        ? { query: url.searchParams.get('query'), extensions: url.searchParams.get('extensions') }
        : JSON.parse(String(init?.body));
    const response = await fetch(input, init);
    const { errors = [] } = (await response.clone().json()) as { errors?: { message: string }[] };
    exchanges.push({
      method: init?.method ?? 'GET',
      sent: [params.extensions && 'hash', params.query && 'document'].filter(Boolean).join(' and '),
      status: response.status,
      errors: errors.map(({ message }) => message),
    });
    return response;
  };
  return { fetch: recording, exchanges };
}

const document = '{ organization { id accounts(first: 2) { nodes { id name } } } }';
const query = gql(document);

interface TestClient {
  readonly exchanges: readonly Exchange[];
  ask(): Promise<unknown>;
}

const clients: Readonly<Record<string, (demo: Demo, method: 'GET' | 'POST') => TestClient>> = {
  'Apollo Client': ({ url }, method) => {
    const { fetch, exchanges } = recorded();
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([
        new PersistedQueryLink({ sha256, useGETForHashedQueries: method === 'GET' }),
        new HttpLink({ uri: url, fetch, headers: { 'x-orgql-principal': 'partner' } }),
      ]),
    });
    return { exchanges, ask: async () => (await client.query({ query, fetchPolicy: 'network-only' })).data };
  },
  urql: ({ url }, method) => {
    const { fetch, exchanges } = recorded();
    const client = new Client({
      url,
      fetch,
      fetchOptions: { headers: { 'x-orgql-principal': 'partner' } },
      preferGetMethod: false,
      exchanges: [persistedExchange({ preferGetForPersistedQueries: method === 'GET' }), fetchExchange],
    });
    return {
      exchanges,
      async ask() {
        const { data, error } = await client.query(query, {}, { requestPolicy: 'network-only' }).toPromise();
        expect(error).toBeUndefined();
        return data;
      },
    };
  },
};

const start = (persistedQueries?: ConfigInput['persistedQueries']) =>
  startDemo({ config: persistedQueries === undefined ? {} : { persistedQueries } });

describe.each(Object.keys(clients))('%s', (name) => {
  const connect = clients[name] as (typeof clients)[string];
  const found = { organization: { accounts: { nodes: [{ id: expect.any(String) }, { id: expect.any(String) }] } } };

  it.each(['POST', 'GET'] as const)('sends the document where no persisted queries are kept, by %s', async (method) => {
    await using demo = await start();
    const client = connect(demo, method);
    expect(await client.ask()).toMatchObject(found);
    const [first, second, ...others] = client.exchanges;
    expect(first).toEqual({ method, sent: 'hash', status: 200, errors: ['PersistedQueryNotSupported'] });
    expect(second).toMatchObject({ status: 200, errors: [] });
    expect(others).toEqual([]);
    // It does not send a hash alone again.
    expect(await client.ask()).toMatchObject(found);
    expect(client.exchanges.slice(2)).toEqual([
      expect.objectContaining({ sent: expect.stringContaining('document'), errors: [] }),
    ]);
  });

  it.each(['POST', 'GET'] as const)('sends a document once where they are kept, by %s', async (method) => {
    await using demo = await start({});
    const client = connect(demo, method);
    expect(await client.ask()).toMatchObject(found);
    expect(client.exchanges).toMatchObject([
      { method, sent: 'hash', status: 200, errors: ['PersistedQueryNotFound'] },
      { sent: 'hash and document', status: 200, errors: [] },
    ]);
    const another = connect(demo, method);
    expect(await another.ask()).toMatchObject(found);
    expect(await client.ask()).toMatchObject(found);
    expect([...another.exchanges, ...client.exchanges.slice(2)]).toEqual([
      { method, sent: 'hash', status: 200, errors: [] },
      { method, sent: 'hash', status: 200, errors: [] },
    ]);
  });
});

const principal = '{ principal }';
const { HTTP, 'HTTP GET': byGet }: Readonly<Record<'HTTP' | 'HTTP GET', Transport>> = transports;

describe.for(transportNames)('over %s, a persisted query', (name) => {
  const ask: Transport = transports[name];

  it('runs by its hash once it has been sent', async () => {
    await using server = await startPlainServer({ persistedQueries: {} });
    const alone = { query: '', extensions: hashOf(principal) };
    expect(await ask(server.url, alone)).toEqual({
      code: 'PERSISTED_QUERY_NOT_FOUND',
      message: 'PersistedQueryNotFound',
    });
    const both = { query: principal, extensions: hashOf(principal) };
    expect(await ask(server.url, both)).toEqual({ data: { principal: 'first' } });
    expect(await ask(server.url, alone)).toEqual({ data: { principal: 'first' } });
  });

  it('is rejected with PERSISTED_QUERY_NOT_SUPPORTED’s message where persisted queries are off', async () => {
    await using server = await startPlainServer();
    expect(await ask(server.url, { query: '', extensions: hashOf(principal) })).toEqual({
      code: 'PERSISTED_QUERY_NOT_SUPPORTED',
      message: 'PersistedQueryNotSupported',
    });
  });
});

describe('a persisted query', () => {
  const keep = { persistedQueries: {} };

  it('is requested without a query or with null', async () => {
    await using server = await startPlainServer();
    for (const query of [undefined, null]) {
      const { status, body } = await post(server.url, { query, extensions: hashOf(principal) });
      expect([status, body.errors[0].extensions.code]).toEqual([200, 'PERSISTED_QUERY_NOT_SUPPORTED']);
    }
  });

  it.each([
    ['is no valid document', '{ nothing }'],
    ['cannot be parsed', '{ principal'],
    ['costs too much', '{ stalled }'],
    ['is longer than the settings allow', `{ principal } #${'x'.repeat(1_000)}`],
  ])('is not stored when it %s', async (_, text) => {
    const settings = { persistedQueries: { maxDocumentBytes: 1_000 }, graph: { maxCalls: 4 } };
    await using server = await startPlainServer(settings);
    await post(server.url, { query: text, extensions: hashOf(text) });
    const { body } = await post(server.url, { query: '', extensions: hashOf(text) });
    expect(body.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('has an uncacheable response when it is not found', async () => {
    await using server = await startPlainServer(keep);
    const search = new URLSearchParams({ extensions: JSON.stringify(hashOf(principal)) });
    const { headers } = await send(`${server.url}?${search}`, { headers: { accept: 'application/json' } });
    expect(headers['cache-control']).toMatch(/no-store|no-cache/);
  });

  it.each([['A'.repeat(64)], ['abc'], [42], [{}], [['a']], [true], ['__proto__']])(
    'of the hash %j does not exist',
    async (sha256Hash) => {
      await using server = await startPlainServer(keep);
      const extensions = { persistedQuery: { version: 1, sha256Hash } };
      const alone = await post(server.url, { query: '', extensions });
      expect(alone.body.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
      const both = await post(server.url, { query: principal, extensions });
      expect([both.status, both.body.errors[0].extensions.code]).toEqual([400, 'PERSISTED_QUERY_MISMATCH']);
    },
  );

  it('that is a mutation runs only by POST', async () => {
    await using server = await startPlainServer(keep);
    const mutation = 'mutation { __typename }';
    const both = await post(server.url, { query: mutation, extensions: hashOf(mutation) });
    expect(both.body.data).toEqual({ __typename: 'Mutation' });
    const reply = await byGet(server.url, { query: '', extensions: hashOf(mutation) });
    expect(reply.code).toBe('BAD_REQUEST');
    expect((await HTTP(server.url, { query: '', extensions: hashOf(mutation) })).data).toBeTruthy();
  });
});
