import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { post, send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

afterEach(() => vi.unstubAllEnvs());

const alice = apiKey({ principals: ['first'], scopes: ['read'] });
const auth = { type: 'apiKeys' as const, keys: [alice.settings] };

/** POSTs an operation whose answer is not waited for. */
function begin(url: string, query: string, headers: Record<string, string> = {}) {
  const outgoing = request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
  });
  outgoing.on('error', () => {});
  outgoing.end(JSON.stringify({ query }));
  return outgoing;
}

test('disconnecting ends the iterator of an SSE subscription at once', async () => {
  await using server = await startPlainServer();
  const subscribed = server.next('subscribed');
  const outgoing = begin(server.url, 'subscription { silent }', { accept: 'text/event-stream' });
  await subscribed;
  const returned = server.next('returned');
  outgoing.destroy();
  await returned;
});

test.for(['*/*', 'text/event-stream'])(
  'disconnecting before an SSE subscription (accept: %s) starts ends its iterator as soon as it exists',
  async (accept) => {
    await using server = await startPlainServer({ auth, limits: { subscriptionsPerCaller: 1 } });
    const headers = { accept, authorization: alice.authorization };
    const subscribed = server.next('subscribed');
    const outgoing = begin(server.url, 'subscription { late }', headers);
    await subscribed;
    const left = new Promise((resolve) => outgoing.once('close', resolve));
    outgoing.destroy();
    await left;
    const returned = server.next('returned');
    // The server hears of the departure before the next request on another connection is answered.
    await fetch(server.url, { headers: { authorization: alice.authorization } });
    server.begin();
    await returned;
    // It is not counted among the caller's any more.
    const again = server.next('subscribed');
    begin(server.url, 'subscription { silent }', headers);
    await again;
  },
);

test.for(['*/*', 'text/event-stream'])(
  'a disconnected SSE client (accept: %s) is noticed at once, not with the next ping',
  async (accept) => {
    // Yoga pings every 12 s, and in tests much more often.
    vi.stubEnv('NODE_ENV', 'production');
    await using server = await startPlainServer();
    const subscribed = server.next('subscribed');
    const outgoing = begin(server.url, 'subscription { silent }', { accept });
    await subscribed;
    const returned = server.next('returned');
    outgoing.destroy();
    await returned;
  },
);

test('completing a subscription on a WebSocket ends its iterator at once', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  const subscribed = server.next('subscribed');
  connection.subscribe('1', 'subscription { silent }');
  await subscribed;
  const returned = server.next('returned');
  connection.send({ id: '1', type: 'complete' });
  await returned;
});

test('a closed WebSocket ends the iterators of all its subscriptions', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  for (const id of ['1', '2']) {
    const subscribed = server.next('subscribed');
    connection.subscribe(id, 'subscription { silent }');
    await subscribed;
  }
  let returned = 0;
  const both = new Promise<void>((resolve) => {
    server.events.on('returned', () => {
      returned += 1;
      if (returned === 2) resolve();
    });
  });
  connection.socket.terminate();
  await both;
});

test.for(['{ stalled }', 'subscription { stalled }'])(
  'disconnecting from `%s` over HTTP aborts its upstream calls',
  async (query) => {
    await using server = await startPlainServer();
    const read = once(server.upstream, 'read');
    const outgoing = begin(server.url, query, { accept: 'text/event-stream, application/json' });
    await read;
    const aborted = once(server.upstream, 'abort');
    outgoing.destroy();
    await aborted;
  },
);

test.for(['{ stalled }', 'subscription { stalled }'])(
  'completing `%s` on a WebSocket aborts its upstream calls, and no others',
  async (query) => {
    await using server = await startPlainServer();
    using connection = await RawConnection.open(server.url);
    for (const id of ['1', '2']) {
      const read = once(server.upstream, 'read');
      connection.subscribe(id, query);
      await read;
    }
    let aborts = 0;
    server.upstream.on('abort', () => {
      aborts += 1;
    });
    const aborted = once(server.upstream, 'abort');
    connection.send({ id: '1', type: 'complete' });
    await aborted;
    expect(aborts).toBe(1);
    connection.subscribe('3', '{ principal }');
    expect(await connection.next()).toMatchObject({ id: '3', payload: { data: { principal: 'first' } } });
    expect(aborts).toBe(1);
  },
);

test('a started mutation finishes although its client disconnects', async () => {
  await using server = await startPlainServer();
  let aborts = 0;
  server.upstream.on('abort', () => {
    aborts += 1;
  });
  const begun = server.next('subscribed');
  const outgoing = begin(server.url, 'mutation { write }');
  await begun;
  const written = server.next('written');
  outgoing.destroy();
  await written;
  expect(aborts).toBe(0);
});

test('Cache-Control: no-cache bypasses the cache, over HTTP and in an operation of a WebSocket', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cache-control': 'max-age=0, no-cache' },
    body: '{"query":"{calls}"}',
  });
  await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cache-control': 'max-age=0' },
    body: '{"query":"{calls}"}',
  });
  connection.subscribe('1', '{ calls }', { headers: { 'Cache-Control': 'no-cache' } });
  await connection.next();
  expect(server.upstream.sessions.map(({ fresh }) => fresh)).toEqual([true, false, true]);
});

test('a queued query is not executed when its client has disconnected, but a queued mutation is', async () => {
  await using server = await startPlainServer({ limits: { concurrentOperations: 1 } });
  /** The server has read what was sent before. */
  const roundTrip = () => send(new URL('/health', server.url).href);
  const errors = () => server.logged.filter(({ msg }) => msg === 'ran').map((line) => line['errors']);
  const writing = server.next('subscribed');
  const outgoing = begin(server.url, 'mutation { write }');
  await writing;
  const leaving = begin(server.url, '{ principal }');
  await roundTrip();
  leaving.destroy();
  await roundTrip();
  const next = post(server.url, { query: '{ principal }' });
  const written = server.next('subscribed');
  const alsoLeaving = begin(server.url, 'mutation { write }');
  await roundTrip();
  alsoLeaving.destroy();
  await roundTrip();
  server.finishWrite();
  expect((await next).body.data).toEqual({ principal: 'first' });
  await written;
  outgoing.destroy();
  expect(errors()).toEqual([undefined, ['ABORTED'], undefined]);
});
