import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { type DefinitionNode, Kind, parse, print } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../src/schema/index.ts';
import { examples } from '../../src/transport/graphiql/examples.ts';
import { type Demo, type LogLine, startDemo } from '../support/gateway.ts';
import { randomQuery } from '../support/random-query.ts';
import { runs } from '../support/runs.ts';

/** Thousands of hostile inputs: every response is well-formed, no error is unexpected, and no resource leaks. */
let demo: Demo;
const logged: LogLine[] = [];
const figures: Record<string, Record<string, number>> = {};
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

vi.setConfig({ testTimeout: 60_000 });

beforeAll(async () => {
  // Sockets that the loading of this file or an earlier one has opened.
  await vi.waitFor(() => expect(openSockets()).toBe(0), { timeout: 10_000 });
  demo = await startDemo({
    config: { log: { level: 'debug' }, limits: { connections: 100_000 } },
    onLog: (line) => logged.push(line),
  });
});
afterAll(async () => {
  await demo.close();
  console.warn(`fuzz: seed ${seed} (FUZZ_SEED repeats it), outcomes ${JSON.stringify(figures)}`);
});

const parameters = (all: number) => ({ numRuns: runs(all), seed, endOnFailure: true });
const count = (kind: string, outcome: string | number) => {
  figures[kind] ??= {};
  figures[kind][outcome] = (figures[kind][outcome] ?? 0) + 1;
};

const seeds = examples(new Date()).flatMap(({ query }) =>
  parse(query).definitions.map((definition: DefinitionNode) =>
    print({ kind: Kind.DOCUMENT, definitions: [definition] }),
  ),
);
const tokens = [...new Set(seeds.flatMap((text) => text.match(/\w+|"[^"]*"|[^\s\w]/g) ?? []))];
const words = tokens.filter((token) => /^\w/.test(token));
const hostile = [
  '"',
  '"""',
  '\\u0000',
  '{',
  '}',
  '...',
  '@',
  '$',
  '\ud800',
  '\u202e',
  '#',
  '1e999',
  '-',
  '{'.repeat(300),
  '__proto__',
  '\n',
];

/** A valid document, with a few of its tokens exchanged, repeated or left out. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(2),
        fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, fc.constantFrom(...tokens, ...hostile)),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([text, changes]) => {
    const parts = text.match(/\s+|\w+|"[^"]*"|[^\s\w]/g) ?? [];
    for (const [at, remove, put] of changes) {
      // A word in the place of a word leaves what parses, and validation or execution to say no.
      const places = parts.flatMap((part, index) => (/^\w/.test(part) === /^\w/.test(put) ? [index] : []));
      parts.splice(places[at % places.length] ?? 0, /^\w/.test(put) ? 1 : remove, put);
    }
    return parts.join('');
  });
const generated = fc.gen().map((g) =>
  randomQuery(g, schema, {
    depth: 3,
    breadth: 4,
    maxFirst: 3,
    ids: { '': ['111111111111', 'r-exmp', 'x', '', 'ou-', '\u0000'] },
  }),
);
const documents = fc.oneof(
  { weight: 6, arbitrary: mutated },
  { weight: 3, arbitrary: generated },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(...hostile) },
);

function wellFormed(text: string): { errors?: { message: string; extensions?: { code?: string } }[] } {
  const body = JSON.parse(text);
  for (const error of body.errors ?? []) {
    expect(typeof error.message).toBe('string');
    expect(error.extensions?.code, text).not.toBe('INTERNAL_SERVER_ERROR');
    expect(text).not.toMatch(/node_modules|\.ts:\d|at (async )?[\w.]+ \(/);
  }
  return body;
}

async function ask(body: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
  });
  const text = await response.text();
  // Pieces and streams are other media types, and not what was asked for.
  const { errors } = wellFormed(text);
  return errors?.[0]?.extensions?.code ?? 'data';
}

test('hostile documents have well-formed responses', async () => {
  await fc.assert(
    fc.asyncProperty(documents, async (query) => count('documents', await ask(JSON.stringify({ query })))),
    parameters(1_200),
  );
});

test('hostile variables, names and extensions have well-formed responses', async () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const params = fc.record(
    {
      query: fc.oneof(fc.constantFrom(...seeds), json),
      variables: fc.oneof(
        json,
        fc.dictionary(
          fc.constantFrom('id', 'handshakeId', 'input', 'after', 'first', '__proto__', 'startTimestamp'),
          json,
        ),
      ),
      operationName: fc.oneof(fc.constantFrom('Tree', 'Watch', ''), json),
      extensions: fc.oneof(
        json,
        fc.record({ principal: json, persistedQuery: json, headers: json, orgql: json }, { requiredKeys: [] }),
      ),
      documentId: json,
    },
    { requiredKeys: ['query'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(params, json), async (body) => count('variables', await ask(JSON.stringify(body)))),
    parameters(1_000),
  );
});

test('hostile cursors and ids have well-formed responses', async () => {
  const text = fc.oneof(
    fc.base64String(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('r-exmp', 'o-', '1'.repeat(12)),
  );
  const query = `query ($after: String, $id: ID!) {
    organization { accounts(first: 2, after: $after) { nodes { id } } }
    node(id: $id) { id } account(id: $id) { name }
  }`;
  await fc.assert(
    fc.asyncProperty(text, text, async (after, id) =>
      count('cursors', await ask(JSON.stringify({ query, variables: { after, id } }))),
    ),
    parameters(500),
  );
});

test('hostile HTTP requests have well-formed responses', async () => {
  const { port } = new URL(demo.url);
  const header = fc.tuple(
    fc.constantFrom(
      'content-type',
      'accept',
      'host',
      'origin',
      'authorization',
      'x-orgql-principal',
      'x-request-id',
      'content-length',
      'transfer-encoding',
      'cache-control',
      'sec-fetch-site',
      'traceparent',
      'x-orgql-estimate',
      'content-encoding',
      'connection',
      'upgrade',
      'expect',
    ),
    fc.oneof(
      fc.constantFrom(
        'application/json',
        'text/event-stream',
        'multipart/mixed',
        'chunked',
        'gzip',
        'text/html',
        '*/*',
        'websocket',
        'upgrade',
        '5',
        '-1',
        '100-continue',
        'localhost',
        'null',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
    ),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'HEAD', 'DELETE', 'PATCH', 'TRACE', 'FOO', 'post'),
    path: fc.oneof(
      fc.constantFrom(
        '/',
        '/graphql',
        '/graphql?query={viewer{caller}}',
        '/graphql?query=%',
        '/ready',
        '/health',
        '/graphql/../..',
        '//',
        '*',
        '/hints/eventbridge',
        'http://evil.example/graphql',
      ),
      fc.webPath(),
      fc.string({ maxLength: 20 }).map((text) => `/${encodeURIComponent(text)}`),
    ),
    headers: fc.array(header, { maxLength: 6 }),
    body: fc.oneof(
      fc.constant(''),
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.constant('{"query":"{viewer{caller}}"}'),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 10, maxLength: 10 }), async (all) => {
      await Promise.all(
        all.map(async ({ method, path, headers, body }) => {
          const lines = [
            ['host', `127.0.0.1:${port}`],
            ['connection', 'close'],
            ['content-length', String(Buffer.byteLength(body))],
            ...headers,
          ];
          const answer = await rawRequest(
            `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
          );
          // Nothing at all is the answer to a body that is announced and does not come, when the client gives up.
          if (answer === '') return count('HTTP', 'no answer');
          expect(answer).toMatch(/^HTTP\/1\.1 [1-5]\d\d /);
          expect(answer).not.toContain('INTERNAL_SERVER_ERROR');
          expect(answer).not.toMatch(/^HTTP\/1\.1 50[0-2]/);
          count('HTTP', answer.slice(9, 12));
        }),
      );
    }),
    parameters(100),
  );
});

test('hostile WebSocket messages have well-formed responses', async () => {
  const id = fc.oneof(fc.constantFrom('1', '2', ''), fc.jsonValue({ maxDepth: 1 }));
  const payload = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record(
      {
        query: fc.oneof(documents, fc.jsonValue()),
        variables: fc.jsonValue(),
        extensions: fc.jsonValue(),
        operationName: fc.jsonValue(),
      },
      { requiredKeys: ['query'] },
    ),
    fc.constant({ query: 'subscription { organizationHandshakeChanges { type } }' }),
  );
  const message = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(
          fc.uuid(),
          documents,
          fc.dictionary(fc.constantFrom('id', 'after', 'input'), fc.jsonValue({ maxDepth: 2 })),
        )
        .map(([each, query, variables]) =>
          JSON.stringify({ id: each, type: 'subscribe', payload: { query, variables } }),
        ),
    },
    fc
      .record(
        {
          id,
          type: fc.oneof(
            fc.constantFrom('subscribe', 'subscribe', 'complete', 'ping', 'pong', 'connection_init', 'next'),
            fc.jsonValue(),
          ),
          payload,
        },
        { requiredKeys: ['type'] },
      )
      .map((each) => JSON.stringify(each)),
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.jsonValue().map((each) => JSON.stringify(each)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 6 }),
      fc.dictionary(fc.constantFrom('principal', 'headers', 'x'), fc.jsonValue({ maxDepth: 1 })),
      async (messages, params) => {
        const socket = new WebSocket(demo.url.replace('http', 'ws'), 'graphql-transport-ws');
        socket.on('error', () => {});
        socket.on('message', (data) => {
          const { type, payload: got } = JSON.parse(data.toString());
          if (type === 'error') wellFormed(JSON.stringify({ errors: got }));
          if (type === 'next') wellFormed(JSON.stringify(got));
        });
        await once(socket, 'open');
        socket.send(JSON.stringify({ type: 'connection_init', payload: params }));
        await Promise.race([once(socket, 'message'), once(socket, 'close')]);
        for (const text of messages) socket.send(text);
        // The last word: what was sent before it has been read when the pong comes, or the connection was closed for it.
        socket.ping();
        await Promise.race([once(socket, 'pong'), once(socket, 'close')]);
        count('messages', socket.readyState === WebSocket.OPEN ? 'goes on' : 'closed');
        socket.terminate();
      },
    ),
    parameters(400),
  );
});

test('hostile WebSocket frames have a response or close the connection', async () => {
  const { port } = new URL(demo.url);
  const handshake = `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
      const answer = await rawRequest(handshake, Buffer.from(bytes));
      expect(answer).toMatch(/^HTTP\/1\.1 101 /);
      count('frames', answer.length > 200 ? 'reason reported' : 'ended');
    }),
    parameters(300),
  );
});

test('then all is as before: it answers, nothing unexpected was logged, and nothing is left open', async () => {
  expect((await demo.query('{ viewer { caller } }')).data.viewer.caller).toBe('anonymous');
  expect(logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  await expect.poll(() => demo.gateway.activePollers, { timeout: 5_000 }).toBe(0);
  await demo.close();
  await expect.poll(openSockets, { timeout: 10_000 }).toBe(0);
});

const openSockets = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;

/** Sends bytes, then, once they are answered, others, and no more; gives what came back until the end. */
function rawRequest(text: string, then?: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(demo.url).port), '127.0.0.1');
    let answer = '';
    // Half closed: a server that waits for more of the body learns that none comes.
    socket.on('connect', () => (then ? socket.write(text, 'latin1') : socket.end(text, 'latin1')));
    socket.on('data', (data) => {
      if (answer === '' && then) socket.end(then);
      answer += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
