import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { post, send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const json = { 'content-type': 'application/json' };

test('closing ends WebSockets with code 1001, on which clients reconnect', async () => {
  const server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  const subscribed = server.next('subscribed');
  connection.subscribe('1', 'subscription { silent }');
  await subscribed;
  const returned = server.next('returned');
  await server.close();
  await returned;
  expect(await connection.closed).toMatchObject({ code: 1001 });
  expect(connection.received).toEqual([]);
});

test('closing ends a stream with the error GOING_AWAY, not as complete', async () => {
  const server = await startPlainServer();
  const subscribed = server.next('subscribed');
  const stream = send(server.url, {
    method: 'POST',
    headers: { ...json, accept: 'text/event-stream' },
    body: '{"query":"subscription { silent }"}',
  });
  await subscribed;
  const returned = server.next('returned');
  await server.close();
  await returned;
  expect((await stream).text).toContain('"code":"GOING_AWAY"');
});

test('closing waits only for operations in flight', async () => {
  const server = await startPlainServer();
  const begun = server.next('subscribed');
  const answer = fetch(server.url, { method: 'POST', headers: json, body: '{"query":"mutation { write }"}' });
  await begun;
  const closed = server.close();
  server.finishWrite();
  expect((await (await answer).json()).data).toEqual({ write: 'done' });
  await closed;
});

test('closing makes /ready 503 and rejects new operations at once, and lets a running one finish', async () => {
  const server = await startPlainServer();
  const begun = server.next('subscribed');
  const answer = fetch(server.url, { method: 'POST', headers: json, body: '{"query":"mutation { write }"}' });
  await begun;
  const closed = server.close();
  expect((await send(`${new URL('/ready', server.url)}`)).status).toBe(503);
  expect((await send(`${new URL('/health', server.url)}`)).status).toBe(200);
  await refused(server.url);
  server.finishWrite();
  expect((await (await answer).json()).data).toEqual({ write: 'done' });
  await closed;
});

test('for shutdown.drainMs /ready is 503, and operations and subscriptions continue', async () => {
  const server = await startPlainServer({ shutdown: { drainMs: 1_000 } });
  using connection = await RawConnection.open(server.url);
  const closed = server.close();
  expect((await send(`${new URL('/ready', server.url)}`)).status).toBe(503);
  expect((await post(server.url, { query: '{ principal }' })).body.data).toEqual({ principal: 'first' });
  const subscribed = server.next('subscribed');
  connection.subscribe('1', 'subscription { silent }');
  await subscribed;
  expect(connection.socket.readyState).toBe(connection.socket.OPEN);
  await closed;
  expect(await connection.closed).toMatchObject({ code: 1001 });
});

test('a WebSocket receives the result of its running mutation before it is closed', async () => {
  const server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  const subscribed = server.next('subscribed');
  connection.subscribe('1', 'subscription { silent }');
  await subscribed;
  const begun = server.next('subscribed');
  connection.subscribe('2', 'mutation { write }');
  await begun;
  const closed = server.close();
  await refused(server.url);
  server.finishWrite();
  expect(await connection.next()).toMatchObject({ type: 'next', id: '2', payload: { data: { write: 'done' } } });
  expect(await connection.next()).toEqual({ type: 'complete', id: '2' });
  expect(await connection.closed).toMatchObject({ code: 1001 });
  expect(connection.received).toEqual([]);
  await closed;
});

test('closing ends operations that have not finished after shutdown.graceMs, on each transport', async () => {
  const server = await startPlainServer({ shutdown: { graceMs: 50 } });
  using connection = await RawConnection.open(server.url);
  const asked = once(server.upstream, 'read');
  connection.subscribe('1', '{ stalled }');
  await asked;
  const begun = server.next('subscribed');
  const answer = fetch(server.url, { method: 'POST', headers: json, body: '{"query":"mutation { write }"}' });
  await begun;
  const [cutOff] = await Promise.allSettled([answer, server.close()]);
  expect(cutOff.status).toBe('rejected');
  expect(await connection.closed).toMatchObject({ code: 1001 });
});

test('an idle keep-alive connection does not delay closing', async () => {
  // Longer than the test may take.
  const server = await startPlainServer({ shutdown: { graceMs: 3_600_000 } });
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(
      `${new URL('/health', server.url)}`,
      { headers: { connection: 'keep-alive' } },
      (response) => {
        response.resume().on('end', () => resolve());
      },
    );
    outgoing.on('error', reject).end();
  });
  await server.close();
});

test('a connection that asks while the server is leaving is closed with its answer, whatever it asks', async () => {
  const server = await startPlainServer();
  const ask = async (path: string) => {
    const headers = { connection: 'keep-alive' };
    const outgoing = request(`${new URL(path, server.url)}`, { headers, agent: false }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.resume();
    return response.headers.connection;
  };
  const asked = ['/health', '/ready', '/graphql?query={principal}'];
  for (const path of asked) expect([path, await ask(path)]).toEqual([path, 'keep-alive']);
  const begun = server.next('subscribed');
  const answer = fetch(server.url, { method: 'POST', headers: json, body: '{"query":"mutation { write }"}' });
  await begun;
  const closed = server.close();
  await refused(server.url);
  for (const path of asked) expect([path, await ask(path)]).toEqual([path, 'close']);
  server.finishWrite();
  await Promise.all([answer, closed]);
});

test('a rejected WebSocket whose client does not close its side does not delay closing', async () => {
  const server = await startPlainServer();
  const { hostname, port } = new URL(server.url);
  const client = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  client.on('error', () => {});
  client.write(
    `GET /nope HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  const [answer] = await once(client, 'data');
  expect(`${answer}`).toMatch(/^HTTP\/1\.1 404 /);
  await server.close();
  client.destroy();
});

test('/ready and /health respond while the server runs, and not afterwards', async () => {
  const server = await startPlainServer();
  for (const path of ['/ready', '/health']) expect((await send(`${new URL(path, server.url)}`)).status).toBe(200);
  await server.close();
  await expect(send(`${new URL('/ready', server.url)}`)).rejects.toThrow('ECONNREFUSED');
});

/** Waits until the server has begun to refuse operations, and looks at how it does. */
async function refused(url: string): Promise<void> {
  for (;;) {
    const { status, body } = await post(url, { query: '{ principal }' });
    if (status === 200) continue;
    expect(status).toBe(503);
    expect(body.errors[0].extensions).toMatchObject({ code: 'GOING_AWAY', retryable: true });
    return;
  }
}
