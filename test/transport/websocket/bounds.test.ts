import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/config/index.ts';
import type { OperationObserver } from '../../../src/pipeline/steps/observer.ts';
import { apiKey } from '../../support/api-key.ts';
import { startPlainServer } from '../../support/plain-server.ts';
import { RawConnection } from '../../support/websocket.ts';

const alice = apiKey({ principals: ['first'] });
const auth = { type: 'apiKeys' as const, keys: [alice.settings] };
const credentials = { authorization: alice.authorization };

/** A server, and what it holds for its clients. */
async function start(settings: ConfigInput = {}) {
  let answered = 0;
  const observer: OperationObserver = {
    answered: () => {
      answered += 1;
    },
    refused: () => {},
    sent: () => {},
    securityEvent: () => {},
  };
  const server = await startPlainServer(settings, observer);
  return {
    url: server.url,
    get answered() {
      return answered;
    },
    get state() {
      return server.state;
    },
    events: () => server.logged.flatMap(({ security, setting }) => (security ? [{ security, setting }] : [])),
    async until(holds: () => boolean) {
      while (!holds()) await sleep(2);
    },
    /** Nothing is left of the clients that have gone. */
    async released() {
      await this.until(() => {
        const { unauthenticated, authenticated } = server.state.connections;
        return server.state.bufferedBytes === 0 && unauthenticated + authenticated === 0;
      });
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function opened(url: string, options = {}): Promise<RawConnection> {
  const connection = new RawConnection(url, options);
  await once(connection.socket, 'open');
  return connection;
}

/** A query with an answer of some 500 KB. */
const large = `{${Array.from({ length: 30 }, (_, n) => ` a${n}: __schema { types { name fields { name description args { name } type { name kind } } enumValues { name } } }`).join('')} }`;

// A server each: most of them wait for the second that a client has to answer the close frame.
describe.concurrent('before valid credentials', () => {
  test('a ping’s payload is not sent back; afterwards it is', async () => {
    await using server = await start({ auth });
    using connection = await opened(server.url);
    connection.send({ type: 'ping', payload: { a: 1 } });
    expect(await connection.next()).toEqual({ type: 'pong' });
    connection.send({ type: 'connection_init' });
    expect(await connection.next()).toEqual({ type: 'connection_ack' });
    connection.send({ type: 'ping', payload: { a: 1 } });
    expect(await connection.next()).toEqual({ type: 'pong' });
    connection.send({
      id: '1',
      type: 'subscribe',
      payload: { query: '{ principal }', extensions: { headers: credentials } },
    });
    while ((await connection.next()).type !== 'complete');
    connection.send({ type: 'ping', payload: { a: 1 } });
    expect(await connection.next()).toEqual({ type: 'pong', payload: { a: 1 } });
  });

  test.for([
    ['pings', (connection: RawConnection) => connection.send({ type: 'ping' })],
    ['pings of the WebSocket protocol', (connection: RawConnection) => connection.socket.ping('x')],
    ['pongs of the WebSocket protocol', (connection: RawConnection) => connection.socket.pong('x')],
    ['completed operations', (connection: RawConnection) => connection.send({ type: 'complete', id: '1' })],
  ] as const)('too many %s close the connection with 4413', async ([_, send]) => {
    await using server = await start({ auth });
    using connection = await opened(server.url);
    for (let n = 0; n < 200; n += 1) send(connection);
    expect((await connection.closed).code).toBe(4413);
    expect(server.events()).toContainEqual({ security: 'message_flood', setting: undefined });
    await server.released();
  });

  test.for([
    ['complete', true, false],
    ['unfinished', false, false],
    ['unfinished, after connection_init without credentials', false, true],
  ] as const)('a message of more than 16 KiB closes the connection with 1009: %s', async ([_, fin, init]) => {
    await using server = await start({ auth });
    using connection = await opened(server.url);
    if (init) {
      connection.send({ type: 'connection_init' });
      await connection.next();
    }
    connection.socket.send('x'.repeat(500_000), { fin });
    expect((await connection.closed).code).toBe(1009);
    expect(server.events()).toContainEqual({ security: 'message_too_large', setting: undefined });
    await server.released();
  });

  test('unfinished messages of one address do not take the memory of others', async () => {
    const bufferedBytes = { unauthenticatedPerAddress: 50_000 };
    await using server = await start({ auth, limits: { bufferedBytes } });
    const connections: RawConnection[] = [];
    for (let n = 0; n < 5; n += 1) {
      const connection = await opened(server.url);
      connections.push(connection);
      connection.socket.send('x'.repeat(15_000), { fin: false });
    }
    expect(await Promise.race(connections.map(({ closed }) => closed))).toMatchObject({ code: 4412 });
    expect(server.state.bufferedBytes).toBeLessThanOrEqual(50_000);
    const setting = 'limits.bufferedBytes.unauthenticatedPerAddress';
    expect(server.events()).toContainEqual({ security: 'buffered_bytes', setting });
    using other = await opened(server.url, { localAddress: '127.0.0.2' });
    other.socket.send('{"type":"pi', { fin: false });
    other.socket.send('ng"}');
    expect(await other.next()).toEqual({ type: 'pong' });
    for (const connection of connections) connection[Symbol.dispose]();
    other[Symbol.dispose]();
    await server.released();
  });

  test('a client that sends no connection_init is reported', async () => {
    await using server = await start({ auth, limits: { connectionInitTimeoutMs: 50 } });
    using connection = await opened(server.url);
    expect((await connection.closed).code).toBe(4408);
    const setting = 'limits.connectionInitTimeoutMs';
    expect(server.events()).toContainEqual({ security: 'init_timeout', setting });
  });
});

describe.concurrent('after valid credentials', () => {
  test('a message that is not complete in time closes the connection with 4414', async () => {
    await using server = await start({ limits: { bodyTimeoutMs: 50 } });
    using connection = await RawConnection.open(server.url);
    connection.socket.send('x'.repeat(500_000), { fin: false });
    expect((await connection.closed).code).toBe(4414);
    await server.released();
  });

  test('a message in fragments is received', async () => {
    await using server = await start();
    using connection = await RawConnection.open(server.url);
    const note = 'x'.repeat(500_000);
    const message = JSON.stringify({ type: 'ping', payload: { note } });
    for (let from = 0; from < message.length; from += 100_000) {
      const fin = from + 100_000 >= message.length;
      connection.socket.send(message.slice(from, from + 100_000), { fin });
    }
    expect((await connection.next()).payload.note).toBe(note);
    connection[Symbol.dispose]();
    await server.released();
  });

  test('unfinished messages beyond the caller’s bound close connections with 4412', async () => {
    await using server = await start({ limits: { bufferedBytes: { perCaller: 1_000_000 } } });
    const connections: RawConnection[] = [];
    for (let n = 0; n < 3; n += 1) {
      const connection = await RawConnection.open(server.url);
      connections.push(connection);
      connection.socket.send('x'.repeat(600_000), { fin: false });
    }
    expect(await Promise.race(connections.map(({ closed }) => closed))).toMatchObject({ code: 4412 });
    const setting = 'limits.bufferedBytes.perCaller';
    expect(server.events()).toContainEqual({ security: 'buffered_bytes', setting });
    for (const connection of connections) connection[Symbol.dispose]();
    await server.released();
  });

  test('messages that belong to no operation are limited', async () => {
    await using server = await start();
    using connection = await RawConnection.open(server.url);
    for (let n = 0; n < 5_000; n += 1) connection.send({ type: 'complete', id: 'none' });
    expect((await connection.closed).code).toBe(4413);
  });

  test('operations whose messages are too large together are refused until others end', async () => {
    await using server = await start({ limits: { bufferedBytes: { perConnection: 1_000_000 } } });
    using connection = await RawConnection.open(server.url);
    const extensions = { note: 'x'.repeat(400_000) };
    connection.subscribe('1', 'subscription { silent }', extensions);
    connection.subscribe('2', 'subscription { silent }', extensions);
    expect(await connection.next()).toMatchObject({
      ...{ id: '2', type: 'error' },
      payload: [{ extensions: { code: 'BUFFER_LIMIT_EXCEEDED', maximum: 1_000_000, retryable: true } }],
    });
    connection.send({ id: '1', type: 'complete' });
    connection.subscribe('3', '{ principal }', extensions);
    expect(await connection.next()).toMatchObject({ id: '3', type: 'next' });
    connection[Symbol.dispose]();
    await server.released();
  });
});

describe('a client that does not read', () => {
  /** Sends operations whose answers are not read, until some of them are buffered. */
  async function stall(server: Awaited<ReturnType<typeof start>>, count: number) {
    const connection = await RawConnection.open(server.url);
    connection.socket.pause();
    for (let n = 0; n < count; n += 1) connection.subscribe(String(n), large);
    return connection;
  }

  test('has its operations wait, and gets all answers once it reads', async () => {
    const count = 60;
    await using server = await start();
    using connection = await stall(server, count);
    await server.until(() => server.state.bufferedBytes > 0);
    const health = new URL('/health', server.url);
    for (let n = 0; n < 10; n += 1) expect((await fetch(health)).status).toBe(200);
    expect(server.answered).toBeLessThan(count);
    // The result of one that runs, and of those that wait to begin.
    expect(server.state.bufferedBytes).toBeLessThan(5 * 700_000);
    connection.socket.resume();
    let completed = 0;
    while (completed < count) if ((await connection.next()).type === 'complete') completed += 1;
    await server.until(() => server.state.bufferedBytes === 0);
  });

  test('is closed with 4411 when it reads nothing for limits.sendTimeoutMs', async () => {
    await using server = await start({ limits: { sendTimeoutMs: 100 } });
    using connection = await stall(server, 60);
    const isReported = () => server.events().some(({ security }) => security === 'client_too_slow');
    await server.until(isReported);
    connection.socket.resume();
    expect((await connection.closed).code).toBe(4411);
    await server.released();
  });

  test('is disconnected when it does not read the close frame either', async () => {
    await using server = await start({ limits: { sendTimeoutMs: 100 } });
    using _connection = await stall(server, 60);
    await server.until(() => server.state.bufferedBytes > 0);
    await server.released();
  });

  test('holds up other connections of its caller at the caller’s bound, but no other caller', async () => {
    const bytes = 1_000_000;
    await using server = await start({ limits: { bufferedBytes: { perCaller: bytes } } });
    using same = await RawConnection.open(server.url);
    // A body in flight counts with its declared length.
    const slow = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' });
    slow.write(
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`,
    );
    await server.until(() => server.state.bufferedBytes >= bytes);
    same.subscribe('1', '{ principal }');
    using other = new RawConnection(server.url, { localAddress: '127.0.0.2' });
    await once(other.socket, 'open');
    other.send({ type: 'connection_init' });
    expect((await other.next()).type).toBe('connection_ack');
    other.subscribe('1', '{ principal }');
    expect((await other.next()).type).toBe('next');
    expect(same.received).toEqual([]);
    slow.destroy();
    expect((await same.next()).type).toBe('next');
    same[Symbol.dispose]();
    other[Symbol.dispose]();
    await server.released();
  });

  test('is disconnected at once when all clients together hold too much', async () => {
    await using server = await start({ limits: { bufferedBytes: { total: 3_000_000 } } });
    using stalled = await stall(server, 60);
    // No operation has ended for a while: all wait for the client.
    for (let since = 0, answered = 0; since < 10; since += 1, await sleep(50))
      if (server.state.bufferedBytes === 0 || server.answered > answered) [since, answered] = [0, server.answered];
    const others: RawConnection[] = [];
    while (server.events().length === 0) {
      const other = await RawConnection.open(server.url, undefined, { localAddress: '127.0.0.2' });
      others.push(other);
      other.socket.send('x'.repeat(600_000), { fin: false });
      await server.until(() => server.state.bufferedBytes >= others.length * 500_000 || server.events().length > 0);
    }
    const setting = 'limits.bufferedBytes.total';
    expect(server.events()[0]).toEqual({ security: 'buffered_bytes', setting });
    await server.until(() => server.state.connections.authenticated === others.length);
    stalled.socket.resume();
    expect((await stalled.closed).code).toBe(1006);
    for (const other of others) other[Symbol.dispose]();
    await server.released();
  });
});
