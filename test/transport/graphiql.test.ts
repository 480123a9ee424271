import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildSchema, type DocumentNode, Kind, parse, print, validate } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { examples } from '../../src/transport/graphiql/examples.ts';
import { GraphiQLAssets, graphiql } from '../../src/transport/graphiql/route.ts';
import { BufferedResponse } from '../../src/transport/http/buffered-response.ts';
import { HttpRequest } from '../../src/transport/http/request.ts';
import { startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';

const now = new Date();
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));

test.for(examples(now))('the example is valid against schema.graphql: $query', ({ query }) => {
  expect(validate(schema, parse(query))).toEqual([]);
});

test('a transfer in the examples starts with the month after next, also across the end of the year', () => {
  const start = (at: string) =>
    examples(new Date(at)).find(({ query }) => query.includes('InviteToTransferBilling'))?.variables?.[
      'startTimestamp'
    ];
  expect(start('2026-11-30T23:59:59.999Z')).toBe('2027-01-01T00:00:00.000Z');
  expect(start('2026-12-01T00:00:00.000Z')).toBe('2027-02-01T00:00:00.000Z');
});

test('the examples run in the demo, one after the other', async () => {
  await using demo = await startDemo();
  const run = async (name: string, variables: object = {}) => {
    const { document, principal, given } = operation(name);
    const answer = await demo.query(document, { ...given, ...variables }, principal === undefined ? {} : { principal });
    expect(answer.errors, name).toBeUndefined();
    return answer.data;
  };

  const { organization } = await run('Tree');
  expect(organization.root.organizationalUnits.nodes.length).toBeGreaterThan(0);
  expect(
    organization.root.organizationalUnits.nodes.flatMap((unit: { accounts: { nodes: [] } }) => unit.accounts.nodes)
      .length,
  ).toBeGreaterThan(5);

  const watch = demo.subscribe(operation('Watch').document);
  for (let type = ''; type !== 'BOOKMARK'; ) type = (await watch.event()).data.organizationHandshakeChanges.type;

  const { handshake } = (await run('InviteAccount')).inviteAccountToOrganization;
  expect(handshake).toMatchObject({
    state: expect.stringMatching(/REQUESTED|OPEN/),
    recipient: { id: '222222222222' },
  });
  expect((await run('ReceivedInvitations')).viewer.handshakes.nodes).toContainEqual(
    expect.objectContaining({ id: handshake.id }),
  );
  const accepted = await run('AcceptInvitation', { handshakeId: handshake.id });
  expect(accepted.acceptHandshake.handshake).toEqual({ id: handshake.id, state: 'ACCEPTED' });
  const changes: unknown[] = [];
  for (let state = ''; state !== 'ACCEPTED'; ) {
    const { data } = await watch.event();
    if (data.organizationHandshakeChanges.handshake?.id !== handshake.id) continue;
    ({ state } = data.organizationHandshakeChanges.handshake);
    changes.push(data.organizationHandshakeChanges.type);
  }
  expect(changes[0]).toBe('ADDED');

  const invited = (await run('InviteToTransferBilling')).inviteOrganizationToTransferResponsibility.handshake;
  const { id } = invited.responsibilityTransfer;
  expect((await run('ReceivedTransfers')).viewer.handshakes.nodes).toContainEqual(
    expect.objectContaining({ id: invited.id }),
  );
  const transfer = (await run('AcceptTransfer', { handshakeId: invited.id })).acceptHandshake.handshake
    .responsibilityTransfer;
  expect(transfer).toEqual({ id, status: 'ACCEPTED', direction: 'OUTBOUND' });
  const inbound = (await run('InboundTransfers')).organization.inboundResponsibilityTransfers.nodes;
  expect(inbound).toContainEqual(expect.objectContaining({ id, status: 'ACCEPTED' }));
  const ended = (await run('TerminateTransfer', { transferId: id })).terminateResponsibilityTransfer
    .responsibilityTransfer;
  expect(ended).toMatchObject({ id, endTimestamp: expect.any(String) });
});

/** The paths of the page's files. */
const filesOf = (html: string) => [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');

test('GraphiQL is served to browsers with an ETag', async () => {
  await using server = await startPlainServer();
  const headers = { accept: 'text/html,application/xhtml+xml' };
  const page = await send(server.url, { headers });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.text).toContain('<title>orgql</title>');
  const etag = String(page.headers['etag']);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await send(server.url, { headers: { ...headers, 'if-none-match': known } });
    expect([again.status, again.text]).toEqual([304, '']);
  }
  expect((await send(server.url, { headers: { ...headers, 'if-none-match': '"other"' } })).status).toBe(200);
  const head = await send(server.url, { method: 'HEAD', headers });
  expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', page.headers['etag']]);
});

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['identity', undefined],
  [undefined, undefined],
  ['gzip;q=0, *', 'br'],
  ['gzip;q=0, br;q=0', undefined],
])('files of GraphiQL for a client that accepts %s are sent as %s and cacheable', async (accept, encoding) => {
  await using server = await startPlainServer();
  const { text: html } = await send(server.url, { headers: { accept: 'text/html' } });
  expect(filesOf(html)).toHaveLength(3);
  for (const path of filesOf(html)) {
    const url = String(new URL(path, server.url));
    const { status, headers, body } = await receive(url, accept === undefined ? {} : { 'accept-encoding': accept });
    expect([status, headers['content-encoding'], headers['cache-control']]).toEqual([
      200,
      encoding,
      'public, max-age=31536000, immutable',
    ]);
    const content = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
    // A file is named by its content.
    expect(path).toContain(createHash('sha256').update(content).digest('hex').slice(0, 16));
  }
});

test('a client that accepts no encoding of a GraphiQL file gets 406, and an unknown file 404', async () => {
  await using server = await startPlainServer();
  const { text: html } = await send(server.url, { headers: { accept: 'text/html' } });
  const [path = ''] = filesOf(html);
  const url = String(new URL(path, server.url));
  expect((await send(url, { headers: { 'accept-encoding': 'identity;q=0' } })).status).toBe(406);
  expect((await send(`${server.url}/manifest.json`)).status).toBe(404);
  expect((await send(`${server.url}/..%2f..%2fpackage.json`)).status).toBe(404);
});

test('a page that failed to load is loaded for the next request', async () => {
  let loads = 0;
  const failures: unknown[] = [];
  const serve = graphiql(
    (error) => failures.push(error),
    async () => {
      loads += 1;
      if (loads === 1) throw new Error('no file');
      return {
        assets: await GraphiQLAssets.load(),
        page: { html: Buffer.from('<title>here</title>'), etag: '"1"' },
      };
    },
  );
  const server = createServer(
    { ServerResponse: BufferedResponse },
    (request, response) => void serve(new HttpRequest(request, response, '127.0.0.1')),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const open = () => send(`http://127.0.0.1:${port}/graphql`, { headers: { accept: 'text/html' } });
  expect((await open()).status).toBe(500);
  expect(failures).toEqual([new Error('no file')]);
  expect((await open()).text).toBe('<title>here</title>');
  expect((await open()).status).toBe(200);
  expect(loads).toBe(2);
});

test('GraphiQL loads nothing from other hosts', async () => {
  await using server = await startPlainServer();
  const { text } = await send(server.url, { headers: { accept: 'text/html' } });
  const markup = text.replace(/<script>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, '');
  expect(markup).not.toMatch(/(src|href)="https?:/);
});

test('the root path redirects to GraphiQL, which can be turned off', async () => {
  await using server = await startPlainServer({ graphiql: false });
  const { status, headers } = await send(`${new URL('/', server.url)}`, { headers: { accept: 'text/html' } });
  expect([status, headers['location']]).toEqual([302, '/graphql']);
  const page = await send(server.url, { headers: { accept: 'text/html' } });
  expect(page.text).not.toContain('<title>');
});

/** A response as bytes. */
function receive(url: string, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const outgoing = request(url, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject).end();
  });
}

/** One operation of the examples by its name, as a document of its own with the variables that it takes. */
function operation(name: string) {
  for (const { query, principal, variables = {} } of examples(now)) {
    const definition = parse(query).definitions.find(
      (each) => each.kind === Kind.OPERATION_DEFINITION && each.name?.value === name,
    );
    if (definition?.kind !== Kind.OPERATION_DEFINITION) continue;
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition] };
    const taken = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    return {
      document: print(document),
      principal,
      given: Object.fromEntries(taken.map((each) => [each, variables[each]])),
    };
  }
  throw new Error(`no example has an operation ${name}`);
}
