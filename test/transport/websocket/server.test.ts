import { connect } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { startPlainServer } from '../../support/plain-server.ts';
import { RawConnection } from '../../support/websocket.ts';

afterEach(() => vi.restoreAllMocks());

test('a failed upgrade gets status 500, is logged, and affects no other connection', async () => {
  await using server = await startPlainServer();
  const failure = new Error('no handshake today');
  vi.spyOn(WebSocketServer.prototype, 'handleUpgrade').mockImplementationOnce(() => {
    throw failure;
  });
  const refused = new RawConnection(server.url);
  onTestFinished(() => refused[Symbol.dispose]());
  const status = await new Promise<number | undefined>((resolve) => {
    refused.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
  });
  expect(status).toBe(500);
  expect(JSON.stringify(server.logged)).toContain(failure.message);
  using next = await RawConnection.open(server.url);
  next.send({ type: 'ping' });
  expect(await next.next()).toEqual({ type: 'pong' });
});

test('a client that disconnects during the upgrade does not count as a connection', async () => {
  await using server = await startPlainServer();
  const client = connect(server.port, '127.0.0.1');
  client.write(
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    () => client.resetAndDestroy(),
  );
  using next = await RawConnection.open(server.url);
  next.subscribe('1', '{ principal }');
  expect(await next.next()).toMatchObject({ id: '1', payload: { data: { principal: 'first' } } });
  await expect.poll(() => server.state.connections).toMatchObject({ unauthenticated: 0, authenticated: 1 });
});
