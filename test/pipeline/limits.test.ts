import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { CloseCode } from '../../src/transport/websocket/closing.ts';
import { apiKey } from '../support/api-key.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { type Params, type Transport, type TransportName, transportNames, transports } from '../support/transports.ts';
import { RawConnection } from '../support/websocket.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'documents.json');
writeFileSync(file, JSON.stringify({ abc: '{ principal }' }));

const alice = apiKey({ principals: ['first'], scopes: ['read'] });
const bearer = { authorization: alice.authorization };
const auth = { type: 'apiKeys' as const, keys: [alice.settings] };
const many = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n)).join(' ');

interface Check {
  /** What is refused. */
  readonly what: string;
  readonly setting: string;
  readonly config: ConfigInput;
  /** What passes, with the same settings. */
  readonly passes?: Params;
  readonly refused: Params;
  /** Headers of both; `evil` of the refused one alone. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly evil?: Readonly<Record<string, string>>;
  readonly code: string | number;
  /** Where it is refused otherwise than with `code`; null: where it cannot be sent at all. */
  readonly elsewhere?: Partial<Record<TransportName, string | number | null>>;
}

/** What Apollo's and urql's clients send beside a document, or instead of it. */
function persisted(query: string) {
  return { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
}

const deep = '{ __schema { types { fields { name } } } }';
const checks: readonly Check[] = [
  {
    what: 'a caller without credentials',
    setting: 'auth',
    config: { auth },
    refused: { query: '{ principal }' },
    code: 'UNAUTHENTICATED',
  },
  {
    what: 'a wrong key',
    setting: 'auth',
    config: { auth },
    passes: { query: '{ principal }' },
    headers: bearer,
    evil: { authorization: `${alice.authorization}x` },
    refused: { query: '{ principal }' },
    code: 'UNAUTHENTICATED',
    elsewhere: { WebSocket: CloseCode.Forbidden },
  },
  {
    what: 'a field that the caller has no scope for',
    setting: 'auth.keys.scopes, auth.rules.scopes',
    config: { auth: { type: 'apiKeys', keys: [{ ...alice.settings, scopes: [] }] } },
    passes: { query: '{ __typename }' },
    headers: bearer,
    refused: { query: '{ principal }' },
    code: 'FORBIDDEN',
  },
  {
    what: 'a principal that the caller may not use',
    setting: 'auth.keys.principals, auth.rules.principals',
    config: { auth },
    passes: { query: '{ principal }', extensions: { principal: 'first' } },
    headers: bearer,
    refused: { query: '{ principal }', extensions: { principal: 'second' } },
    code: 'UNKNOWN_PRINCIPAL',
  },
  {
    what: 'more operations than a caller may begin in a time',
    setting: 'limits.operations',
    config: { auth, limits: { operations: { perSecond: 0.01, burst: 1 } } },
    passes: { query: '{ principal }' },
    headers: bearer,
    refused: { query: '{ principal }' },
    code: 'RATE_LIMIT_EXCEEDED',
  },
  {
    what: 'more of the gateway’s time than a caller may use',
    setting: 'limits.cpu',
    config: { auth, limits: { cpu: { msPerSecond: 0.001, burstMs: 0.001 } } },
    passes: { query: '{ principal }' },
    headers: bearer,
    refused: { query: '{ principal }' },
    code: 'RATE_LIMIT_EXCEEDED',
  },
  {
    what: 'more operations than an address may begin in a time, where callers have no keys',
    setting: 'limits.operations',
    config: { limits: { operations: { perSecond: 0.01, burst: 1 } } },
    passes: { query: '{ principal }' },
    refused: { query: '{ principal }' },
    code: 'RATE_LIMIT_EXCEEDED',
  },
  {
    what: 'an operation that can cost too many calls to AWS',
    setting: 'graph.maxCalls',
    config: { graph: { maxCalls: 4 } },
    passes: { query: '{ principal }' },
    refused: { query: '{ stalled }' },
    code: 'COST_LIMIT_EXCEEDED',
  },
  {
    what: 'a document with too many tokens',
    setting: 'limits.tokens',
    config: { limits: { tokens: 100 } },
    passes: { query: `{ ${many(98, () => 'principal')} }` },
    refused: { query: `{ ${many(99, () => 'principal')} }` },
    code: 'TOKEN_LIMIT_EXCEEDED',
  },
  {
    what: 'a document that nests too deep',
    setting: 'limits.depth',
    config: { limits: { depth: 3 } },
    passes: { query: '{ __schema { types { name } } }' },
    refused: { query: deep },
    code: 'DEPTH_LIMIT_EXCEEDED',
  },
  {
    what: 'a document that nests too deep by its fragments',
    setting: 'limits.depth',
    config: { limits: { depth: 3 } },
    refused: {
      query: '{ __schema { ...a } } fragment a on __Schema { types { ...b } } fragment b on __Type { fields { name } }',
    },
    code: 'DEPTH_LIMIT_EXCEEDED',
  },
  {
    what: 'too many aliases',
    setting: 'limits.aliases',
    config: { limits: { aliases: 10 } },
    passes: { query: `{ ${many(10, (n) => `a${n}: principal`)} }` },
    refused: { query: `{ ${many(11, (n) => `a${n}: principal`)} }` },
    code: 'ALIAS_LIMIT_EXCEEDED',
  },
  {
    what: 'too many directives',
    setting: 'limits.directives',
    config: { limits: { directives: 3 } },
    passes: { query: `{ ${many(3, () => 'principal @include(if: true)')} }` },
    refused: { query: `{ ${many(4, () => 'principal @include(if: true)')} }` },
    code: 'DIRECTIVE_LIMIT_EXCEEDED',
  },
  {
    what: 'fragments in fragments that multiply to too many fields',
    setting: 'limits.fields',
    config: {},
    passes: { query: fragments(8) },
    refused: { query: fragments(10) },
    code: 'FIELD_LIMIT_EXCEEDED',
  },
  {
    what: 'an operation whose answer can become too large',
    setting: 'limits.values',
    config: { limits: { values: 10 } },
    passes: { query: `{ ${many(10, (n) => `a${n}: principal`)} }` },
    refused: { query: `{ ${many(11, (n) => `a${n}: principal`)} }` },
    code: 'VALUE_LIMIT_EXCEEDED',
  },
  {
    what: 'an introspection whose answer can become too large',
    setting: 'limits.values',
    config: { limits: { values: 100 } },
    passes: { query: '{ __schema { types { name } } }' },
    refused: { query: '{ __schema { types { name fields { name type { name } } } } }' },
    code: 'VALUE_LIMIT_EXCEEDED',
  },
  {
    what: 'an answer that is too large',
    setting: 'limits.responseBytes',
    config: { limits: { responseBytes: 30 } },
    passes: { query: '{ principal }' },
    refused: { query: '{ a: principal b: principal c: principal }' },
    code: 'RESPONSE_TOO_LARGE',
  },
  {
    what: 'variables that take too much memory',
    setting: 'limits.bufferedBytes',
    config: { limits: { bufferedBytes: { perConnection: 500_000 } } },
    passes: { query: '{ principal }', variables: { a: [] } },
    refused: { query: '{ principal }', variables: { a: Array.from({ length: 20_000 }, () => ({})) } },
    code: 'BUFFER_LIMIT_EXCEEDED',
    elsewhere: { 'HTTP GET': null },
  },
  {
    what: 'the same field too often at the same place',
    setting: '',
    config: {},
    passes: { query: `{ ${many(200, () => 'principal')} }` },
    refused: { query: `{ ${many(202, () => 'principal')} }` },
    code: 'FIELD_REPETITION_LIMIT_EXCEEDED',
  },
  {
    what: 'a document with too many lines',
    setting: '',
    config: {},
    passes: { query: `{ principal ${'\n'.repeat(5_000)} }` },
    refused: { query: `{ principal ${'\n'.repeat(10_000)} }` },
    code: 'LINE_LIMIT_EXCEEDED',
    elsewhere: { 'HTTP GET': null },
  },
  {
    what: 'a name that is too long',
    setting: '',
    config: {},
    passes: { query: `{ ${'a'.repeat(200)}: principal } #${' '.repeat(5_000)}` },
    refused: { query: `{ ${'a'.repeat(201)}: principal } #${' '.repeat(5_000)}` },
    code: 'NAME_LIMIT_EXCEEDED',
  },
  {
    what: 'brackets in brackets that would break a parser’s stack',
    setting: '',
    config: {},
    refused: { query: `{ principal(x: ${'['.repeat(2_000)}` },
    code: 'NESTING_LIMIT_EXCEEDED',
  },
  {
    what: 'a body or message that is too large',
    setting: 'limits.bodyBytes',
    config: { limits: { bodyBytes: 1_000 } },
    passes: { query: `{ principal } #${'x'.repeat(500)}` },
    refused: { query: `{ principal } #${'x'.repeat(1_000)}` },
    code: 'REQUEST_ENTITY_TOO_LARGE',
    elsewhere: { WebSocket: 1009, 'HTTP GET': null },
  },
  {
    what: 'several operations in one request (batch)',
    setting: '',
    config: {},
    refused: [{ query: '{ principal }' }, { query: '{ principal }' }] as Params,
    code: 'BAD_REQUEST',
    elsewhere: { WebSocket: null, 'HTTP GET': null },
  },
  {
    what: 'introspection, when it is off',
    setting: 'introspection',
    config: { introspection: false },
    passes: { query: '{ __typename }' },
    refused: { query: '{ __schema { queryType { name } } }' },
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'a document that is not trusted, when only trusted ones run',
    setting: 'trustedDocuments.only',
    config: { trustedDocuments: { file, only: true } },
    passes: { query: '', documentId: 'abc' },
    refused: { query: '{ principal principals }' },
    code: 'TRUSTED_DOCUMENTS_ONLY',
  },
  {
    what: 'a document id that is not in the store',
    setting: 'trustedDocuments.file',
    config: { trustedDocuments: { file, only: false } },
    passes: { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } },
    refused: { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: '__proto__' } } },
    code: 'PERSISTED_QUERY_NOT_FOUND',
  },
  {
    what: 'a document id that is no text',
    setting: 'trustedDocuments.file',
    config: { trustedDocuments: { file, only: false } },
    refused: { query: '', extensions: { persistedQuery: { sha256Hash: { toString: 1 } } } },
    code: 'PERSISTED_QUERY_NOT_FOUND',
  },
  {
    what: 'a hash without a document, where no persisted queries are kept',
    setting: 'persistedQueries',
    config: {},
    passes: { query: '{ principal }', extensions: persisted('{ principal }') },
    refused: { query: '', extensions: persisted('{ principal }') },
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  },
  {
    what: 'a hash whose document is not kept',
    setting: 'persistedQueries',
    config: { persistedQueries: {} },
    passes: { query: '{ principal }', extensions: persisted('{ principal }') },
    refused: { query: '', extensions: persisted('{ principals }') },
    code: 'PERSISTED_QUERY_NOT_FOUND',
  },
  {
    what: 'a document with the hash of another',
    setting: 'persistedQueries',
    config: { persistedQueries: {} },
    passes: { query: '{ principal }', extensions: persisted('{ principal }') },
    refused: { query: '{ principals }', extensions: persisted('{ principal }') },
    code: 'PERSISTED_QUERY_MISMATCH',
  },
  {
    what: 'a persisted query of an unknown version',
    setting: 'persistedQueries',
    config: { persistedQueries: {} },
    refused: {
      query: '{ principal }',
      extensions: { persistedQuery: { ...persisted('{ principal }').persistedQuery, version: 2 } },
    },
    code: 'BAD_REQUEST',
  },
  {
    what: 'a page of another origin',
    setting: 'allowedOrigins',
    config: {},
    passes: { query: '{ principal }' },
    evil: { origin: 'https://evil.example' },
    refused: { query: '{ principal }' },
    code: 'CROSS_ORIGIN',
    elsewhere: { WebSocket: 1006 },
  },
];

/** Ten fragments, each of which spreads the one before it twice: 2^10 fields for each time that the last one is spread. */
function fragments(spreads: number): string {
  const doubling = many(10, (n) => `fragment f${n + 1} on Query { ...f${n} ...f${n} }`);
  return `{ ${many(spreads, () => '...f10')} } fragment f0 on Query { principal } ${doubling}`;
}

const cases = checks.flatMap((check) =>
  transportNames.flatMap((name) => {
    const code = check.elsewhere?.[name] === undefined ? check.code : check.elsewhere[name];
    return code === null ? [] : [{ ...check, name, code }];
  }),
);

test('every check runs on every transport that can send the request', () => {
  for (const name of transportNames) expect(cases.some((each) => each.name === name)).toBe(true);
  const left = checks.flatMap(({ code, elsewhere = {} }) =>
    transportNames.flatMap((name) => (elsewhere[name] === null ? [`${code} over ${name}`] : [])),
  );
  expect(left).toEqual([
    'BUFFER_LIMIT_EXCEEDED over HTTP GET',
    'LINE_LIMIT_EXCEEDED over HTTP GET',
    'REQUEST_ENTITY_TOO_LARGE over HTTP GET',
    'BAD_REQUEST over HTTP GET',
    'BAD_REQUEST over WebSocket',
  ]);
  expect(cases).toHaveLength(checks.length * transportNames.length - left.length);
});

describe.for(cases)('$what, over $name,', ({ name, config, headers, evil, passes, refused, code }) => {
  it(`is refused with ${code}`, async () => {
    await using server = await startPlainServer(config);
    const ask: Transport = transports[name];
    if (passes) expect((await ask(server.url, passes, headers)).data).toBeTruthy();
    const reply = await ask(server.url, refused, { ...headers, ...evil });
    expect(reply.data ?? null).toBeNull();
    expect(reply.code).toBe(code);
    expect(server.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

describe('queries and mutations of one caller', () => {
  const limited = { limits: { concurrentOperations: 1, queuedOperations: { perCaller: 1, total: 2 } } };

  it('wait while limits.concurrentOperations run, and are rejected when too many wait', async () => {
    await using server = await startPlainServer(limited);
    using connection = await RawConnection.open(server.url);
    for (const id of ['runs', 'waits', 'refused']) connection.subscribe(id, '{ stalled }');
    const { id, payload } = await connection.next();
    expect(id).toBe('refused');
    expect(payload[0].extensions).toMatchObject({ code: 'CONCURRENCY_LIMIT_EXCEEDED', maximum: 1, retryable: true });
    expect(server.logged.filter(({ security }) => security === 'concurrency_limited')).toMatchObject([
      { address: '127.0.0.1', setting: 'limits.concurrentOperations', count: 1 },
    ]);
  });

  it('run as soon as others have ended', async () => {
    await using server = await startPlainServer(limited);
    using connection = await RawConnection.open(server.url);
    connection.subscribe('runs', '{ stalled }');
    connection.subscribe('waits', '{ principal }');
    connection.send({ id: 'runs', type: 'complete' });
    let message = await connection.next();
    while (message.id !== 'waits') message = await connection.next();
    expect(message.payload.data).toEqual({ principal: 'first' });
  });
});

describe('subscriptions', () => {
  const limited = { auth, limits: { subscriptionsPerCaller: 2 } };
  const silent = 'subscription { silent }';

  it('of one caller are counted over all transports: one too many is rejected over SSE and WebSocket', async () => {
    await using server = await startPlainServer(limited);
    using connection = await RawConnection.open(server.url, bearer);
    const begun = server.next('subscribed');
    connection.subscribe('1', silent);
    await begun;
    const departure = new AbortController();
    const streaming = server.next('subscribed');
    const stream = fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer },
      body: JSON.stringify({ query: silent }),
      signal: departure.signal,
    });
    await streaming;
    connection.subscribe('2', silent);
    expect((await connection.next()).payload[0].extensions).toMatchObject({
      code: 'SUBSCRIPTION_LIMIT_EXCEEDED',
      maximum: 2,
    });
    expect((await transports.SSE(server.url, { query: silent }, bearer)).code).toBe('SUBSCRIPTION_LIMIT_EXCEEDED');
    const left = server.next('returned');
    departure.abort();
    await Promise.allSettled([stream, left]);
    const again = server.next('subscribed');
    connection.subscribe('3', silent);
    await again;
  });

  it('on one WebSocket are limited by limits.operationsPerConnection', async () => {
    await using server = await startPlainServer({ limits: { operationsPerConnection: 1 } });
    using connection = await RawConnection.open(server.url);
    const begun = server.next('subscribed');
    connection.subscribe('1', silent);
    await begun;
    connection.subscribe('2', '{ principal }');
    expect((await connection.next()).payload[0].extensions.code).toBe('CONNECTION_LIMIT_EXCEEDED');
    const ended = server.next('returned');
    connection.send({ id: '1', type: 'complete' });
    await ended;
    using other = await RawConnection.open(server.url);
    other.subscribe('2', '{ principal }');
    expect((await other.next()).type).toBe('next');
  });
});

describe('a WebSocket', () => {
  it('that does not send connection_init in time is closed with 4408', async () => {
    await using server = await startPlainServer({ limits: { connectionInitTimeoutMs: 30 } });
    using connection = new RawConnection(server.url);
    expect((await connection.closed).code).toBe(4408);
  });

  it('that does not answer pings is closed', async () => {
    await using server = await startPlainServer({ limits: { pingIntervalMs: 30 } });
    using connection = await RawConnection.open(server.url);
    connection.socket.pong = () => {};
    expect((await connection.closed).code).toBe(1006);
  });

  it('is rejected with 503 when limits.connections are open', async () => {
    await using server = await startPlainServer({ limits: { connections: 1 } });
    using _first = await RawConnection.open(server.url);
    using second = new RawConnection(server.url);
    const [error] = await once(second.socket, 'error');
    expect(error.message).toContain('503');
  });
});

test('errors suggest no names while introspection is off', async () => {
  await using server = await startPlainServer({ introspection: false });
  const http: Transport = transports.HTTP;
  const { message } = await http(server.url, { query: '{ principle }' });
  expect(message).toBe('Cannot query field "principle" on type "Query".');
});

test('a rejection by the rate limit has a Retry-After', async () => {
  await using server = await startPlainServer({ auth, limits: { operations: { perSecond: 2, burst: 1 } } });
  const request = () =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer },
      body: '{"query":"{ principal }"}',
    });
  expect((await request()).status).toBe(200);
  const refused = await request();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  const { extensions } = (await refused.json()).errors[0];
  expect(extensions).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', retryable: true, maximum: 2 });
  expect(extensions.retryAfterMs).toBeLessThanOrEqual(500);
});

test.for([
  ['not JSON', '{', /cannot be read as JSON/],
  ['a list', '[]', /expected \{ "<hash>": "<document>" \}/],
  ['a document that is no text', '{"abc": 1}', /no text under "abc"/],
  ['a document that does not parse', '{"abc": "{"}', /cannot run, "abc": Syntax Error/],
  ['a document of another schema', '{"abc": "{ nonsense }"}', /cannot run, "abc": Cannot query field/],
] as const)('a file of trusted documents that is or has %s stops the start', async ([_, text, expected]) => {
  const wrong = join(folder, 'wrong.json');
  writeFileSync(wrong, text);
  await expect(startPlainServer({ trustedDocuments: { file: wrong } })).rejects.toThrow(expected);
});

test('docs/security.md has the present table; scripts/security-table.mjs writes it', () => {
  const rows = checks.map(({ what, setting, code, elsewhere }) => {
    const exceptions = transportNames
      .filter((name) => elsewhere?.[name] !== undefined)
      .map((name) => `${name}: ${elsewhere?.[name] === null ? 'n/a' : `\`${elsewhere?.[name]}\``}`);
    const settings = setting ? `\`${setting.replaceAll(', ', '`, `')}\`` : 'fixed';
    return `| ${what} | ${settings} | \`${code}\` | ${exceptions.join(', ')} |`;
  });
  const table = ['| rejected | setting | code | exceptions |', '|---|---|---|---|', ...rows].join('\n');
  const path = join(import.meta.dirname, '../../docs/security.md');
  const text = readFileSync(path, 'utf8');
  const written = text.replace(
    /(<!-- checks -->\n)[\s\S]*?(\n<!-- \/checks -->)/,
    (_, begin, end) => `${begin}${table}${end}`,
  );
  if (process.env['UPDATE_SECURITY_DOCS']) writeFileSync(path, written);
  else expect(text).toBe(written);
});
