import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { configSchema } from '../../../src/config/index.ts';
import { ClientAddresses } from '../../../src/transport/client-address.ts';
import { attachWebSockets } from '../../../src/transport/websocket/attach.ts';
import type { Connection } from '../../../src/transport/websocket/connection.ts';
import type { TakeConnection } from '../../../src/transport/websocket/connection-taker.ts';
import { RawConnection } from '../../support/websocket.ts';

/** A server whose loads of what takes connections stay pending until the test lets them end. */
async function start() {
  const loads: { succeed(): void; fail(error: Error): void }[] = [];
  /** Thrown instead of taking a connection. */
  const faults: Error[] = [];
  const failures: unknown[] = [];
  const taken: WebSocket[] = [];
  const leaving = new AbortController();
  const sockets = new WebSocketServer({ noServer: true });
  const take: TakeConnection = ({ request, raw, head }, opened) => {
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
    sockets.handleUpgrade(request, raw, head, (socket) => {
      taken.push(socket);
      socket.on('message', (data) => socket.send(data.toString()));
      opened(socket, { running: { finiteEnded: async () => {} } } as Connection);
    });
  };
  const server = createServer().on('upgrade', () => server.emit('asked'));
  const config = configSchema.parse({});
  const connections = { isFull: false, reportFull: () => {}, countForClient: () => true };
  const webSockets = attachWebSockets(server, {
    load: () =>
      new Promise((resolve, reject) => {
        loads.push({ succeed: () => resolve(take), fail: reject });
      }),
    config,
    maskError: (error) => failures.push(error),
    log: pino({ level: 'silent' }),
    observer: undefined,
    addresses: new ClientAddresses([]),
    connections,
    securityLog: { report: () => {} },
    scheduler: { read: (_key, read) => read() },
    leaving: leaving.signal,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    webSockets.closeNow();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  /** Resolves when the server has been asked for it. */
  const ask = async () => {
    const asked = once(server, 'asked');
    const connection = new RawConnection(url);
    onTestFinished(() => connection[Symbol.dispose]());
    const refused = new Promise<number | undefined>((resolve) => {
      connection.socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    });
    const opened = new Promise((resolve) => connection.socket.once('open', resolve));
    await asked;
    return { connection, refused, opened };
  };
  return { url, server, ask, loads, faults, failures, taken, leaving, webSockets };
}

test('what takes connections is loaded with the first, once for all that ask meanwhile; then each is taken at once', async () => {
  const { ask, loads } = await start();
  expect(loads).toHaveLength(0);
  const asking = [await ask(), await ask()];
  loads[0]?.succeed();
  for (const { opened, connection } of asking) {
    await opened;
    connection.send({ type: 'ping' });
    expect(await connection.next()).toEqual({ type: 'ping' });
  }
  await (await ask()).opened;
  expect(loads).toHaveLength(1);
});

test('while it cannot be loaded, who asks gets status 500, the log has why, and the next one has it tried again', async () => {
  const { ask, loads, failures } = await start();
  const { refused } = await ask();
  const error = new Error("Cannot find module 'ws'");
  loads[0]?.fail(error);
  expect(await refused).toBe(500);
  expect(failures).toEqual([error]);
  const { opened } = await ask();
  loads[1]?.succeed();
  await opened;
});

test('who waits when the server begins to leave gets status 503', async () => {
  const { ask, loads, leaving, webSockets, taken } = await start();
  const { refused } = await ask();
  leaving.abort();
  await webSockets.goAway();
  loads[0]?.succeed();
  expect(await refused).toBe(503);
  expect(taken).toHaveLength(0);
});

test('who has left before it was loaded is no connection', async () => {
  const { url, server, ask, loads, taken } = await start();
  const asked = once(server, 'asked');
  const { port } = new URL(url);
  const client = connect(Number(port), '127.0.0.1');
  client.write(
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const connections = once(server, 'connection');
  const [[raw]] = await Promise.all([connections, asked]);
  const closed = new Promise((resolve) => raw.once('close', resolve));
  client.resetAndDestroy();
  await closed;
  loads[0]?.succeed();
  await (await ask()).opened;
  expect(taken).toHaveLength(1);
});

test('one that cannot be taken gets status 500, is told of in the log, and is nobody else’s trouble', async () => {
  const { ask, loads, faults, failures } = await start();
  const faulty = [new Error('the first'), new Error('a later one')];
  faults.push(...faulty);
  const first = await ask();
  loads[0]?.succeed();
  expect(await first.refused).toBe(500);
  const second = await ask();
  expect(await second.refused).toBe(500);
  expect(failures).toEqual(faulty);
  await (await ask()).opened;
});
