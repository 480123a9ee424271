import { request } from 'node:http';
import fc from 'fast-check';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { startPlainServer } from '../../support/plain-server.ts';
import { runs } from '../../support/runs.ts';

/** A page of this origin is allowed: what it sends is answered by Yoga, with headers of CORS besides. */
const ORIGIN = 'https://pages.example';

const alice = apiKey({ principals: ['first', 'second'], scopes: ['read'] });
const settings = {
  allowedOrigins: [ORIGIN],
  // Wrong credentials are among what is compared, and their time to wait would differ from request to request.
  limits: { bodyBytes: 2_000, operations: { perSecond: 1e6, burst: 1e6 }, failedAttempts: { perAddress: 1e6 } },
  auth: { type: 'apiKeys' as const, keys: [alice.settings] },
};

let server: Awaited<ReturnType<typeof startPlainServer>>;
beforeAll(async () => {
  server = await startPlainServer(settings);
});
afterAll(() => server.close());

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly chunked: boolean;
}

interface Got {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** Headers that depend on the connection or the time, and those that Yoga sends to pages of other origins only. */
const OF_THE_WIRE = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'vary']);

function send({ headers, body, chunked }: Sent, more: Readonly<Record<string, string>> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(server.url, { method: 'POST', agent: false, headers: { ...headers, ...length, ...more } });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const kept = Object.entries(response.headers).filter(
          ([name]) => !OF_THE_WIRE.has(name) && !name.startsWith('access-control-'),
        );
        resolve({
          status: response.statusCode,
          headers: Object.fromEntries(kept),
          // Each masked error has an id of its own.
          body: text.replace(/[0-9a-f-]{36}/g, 'ID'),
        });
      });
    });
    if (chunked) for (const piece of body.match(/.{1,7}/gsu) ?? []) outgoing.write(piece);
    outgoing.end(chunked ? undefined : body);
  });
}

const queries = [
  '{ principal }',
  '{ __typename }',
  'query A { principal } query B { principals }',
  '{ known }',
  '{ unexpected principal }',
  '{ nothing }',
  '{ principal',
  'mutation { write',
  'query ($n: Int!) { principal @include(if: true) __typename }',
  'subscription { failing }',
  '',
];
const params = fc.record(
  {
    query: fc.oneof(fc.constantFrom(...queries), fc.jsonValue()),
    operationName: fc.oneof(fc.constantFrom('A', 'B', '', null), fc.jsonValue()),
    variables: fc.oneof(fc.constant({ n: 1 }), fc.jsonValue()),
    extensions: fc.oneof(fc.constantFrom({ principal: 'second' }, { orgql: { estimate: true } }), fc.jsonValue()),
    more: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  { weight: 6, arbitrary: params.map((value) => JSON.stringify(value)) },
  fc.json(),
  fc.string(),
  fc.constantFrom('', 'null', '[]', '[{"query":"{principal}"}]', '\ufeff{"query":"{principal}"}', ' '.repeat(3_000)),
);
const accept = fc.constantFrom(
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json;q=0.9',
  'application/json, application/graphql-response+json',
  '*/*',
  'application/*',
  'text/html',
  'application/json;charset=utf-8',
  'application/json;charset=latin1',
  'application/json;charset="UTF-8"',
  'application/json;q=0.5, application/graphql-response+json',
  'application/json;q=0, */*',
  '*/*;q=0',
  'text/event-stream',
  '',
  ';,/',
);
const headers = fc.record(
  {
    accept,
    authorization: fc.constantFrom(alice.authorization, alice.authorization, 'Bearer wrong', 'Basic x'),
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'application/graphql+json',
      'APPLICATION/JSON',
      'application/json ;charset=utf-8',
      'text/plain',
      'application/jsonp',
    ),
    'x-orgql-principal': fc.constantFrom('first', 'second', 'third', ''),
    'x-orgql-estimate': fc.constantFrom('only', 'no'),
    'cache-control': fc.constantFrom('no-cache', 'max-age=1'),
    'x-request-id': fc.constantFrom('abc-1', 'not well formed\t', 'x'.repeat(200)),
    traceparent: fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
  },
  { requiredKeys: ['content-type', 'authorization'] },
);
const sent = fc.record({ headers, body, chunked: fc.boolean() });
/** Rejected for its body, if at all: rare among random ones. */
const right = (body: string) => ({
  headers: { authorization: alice.authorization, 'content-type': 'application/json' },
  body,
  chunked: false,
});

test('the JSON POST handler responds as Yoga does: status, headers and body', async () => {
  const statuses = new Map<number | undefined, number>();
  await fc.assert(
    fc.asyncProperty(sent, async (each) => {
      const [lean, yoga] = await Promise.all([send(each), send(each, { origin: ORIGIN })]);
      if (each.headers['x-request-id'] !== 'abc-1')
        for (const { headers } of [lean, yoga]) delete headers['x-request-id'];
      expect(lean).toEqual(yoga);
      statuses.set(lean.status, (statuses.get(lean.status) ?? 0) + 1);
    }),
    { numRuns: runs(1_000), examples: ['{"query":"{ principal }"}', ' '.repeat(3_000)].map((body) => [right(body)]) },
  );
  // Every kind of answer has been compared.
  for (const status of [200, 400, 401, 413, 415]) expect(statuses.get(status)).toBeGreaterThan(0);
});

describe('Yoga’s POST handler complies with GraphQL over HTTP as the JSON POST handler does', async () => {
  // The origin makes Yoga handle the request instead of the JSON POST handler.
  const fetchFromPage: typeof fetch = (input, init = {}) =>
    fetch(input, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: alice.authorization, origin: ORIGIN },
    });
  for (const audit of serverAudits({ url: () => server.url, fetchFn: fetchFromPage })) {
    test(audit.name, async () => {
      const result = await audit.fn();
      if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}`);
    });
  }
});
