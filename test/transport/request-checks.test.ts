import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { isLoopback } from '../../src/config/addresses.ts';
import { isOwnHost, RequestChecks } from '../../src/transport/request-checks.ts';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const body = '{"query":"{ principal }"}';
const json = { 'content-type': 'application/json' };

test.for([
  ['localhost', true],
  ['orgql.localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.evil.example', false],
  ['localhost.evil.example', false],
  ['10.0.0.1', false],
] as const)('%s is loopback: %s', ([host, expected]) => {
  expect(isLoopback(host)).toBe(expected);
});

test('a server beyond loopback accepts a request without Host', () => {
  expect(isOwnHost('0.0.0.0', ['api.example.com'], '')).toBe(false);
  expect(isOwnHost('0.0.0.0', ['api.example.com'], undefined)).toBe(true);
  const checks = new RequestChecks({ host: '0.0.0.0', allowedHosts: ['api.example.com'], allowedOrigins: [] });
  const statusOf = (host?: string) =>
    checks.upgradeRejection({ headers: host === undefined ? {} : { host }, rawHeaders: [] }, '/graphql')?.status;
  expect(statusOf('evil.example')).toBe(421);
  expect(statusOf(undefined)).toBeUndefined();
  expect(statusOf('evil.example')).toBe(421);
});

test.for(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '[::2]'])(
  'a server on loopback refuses the host %j (DNS rebinding), over HTTP and WebSocket',
  async (host) => {
    await using server = await startPlainServer();
    for (const path of ['/graphql', '/graphql?query={principal}', '/ready', '/']) {
      const response = await send(`${new URL(path, server.url)}`, { headers: { host } });
      expect(response.status).toBe(421);
    }
    expect((await send(server.url, { method: 'POST', headers: { ...json, host }, body })).status).toBe(421);
    const connection = new RawConnection(server.url, { headers: { host } });
    expect((await connection.closed).code).toBe(1006);
    expect(server.upstream.sessions).toEqual([]);
  },
);

test.for(['[', 'x@y:z', 'a@127.0.0.1', '127.0.0.1/path', '', '127.0.0.1:x', 'a b', '127.0.0.1?q', '[::1'])(
  'the host %j is malformed, over HTTP and WebSocket',
  async (host) => {
    await using server = await startPlainServer();
    const [upgraded, ...others] = await Promise.all(
      [
        `GET /graphql HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nhost:${host}\r\n\r\n`,
        `POST /graphql HTTP/1.1\r\nhost:${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
        `GET /health HTTP/1.1\r\nhost:${host}\r\nconnection: close\r\n\r\n`,
      ].map((text) => exchange(server.port, text)),
    );
    for (const answer of [upgraded, ...others]) expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.upstream.sessions).toEqual([]);
  },
);

test('two Host headers are malformed, over HTTP and WebSocket, whatever they say', async () => {
  await using server = await startPlainServer();
  const hosts = `host: 127.0.0.1:${server.port}\r\n`.repeat(2);
  for (const text of [
    `POST /graphql HTTP/1.1\r\n${hosts}content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    `GET /graphql HTTP/1.1\r\n${hosts}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  ])
    expect(await exchange(server.port, text)).toMatch(/^HTTP\/1\.1 400 /);
});

/** What a server answers to a text, until it closes the connection. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket.setEncoding('latin1')) answer += chunk;
  return answer;
}

test('a server on loopback accepts its names as Host, with any port', async () => {
  await using server = await startPlainServer();
  for (const host of ['localhost', 'LOCALHOST:1', `127.0.0.1:${server.port}`, '[::1]:99', 'orgql.localhost']) {
    expect((await send(server.url, { method: 'POST', headers: { ...json, host }, body })).status).toBe(200);
  }
});

test('a server on all addresses accepts any Host', async () => {
  await using server = await startPlainServer({ host: '0.0.0.0' });
  const url = `http://127.0.0.1:${server.port}/graphql`;
  expect((await send(url, { method: 'POST', headers: { ...json, host: 'orgql.example' }, body })).status).toBe(200);
});

test.for([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1:1' },
])('rejects a browser’s request from another origin: %o', async (headers) => {
  await using server = await startPlainServer();
  const posted = await send(server.url, { method: 'POST', headers: { ...json, ...headers }, body });
  expect(posted.status).toBe(403);
  expect(JSON.parse(posted.text).errors[0].extensions.code).toBe('CROSS_ORIGIN');
  expect((await send(`${server.url}?query={principal}`, { headers })).status).toBe(403);
  const connection = new RawConnection(server.url, { headers });
  expect((await connection.closed).code).toBe(1006);
  expect(server.upstream.sessions).toEqual([]);
});

test('serves pages of its own origin and clients that are not browsers, on both transports', async () => {
  await using server = await startPlainServer();
  for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { origin: new URL(server.url).origin }]) {
    expect((await send(server.url, { method: 'POST', headers: { ...json, ...headers }, body })).status).toBe(200);
    using connection = new RawConnection(server.url, { headers });
    await new Promise((resolve) => connection.socket.once('open', resolve));
  }
});

test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
  'rejects a POST of %s, which a form of another origin can send, with the media type to use',
  async (type) => {
    await using server = await startPlainServer();
    const response = await send(server.url, { method: 'POST', headers: type ? { 'content-type': type } : {}, body });
    expect(response.status).toBe(415);
    expect(response.text).toContain('application/json');
    expect(server.upstream.sessions).toEqual([]);
  },
);

test('no response allows another origin to read it', async () => {
  await using server = await startPlainServer();
  const preflight = await send(server.url, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
  const answer = await send(server.url, { method: 'POST', headers: json, body });
  for (const { headers } of [preflight, answer]) {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
  expect(answer.headers['x-frame-options']).toBe('DENY');
});
