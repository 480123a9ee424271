import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Config } from '../src/config/index.ts';
import type { HandlerOptions } from '../src/index.ts';
import { createHandler, loadConfig } from '../src/index.ts';

const load = (settings: object = {}) =>
  loadConfig({ settings: { log: { level: 'silent' }, ...settings }, environment: {} });

async function start(options?: HandlerOptions) {
  const handler = await createHandler(await load(), options);
  onTestFinished(() => handler.dispose());
  return handler;
}

const operation = (url: string, body = '{"query":"{ __typename }"}') =>
  new Request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

test('loadConfig and createHandler report every invalid setting', async () => {
  await expect(load({ limits: { bodyBytes: -1 }, prot: 1 })).rejects.toMatchObject({
    name: 'ConfigError',
    mistakes: [expect.stringMatching(/settings: limits\.bodyBytes/), expect.stringContaining('prot')],
  });
  const config = await load();
  await expect(createHandler({ ...config, host: '0.0.0.0' })).rejects.toThrow('auth: none is allowed on loopback only');
  await expect(createHandler(load() as unknown as Config)).rejects.toThrow('use await loadConfig()');
  await expect(createHandler({ ...config, console: { enabled: true } }, { basePath: '/aws' })).rejects.toThrow(
    'console',
  );
});

test.each(['aws', '/aws/', '/a?b', 7])('createHandler rejects the base path %j', async (basePath) => {
  const options = { basePath } as HandlerOptions;
  await expect(createHandler(await load(), options)).rejects.toThrow(/^basePath: expected '' or a path/);
});

test('fetch handles only requests below the base path, and names an invalid address', async () => {
  const { fetch } = await start({ basePath: '/aws' });
  const answer = await fetch(operation('http://localhost/aws/graphql'), { remoteAddress: '127.0.0.1' });
  expect(await answer.json()).toMatchObject({ data: { __typename: 'Query' } });
  expect((await fetch(operation('http://localhost/graphql'))).status).toBe(404);
  const foreign = await fetch(operation('http://evil.example/aws/graphql'));
  expect([foreign.status, await foreign.text()]).toEqual([421, expect.stringContaining('evil.example')]);
  const wrong = { remoteAddress: 'client' };
  await expect(fetch(operation('http://localhost/aws/graphql'), wrong)).rejects.toThrow('got "client"');
  const read = operation('http://localhost/aws/graphql');
  await read.text();
  await expect(fetch(read)).rejects.toThrow('has read it already');
});

test('a body that the application has read is an error that says so, and other paths go to next', async () => {
  const handler = await start();
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    handler(request, response, (error) => response.end(error instanceof Error ? error.message : 'next'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await (await fetch(operation(`${url}/graphql`))).text()).toContain('express.json()');
  expect(await (await fetch(`${url}/other`)).text()).toBe('next');
});

test('a disposed handler answers with 503', async () => {
  const handler = await start();
  await handler.dispose();
  await handler.dispose();
  const answer = await handler.fetch(operation('http://localhost/graphql'));
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('disposed');
});

async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

const atAddress = (socket: Socket, localAddress: string) =>
  Object.defineProperty(socket, 'localAddress', { value: localAddress, configurable: true });

test.each([
  ['10.0.0.5', 403],
  ['::ffff:10.0.0.5', 403],
  ['::1', 200],
  ['::ffff:127.0.0.1', 200],
])('without auth, a request that arrives at %s gets %i', async (localAddress, status) => {
  const handler = await start();
  const { server, port } = await listen((request, response) => {
    atAddress(request.socket, localAddress);
    handler(request, response);
  });
  const answer = await fetch(operation(`http://127.0.0.1:${port}/graphql`));
  expect(answer.status).toBe(status);
  server.on('upgrade', (request, socket, head) => {
    atAddress(request.socket, localAddress);
    if (!handler.upgrade(request, socket, head)) socket.destroy();
  });
  const client = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  const outcome = await new Promise((resolve) => {
    client.on('open', () => resolve(200)).on('error', () => resolve(403));
  });
  expect(outcome).toBe(status);
  client.terminate();
});

test('a client that leaves while middleware runs is forgotten, and takes no place of WebSockets', async () => {
  const settings = { limits: { connectionsPerAddress: 1 }, shutdown: { graceMs: 60_000 } };
  const handler = await createHandler(await load(settings));
  let arrived = 0;
  let handled = 0;
  const isGone = async (socket: Socket) => {
    arrived += 1;
    socket.on('error', () => undefined);
    if (!socket.destroyed) await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  };
  const { server, port } = await listen(async (request, response) => {
    await isGone(request.socket);
    handler(request, response);
    handled += 1;
  });
  const onLateUpgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    await isGone(request.socket);
    expect(handler.upgrade(request, socket, head)).toBe(true);
    handled += 1;
  };
  server.on('upgrade', onLateUpgrade);
  for (const upgrade of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
    const before = arrived;
    const client = connect(port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write(`GET /graphql HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`);
    await once(client, 'ready');
    await expect.poll(() => arrived).toBeGreaterThan(before);
    client.resetAndDestroy();
  }
  await expect.poll(() => handled).toBe(2);
  server.off('upgrade', onLateUpgrade).on('upgrade', handler.upgrade);
  const client = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  await once(client, 'open');
  client.terminate();
  // Long before `graceMs`.
  await handler.dispose();
});

test('a changed copy of valid settings is valid, also with a lowered bound', async () => {
  const config = await load({ limits: { bufferedBytes: { total: 8 * 2 ** 20 } } });
  const handler = await createHandler({ ...config, graphiql: false });
  await handler.dispose();
});
