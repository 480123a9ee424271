import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
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
