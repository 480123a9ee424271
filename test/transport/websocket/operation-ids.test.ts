import { expect, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { startPlainServer } from '../../support/plain-server.ts';
import { type Message, RawConnection } from '../../support/websocket.ts';

const upstream = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
const answer = (id: string, data: object): Message => ({
  id,
  type: 'next',
  payload: { data, extensions: { upstream } },
});

test('an id that is reused while its completed operation still runs gets only its own result', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  const begun = server.next('subscribed');
  connection.subscribe('1', 'mutation { a: write }');
  await begun;
  connection.send({ id: '1', type: 'complete' });
  connection.subscribe('1', '{ principal }');
  expect(await connection.next()).toEqual(answer('1', { principal: 'first' }));
  expect(await connection.next()).toEqual({ id: '1', type: 'complete' });
  // The third operation receives its error under its own id.
  connection.subscribe('1', '{ nothing }');
  expect(await connection.next()).toMatchObject({ id: '1', type: 'error' });
  server.finishWrite();
  connection.subscribe('2', '{ principal }');
  expect(await connection.next()).toEqual(answer('2', { principal: 'first' }));
});

test('an operation with a reused id can be completed, and its id is in use until then', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  const begun = server.next('subscribed');
  connection.subscribe('1', 'mutation { write }');
  await begun;
  connection.send({ id: '1', type: 'complete' });
  const subscribed = server.next('subscribed');
  connection.subscribe('1', 'subscription { silent }');
  await subscribed;
  const returned = server.next('returned');
  connection.send({ id: '1', type: 'complete' });
  await returned;
  connection.subscribe('1', 'subscription { silent }');
  connection.subscribe('1', 'subscription { silent }');
  expect((await connection.closed).code).toBe(4409);
  server.finishWrite();
});

test('completing an operation ends it, however long its id is', async () => {
  await using server = await startPlainServer();
  using connection = await RawConnection.open(server.url);
  const id = 'x'.repeat(300);
  const begun = server.next('subscribed');
  connection.subscribe(id, 'mutation { write }');
  await begun;
  const written = server.next('written');
  connection.send({ id, type: 'complete' });
  await written;
});

test('failed subscriptions no longer count', async () => {
  const alice = apiKey({ principals: ['first'] });
  const auth = { type: 'apiKeys' as const, keys: [alice.settings] };
  await using server = await startPlainServer({ auth, limits: { subscriptionsPerCaller: 2 } });
  using connection = await RawConnection.open(server.url, { authorization: alice.authorization });
  for (let n = 0; n < 5; n += 1) {
    connection.subscribe(String(n), 'subscription { failing }');
    expect(await connection.next()).toMatchObject({ type: 'next' });
    const { type, payload } = await connection.next();
    expect([type, payload[0].extensions.code]).toEqual(['error', 'ON_FIRE']);
  }
});
