import { expect, it } from 'vitest';
import { RunningOperations } from '../../../src/transport/websocket/operations.ts';
import { WebSocketRequest } from '../../../src/transport/websocket/request.ts';

const operation = () => ({ request: new WebSocketRequest({} as never, { query: '{ principal }' }) });

it('reports which running operation its client has completed', () => {
  const running = new RunningOperations();
  const { request } = operation();
  running.begin('1', request);
  expect(running.isCancelled('1')).toBe(false);
  running.cancel('1');
  expect(running.isCancelled('1')).toBe(true);
  expect(request.abortSignal.aborted).toBe(true);
  running.end('1');
  expect(running.isCancelled('1')).toBe(false);
  expect(running.size).toBe(0);
});

it('waits for queries and mutations to end, and for no subscription', async () => {
  const running = new RunningOperations();
  const [query, subscription] = [operation(), operation()];
  await running.finiteEnded();
  running.begin('q', query.request);
  running.begin('s', subscription.request);
  const log: string[] = [];
  const ended = running.finiteEnded().then(() => log.push('ended'));
  running.subscribed(subscription.request);
  running.subscribed(subscription.request);
  await Promise.resolve();
  expect(log).toEqual([]);
  running.end('q');
  await ended;
  running.end('s');
  await running.finiteEnded();
  expect(running.size).toBe(0);
});

it('a signal created after the client has disconnected is aborted', () => {
  const { request } = operation();
  request.cancel();
  expect(request.abortSignal.aborted).toBe(true);
  expect(request.abortSignal).toBe(request.abortSignal);
});
