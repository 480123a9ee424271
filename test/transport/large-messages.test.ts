import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const alice = apiKey({ principals: ['first'] });
const auth = { type: 'apiKeys' as const, keys: [alice.settings] };
const large = 'x'.repeat(20_000);

/** A server that has run an operation of its only caller, which may use so much of its time. */
async function startInDebt(accept: string) {
  const server = await startPlainServer({ auth, limits: { cpu: { msPerSecond: 0.001, burstMs: 0.001 } } });
  const send = (body: string) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: alice.authorization, accept },
      body,
    });
  await (await send('{"query":"{ principal }"}')).text();
  return { send, [Symbol.asyncDispose]: () => server.close() };
}

test.for<[string, string]>([
  ['one result', 'application/json'],
  ['a stream', 'text/event-stream'],
])('a large body of a caller without CPU time left is rejected before it is parsed: %s', async ([_, accept]) => {
  await using server = await startInDebt(accept);
  const rejected = await (await server.send(`${large} is not JSON`)).text();
  expect(rejected).toContain('RATE_LIMIT_EXCEEDED');
  expect(rejected).toContain('limits.cpu');
});

test('messages of a WebSocket are handled in order, whatever their sizes', async () => {
  const server = await startPlainServer();
  await using _ = { [Symbol.asyncDispose]: () => server.close() };
  using connection = await RawConnection.open(server.url);
  const sizes = fc.array(fc.constantFrom(0, 10, 4_000, 5_000, 200_000), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(sizes, async (sent) => {
      for (const [n, size] of sent.entries()) connection.send({ type: 'ping', payload: { n, x: 'x'.repeat(size) } });
      const received: unknown[] = [];
      for (const _size of sent) received.push((await connection.next()).payload.n);
      expect(received).toEqual([...sent.keys()]);
    }),
    { numRuns: 30 },
  );
});

test('a large message that starts an operation takes effect before the small one that completes it', async () => {
  const server = await startPlainServer();
  await using _ = { [Symbol.asyncDispose]: () => server.close() };
  using connection = await RawConnection.open(server.url);
  for (let n = 0; n < 5; n += 1) {
    const variables = { large };
    connection.send({ id: `${n}`, type: 'subscribe', payload: { query: 'subscription { silent }', variables } });
    connection.send({ id: `${n}`, type: 'complete' });
  }
  connection.send({ id: 'last', type: 'subscribe', payload: { query: '{ principal }' } });
  expect(await connection.next()).toMatchObject({ id: 'last', payload: { data: { principal: 'first' } } });
});

test('a disconnected client’s large messages are released', async () => {
  await using server = await startPlainServer();
  const connections = await Promise.all(Array.from({ length: 3 }, () => RawConnection.open(server.url)));
  for (const connection of connections) {
    for (let n = 0; n < 4; n += 1) connection.send({ type: 'ping', payload: { x: 'x'.repeat(900_000) } });
    connection.socket.terminate();
  }
  await expect.poll(() => server.state.connections).toMatchObject({ unauthenticated: 0, authenticated: 0 });
  await expect.poll(() => server.state.bufferedBytes).toBe(0);
});
