import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { isStream } from '../../src/pipeline/operation.ts';
import type { OperationObserver } from '../../src/pipeline/steps/observer.ts';
import { apiKey } from '../support/api-key.ts';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const codesOf = (result: ExecutionResult) => (result.errors ?? []).map(({ extensions }) => extensions['code']);

/** An observer that records each of its calls as a line. */
function record(): { readonly calls: string[]; readonly observer: OperationObserver } {
  const calls: string[] = [];
  const say = (what: string, ...more: readonly unknown[]) => calls.push([what, ...more].join(' '));
  return {
    calls,
    observer: {
      answered: ({ prepared }, answer) =>
        say('answered', prepared?.type ?? 'none', ...(isStream(answer) ? ['stream'] : codesOf(answer))),
      refused: (_transport, answer) => say('refused', ...(isStream(answer) ? ['stream'] : codesOf(answer))),
      sent: (result) => say('sent', ...codesOf(result)),
      securityEvent: (reason) => say('security', reason),
    },
  };
}

const withoutScopes = apiKey({ principals: ['first'], scopes: [] });
const settings = { auth: { type: 'apiKeys' as const, keys: [withoutScopes.settings] } };

const cases: readonly (readonly [string, object, readonly string[]])[] = [
  ['a query', { query: '{ principal }' }, ['answered query']],
  ['an invalid document', { query: '{ nothing }' }, ['answered none GRAPHQL_VALIDATION_FAILED']],
  [
    'invalid variables',
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
  ['an incremental query', { query: '{ principal ... @defer { known } }' }, ['answered query stream', 'sent', 'sent']],
  [
    'a query with @defer(if: false)',
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

test.for(cases)(
  'the observer receives an operation once, and each of its errors once: %s',
  async ([_, params, expected]) => {
    const { calls, observer } = record();
    await using server = await startPlainServer({}, observer);
    await bySse(server.url, params);
    expect(calls).toEqual(expected);

    calls.length = 0;
    using connection = await RawConnection.open(server.url);
    connection.send({ id: '1', type: 'subscribe', payload: params });
    for (;;) {
      const { type } = await connection.next();
      if (type === 'complete' || type === 'error') break;
    }
    expect(calls).toEqual(expected);
  },
);

test('the observer receives a forbidden subscription once, with its error', async () => {
  const { calls, observer } = record();
  await using server = await startPlainServer(settings, observer);
  await bySse(server.url, { query: 'subscription { ticks }' }, { authorization: withoutScopes.authorization });
  expect(calls).toEqual(['answered subscription FORBIDDEN']);
});

test('the observer receives the final result of a stream, which reports its cost as every event does', async () => {
  const { calls, observer } = record();
  const server = await startPlainServer({}, observer);
  const subscribed = server.next('subscribed');
  const stream = bySse(server.url, { query: 'subscription { silent }' });
  await subscribed;
  await server.close();
  const { text } = await stream;
  expect(calls).toEqual(['answered subscription stream', 'sent GOING_AWAY']);
  expect(text).toMatch(/GOING_AWAY.*"extensions":\{"upstream":\{"calls":0/);
});

test('the observer receives a malformed request as refused', async () => {
  const { calls, observer } = record();
  await using server = await startPlainServer({}, observer);
  const headers = { 'content-type': 'application/json' };
  await send(server.url, { method: 'POST', headers, body: '{' });
  await send(server.url, { method: 'POST', headers: { ...headers, origin: 'https://evil.example' }, body: '{}' });
  expect(calls).toEqual(['refused BAD_REQUEST', 'security origin_rejected', 'refused CROSS_ORIGIN']);
});

test.for([
  ['host_rejected', { host: 'evil.example' }],
  ['request_malformed', { host: 'a@127.0.0.1' }],
  ['origin_rejected', { origin: 'https://evil.example' }],
] as const)('a rejected WebSocket upgrade is a security event: %s', async ([reason, headers]) => {
  const { calls, observer } = record();
  await using server = await startPlainServer({}, observer);
  using connection = new RawConnection(server.url, { headers });
  expect((await connection.closed).code).toBe(1006);
  expect(calls).toEqual([`security ${reason}`]);
});
