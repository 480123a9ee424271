import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startPlainServer } from '../../support/plain-server.ts';
import { RawConnection } from '../../support/websocket.ts';

test('runs queries, mutations and subscriptions on one connection, each result with its cost', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  connection.subscribe('q', '{ principal }');
  const upstream = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
  expect(await connection.next()).toEqual({
    id: 'q',
    type: 'next',
    payload: { data: { principal: 'first' }, extensions: { upstream } },
  });
  expect(await connection.next()).toEqual({ id: 'q', type: 'complete' });
  connection.subscribe('s', 'subscription { ticks }');
  for (const ticks of [1, 2]) {
    expect(await connection.next()).toEqual({
      id: 's',
      type: 'next',
      payload: { data: { ticks }, extensions: { upstream } },
    });
  }
  expect(await connection.next()).toEqual({ id: 's', type: 'complete' });
});

test.for([
  ['is not JSON', '{', 4400],
  ['has no known type', { type: 'nonsense' }, 4400],
  ['only servers send', { id: '1', type: 'next', payload: { data: {} } }, 4400],
  ['only servers send, to begin with', { type: 'connection_ack' }, 4400],
  [
    'begins an operation before connection_init',
    { id: '1', type: 'subscribe', payload: { query: '{ principal }' } },
    4401,
  ],
] as const)('a message that %s closes the connection with %3$i', async ([_, message, code]) => {
  await using server = await startPlainServer();
  using connection = new RawConnection(server.url);
  await once(connection.socket, 'open');
  connection.send(message);
  expect((await connection.closed).code).toBe(code);
});

test('a second connection_init closes the connection with 4429, an id in use with 4409', async () => {
  await using server = await startPlainServer();
  using twice = await RawConnection.open(server.url);
  twice.send({ type: 'connection_init' });
  expect((await twice.closed).code).toBe(4429);
  using same = await RawConnection.open(server.url);
  same.subscribe('1', 'subscription { silent }');
  same.subscribe('1', 'subscription { silent }');
  expect((await same.closed).code).toBe(4409);
});

test('closes a client of another subprotocol with 4406', async () => {
  await using server = await startPlainServer();
  using connection = new RawConnection(server.url, { protocol: 'graphql-ws' });
  // ws’s client takes the missing subprotocol for an error of its own, and ends the connection first.
  const [error] = await once(connection.socket, 'error');
  expect(error.message).toContain('subprotocol');
});

test('a message above 1 MiB closes the connection with 1009, with a bounded number of log lines', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  connection.send(`{"type":"ping","payload":{"x":"${'x'.repeat(1_048_576)}"}}`);
  expect((await connection.closed).code).toBe(1009);
  expect(server.logged.filter(({ level }) => Number(level) >= 40)).toEqual([
    expect.objectContaining({ security: 'message_too_large', setting: 'limits.bodyBytes', count: 1 }),
  ]);
});

test('rejects a WebSocket on another path', async () => {
  await using server = await startPlainServer();
  using connection = new RawConnection(server.url.replace('/graphql', '/other'));
  const [error] = await once(connection.socket, 'error');
  expect(error.message).toContain('404');
});

test('malformed connectionParams and extensions get an error message and keep the connection', async () => {
  await using server = await startPlainServer();
  for (const params of [
    { principal: null },
    { principal: {} },
    { principal: '\r\nx: y' },
    { principal: 'é\u0000' },
    { headers: 3 },
  ]) {
    using connection = await RawConnection.open(server.url, params);
    connection.subscribe('1', '{ principal }', { headers: { 'x-orgql-principal': '\n' } });
    expect(['next', 'error']).toContain((await connection.next()).type);
    connection.subscribe('2', '{ principal }', { headers: [], principal: 'first' });
    const messages = [await connection.next(), await connection.next()];
    expect(messages.some(({ payload }) => payload?.data?.principal === 'first')).toBe(true);
  }
  expect(server.logged.filter(({ level }) => level === 50)).toEqual([]);
});
