import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { BufferedResponse } from '../../../src/transport/http/buffered-response.ts';

/** Several times what the kernel buffers. */
const BYTES = 48 * 1_048_576;

test.each([
  ['ended with', (response: BufferedResponse, body: Buffer) => void response.end(body)],
  [
    'written',
    (response: BufferedResponse, body: Buffer) => {
      // As Yoga does: one write, and the end when it has drained.
      if (response.write(body)) response.end();
      else response.once('drain', () => response.end());
    },
  ],
])(
  'the unread bytes of a long body that is %s shrink while its client reads, and all of it arrives',
  async (_case, send) => {
    const body = Buffer.alloc(BYTES, 'abcdefg');
    const server = createServer({ ServerResponse: BufferedResponse }, (_request, response) => {
      send(response, body);
      server.emit('sending', response);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const sending = once(server, 'sending');
    const outgoing = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false }).end();
    const receiving = once(outgoing, 'response');
    const [response] = (await sending) as [BufferedResponse<IncomingMessage>];
    const [incoming] = (await receiving) as [IncomingMessage];
    const left = new Set<number>();
    const received: Buffer[] = [];
    for await (const chunk of incoming) {
      received.push(chunk);
      left.add(response.unreadBytes);
    }
    // In one piece it would all be left until the last of it is read.
    expect(left.size).toBeGreaterThan(5);
    expect(Buffer.concat(received).equals(body)).toBe(true);
  },
);
