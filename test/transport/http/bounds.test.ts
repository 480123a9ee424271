import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { getIntrospectionQuery, introspectionFromSchema } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import type { ConfigInput } from '../../../src/config/index.ts';
import { schema } from '../../../src/schema/index.ts';
import { apiKey } from '../../support/api-key.ts';
import { type LogLine, startDemo } from '../../support/gateway.ts';
import { isEmbedded } from '../../support/host.ts';
import { post, send } from '../../support/http.ts';

const alice = apiKey({ principals: ['partner'] });
const bob = apiKey({ principals: ['partner'], name: 'bob' });
const auth = { type: 'apiKeys' as const, keys: [alice.settings, bob.settings] };

/** A gateway with these limits, whose security events can be waited for. */
async function start(limits: ConfigInput['limits'], config: ConfigInput = {}) {
  const events: LogLine[] = [];
  const waiting = new Set<() => void>();
  const demo = await startDemo({
    config: { auth, limits, log: { level: 'warn' }, ...config },
    onLog(line) {
      if (line['security'] === undefined) return;
      events.push(line);
      for (const look of waiting) look();
    },
  });
  onTestFinished(() => demo.close());
  const { port, hostname, host } = new URL(demo.url);
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: demo.url,
    host,
    events,
    /** Resolves with the first event of a reason. */
    event: (reason: string) =>
      new Promise<LogLine>((resolve) => {
        const look = () => {
          const found = events.find((each) => each['security'] === reason);
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
      }),
    /** A connection that has sent a text. */
    async connection(text: string, localAddress = '127.0.0.1'): Promise<Socket> {
      const socket = connect({ port: Number(port), host: hostname, localAddress });
      sockets.push(socket);
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    },
  };
}

const head = (host: string, line: string, headers: Readonly<Record<string, string | number>>) =>
  `${line} HTTP/1.1\r\nhost: ${host}\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

async function statusOf(socket: Socket): Promise<number> {
  let text = '';
  for await (const chunk of socket.setEncoding('latin1')) {
    text += chunk;
    const [, status] = /^HTTP\/1\.1 (\d+) /.exec(text) ?? [];
    if (status !== undefined) return Number(status);
  }
  throw new Error('the connection ended without an answer');
}

/** Resolves when a connection has ended, in whatever way. */
const closed = (socket: Socket) =>
  socket.closed ? undefined : new Promise((resolve) => socket.once('close', resolve));

/** The status of an answer that goes on. */
async function firstStatus(socket: Socket): Promise<number> {
  const [chunk] = await once(socket.setEncoding('latin1'), 'data');
  return Number(/^HTTP\/1\.1 (\d+) /.exec(chunk)?.[1]);
}

const json = { 'content-type': 'application/json' };
const operation = '{"query":"{ viewer { caller } }"}';

test.each([
  ['a wrong key', { authorization: 'Bearer wrong' }, 401],
  ['no key', {}, 401],
  ['a body that is too large', { authorization: alice.authorization, 'content-length': 2_000_001 }, 413],
])('rejects %s from its headers, before the body arrives', async (_case, headers, status) => {
  const { connection, host } = await start({ bodyBytes: 2_000_000 });
  const text = head(host, 'POST /graphql', { ...json, 'content-length': 1_000_000, ...headers });
  const socket = await connection(text);
  expect(await statusOf(socket)).toBe(status);
});

test('a client with Expect: 100-continue is rejected before it sends its body', async ({ skip }) => {
  // The server of an application has answered with 100 before.
  skip(isEmbedded());
  const { connection, host } = await start({});
  const ask = (authorization: string) =>
    head(host, 'POST /graphql', { ...json, authorization, 'content-length': operation.length, expect: '100-continue' });
  expect(await statusOf(await connection(ask('Bearer wrong')))).toBe(401);
  const socket = await connection(ask(alice.authorization));
  expect(await statusOf(socket)).toBe(100);
});

test('bounds the bodies in flight of each caller, and releases them with their connections', async () => {
  const { connection, host, url, event } = await start({ bufferedBytes: { perCaller: 1_500_000 } });
  const stalled = head(host, 'POST /graphql', {
    ...json,
    authorization: alice.authorization,
    'content-length': 1_000_000,
  });
  const first = await connection(stalled);
  const second = await connection(stalled);
  expect(await statusOf(second)).toBe(429);
  expect(await event('buffered_bytes')).toMatchObject({
    address: '127.0.0.1',
    caller: 'alice',
    setting: 'limits.bufferedBytes.perCaller',
  });
  const padded = { query: '{ viewer { caller } }', extensions: { padding: 'x'.repeat(900_000) } };
  expect((await post(url, padded, { authorization: bob.authorization })).status).toBe(200);
  const refused = await post(url, padded, { authorization: alice.authorization });
  expect(refused.body.errors[0].extensions).toMatchObject({ code: 'BUFFER_LIMIT_EXCEEDED', retryable: true });
  first.destroy();
  await expect.poll(async () => (await post(url, padded, { authorization: alice.authorization })).status).toBe(200);
});

test('reads an EventBridge event after its key is verified, and bounds all events together', async () => {
  const apiKey = 'a-key-of-eventbridge';
  const { connection, host, event } = await start(
    { bufferedBytes: { perCaller: 300_000 } },
    { hints: { eventbridge: { apiKey } } },
  );
  const stalled = (key: string) =>
    head(host, 'POST /hints/eventbridge', { 'x-api-key': key, 'content-length': 200_000 });
  expect(await statusOf(await connection(stalled('wrong')))).toBe(401);
  const first = await connection(stalled(apiKey));
  expect(await statusOf(await connection(stalled(apiKey)))).toBe(429);
  expect(await event('buffered_bytes')).toMatchObject({ setting: 'limits.bufferedBytes.perCaller' });
  first.write('x'.repeat(200_000));
  expect(await statusOf(first)).toBe(400);
});

test.each([
  ['with a declared length', { 'content-length': 1_000 }, '{"query":'],
  ['in chunks', { 'transfer-encoding': 'chunked' }, '9\r\n{"query":\r\n'],
  ['of another media type', { 'content-type': 'application/graphql+json', 'content-length': 1_000 }, '{"query":'],
])('a body %s that does not arrive in time is rejected', async (_case, headers, part) => {
  const { connection, host, event } = await start({ bodyTimeoutMs: 200 });
  const text = head(host, 'POST /graphql', { ...json, authorization: alice.authorization, ...headers }) + part;
  const socket = await connection(text);
  expect(await statusOf(socket)).toBe(408);
  expect(await event('body_timeout')).toMatchObject({ caller: 'alice', setting: 'limits.bodyTimeoutMs' });
});

test('a body that arrives byte by byte is rejected', async () => {
  const { connection, host, event } = await start({ bodyTimeoutMs: 500 });
  const text = head(host, 'POST /graphql', { ...json, authorization: alice.authorization, 'content-length': 100_000 });
  const socket = await connection(text);
  const trickle = setInterval(() => socket.write(' '), 20);
  onTestFinished(() => clearInterval(trickle));
  expect(await statusOf(socket)).toBe(408);
  expect(await event('body_timeout')).toMatchObject({ caller: 'alice' });
});

test('a chunked body is rejected as soon as it is too large, and its connection is closed', async () => {
  const { connection, host, event } = await start({ bodyBytes: 10_000 });
  const headers = { ...json, authorization: alice.authorization, 'transfer-encoding': 'chunked' };
  const socket = await connection(`${head(host, 'POST /graphql', headers)}${'400\r\n'}${'x'.repeat(1_024)}\r\n`);
  const endless = setInterval(() => socket.write(`4000\r\n${'x'.repeat(16_384)}\r\n`), 5);
  onTestFinished(() => clearInterval(endless));
  expect(await firstStatus(socket)).toBe(413);
  expect(await event('body_too_large')).toMatchObject({ caller: 'alice', setting: 'limits.bodyBytes' });
  await closed(socket);
});

test('chunked bodies count as they arrive, and no longer once their stream has started', async () => {
  const { connection, host } = await start({ bufferedBytes: { perCaller: 100_000 }, bodyBytes: 90_000 });
  const query = JSON.stringify({ query: 'subscription { organizationHandshakeChanges { type } }' });
  const headers = { ...json, authorization: alice.authorization, 'transfer-encoding': 'chunked' };
  const text = `${head(host, 'POST /graphql', { ...headers, accept: 'text/event-stream' })}${query.length.toString(16)}\r\n${query}\r\n0\r\n\r\n`;
  for (let opened = 0; opened < 20; opened += 1) expect(await firstStatus(await connection(text))).toBe(200);
});

test('a body that arrives too slowly is rejected', async () => {
  const { connection, host, event } = await start({ bodyBytesPerSecond: 1_000_000 });
  const text = head(host, 'POST /graphql', { ...json, authorization: alice.authorization, 'content-length': 1_000 });
  expect(await statusOf(await connection(`${text}{`))).toBe(408);
  expect(await event('body_too_slow')).toMatchObject({ setting: 'limits.bodyBytesPerSecond' });
});

/** The largest of GraphiQL's files, several times what the kernel buffers. */
async function largeFile(url: string): Promise<string> {
  const { text } = await send(url, { headers: { accept: 'text/html' } });
  const [, path = ''] = /src="([^"]+\.js)"/.exec(text) ?? [];
  return new URL(path, url).pathname;
}

/** 60 of its answers are several times what the kernel buffers. */
const introspection = JSON.stringify({ query: getIntrospectionQuery() });

/** An operation by POST, as it goes over the wire. */
function operationText(host: string, query: string, headers: Readonly<Record<string, string>>): string {
  const body = JSON.stringify({ query });
  const all = { ...json, authorization: alice.authorization, ...headers, 'content-length': body.length };
  return head(host, 'POST /graphql', all) + body;
}

const introspectionQuery: string = JSON.parse(introspection).query;

/** 14 MB, however large the schema is: more than the kernel buffers, less than `limits.bufferedBytes.perConnection`. */
const RESPONSES = Math.floor(14_000_000 / JSON.stringify(introspectionFromSchema(schema)).length);

test.each([
  ['a file', async (url: string, host: string) => head(host, `GET ${await largeFile(url)}`, {})],
  [
    'a file without compression',
    async (url: string, host: string) => head(host, `GET ${await largeFile(url)}`, { 'accept-encoding': 'identity' }),
  ],
  [
    'an operation by POST',
    async (_url: string, host: string) => operationText(host, introspectionQuery, {}).repeat(RESPONSES),
  ],
  [
    'an operation by GET',
    async (_url: string, host: string) =>
      head(host, `GET /graphql?query=${encodeURIComponent(introspectionQuery)}`, {
        authorization: alice.authorization,
      }).repeat(RESPONSES),
  ],
  [
    'an operation in a stream of events',
    async (_url: string, host: string) =>
      operationText(host, introspectionQuery, { accept: 'text/event-stream' }).repeat(RESPONSES),
  ],
])(
  'a client that does not read the response to %s is disconnected after limits.sendTimeoutMs',
  async (_case, request) => {
    const { connection, host, url, event } = await start({ sendTimeoutMs: 300 });
    const socket = await connection(await request(url, host));
    socket.pause();
    expect(await event('client_too_slow')).toMatchObject({ address: '127.0.0.1', setting: 'limits.sendTimeoutMs' });
  },
);

/** More than the kernel buffers, of answers that are small. */
test.each([
  ['operations without credentials', {}, 'GET /graphql?query=%7Ba%7D'],
  ['a foreign host', { host: 'evil.example' }, 'GET /graphql'],
  ['a probe', {}, 'GET /ready'],
  ['GraphiQL’s page', { accept: 'text/html' }, 'GET /graphql'],
])('a client that does not read many responses to %s is disconnected', async (_case, headers, line) => {
  const { connection, host, event } = await start({ sendTimeoutMs: 300 });
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = await connection(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`.repeat(40_000));
  socket.pause();
  // They are closed for what waits, or for the time that the first of them waits.
  const end = await Promise.race([event('client_too_slow'), event('buffered_bytes')]);
  expect(end).toMatchObject({ address: '127.0.0.1' });
});

test('a client that reads slowly receives its whole response', async () => {
  const { connection, host, url, events } = await start({ sendTimeoutMs: 2_000 });
  const socket = await connection(head(host, `GET ${await largeFile(url)}`, { connection: 'close' }));
  let bytes = 0;
  for await (const chunk of socket) {
    bytes += chunk.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(bytes).toBeGreaterThan(7_000_000);
  expect(events).toEqual([]);
});

test('unread responses are bounded for each connection', async () => {
  const { connection, host, event } = await start({ bufferedBytes: { perConnection: 100_000 } });
  const socket = await connection(operationText(host, introspectionQuery, {}).repeat(60));
  socket.pause();
  expect(await event('buffered_bytes')).toMatchObject({ setting: 'limits.bufferedBytes.perConnection' });
  await closed(socket.resume());
});

test('unread responses are bounded for each caller: its connection is closed, and others are served', async () => {
  const { connection, host, url, event } = await start({ bufferedBytes: { perCaller: 100_000 } });
  const text = head(host, 'POST /graphql', {
    ...json,
    authorization: alice.authorization,
    'content-length': introspection.length,
  });
  const socket = await connection((text + introspection).repeat(60));
  socket.pause();
  expect(await event('buffered_bytes')).toMatchObject({
    caller: 'alice',
    setting: 'limits.bufferedBytes.perCaller',
  });
  const { status } = await post(url, { query: '{ viewer { caller } }' }, { authorization: bob.authorization });
  expect(status).toBe(200);
});

test('closed connections release all bytes that they held', async () => {
  const bytes = 1_000_000;
  const { connection, host, url } = await start({ bufferedBytes: { total: bytes, perCaller: bytes } });
  const stalled = { ...json, authorization: alice.authorization, 'content-length': 100_000 };
  const chunked = { ...json, authorization: alice.authorization, 'transfer-encoding': 'chunked' };
  const texts = [
    head(host, 'POST /graphql', stalled),
    `${head(host, 'POST /graphql', chunked)}9\r\n{"query":\r\n`,
    head(host, 'POST /graphql', { ...stalled, authorization: 'Bearer wrong' }),
    operationText(host, introspectionQuery, {}).repeat(60),
    operationText(host, introspectionQuery, { accept: 'text/event-stream' }).repeat(60),
    head(host, `GET ${await largeFile(url)}`, {}),
    head('evil.example', 'GET /graphql', {}).repeat(1_000),
  ];
  for (const text of texts) {
    const socket = await connection(text);
    await Promise.race([once(socket, 'readable'), new Promise((resolve) => setImmediate(resolve))]);
    socket.destroy();
  }
  // It takes all that may be buffered.
  const body = `${JSON.stringify({ query: '{ viewer { caller } }' })}`.padEnd(bytes);
  const all = () =>
    send(url, {
      method: 'POST',
      headers: { ...json, authorization: alice.authorization, 'content-length': String(bytes) },
      body,
    });
  await expect.poll(async () => (await all()).status, { timeout: 5_000 }).toBe(200);
});
