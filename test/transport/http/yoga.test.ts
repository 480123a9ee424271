import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionResult } from 'graphql';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BufferedResponse } from '../../../src/transport/http/buffered-response.ts';
import { HttpRequest } from '../../../src/transport/http/request.ts';
import { createYogaHandler, type YogaOptions } from '../../../src/transport/http/yoga.ts';
import { send } from '../../support/http.ts';

/** A server that gives every request to Yoga, with a stream as its answer: of `results`, or of none yet. */
async function start(
  plugins: NonNullable<YogaOptions['plugins']>,
  results?: (response: BufferedResponse) => AsyncGenerator<ExecutionResult>,
) {
  const lines: string[] = [];
  const sent: Promise<void>[] = [];
  let returned = 0;
  const yoga = createYogaHandler({
    allowedOrigins: [],
    graphql: { maskError: () => expect.fail('no error is masked') },
    report: async () => ({ ready: true }),
    log: pino({}, { write: (line: string) => lines.push(line) }),
    observer: undefined,
    plugins,
  });
  const silent = {
    next: () => new Promise<never>(() => {}),
    async return() {
      returned += 1;
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const server = createServer({ ServerResponse: BufferedResponse }, (incoming, response) => {
    const outcome = results?.(response) ?? silent;
    const context = { request: new HttpRequest(incoming, response, '127.0.0.1'), outcome, isSubscription: true };
    server.emit('taken', () => sent.push(yoga.send(context)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return { server, url, lines, sent, returned: () => returned };
}

test('ends a stream that Yoga fails to send and its connection, without an unhandled rejection', async () => {
  const failing = {
    onResponse() {
      throw new Error('no answer today');
    },
  };
  const { server, url, lines, sent, returned } = await start([failing]);
  server.on('taken', (run: () => void) => run());
  await expect(send(url)).rejects.toThrow('socket hang up');
  await Promise.all(sent);
  expect(returned()).toBe(1);
  expect(lines.join()).toContain('no answer today');
});

test('passes no request of a disconnected client to Yoga, and ends its stream', async () => {
  let requests = 0;
  const counting = {
    onRequest() {
      requests += 1;
    },
  };
  const { server, url, lines, sent, returned } = await start([counting]);
  const taken = once(server, 'taken');
  const outgoing = request(url, { agent: false });
  outgoing.on('error', () => {});
  outgoing.end();
  const [connection] = await once(server, 'connection');
  const [run] = await taken;
  const closed = once(connection, 'close');
  outgoing.destroy();
  await closed;
  run();
  await Promise.all(sent);
  expect([requests, returned(), lines]).toEqual([0, 1, []]);
});

test('reads a result only when the client has read the one before it', async () => {
  const unreadBytes: number[] = [];
  // More than the operating system accepts at once.
  const data = { text: 'x'.repeat(16_000_000) };
  const { server, url } = await start([], async function* (response) {
    for (let n = 0; n < 4; n += 1) {
      yield { data };
      unreadBytes.push(response.unreadBytes);
    }
  });
  server.on('taken', (run: () => void) => run());
  const { text } = await send(url, { headers: { accept: 'text/event-stream' } });
  expect(text.match(/event: \w+/g)).toEqual([...Array(4).fill('event: next'), 'event: complete']);
  expect(unreadBytes).toEqual([0, 0, 0, 0]);
});

test('pings a client of server-sent events while there are none', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { server, url } = await start([]);
  server.on('taken', (run: () => void) => run());
  const stop = new AbortController();
  const { body } = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: stop.signal });
  const reader = body?.getReader();
  const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await next()).toBe(':\n\n');
  vi.advanceTimersByTime(12_000);
  expect(await next()).toBe(':\n\n');
  stop.abort();
});
