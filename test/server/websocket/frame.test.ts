import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from '../../../src/server/websocket/frame.ts';
import { Line } from '../../../src/server/websocket/line.ts';

const http = createServer();
const sockets = new WebSocketServer({ noServer: true });
let client: WebSocket;
let server: WebSocket;
let line: Line;
const received: string[] = [];
let expected = 0;
let all = () => {};

beforeAll(async () => {
  await once(http.listen(0, '127.0.0.1'), 'listening');
  client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  client.on('message', (data, isBinary) => {
    received.push(isBinary ? 'binary' : data.toString());
    if (received.length === expected) all();
  });
  const [request, raw, head] = (await once(http, 'upgrade')) as [never, Duplex, Buffer];
  server = await new Promise((resolve) => sockets.handleUpgrade(request, raw, head, resolve));
  line = new Line(server, raw);
  if (client.readyState !== client.OPEN) await once(client, 'open');
});
afterAll(() => {
  client.terminate();
  http.close();
});

const told = (count: number) =>
  new Promise<void>((resolve) => {
    expected = count;
    all = resolve;
    if (received.length === count) resolve();
  });

/** Around where the length begins to stand in two bytes, and in eight. */
const length = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 300 }), weight: 12 },
  { arbitrary: fc.integer({ min: 65_400, max: 65_700 }), weight: 12 },
  { arbitrary: fc.constant(3e6), weight: 1 },
);
const filled = fc.tuple(fc.string({ unit: 'grapheme' }), length).map(([text, more]) => text + 'x'.repeat(more));
const message = fc.record({
  before: fc.string({ unit: 'grapheme' }),
  body: filled,
  after: fc.constantFrom('', '}', 'ü'),
  /** Whether ws sends it, or it is a frame of ours. */
  ours: fc.boolean(),
});

it('frames say to a client what they were made of, in the order in which they and the messages of ws are sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), async (messages) => {
      received.length = 0;
      const telling = told(messages.length);
      const leaving = messages.map(({ before, body, after, ours }) =>
        ours ? line.sendFrame(textFrame(before, Buffer.from(body), after)) : line.send(before + body + after),
      );
      server.ping();
      await telling;
      await Promise.all(leaving);
      expect(received).toEqual(messages.map(({ before, body, after }) => before + body + after));
    }),
    { numRuns: 100 },
  );
});

it('what a client does not read yet has not left; to a client that has gone nothing is said', async () => {
  received.length = 0;
  client.pause();
  const much = textFrame('', Buffer.alloc(32e6, 'x'), '');
  const telling = told(2);
  const leaving = [line.sendFrame(much), line.send('next')];
  const order: string[] = [];
  const heard = Promise.all(leaving.map((left, n) => left?.then(() => order.push(`left ${n}`))));
  expect(leaving.every((left) => left instanceof Promise)).toBe(true);
  client.resume();
  await Promise.all([telling, heard]);
  expect(order).toEqual(['left 0', 'left 1']);
  const gone = once(server, 'close');
  client.terminate();
  await gone;
  expect(line.sendFrame(much)).toBeUndefined();
  expect(line.send('too late')).toBeUndefined();
});
