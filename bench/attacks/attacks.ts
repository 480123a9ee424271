import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import type { WebSocket } from 'ws';
import { ALIASES, type Attacker, distinctDocument } from './attacker.ts';

export interface Attack {
  readonly name: string;
  /** The item of the security review, or a variant of it. */
  readonly auth: 'none' | 'apiKeys';
  run(attacker: Attacker): Promise<void>;
}

const MEGABYTE = 'x'.repeat(1_000_000);
const introspection = getIntrospectionQuery();
/** Unique, so that responses are not shared. */
const introspectionOf = (turn: number) => introspection.replace('IntrospectionQuery', `I${turn}`);
const subscribe = (id: string, query: string, variables?: object) =>
  JSON.stringify({ id, type: 'subscribe', payload: { query, variables } });
const jsonLength = (length: number) => ({ 'content-type': 'application/json', 'content-length': length });

/** Sends a message repeatedly, as fast as the socket accepts it. */
async function flood(attacker: Attacker, socket: WebSocket, message: string): Promise<void> {
  const closed = once(socket, 'close');
  while (!attacker.over && socket.readyState === socket.OPEN) {
    attacker.sent += 1;
    const sent = new Promise<void>((resolve) => socket.send(message, () => resolve()));
    await Promise.race([sent, closed, attacker.hold()]);
  }
}

async function floodOn(attacker: Attacker, sockets: number, init: boolean, message: string): Promise<void> {
  await attacker.keep(sockets, async () => {
    const socket = await attacker.webSocket({ init });
    if (socket !== undefined) await flood(attacker, socket, message);
    socket?.terminate();
  });
}

/** Resolves when a socket drains or closes. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle);
      resolve();
    };
    socket.on('drain', settle).on('close', settle);
  });
}

/** Opens connections that send `text` and then stay idle. */
async function stall(attacker: Attacker, count: number, text: string, from = '127.0.0.1'): Promise<void> {
  for (let n = 0; n < count && !attacker.over; n += 1) {
    attacker.socket({ from }).write(text);
    if (n % 50 === 0) await sleep(1);
  }
  await attacker.hold();
}

const nodesQuery = (field: string) =>
  `query($ids: [ID!]!) {${Array.from({ length: ALIASES }, (_, n) => ` a${n}: nodes(ids: $ids) { ${field} }`).join('')} }`;
const manyIds = (id: (n: number) => string) => Array.from({ length: 1_000 }, (_, n) => id(n));
const unknownMembers = () =>
  Object.fromEntries(Array.from({ length: 75_000 }, (_, n) => [`k${n}`, 1])) as Record<string, unknown>;
const inputQuery = 'query($f: HandshakeFilter) { viewer { handshakes(filter: $f) { nodes { id } } } }';
/** Validation compares each pair of these fields, and every second one differs. */
const conflicts = (turn: number) =>
  `query c${turn} { organization {${Array.from(
    { length: ALIASES },
    (_, n) => ` x: accounts(first: ${1 + (n % 2)}) { y: nodes { z: ${n % 3 ? 'id' : 'name'} } }`,
  ).join('')} } }`;

/** The attacks of the security review, followed by variants with other transports, fields and orders. */
export const attacks: readonly Attack[] = [
  {
    name: 'pings of 1 MB before connection_init, pongs not read',
    auth: 'apiKeys',
    run: (a) => floodOn(a, 20, false, JSON.stringify({ type: 'ping', payload: { x: MEGABYTE } })),
  },
  {
    name: 'GraphiQL without compression, not read',
    auth: 'apiKeys',
    run: (a) => stall(a, 150, a.head('GET', '/graphql', { accept: 'text/html', 'accept-encoding': 'identity' }, '')),
  },
  {
    name: 'bodies of 1 MB that stall before their end, no credentials',
    auth: 'apiKeys',
    run: (a) => stall(a, 600, a.head('POST', '/graphql', jsonLength(1_000_001), '') + MEGABYTE),
  },
  {
    name: 'bodies of 1 MB that stall before their end',
    auth: 'none',
    run: (a) => stall(a, 600, a.head('POST', '/graphql', jsonLength(1_000_001)) + MEGABYTE),
  },
  {
    name: 'nodes(ids:) with 190 x 1,000 malformed ids',
    auth: 'apiKeys',
    run: (a) =>
      a.keep(4, () => a.requests(() => a.post({ query: nodesQuery('id'), variables: { ids: manyIds(() => 'zz') } }))),
  },
  {
    name: '400 introspections on one WebSocket, not read',
    auth: 'apiKeys',
    async run(a) {
      await a.keep(1, async () => {
        const socket = await a.webSocket();
        for (let n = 0; n < 400 && socket?.readyState === socket?.OPEN; n += 1) {
          socket?.send(subscribe(`i${n}`, introspectionOf(n)));
          a.sent += 1;
          await sleep(1);
        }
        if (socket !== undefined) await Promise.race([once(socket, 'close'), a.hold()]);
      });
    },
  },
  {
    name: 'a variable with 75,000 unknown members',
    auth: 'apiKeys',
    async run(a) {
      const body = JSON.stringify({ query: inputQuery, variables: { f: unknownMembers() } });
      await a.keep(2, () => a.requests(() => a.post(body)));
    },
  },
  {
    name: 'distinct documents of 190 aliases',
    auth: 'apiKeys',
    run: (a) => a.keep(4, (n) => a.requests((turn) => a.post({ query: distinctDocument(turn, n) }))),
  },
  {
    name: '5,000 idle connections from five addresses',
    auth: 'apiKeys',
    run: (a) =>
      Promise.all(
        Array.from({ length: 5 }, (_, n) => stall(a, 1_000, 'POST /graphql HTTP/1.1\r\n', `127.0.1.${n + 1}`)),
      ).then(() => {}),
  },
  {
    name: 'WebSocket protocol pings, pongs not read',
    auth: 'apiKeys',
    run: (a) =>
      a.keep(20, async () => {
        const socket = await a.webSocket({ init: false });
        while (socket?.readyState === socket?.OPEN && socket !== undefined && !a.over) {
          for (let n = 0; n < 200; n += 1) socket.ping('x'.repeat(125));
          a.sent += 200;
          await sleep(1);
        }
        socket?.terminate();
      }),
  },
  {
    name: 'pings of 1 MB after connection_init, pongs not read',
    auth: 'none',
    run: (a) => floodOn(a, 20, true, JSON.stringify({ type: 'ping', payload: { x: MEGABYTE } })),
  },
  {
    name: 'many small messages before connection_init',
    auth: 'apiKeys',
    run: (a) => floodOn(a, 20, false, '{"type":"ping"}'),
  },
  {
    name: 'messages of 1 MB in frames that do not end, before connection_init',
    auth: 'apiKeys',
    async run(a) {
      for (let n = 0; n < 600 && !a.over; n += 1) {
        const socket = await a.webSocket({ init: false });
        socket?.send(MEGABYTE, { fin: false });
      }
      await a.hold();
    },
  },
  {
    name: 'messages of 1 MB in frames that do not end, after connection_init',
    auth: 'none',
    async run(a) {
      for (let n = 0; n < 600 && !a.over; n += 1) {
        const socket = await a.webSocket();
        socket?.send(MEGABYTE, { fin: false });
      }
      await a.hold();
    },
  },
  {
    name: 'GraphiQL pipelined 1,000 times on one connection, not read',
    auth: 'none',
    run: (a) =>
      stall(a, 10, a.head('GET', '/graphql', { accept: 'text/html', 'accept-encoding': 'identity' }).repeat(1_000)),
  },
  {
    name: 'bodies of one byte a second, no credentials',
    auth: 'apiKeys',
    async run(a) {
      const sockets = Array.from({ length: 600 }, () => {
        const socket = a.socket();
        socket.write(a.head('POST', '/graphql', jsonLength(1_000), ''));
        return socket;
      });
      while (!a.over) {
        for (const socket of sockets) if (socket.writable) socket.write(' ');
        await sleep(1_000);
      }
    },
  },
  {
    name: 'chunked bodies without end, to the hints and to other media types',
    auth: 'apiKeys',
    async run(a) {
      const heads = [
        a.head('POST', '/hints/eventbridge', { 'transfer-encoding': 'chunked' }, ''),
        a.head('POST', '/graphql', { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' }, ''),
        a.head('POST', '/graphql', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }, ''),
        a.head('PUT', '/elsewhere', { 'transfer-encoding': 'chunked' }, ''),
        a.head('GET', '/graphql?query={__typename}', { 'transfer-encoding': 'chunked' }, ''),
        a.head('POST', '/health', { 'transfer-encoding': 'chunked' }, ''),
      ];
      const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
      await a.keep(60, async (n) => {
        const socket = a.socket({ reads: true });
        socket.write(heads[n % heads.length] ?? '');
        while (!a.over && socket.writable) {
          if (!socket.write(chunk)) await drained(socket);
        }
        socket.destroy();
      });
    },
  },
  {
    name: 'headers that come slowly',
    auth: 'apiKeys',
    async run(a) {
      const sockets = Array.from({ length: 900 }, () => {
        const socket = a.socket();
        socket.write('POST /graphql HTTP/1.1\r\n');
        return socket;
      });
      for (let n = 0; !a.over; n += 1) {
        for (const socket of sockets) if (socket.writable) socket.write(`x-${n}: ${'x'.repeat(100)}\r\n`);
        await sleep(200);
      }
    },
  },
  {
    name: 'nodes(ids:) with 190 x 1,000 well-formed ids of nothing, over a WebSocket',
    auth: 'apiKeys',
    run: (a) =>
      a.keep(4, async () => {
        const socket = await a.webSocket({ reads: true });
        if (socket === undefined) return;
        const message = subscribe('n', nodesQuery('... on Account { name }'), {
          ids: manyIds((n) => String(900_000_000_000 + n)),
        });
        socket.send(message);
        a.sent += 1;
        await Promise.race([once(socket, 'close'), sleep(500)]);
        socket.terminate();
      }),
  },
  {
    name: 'nodes(ids:) with 190 x 1,000 times one id',
    auth: 'none',
    run: (a) =>
      a.keep(4, () =>
        a.requests(() =>
          a.post({ query: nodesQuery('id __typename'), variables: { ids: manyIds(() => '111111111111') } }),
        ),
      ),
  },
  {
    name: '600 introspections over HTTP, not read',
    auth: 'none',
    run: async (a) => {
      for (let n = 0; n < 600 && !a.over; n += 1) {
        a.socket().write(a.post({ query: introspectionOf(n) }));
        if (n % 10 === 0) await sleep(5);
      }
      await a.hold();
    },
  },
  {
    name: '1,000 introspections pipelined on one connection, not read',
    auth: 'apiKeys',
    run: (a) =>
      a.keep(1, async () => {
        const socket = a.socket();
        for (let n = 0; n < 1_000 && socket.writable && !a.over; n += 1)
          socket.write(a.post({ query: introspectionOf(n) }));
        await Promise.race([once(socket, 'close'), a.hold()]);
      }),
  },
  {
    name: 'introspections as server-sent events and in parts, not read',
    auth: 'none',
    async run(a) {
      const accepts = ['text/event-stream', 'multipart/mixed'];
      for (let n = 0; n < 400 && !a.over; n += 1) {
        a.socket().write(a.post({ query: introspectionOf(n) }, { accept: accepts[n % 2] ?? '' }));
        if (n % 10 === 0) await sleep(5);
      }
      await a.hold();
    },
  },
  {
    name: 'subscriptions begun and ended as fast as possible',
    auth: 'none',
    run: (a) =>
      a.keep(10, async () => {
        const socket = await a.webSocket({ reads: true });
        for (let n = 0; socket?.readyState === socket?.OPEN && socket !== undefined && !a.over; n += 1) {
          socket.send(subscribe(`s${n}`, 'subscription { organizationHandshakeChanges { type } }'));
          socket.send(JSON.stringify({ id: `s${n}`, type: 'complete' }));
          a.sent += 1;
          if (n % 20 === 0) await sleep(1);
        }
        socket?.terminate();
      }),
  },
  {
    name: 'names of 900,000 characters as field, operation, variable and principal',
    auth: 'apiKeys',
    run: (a) => {
      const long = 'x'.repeat(900_000);
      const requests = [
        a.post({ query: `{ ${long} }` }),
        a.post({ query: '{ __typename }', operationName: long }),
        a.post({ query: `query($${long}: Int) { __typename }` }),
        a.post({ query: inputQuery, variables: { f: { [long]: 1 } } }),
        a.post({ query: `{ organization(${long}: 1) { id } }` }),
        a.post({ query: '{ __typename }', extensions: { principal: long } }),
        a.post({ query: `{ node(id: "${long}") { id } }` }),
      ];
      return a.keep(2, () => a.requests((turn) => requests[turn % requests.length] ?? ''));
    },
  },
  {
    name: 'lists in lists, 300,000 brackets, as variables and as a body',
    auth: 'apiKeys',
    run: (a) => {
      const nested = '['.repeat(150_000) + ']'.repeat(150_000);
      const requests = [
        a.post(`{"query":${JSON.stringify(inputQuery)},"variables":{"f":${nested}}}`),
        a.post(nested),
        a.post({ query: `{ node(id: ${nested}) { id } }` }),
      ];
      return a.keep(2, () => a.requests((turn) => requests[turn % requests.length] ?? ''));
    },
  },
  {
    name: 'distinct documents, for the estimate alone',
    auth: 'none',
    run: (a) =>
      a.keep(4, (n) =>
        a.requests((turn) => a.post({ query: distinctDocument(turn, n) }, { 'x-orgql-estimate': 'only' })),
      ),
  },
  {
    name: 'distinct documents over WebSockets',
    auth: 'none',
    run: (a) =>
      a.keep(4, async (seed) => {
        const socket = await a.webSocket({ reads: true });
        for (let n = 0; socket?.readyState === socket?.OPEN && socket !== undefined && !a.over; n += 1) {
          socket.send(subscribe(`d${n}`, distinctDocument(n, seed)));
          a.sent += 1;
          await sleep(5);
        }
        socket?.terminate();
      }),
  },
  {
    name: 'documents that are wrong in ways that are costly to find',
    auth: 'apiKeys',
    run: (a) => a.keep(4, (n) => a.requests((turn) => a.post({ query: conflicts(turn * 10 + n) }))),
  },
  {
    name: 'wrong keys as fast as possible',
    auth: 'apiKeys',
    run: (a) =>
      a.keep(8, (n) =>
        a.requests((turn) => a.post({ query: distinctDocument(turn, n) }, {}, `wrong-${n}-${turn}-${'x'.repeat(40)}`)),
      ),
  },
  {
    name: '1,000 WebSockets without connection_init, again and again',
    auth: 'apiKeys',
    run: (a) =>
      a.keep(1_000, async () => {
        const socket = await a.webSocket({ init: false });
        if (socket !== undefined) await Promise.race([once(socket, 'close'), a.hold()]);
        socket?.terminate();
      }),
  },
  {
    name: 'Host headers that are not ours, and requests that are malformed',
    auth: 'apiKeys',
    run: (a) => {
      const requests = [
        'GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n',
        `GET / HTTP/1.1\r\nhost: a@${a.url.host}\r\n\r\n`,
        `GET / HTTP/1.1\r\nhost: ${a.url.host}\r\nhost: evil.example\r\n\r\n`,
        'GET /\r\n\r\n',
        `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      ];
      return a.keep(8, (n) => a.requests((turn) => requests[(turn + n) % requests.length] ?? ''));
    },
  },
  {
    name: 'connections that are reset in the middle of everything',
    auth: 'none',
    run: (a) =>
      a.keep(50, async (n) => {
        const socket = a.socket();
        const texts = [
          a.post({ query: introspectionOf(n) }),
          a.head('POST', '/graphql', jsonLength(100_000)) + 'x'.repeat(50_000),
          a.head('GET', '/graphql', { accept: 'text/html' }),
          a.post({ query: 'subscription { organizationHandshakeChanges { type } }' }, { accept: 'text/event-stream' }),
        ];
        socket.write(texts[n % texts.length] ?? '');
        await sleep(20);
        socket.resetAndDestroy();
      }),
  },
];
