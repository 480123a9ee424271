import { once } from 'node:events';
import { expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const app = 'https://app.example';
const body = '{"query":"{ principal }"}';
const json = { 'content-type': 'application/json' };

test('every response forbids content sniffing, framing and script execution', async () => {
  await using server = await startPlainServer();
  const requests = [
    send(server.url, { method: 'POST', headers: json, body }),
    send(server.url, { method: 'POST', headers: json, body: '{' }),
    send(`${new URL('/nowhere', server.url)}`),
    send(server.url, { headers: { accept: 'text/html' } }),
    send(server.url, { headers: { host: 'evil.example' } }),
    send(server.url, { method: 'POST', headers: { ...json, 'content-encoding': '<b>' }, body }),
  ];
  for (const { headers } of await Promise.all(requests)) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
  }
});

test('responses of operations are not cacheable', async () => {
  await using server = await startPlainServer();
  const { headers } = await send(server.url, { method: 'POST', headers: json, body });
  expect(headers['cache-control']).toBe('no-store');
});

test('GraphiQL runs only its own script: no inline script, no other origin, no eval', async () => {
  await using server = await startPlainServer();
  const { headers } = await send(server.url, { headers: { accept: 'text/html' } });
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
});

test('without allowedOrigins, pages of other origins can send and read nothing', async () => {
  await using server = await startPlainServer();
  for (const method of ['OPTIONS', 'POST']) {
    const { headers } = await send(server.url, {
      method,
      headers: { ...json, origin: app, 'access-control-request-method': 'POST' },
      ...(method === 'POST' && { body }),
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('only pages of an allowed origin may connect, over HTTP and WebSocket, without the browser’s credentials', async () => {
  await using server = await startPlainServer({ allowedOrigins: [app, 'https://other.example'] });
  const cross = { origin: app, 'sec-fetch-site': 'cross-site' };
  const preflight = await send(server.url, {
    method: 'OPTIONS',
    headers: { ...cross, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
  expect(preflight.headers['access-control-allow-origin']).toBe(app);
  expect(String(preflight.headers['access-control-allow-headers'])).toContain('authorization');
  const answer = await send(server.url, { method: 'POST', headers: { ...json, ...cross }, body });
  expect(JSON.parse(answer.text).data).toEqual({ principal: 'first' });
  expect(answer.headers['access-control-allow-origin']).toBe(app);
  expect(answer.headers['access-control-allow-credentials']).not.toBe('true');
  using connection = new RawConnection(server.url, { headers: cross });
  await once(connection.socket, 'open');

  for (const origin of ['https://evil.example', 'https://app.example.evil.example', 'null', 'http://app.example']) {
    const evil = { origin, 'sec-fetch-site': 'cross-site' };
    const refused = await send(server.url, { method: 'POST', headers: { ...json, ...evil }, body });
    expect(refused.status).toBe(403);
    expect(refused.headers['access-control-allow-origin']).not.toBe(origin);
    using socket = new RawConnection(server.url, { headers: evil });
    expect((await socket.closed).code).toBe(1006);
  }
});

test.for([
  ['orgql.example', 200],
  ['orgql.example:8443', 200],
  ['ORGQL.example', 200],
  ['exact.example:1234', 200],
  ['exact.example:1235', 421],
  ['evil.example', 421],
  ['orgql.example.evil.example', 421],
  ['localhost:4000', 200],
] as const)('with allowedHosts, a request to %s has status %i, on loopback and elsewhere', async ([host, expected]) => {
  for (const listeningOn of ['127.0.0.1', '0.0.0.0']) {
    await using server = await startPlainServer({
      host: listeningOn,
      allowedHosts: ['orgql.example', 'Exact.example:1234'],
    });
    const url = server.url.replace('0.0.0.0', '127.0.0.1');
    expect((await send(url, { method: 'POST', headers: { ...json, host }, body })).status).toBe(expected);
    using socket = new RawConnection(url, { headers: { host } });
    const opened = once(socket.socket, 'open').then(() => 200);
    expect(await Promise.race([opened, socket.closed.then(() => 421)])).toBe(expected);
  }
});

test('a server beyond loopback accepts an IP address as Host, as load balancers send it', async () => {
  await using server = await startPlainServer({ host: '0.0.0.0', allowedHosts: ['orgql.example'] });
  const url = `http://127.0.0.1:${server.port}/ready`;
  for (const host of ['10.0.0.7:4000', '[fd00::7]:4000'])
    expect((await send(url, { headers: { host } })).status).toBe(200);
});
