import type { SubscribePayload } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocketCarrier } from '../../../src/server/websocket/carrier.ts';
import { RunningOperations } from '../../../src/server/websocket/running-operations.ts';

const operation = (): { carrier: WebSocketCarrier; payload: SubscribePayload } => {
  const payload = { query: '{ principal }' };
  return { carrier: new WebSocketCarrier({} as never, payload), payload };
};

it('an id that is used again before its first operation has ended belongs to the second', () => {
  const running = new RunningOperations();
  const [first, second] = [operation(), operation()];
  running.begin('1', first.carrier);
  running.leave('1');
  running.begin('1', second.carrier);
  running.end('1', first.payload);
  expect(running.size).toBe(1);
  running.leave('1');
  expect([first, second].map(({ carrier }) => carrier.departed.aborted)).toEqual([true, true]);
  running.end('1', second.payload);
  expect(running.size).toBe(0);
});

it('waits for queries and mutations to end, and for no subscription', async () => {
  const running = new RunningOperations();
  const [query, subscription] = [operation(), operation()];
  await running.finiteEnded();
  running.begin('q', query.carrier);
  running.begin('s', subscription.carrier);
  const told: string[] = [];
  const ended = running.finiteEnded().then(() => told.push('ended'));
  running.subscribed(subscription.carrier);
  running.subscribed(subscription.carrier);
  await Promise.resolve();
  expect(told).toEqual([]);
  running.end('q', query.payload);
  await ended;
  running.end('s', subscription.payload);
  await running.finiteEnded();
  expect(running.size).toBe(0);
});

it('a signal that is asked for after its client has left has fired', () => {
  const { carrier } = operation();
  carrier.leave();
  expect(carrier.departed.aborted).toBe(true);
  expect(carrier.departed).toBe(carrier.departed);
});
