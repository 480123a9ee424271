import { once } from 'node:events';
import { expect, test } from 'vitest';
import { post, send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const query = '{ principal }';

test('an operation without a principal runs as the first', async () => {
  await using server = await startPlainServer();
  const { body } = await post(server.url, { query: '{ principal principals }' });
  expect(body.data).toEqual({ principal: 'first', principals: ['first', 'second'] });
});

test('the header x-orgql-principal selects the principal', async () => {
  await using server = await startPlainServer();
  const { body } = await post(server.url, { query }, { 'x-orgql-principal': 'second' });
  expect(body.data).toEqual({ principal: 'second' });
});

test('extensions.principal selects the principal, before the header', async () => {
  await using server = await startPlainServer();
  const { body } = await post(
    server.url,
    { query, extensions: { principal: 'second' } },
    { 'x-orgql-principal': 'first' },
  );
  expect(body.data).toEqual({ principal: 'second' });
});

test.for(['unknown', '', 7, ['first'], { name: 'first' }, '__proto__'])(
  'principal %j does not exist: an error names it and those that do, and nothing runs',
  async (principal) => {
    await using server = await startPlainServer();
    const { status, body } = await post(server.url, { query, extensions: { principal } });
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions).toEqual({ code: 'UNKNOWN_PRINCIPAL', principals: ['first', 'second'] });
    expect(body.errors[0].message).toContain(JSON.stringify(principal));
    expect(body.errors[0].message).toContain('"first", "second"');
    expect(server.upstream.sessions).toEqual([]);
  },
);

test.for([
  ['deep', '['.repeat(40_000) + ']'.repeat(40_000)],
  ['long', JSON.stringify('x'.repeat(200_000))],
])('a principal that is %s is unknown, and the error quotes only its beginning', async ([_, principal]) => {
  await using server = await startPlainServer();
  const { status, text } = await send(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":"{ principal }","extensions":{"principal":${principal}}}`,
  });
  expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([400, 'UNKNOWN_PRINCIPAL']);
  expect(text.length).toBeLessThan(1_000);
  using connection = await RawConnection.open(server.url);
  connection.send(
    `{"id":"1","type":"subscribe","payload":{"query":"{ principal }","extensions":{"principal":${principal}}}}`,
  );
  expect((await connection.next()).payload[0].extensions.code).toBe('UNKNOWN_PRINCIPAL');
  // Before anything is known of the client, a message may not be as long as that.
  using early = new RawConnection(server.url);
  await once(early.socket, 'open');
  early.socket.send(`{"type":"connection_init","payload":{"principal":${principal}}}`);
  expect((await early.closed).code).toBe(1009);
});

test('connectionParams.principal selects the principal of every operation of a WebSocket', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url, { principal: 'second' });
  connection.subscribe('1', query);
  expect((await connection.next()).payload.data).toEqual({ principal: 'second' });
});

test('extensions.principal or GraphiQL’s extensions.headers selects the principal of one operation of a WebSocket', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url, { principal: 'second' });
  connection.subscribe('1', query, { principal: 'first' });
  expect((await connection.next()).payload.data).toEqual({ principal: 'first' });
  expect(await connection.next()).toEqual({ id: '1', type: 'complete' });
  connection.subscribe('2', query, { headers: { 'X-Orgql-Principal': 'first' } });
  expect((await connection.next()).payload.data).toEqual({ principal: 'first' });
});

test.for(['unknown', 7, ['first']])(
  'connectionParams.principal %j does not exist: an error message, and the connection goes on',
  async (name) => {
    await using server = await startPlainServer();
    using connection = await RawConnection.open(server.url, { principal: name });
    connection.subscribe('1', query);
    const error = await connection.next();
    expect(error.type).toBe('error');
    expect(error.payload[0].extensions.code).toBe('UNKNOWN_PRINCIPAL');
    connection.subscribe('2', query, { principal: 'first' });
    expect((await connection.next()).payload.data).toEqual({ principal: 'first' });
  },
);
