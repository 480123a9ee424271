import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

async function start(limits: ConfigInput['limits'], settings: ConfigInput = {}) {
  const server = await startPlainServer({ ...settings, limits });
  return {
    url: server.url,
    get connections() {
      return server.state.connections;
    },
    events: () =>
      server.logged.flatMap(({ security, setting, address }) => (security ? [{ security, setting, address }] : [])),
    async until(holds: () => boolean) {
      while (!holds()) await nextTurn();
    },
    /** A TCP connection that sends nothing; resolves when the server has it or has closed it. */
    async open(localAddress = '127.0.0.1') {
      const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {}).resume();
      const closed = once(socket, 'close');
      await once(socket, 'connect');
      return { socket, closed };
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** The answer to a request, up to its status. */
async function get(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  const [chunk] = await once(socket, 'data');
  return chunk.toString().split('\r\n')[0];
}

test('limits.connectionsPerAddress applies to each address separately', async () => {
  await using server = await start({ connectionsPerAddress: 2 });
  const first = await server.open();
  await server.open();
  await server.until(() => server.connections.unauthenticated === 2);
  await (await server.open()).closed;
  expect(server.events()).toEqual([
    { security: 'connections_per_address', setting: 'limits.connectionsPerAddress', address: '127.0.0.1' },
  ]);
  const other = await server.open('127.0.0.2');
  expect(await get(other.socket, '/health')).toContain('200');
  first.socket.destroy();
  await server.until(() => server.connections.unauthenticated === 2);
  const next = await server.open();
  expect(await get(next.socket, '/health')).toContain('200');
});

test('a new connection replaces the oldest unauthenticated one of the address with the most', async () => {
  await using server = await start({ connectionsUnauthenticated: 3 });
  using authenticated = await RawConnection.open(server.url);
  const single = await server.open('127.0.0.3');
  const oldest = await server.open();
  const younger = await server.open();
  await server.until(() => server.connections.unauthenticated === 3);
  const probe = await server.open('127.0.0.2');
  await oldest.closed;
  expect(await get(probe.socket, '/health')).toContain('200');
  for (const { socket } of [single, younger]) expect(await get(socket, '/health')).toContain('200');
  authenticated.send({ type: 'ping' });
  expect(await authenticated.next()).toEqual({ type: 'pong' });
  expect(server.connections).toEqual({ authenticated: 1, unauthenticated: 3, proxy: 0 });
  expect(server.events()).toEqual([
    {
      security: 'connections_unauthenticated',
      setting: 'limits.connectionsUnauthenticated',
      address: '127.0.0.1',
    },
  ]);
});

test('only authenticated connections count for limits.connections; one too many is closed with 1013', async () => {
  await using server = await start({ connections: 1 });
  const sockets = [new RawConnection(server.url), new RawConnection(server.url)];
  for (const { socket } of sockets) await once(socket, 'open');
  const [first, second] = sockets;
  first?.send({ type: 'connection_init' });
  expect(await first?.next()).toEqual({ type: 'connection_ack' });
  second?.send({ type: 'connection_init' });
  expect((await second?.closed)?.code).toBe(1013);
  expect(server.events()).toEqual([
    { security: 'connections_total', setting: 'limits.connections', address: '127.0.0.1' },
  ]);
  first?.socket.close();
  await server.until(() => server.connections.authenticated === 0);
  using _third = await RawConnection.open(server.url);
});

test('a connection whose HTTP request has valid credentials counts for limits.connections', async () => {
  await using server = await start({ connections: 1 });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const post = async () => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(server.url, { method: 'POST', agent, headers }).end('{"query":"{ principal }"}');
    const [response] = await once(sent, 'response');
    const [body] = await once(response, 'data');
    return JSON.parse(body.toString());
  };
  expect(await post()).toMatchObject({ data: { principal: 'first' } });
  expect(server.connections).toEqual({ authenticated: 1, unauthenticated: 0, proxy: 0 });
  const [again, other] = await Promise.all([post(), post()]);
  expect(again).toMatchObject({ data: { principal: 'first' } });
  expect(other).toMatchObject({ errors: [{ extensions: { code: 'SOCKET_LIMIT_EXCEEDED', maximum: 1 } }] });
});

test.for([
  ['sends nothing', ''],
  ['does not complete its headers', 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n'],
])('a connection that %s is closed after limits.connectionInitTimeoutMs', async ([_, text]) => {
  await using server = await start({ connectionInitTimeoutMs: 50 });
  const { socket, closed } = await server.open();
  socket.write(text ?? '');
  await closed;
  await server.until(() => server.connections.unauthenticated === 0);
});

test('a trusted proxy may open any number of connections; its WebSockets count for the clients in X-Forwarded-For', async () => {
  const limits = { connectionsPerAddress: 1, connectionsUnauthenticated: 10 };
  await using server = await start(limits, { trustedProxies: ['127.0.0.1'] });
  const plain = [await server.open(), await server.open()];
  for (const { socket } of plain) expect(await get(socket, '/health')).toContain('200');
  const open = (client: string) => new RawConnection(server.url, { headers: { 'x-forwarded-for': client } });
  using first = open('192.0.2.1');
  await once(first.socket, 'open');
  using second = open('192.0.2.1');
  const [error] = await once(second.socket, 'error');
  expect(error.message).toContain('429');
  using other = open('192.0.2.2');
  await once(other.socket, 'open');
  expect(server.events()).toEqual([
    { security: 'connections_per_address', setting: 'limits.connectionsPerAddress', address: '192.0.2.1' },
  ]);
  for (const { socket } of [first, other]) socket.terminate();
  await server.until(() => server.connections.unauthenticated === 0);
});
