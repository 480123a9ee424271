import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlainServer } from '../../support/plain-server.ts';

/** Node's own server, without a listener for such requests. */
const plain = createServer((request, response) => {
  request
    .on('error', () => {})
    .resume()
    .on('end', () => response.end('ok'));
});
beforeAll(async () => {
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
});
afterAll(async () => {
  plain.closeAllConnections();
  plain.close();
});

/** All that a server sends until it ends the connection. */
async function ask(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return received;
}

const post = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
test.for([
  ['is not HTTP', '\x16\x03\x01\x02garbage\r\n\r\n'],
  ['has a malformed header', 'GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n'],
  ['has two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  ['has a length and chunks', `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`],
  ['has headers that are too large', `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
  ['has a malformed chunk', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ['has chunk extensions that are too large', `${post}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}`],
] as const)('a request that %s is answered as Node does, and is in the log', async ([_, text]) => {
  await using server = await startPlainServer();
  const { port } = plain.address() as AddressInfo;
  const [own, node] = await Promise.all([ask(server.port, text), ask(port, text)]);
  expect(own).toBe(node);
  expect(own).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(server.logged.filter(({ security }) => security !== undefined)).toMatchObject([
    { level: 40, security: 'request_malformed', address: '127.0.0.1', count: 1 },
  ]);
});

test('a malformed request does not corrupt a response that has started', async () => {
  await using server = await startPlainServer();
  const body = '{"query":"subscription { silent }"}';
  const socket = connect(server.port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('error', () => {});
  socket.write(`${post}Accept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await once(socket, 'data');
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write('garbage\r\n\r\n');
  await once(socket, 'close');
  expect(received).not.toContain('HTTP/1.1');
});

test('a connection with pending responses is closed without an error response', async () => {
  await using server = await startPlainServer();
  const body = '{"query":"{ stalled }"}';
  const open = `${post}Content-Length: ${body.length}\r\n\r\n${body}`;
  expect(await ask(server.port, `${open}${open}garbage\r\n\r\n`)).toBe('');
});

test('malformed requests are counted per address', async () => {
  await using other = await startPlainServer();
  for (let n = 0; n < 5; n += 1) await ask(other.port, 'garbage\r\n\r\n');
  await other.close();
  expect(other.logged.filter(({ security }) => security !== undefined)).toMatchObject([
    { security: 'request_malformed', address: '127.0.0.1', count: 1 },
    { security: 'request_malformed', address: '127.0.0.1', count: 4 },
  ]);
});
