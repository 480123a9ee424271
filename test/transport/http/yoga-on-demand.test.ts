import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createErrorMask } from '../../../src/pipeline/errors.ts';
import { type Answer, Operation } from '../../../src/pipeline/operation.ts';
import { HttpCarrier } from '../../../src/transport/http/http-carrier.ts';
import { type Yoga, YogaOnDemand } from '../../../src/transport/http/yoga-on-demand.ts';
import { send } from '../../support/http.ts';

/** A server that knows nothing but Yoga on demand; loads of Yoga stay pending until the test lets them end. */
async function start(how: 'handle' | 'sendStream' = 'handle') {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  const loads: { succeed(): void; fail(error: Error): void }[] = [];
  const handled: (string | undefined)[] = [];
  const refused: Answer[] = [];
  const ended: string[] = [];
  const yoga: Yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { a: Int }' }),
    logging: false,
    plugins: [
      {
        onRequest({ request: { url } }) {
          handled.push(new URL(url).search);
        },
        onParams: ({ context, setResult }) => {
          const { answered } = context as { answered?: { answer: Answer } };
          if (answered) setResult(answered.answer as never);
        },
      },
    ],
  });
  const demand = new YogaOnDemand({
    load: () =>
      new Promise((resolve, reject) => {
        loads.push({ succeed: () => resolve(yoga), fail: reject });
        server.emit('load');
      }),
    maskError: createErrorMask(() => undefined, log),
    log,
    observer: { answered() {}, sent() {}, securityEvent() {}, refused: (_transport, answer) => refused.push(answer) },
  });
  const server = createServer((incoming, response) => {
    response.once('close', () => server.emit('over'));
    server.emit('arrived');
    if (how === 'handle') return demand.handle(incoming, response, {});
    const operation = new Operation(new HttpCarrier(incoming, response, '127.0.0.1'), {});
    void demand.sendStream(incoming, response, { operation, answer: oneEvent(ended) });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return { url, server, demand, loads, handled, refused, ended, lines, next: (event: string) => once(server, event) };
}

function oneEvent(ended: string[]): AsyncIterableIterator<{ data: { a: number } }> {
  let told = false;
  return {
    async next() {
      if (told) return { done: true, value: undefined };
      told = true;
      return { done: false, value: { data: { a: 1 } } };
    },
    async return() {
      ended.push('returned');
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const get = (url: string, search = '') =>
  send(`${url}?query={__typename}${search}`, { headers: { accept: 'application/json', 'x-request-id': 'r-1' } });

test('Yoga is loaded with the first request, once for all that come meanwhile, and never again', async () => {
  const { url, loads, next, handled } = await start();
  expect(loads).toHaveLength(0);
  const loading = next('load');
  const answers = Promise.all([get(url), get(url), get(url)]);
  await loading;
  for (let arrived = 1; arrived < 3; arrived += 1) await next('arrived');
  loads[0]?.succeed();
  for (const { status, text } of await answers)
    expect([status, text]).toEqual([200, '{"data":{"__typename":"Query"}}']);
  expect((await get(url)).status).toBe(200);
  expect(loads).toHaveLength(1);
  expect(handled).toHaveLength(4);
});

test('while Yoga cannot be loaded its requests get status 500, the log has why, and each tries again', async () => {
  const { url, loads, next, lines, refused } = await start();
  for (const attempt of [0, 1]) {
    const loading = next('load');
    const answer = get(url);
    await loading;
    loads[attempt]?.fail(new Error(`Cannot find module 'yoga${attempt}'`));
    const { status, headers, text } = await answer;
    expect([status, headers['content-type'], headers['x-request-id']]).toEqual([
      500,
      'application/json; charset=utf-8',
      'r-1',
    ]);
    const { errors } = JSON.parse(text);
    expect(errors).toEqual([
      {
        message: expect.stringContaining('Unexpected error'),
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
      },
    ]);
    const line = lines.find((each) => each.includes(errors[0].extensions.errorId));
    expect(line).toContain(`Cannot find module 'yoga${attempt}'`);
  }
  expect(refused).toHaveLength(2);
  const loading = next('load');
  const answer = get(url);
  await loading;
  loads[2]?.succeed();
  expect((await answer).status).toBe(200);
});

test('who has left before Yoga was there is not answered, and nothing is begun for them', async () => {
  const { url, loads, next, handled } = await start();
  const loading = next('load');
  const outgoing = request(`${url}?gone`, { agent: false });
  outgoing.on('error', () => {});
  outgoing.end();
  await loading;
  const over = next('over');
  outgoing.destroy();
  await over;
  const waiting = get(url, '&waits');
  await next('arrived');
  loads[0]?.succeed();
  expect((await waiting).status).toBe(200);
  expect(handled).toEqual([expect.stringContaining('&waits')]);
});

test('a stream that Yoga cannot be loaded for is ended, and its request gets status 500; the next one is sent', async () => {
  const { url, loads, next, ended } = await start('sendStream');
  const stream = () =>
    send(url, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: '{"query":"{ a }"}',
    });
  let loading = next('load');
  const failed = stream();
  await loading;
  loads[0]?.fail(new Error('no file'));
  expect((await failed).status).toBe(500);
  expect(ended).toEqual(['returned']);
  loading = next('load');
  const sent = stream();
  await loading;
  loads[1]?.succeed();
  expect((await sent).text).toContain('data: {"data":{"a":1}}');
});

test('Yoga that was never needed is not loaded to be disposed of', async () => {
  const { demand, loads } = await start();
  await demand.dispose();
  expect(loads).toHaveLength(0);
});
