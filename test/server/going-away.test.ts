import { request } from 'node:http';
import { expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const json = { 'content-type': 'application/json' };

test('closing ends WebSockets with code 1001, after which clients connect again by themselves', async () => {
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

test('closing ends a stream with the error GOING_AWAY, not as if all had been told', async () => {
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

test('closing waits for an operation that runs, and for nothing else', async () => {
  const server = await startPlainServer();
  const begun = server.next('subscribed');
  const answer = fetch(server.url, { method: 'POST', headers: json, body: '{"query":"mutation { write }"}' });
  await begun;
  const closed = server.close();
  server.finishWrite();
  expect((await (await answer).json()).data).toEqual({ write: 'done' });
  await closed;
});

test('a connection kept alive does not hold up the end', async () => {
  const server = await startPlainServer();
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
  const started = performance.now();
  await server.close();
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('/ready and /health answer while the server runs; afterwards nobody does', async () => {
  const server = await startPlainServer();
  for (const path of ['/ready', '/health']) expect((await send(`${new URL(path, server.url)}`)).status).toBe(200);
  await server.close();
  await expect(send(`${new URL('/ready', server.url)}`)).rejects.toThrow('ECONNREFUSED');
});
