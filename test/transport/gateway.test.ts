import { expect, test } from 'vitest';
import { startDemo } from '../support/gateway.ts';
import { RawConnection } from '../support/websocket.ts';

/** What keeps this process alive, by kind and number; the test runner's own included. */
function alive(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

test('a closed gateway leaves no socket, timer or poller', async () => {
  const document = 'subscription { organizationHandshakeChanges { type } }';
  // What is loaded on the way, once, is not of the gateway.
  const first = await startDemo();
  await first.subscribe(document).event();
  await first.close();

  const before = alive();
  const demo = await startDemo();
  const subscriptions = [demo.subscribe(document), demo.subscribeBySse(document)];
  for (const subscription of subscriptions) await subscription.event();
  await demo.query('{ organization { accounts(first: 100) { nodes { id } } } }');
  await demo.gateway.close();
  await demo.close();
  await settled();
  const left = Object.entries(alive()).filter(([kind, count]) => count > (before[kind] ?? 0));
  expect(left).toEqual([]);
});

test('close may be called at any time and repeatedly, and closes once', async () => {
  const demo = await startDemo();
  await Promise.all([demo.gateway.close(), demo.gateway.close()]);
  await demo.gateway.close();
  await demo.close();
});

test('closing ends subscriptions with 1001 on a WebSocket and GOING_AWAY in a stream', async () => {
  await using demo = await startDemo();
  const document =
    'subscription { organizationHandshakeChanges(filter: { actionType: ENABLE_ALL_FEATURES }) { type } }';
  using connection = await RawConnection.open(demo.url);
  connection.subscribe('1', document);
  expect((await connection.next()).payload.data.organizationHandshakeChanges.type).toBe('BOOKMARK');
  const stream = demo.subscribeBySse(document);
  expect((await stream.event()).data.organizationHandshakeChanges.type).toBe('BOOKMARK');
  const last = stream.event();
  await demo.gateway.close();
  expect((await last).errors?.[0]?.extensions?.['code']).toBe('GOING_AWAY');
  expect(await connection.closed).toMatchObject({ code: 1001 });
});

/** Lets what was closed be closed: the client's side of a connection hears of it a little later. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
