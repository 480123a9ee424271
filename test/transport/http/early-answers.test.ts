import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { startPlainServer } from '../../support/plain-server.ts';

const alice = apiKey({ principals: ['first'], scopes: ['read', 'organization:write'] });
const { authorization } = alice;
const settings = {
  auth: { type: 'apiKeys' as const, keys: [alice.settings] },
  limits: { failedAttempts: { perAddress: 1_000 } },
  hints: { eventbridge: { apiKey: 'a-key-of-eventbridge' } },
};

let server: Awaited<ReturnType<typeof startPlainServer>>;
beforeAll(async () => {
  server = await startPlainServer(settings);
});
afterAll(() => server.close());

async function connection(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Resolves when a connection has ended, in whatever way. */
const closed = (socket: Socket) =>
  socket.closed ? undefined : new Promise((resolve) => socket.once('close', resolve));

const json = { 'content-type': 'application/json' };
const head = (line: string, headers: Readonly<Record<string, string>>) =>
  `${line} HTTP/1.1\r\n${Object.entries({ host: 'localhost', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** Requests that are answered whatever their body holds. */
const requests: readonly [string, number, string, Readonly<Record<string, string>>][] = [
  ['without credentials', 401, 'POST /graphql', json],
  ['with a wrong key', 401, 'POST /graphql', { ...json, authorization: 'Bearer wrong' }],
  ['for events, with a wrong key', 401, 'POST /graphql', { ...json, accept: 'text/event-stream' }],
  ['of another JSON type, without credentials', 401, 'POST /graphql', { 'content-type': 'application/graphql+json' }],
  ['to another spelling of the endpoint, without credentials', 401, 'POST /graphql/', json],
  ['to what ends as the endpoint, without credentials', 401, 'POST /x/graphql', json],
  ['to the endpoint with parameters, without credentials', 401, 'POST /graphql?a=b', json],
  ['for a foreign host', 421, 'POST /graphql', { ...json, authorization, host: 'evil.example' }],
  ['with a user in its host', 400, 'POST /graphql', { ...json, authorization, host: 'a@127.0.0.1' }],
  ['that is compressed', 415, 'POST /graphql', { ...json, authorization, 'content-encoding': 'gzip' }],
  ['that a form could send', 415, 'POST /graphql', { 'content-type': 'text/plain', authorization }],
  ['of a page of another origin', 403, 'POST /graphql', { ...json, authorization, origin: 'https://evil.example' }],
  ['with an expectation that is not known', 417, 'POST /graphql', { ...json, authorization, expect: 'nonsense' }],
  ['that asks first, with a wrong key', 401, 'POST /graphql', { ...json, expect: '100-continue' }],
  ['of another method', 405, 'PUT /graphql', { ...json, authorization }],
  ['of a method that is none of the Fetch standard', 405, 'TRACE /graphql', {}],
  ['to no path of the server', 404, 'POST /nowhere', { ...json, authorization }],
  ['for its options', 204, 'OPTIONS /graphql', {}],
  ['of an event of EventBridge, with a wrong key', 401, 'POST /hints/eventbridge', { 'x-api-key': 'wrong' }],
  ['of an event of EventBridge, by another method', 405, 'PUT /hints/eventbridge', {}],
  ['for /health', 200, 'GET /health', {}],
  ['for /ready', 200, 'GET /ready', {}],
  ['for GraphiQL', 200, 'GET /graphql', { accept: 'text/html' }],
  ['for a file that there is not', 404, 'GET /graphql/none.js', {}],
  ['for an operation by GET', 200, 'GET /graphql?query=%7B__typename%7D', { authorization }],
];
const bodies = [
  ['never comes', { 'content-length': '1000000' }, ''],
  ['stalls', { 'content-length': '1000000' }, '{"query":'],
  ['stalls in chunks', { 'transfer-encoding': 'chunked' }, '9\r\n{"query":\r\n'],
] as const;

test.for(bodies)('a response sent before the body ends the connection when the body %s', async ([_, length, part]) => {
  const answers = requests.map(async ([name, , line, headers]) => {
    const socket = await connection(server.port, head(line, { ...headers, ...length }) + part);
    let text = '';
    for await (const chunk of socket.setEncoding('latin1')) text += chunk;
    return [name, Number(/^HTTP\/1\.1 (\d+) /.exec(text)?.[1]), /^connection: (.*)$/im.exec(text)?.[1]];
  });
  expect(await Promise.all(answers)).toEqual(requests.map(([name, status]) => [name, status, 'close']));
});

test('a request without valid credentials and with a complete body gets the reason and WWW-Authenticate', async () => {
  const response = await fetch(server.url, { method: 'POST', headers: json, body: '{"query":"{ principal }"}' });
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="orgql"']);
  expect((await response.json()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
});

test('a client that keeps sending a rejected body receives the error and is disconnected', async () => {
  const socket = await connection(server.port, head('POST /graphql', { ...json, 'transfer-encoding': 'chunked' }));
  const chunk = `4000\r\n${'x'.repeat(16_384)}\r\n`;
  const endless = setInterval(() => socket.write(chunk), 1);
  onTestFinished(() => clearInterval(endless));
  const [first] = await once(socket.setEncoding('latin1'), 'data');
  expect(first).toMatch(/^HTTP\/1.1 401 /);
  await closed(socket);
});

test('an accepted request keeps its connection', async () => {
  const body = '{"query":"{ principal }"}';
  const text = head('POST /graphql', { ...json, authorization, 'content-length': String(body.length) }) + body;
  const socket = await connection(server.port, text);
  const [first] = await once(socket.setEncoding('latin1'), 'data');
  expect(first).toMatch(/^HTTP\/1.1 200 /);
  expect(first).toMatch(/^connection: keep-alive$/im);
  socket.write(text);
  expect((await once(socket, 'data'))[0]).toMatch(/^HTTP\/1.1 200 /);
});

test('requests that wait behind another on their connection (HTTP pipelining) are bounded', async () => {
  await using bounded = await startPlainServer({
    ...settings,
    limits: { bufferedBytes: { perConnection: 200_000 } },
  });
  const post = (query: string) => {
    const body = JSON.stringify({ query });
    return head('POST /graphql', { ...json, authorization, 'content-length': String(body.length) }) + body;
  };
  const begun = bounded.next('subscribed');
  const socket = await connection(bounded.port, post('mutation { write }'));
  await begun;
  const ended = bounded.next('written');
  socket.write(post('{ principal }').repeat(100));
  await closed(socket);
  await ended;
  expect(bounded.logged.find((line) => line['security'] === 'buffered_bytes')).toMatchObject({
    setting: 'limits.bufferedBytes.perConnection',
  });
});
