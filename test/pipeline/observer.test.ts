import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { isStream } from '../../src/pipeline/operation.ts';
import type { OperationObserver } from '../../src/pipeline/steps/observer.ts';
import { apiKey } from '../support/api-key.ts';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const codesOf = (result: ExecutionResult) => (result.errors ?? []).map(({ extensions }) => extensions['code']);

/** What an observer is told, as a line for each. */
function record(): { readonly told: string[]; readonly observer: OperationObserver } {
  const told: string[] = [];
  const say = (what: string, ...more: readonly unknown[]) => told.push([what, ...more].join(' '));
  return {
    told,
    observer: {
      answered: ({ prepared }, answer) =>
        say('answered', prepared?.type ?? 'none', ...(isStream(answer) ? ['stream'] : codesOf(answer))),
      refused: (_transport, answer) => say('refused', ...(isStream(answer) ? ['stream'] : codesOf(answer))),
      sent: (result) => say('sent', ...codesOf(result)),
      securityEvent: (reason) => say('security', reason),
    },
  };
}

const nobody = apiKey({ principals: ['first'], scopes: [] });
const settings = { auth: { type: 'apiKeys' as const, keys: [nobody.settings] } };

const cases: readonly (readonly [string, object, readonly string[]])[] = [
  ['a query', { query: '{ principal }' }, ['answered query']],
  ['a document that is wrong', { query: '{ nothing }' }, ['answered none GRAPHQL_VALIDATION_FAILED']],
  [
    'variables that are wrong',
    { query: 'query ($no: Boolean!) { principal @skip(if: $no) }' },
    ['answered query BAD_USER_INPUT'],
  ],
  ['a query that fails', { query: '{ known }' }, ['answered query ON_FIRE']],
  [
    'a subscription that fails before it begins',
    { query: 'subscription { refused }' },
    ['answered subscription ON_FIRE'],
  ],
  ['a subscription that ends', { query: 'subscription { ticks }' }, ['answered subscription stream', 'sent', 'sent']],
  [
    'a subscription that fails',
    { query: 'subscription { failing }' },
    ['answered subscription stream', 'sent', 'sent ON_FIRE'],
  ],
  ['a query in pieces', { query: '{ principal ... @defer { known } }' }, ['answered query stream', 'sent', 'sent']],
  [
    'a query that might have come in pieces',
    { query: '{ known ... @defer(if: false) { principal } }' },
    ['answered query ON_FIRE'],
  ],
];

/** Sends it over server-sent events, and reads to the end. */
const bySse = (url: string, params: object, headers = {}) =>
  send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(params),
  });

test.for(cases)('an operation is told once, and each of its errors once: %s', async ([_, params, expected]) => {
  const { told, observer } = record();
  await using server = await startPlainServer({}, observer);
  await bySse(server.url, params);
  expect(told).toEqual(expected);

  told.length = 0;
  using connection = await RawConnection.open(server.url);
  connection.send({ id: '1', type: 'subscribe', payload: params });
  for (;;) {
    const { type } = await connection.next();
    if (type === 'complete' || type === 'error') break;
  }
  expect(told).toEqual(expected);
});

test('a subscription that its caller may not have is told once, its error too', async () => {
  const { told, observer } = record();
  await using server = await startPlainServer(settings, observer);
  await bySse(server.url, { query: 'subscription { ticks }' }, { authorization: nobody.authorization });
  expect(told).toEqual(['answered subscription FORBIDDEN']);
});

test('the last word of a stream is told, and says what it cost, as every event does', async () => {
  const { told, observer } = record();
  const server = await startPlainServer({}, observer);
  const subscribed = server.next('subscribed');
  const stream = bySse(server.url, { query: 'subscription { silent }' });
  await subscribed;
  await server.close();
  const { text } = await stream;
  expect(told).toEqual(['answered subscription stream', 'sent GOING_AWAY']);
  expect(text).toMatch(/GOING_AWAY.*"extensions":\{"upstream":\{"calls":0/);
});

test('a request that is none is told as refused', async () => {
  const { told, observer } = record();
  await using server = await startPlainServer({}, observer);
  const headers = { 'content-type': 'application/json' };
  await send(server.url, { method: 'POST', headers, body: '{' });
  await send(server.url, { method: 'POST', headers: { ...headers, origin: 'https://evil.example' }, body: '{}' });
  expect(told).toEqual(['refused BAD_REQUEST', 'security origin_rejected', 'refused CROSS_ORIGIN']);
});

test.for([
  ['host_rejected', { host: 'evil.example' }],
  ['request_malformed', { host: 'a@127.0.0.1' }],
  ['origin_rejected', { origin: 'https://evil.example' }],
] as const)('a WebSocket that is not opened is a security event: %s', async ([reason, headers]) => {
  const { told, observer } = record();
  await using server = await startPlainServer({}, observer);
  using connection = new RawConnection(server.url, { headers });
  expect((await connection.closed).code).toBe(1006);
  expect(told).toEqual([`security ${reason}`]);
});
