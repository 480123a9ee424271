import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Operation } from '../../../src/pipeline/operation.ts';
import { HttpCarrier } from '../../../src/transport/http/http-carrier.ts';
import { sendThroughYoga } from '../../../src/transport/http/send-through-yoga.ts';
import type { ServerContext } from '../../../src/transport/yoga/plugin.ts';
import { send } from '../../support/http.ts';

test('a stream that Yoga fails to send is ended, and so is its connection; nothing is rejected that nobody handles', async () => {
  const lines: string[] = [];
  const yoga = createYoga<ServerContext>({
    schema: createSchema({ typeDefs: 'type Query { a: Int }' }),
    logging: false,
    plugins: [
      {
        onResponse() {
          throw new Error('no answer today');
        },
      },
    ],
  });
  const sendStream = sendThroughYoga(yoga, pino({}, { write: (line: string) => lines.push(line) }));
  let returned = 0;
  const answer = {
    next: () => new Promise<never>(() => {}),
    async return() {
      returned += 1;
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  let sent: Promise<void> | undefined;
  const server = createServer((request, response) => {
    const operation = new Operation(new HttpCarrier(request, response, '127.0.0.1'), {});
    sent = sendStream(request, response, '{"query":"{ a }"}', { answered: { operation, answer } });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(send(`http://127.0.0.1:${port}/graphql`)).rejects.toThrow('socket hang up');
  await sent;
  expect(returned).toBe(1);
  expect(lines.join()).toContain('no answer today');
  server.close();
});
