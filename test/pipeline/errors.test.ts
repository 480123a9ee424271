import { expect, test } from 'vitest';
import { post, send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const NOTHING = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };

test('an unexpected error is masked, with an id under which the log has its details', async () => {
  await using server = await startPlainServer();
  const { status, body } = await post(server.url, { query: '{ unexpected }' });
  expect(status).toBe(200);
  const [error] = body.errors;
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(error.path).toEqual(['unexpected']);
  expect(error.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  const logged = server.logged.find(({ errorId }) => errorId === error.extensions.errorId);
  expect(logged).toMatchObject({ level: 50, path: ['unexpected'], err: { message: 'password=hunter2' } });
  expect(error.message).toContain(error.extensions.errorId);
});

test('a known failure keeps its message, code and path', async () => {
  await using server = await startPlainServer();
  const { body } = await post(server.url, { query: '{ known }' });
  expect(body.errors).toEqual([
    {
      message: 'AWS is on fire',
      path: ['known'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'ON_FIRE' },
    },
  ]);
  expect(server.logged.filter(({ level }) => level === 50)).toEqual([]);
});

test.for([
  ['a query that does not parse', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
  ['a query that is not valid', { query: '{ nonsense }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['no query', {}, 'BAD_REQUEST'],
  ['variables that are not an object', { query: '{ principal }', variables: 3 }, 'BAD_REQUEST'],
  ['an unknown parameter', { query: '{ principal }', nonsense: 1 }, 'BAD_REQUEST'],
] as const)('%s is answered with 400, a code, and a cost of nothing', async ([_, params, code]) => {
  await using server = await startPlainServer();
  const { status, body } = await post(server.url, params, { accept: 'application/graphql-response+json' });
  expect(status).toBe(400);
  expect(body.errors[0].extensions.code).toBe(code);
  expect(body.extensions.upstream).toEqual(NOTHING);
});

test.for(['null', '3', '"text"', '[]', '{', ''])(
  'a body of %j is a client error, and not an unexpected one',
  async (body) => {
    await using server = await startPlainServer();
    const response = await send(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(400);
    expect(server.logged.filter(({ level }) => level === 50)).toEqual([]);
  },
);

test('a body above 1 MiB is rejected', async () => {
  await using server = await startPlainServer();
  const { status } = await post(server.url, { query: `{ principal } #${'x'.repeat(1_048_576)}` });
  expect(status).toBe(413);
});

test('on a WebSocket, errors before the first result are an `error` message, without HTTP extensions', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  connection.subscribe('1', '{ nonsense }');
  const message = await connection.next();
  expect(message).toMatchObject({ id: '1', type: 'error' });
  expect(message.payload[0].extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  connection.subscribe('2', 'subscription { refused }');
  expect(await connection.next()).toMatchObject({
    id: '2',
    type: 'error',
    payload: [{ message: 'AWS is on fire', extensions: { code: 'ON_FIRE' } }],
  });
});

test('on a WebSocket, a failed field is part of a result', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  connection.subscribe('1', '{ principal known }');
  expect(await connection.next()).toMatchObject({
    type: 'next',
    payload: {
      data: { principal: 'first', known: null },
      errors: [{ extensions: { code: 'ON_FIRE' } }],
      extensions: { upstream: NOTHING },
    },
  });
  expect(await connection.next()).toEqual({ id: '1', type: 'complete' });
});

test('a subscription that fails after an event ends with an error, on a WebSocket and over SSE', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  connection.subscribe('1', 'subscription { failing }');
  expect(await connection.next()).toMatchObject({ type: 'next', payload: { data: { failing: 1 } } });
  expect(await connection.next()).toMatchObject({
    type: 'error',
    payload: [{ message: 'AWS is on fire', extensions: { code: 'ON_FIRE' } }],
  });
  const stream = await send(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { failing }' }),
  });
  const events = stream.text.split('\n\n').filter((part) => part.startsWith('event:'));
  expect(events).toHaveLength(3);
  expect(events[0]).toContain('{"data":{"failing":1},"extensions":{"upstream":');
  expect(events[1]).toContain('"code":"ON_FIRE"');
  expect(events[2]).toContain('event: complete');
});
