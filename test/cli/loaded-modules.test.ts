import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../support/cli.ts';
import { query } from '../support/client.ts';
import { loadedModules } from '../support/loaded-modules.ts';
import { RawConnection } from '../support/websocket.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
const file = (name: string, settings: object) => {
  writeFileSync(join(folder, name), JSON.stringify(settings));
  return join(folder, name);
};
const keys = { AWS_ACCESS_KEY_ID: '111111111111', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-1' };
/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:9';
const elsewhere = { ...keys, AWS_ENDPOINT_URL: nowhere };

/** What costs time and memory, and few need: its modules, and how somebody comes to need it. */
const parts = {
  'the simulator': { modules: /^dist\/simulator\// },
  GraphiQL: {
    modules: /dist\/server\/graphiql\//,
    visit: (url: string) => fetch(url, { headers: { accept: 'text/html' } }).then((answer) => answer.text()),
  },
  Yoga: {
    modules: /node_modules\/(graphql-yoga|@whatwg-node|@envelop)\/|^dist\/server\/(yoga|plugins\/)/,
    visit: (url: string) => fetch(`${url}?query={__typename}`).then((answer) => answer.text()),
  },
  WebSockets: {
    modules: /node_modules\/(graphql-)?ws\/|dist\/server\/websocket\/(?!attach|close-codes|close-socket)/,
    visit: async (url: string) => (await RawConnection.open(url))[Symbol.dispose](),
  },
  'what runs @defer and @stream': {
    modules: /\/@graphql-tools\/|plugin-defer-stream|dist\/server\/execution\/execute-in-pieces/,
    visit: (url: string) => query(url, { document: '{ ... @defer { __typename } }' }),
  },
  OpenTelemetry: {
    modules: /@opentelemetry\/|^dist\/(server\/steps\/tracing|upstream\/call-span)/,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: nowhere, OTEL_EXPORTER_OTLP_TIMEOUT: '1' },
  },
  Redis: {
    modules: /node_modules\/ioredis\/|^dist\/redis\//,
    environment: { ORGQL_REDIS_URL: 'redis://127.0.0.1:9', ORGQL_LOG_LEVEL: 'silent' },
  },
  'what reads JSON Web Tokens': {
    modules: /node_modules\/jose\//,
    file: {
      auth: {
        type: 'jwt',
        issuer: nowhere,
        audience: 'orgql',
        jwksUri: `${nowhere}/keys`,
        rules: [{ principals: ['default'], scopes: [] }],
      },
    },
  },
  'what reads YAML': { modules: /node_modules\/yaml\//, file: {} },
  metrics: { modules: /node_modules\/prom-client\/|^dist\/server\/metrics\/index/, file: { metrics: { port: 0 } } },
  'the store of events': {
    modules: /node_modules\/classic-level\//,
    environment: { ORGQL_WATCH_STORE: join(folder, 'events') },
  },
  'the SDK’s providers of credentials': {
    modules: /node_modules\/@aws-sdk\/credential-providers\//,
    visit: (url: string) => query(url, { document: '{ organization { id } }' }),
  },
  STS: {
    modules: /node_modules\/@aws-sdk\/client-sts\//,
    visit: (url: string) => query(url, { document: '{ viewer { principal { accountId } } }' }),
  },
} satisfies Record<string, { modules: RegExp; visit?: unknown; environment?: object; file?: object }>;

let plain: readonly string[];
beforeAll(async () => {
  build();
  plain = await loadedModules(['serve', '--port', '0'], elsewhere, async () => {});
});
afterAll(() => rmSync(folder, { recursive: true }));

test('orgql serve loads the graph and the client of AWS Organizations', () => {
  for (const part of [/^dist\/schema\/account\.js$/, /@aws-sdk\/client-organizations\//, /node_modules\/graphql\//])
    expect(plain).toContainEqual(expect.stringMatching(part));
});

/** What gateways are asked most: by who watches over them, and by who queries, with directives too. */
test('probes and POSTs of JSON load neither Yoga nor WebSockets, nor what runs @defer and @stream', async () => {
  const modules = await loadedModules(['serve', '--port', '0'], elsewhere, async (url) => {
    for (const probe of ['/health', '/ready']) await (await fetch(new URL(probe, url))).text();
    const document = 'query ($yes: Boolean! = true) { __typename @include(if: $yes) }';
    expect(await query(url, { document })).toMatchObject({ data: { __typename: 'Query' } });
  });
  for (const part of ['Yoga', 'WebSockets', 'what runs @defer and @stream'] as const)
    expect(modules.filter((module) => parts[part].modules.test(module))).toEqual([]);
});

test.for(Object.entries(parts))('orgql serve does not load %s unless somebody needs it', async ([name, part]) => {
  expect(plain.filter((module) => part.modules.test(module))).toEqual([]);
  if (name === 'the simulator') return;
  const args = 'file' in part ? ['--config', file('orgql.json', part.file)] : [];
  const needed = await loadedModules(
    ['serve', '--port', '0', ...args],
    { ...elsewhere, ...('environment' in part && part.environment) },
    'visit' in part ? part.visit : async () => {},
  );
  expect(needed).toContainEqual(expect.stringMatching(part.modules));
});

test('orgql simulate is the simulator alone: no graph, and no client of AWS', async () => {
  const modules = await loadedModules(['simulate', '--port', '0'], {}, async () => {});
  expect(modules).toContainEqual(expect.stringMatching(parts['the simulator'].modules));
  const graph = /node_modules\/(graphql|graphql-yoga|@pothos|@aws-sdk|@smithy)\/|^dist\/(schema|upstream|principal)\//;
  expect(modules.filter((module) => graph.test(module))).toEqual([]);
});

test.for([['--help'], ['--version'], ['serve', '--help']])('orgql %s loads the command line alone', async (args) => {
  const modules = await loadedModules(args);
  expect(modules).toContainEqual(expect.stringMatching(/^node_modules\/commander\//));
  const others = modules.filter(
    (module) => !/^node_modules\/commander\/|^dist\/(main\.js|cli\/|config\/)/.test(module),
  );
  expect(others.toSorted()).toEqual(['dist/server/listen.js', 'dist/watcher/store-error.js']);
});
