import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from '../../src/upstream/connections.ts';
import { Stop } from '../../src/upstream/stop.ts';

describe('connections to AWS', () => {
  let server: Server;
  let connections: Connections;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let opened = 0;
  beforeEach(async () => {
    connections = new Connections();
    opened = 0;
    server = createServer((request, response) => answer(request, response)).on('connection', () => {
      opened += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  });
  afterEach(async () => {
    vi.useRealTimers();
    connections.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const request = (to: Partial<HttpRequest> = {}) =>
    new HttpRequest({
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      method: 'POST',
      path: '/',
      ...to,
    });
  /** Resolves when the connection that is opened next has ended. */
  const nextClosed = () =>
    new Promise((resolve) => {
      server.once('connection', (socket) => socket.on('error', () => {}).once('close', resolve));
    });

  it('are kept, and used again', async () => {
    answer = (_request, response) => response.end('{}');
    for (let i = 0; i < 3; i += 1) await connections.handle(request());
    expect(opened).toBe(1);
    expect(connections.host).toBe(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  it('carry bodies of any characters, and paths with a query, to IPv6 addresses as well', async () => {
    const body = new TextEncoder().encode('{"Name":"Grüße 👋 \u0000"}');
    answer = async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      response
        .setHeader('set-cookie', ['a=1', 'b=2'])
        .end(JSON.stringify([incoming.url, Buffer.concat(chunks).toString()]));
    };
    const { response } = await connections.handle(
      request({ hostname: '[::1]', path: '/v1/', query: { tenant: 'a b' }, body }),
    );
    expect(JSON.parse(String(response.body))).toEqual(['/v1/?tenant=a%20b', new TextDecoder().decode(body)]);
    expect(response).toMatchObject({ statusCode: 200, headers: { 'set-cookie': 'a=1,b=2' } });
  });

  it('take an answer in pieces for one', async () => {
    answer = (_request, response) => {
      response.write('{"a":');
      setImmediate(() => response.end('1}'));
    };
    const { response } = await connections.handle(request());
    expect(String(response.body)).toBe('{"a":1}');
  });

  it('are not asked for by a call that was stopped before', async () => {
    const stop = new Stop();
    stop.abort(new Error('enough'));
    await expect(connections.handle(request(), { abortSignal: stop })).rejects.toMatchObject({ name: 'AbortError' });
    expect(opened).toBe(0);
  });

  it('end with a call that is stopped before it is answered', async () => {
    const stop = new Stop();
    const reason = new Error('enough');
    const closed = nextClosed();
    answer = () => stop.abort(reason);
    const call = connections.handle(request(), { abortSignal: stop });
    await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: reason });
    await closed;
  });

  it('end with a call that is stopped while it is answered', async () => {
    const stop = new Stop();
    const reason = new Error('enough');
    const closed = nextClosed();
    const answered = () => stop.abort(reason);
    subscribe('http.client.response.finish', answered);
    answer = (_request, response) => response.write('{');
    const call = connections.handle(request(), { abortSignal: stop });
    await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: reason });
    await closed;
    unsubscribe('http.client.response.finish', answered);
  });

  it('tell with an error what the head of the answer was, where printing does not show it', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 100, 'x-amzn-requestid': 'id' }).write('{');
      setImmediate(() => response.destroy());
    };
    const error = await connections.handle(request()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'ECONNRESET',
      $response: { statusCode: 200, headers: { 'x-amzn-requestid': 'id' } },
    });
    expect(Object.keys(error as object)).not.toContain('$response');
  });

  it('tell an endpoint that speaks no TLS by its code', async () => {
    await expect(connections.handle(request({ protocol: 'https:' }))).rejects.toMatchObject({
      code: expect.stringMatching(/^(EPROTO|ERR_SSL_)/),
    });
  });

  it('are given up for a call that gets none within five seconds, and the call was never sent', async () => {
    let received = 0;
    answer = () => {
      received += 1;
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const most = 256;
    const calls = Array.from({ length: most + 1 }, () => connections.handle(request()));
    const settled = Promise.allSettled(calls);
    await vi.waitUntil(() => received === most, { timeout: 10_000, interval: 5 });
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(calls.at(-1)).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(calls.at(-1)).rejects.not.toHaveProperty('code');
    expect(received).toBe(most);
    connections.destroy();
    await settled;
  });

  it('leave no listener behind on the signal of a call that is over', async () => {
    answer = (_request, response) => response.end('{}');
    const stop = new Stop();
    const removed = vi.spyOn(stop, 'removeEventListener');
    await connections.handle(request(), { abortSignal: stop });
    expect(removed).toHaveBeenCalledOnce();
    stop.abort(new Error('too late'));
    await expect(connections.handle(request())).resolves.toHaveProperty('response');
  });
});
