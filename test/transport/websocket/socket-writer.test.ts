import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { configSchema } from '../../../src/config/index.ts';
import { ByteBudget } from '../../../src/pipeline/byte-budget.ts';
import { ReadPause } from '../../../src/transport/websocket/message-reader.ts';
import { SocketWriter, UnreadSockets } from '../../../src/transport/websocket/socket-writer.ts';

const { limits } = configSchema.parse({});

/** A WebSocket with both of its ends in this process. */
async function connect() {
  const http = createServer();
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.terminate();
    http.close();
  });
  const opened = once(client, 'open');
  const [request, raw, head] = (await once(http, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
  const server = await new Promise<WebSocket>((resolve) => {
    new WebSocketServer({ noServer: true }).handleUpgrade(request, raw, head, resolve);
  });
  await opened;
  const reading = new ReadPause(server);
  const buffers = new ByteBudget(limits.bufferedBytes);
  const reported: string[] = [];
  const writer = new SocketWriter(server, {
    raw: request.socket,
    buffers: buffers.open({ address: '127.0.0.1', caller: 'test' }),
    reading,
    unread: new UnreadSockets(),
    sendTimeoutMs: limits.sendTimeoutMs,
    report: (reason) => reported.push(reason),
  });
  return { client, server, writer, buffers, reported };
}

test('sends text and UTF-8 as text messages, in their order', async () => {
  const { client, writer } = await connect();
  const received: string[] = [];
  const all = new Promise<void>((resolve) => {
    client.on('message', (data, isBinary) => {
      received.push(isBinary ? 'binary' : data.toString());
      if (received.length === 3) resolve();
    });
  });
  const sent = ['one', 'zwölf €', 'x'.repeat(70_000)];
  for (const [n, text] of sent.entries()) writer.send(n === 1 ? Buffer.from(text) : text);
  await all;
  expect(received).toEqual(sent);
});

test('sends a small message to a reading client without a promise', async () => {
  const { client, writer } = await connect();
  const received = once(client, 'message');
  expect(writer.send('small')).toBeUndefined();
  await received;
});

test('senders wait while the client does not read', async () => {
  const { client, writer } = await connect();
  client.pause();
  const received: string[] = [];
  const both = new Promise<void>((resolve) => {
    client.on('message', (data) => {
      if (received.push(data.toString().slice(0, 4)) === 2) resolve();
    });
  });
  const waiting = [writer.send('x'.repeat(32e6)), writer.send('next')];
  expect(waiting.every((each) => each instanceof Promise)).toBe(true);
  client.resume();
  await Promise.all([...waiting, both]);
  expect(received).toEqual(['xxxx', 'next']);
});

test('senders stop waiting when the client disconnects, and send nothing more', async () => {
  const { client, server, writer } = await connect();
  client.pause();
  const waiting = writer.send('x'.repeat(32e6));
  const closed = once(server, 'close').then(() => writer.end());
  client.terminate();
  await Promise.all([closed, waiting]);
  expect(writer.send('later')).toBeUndefined();
});
