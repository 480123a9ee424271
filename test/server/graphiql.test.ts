import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSchema, type DocumentNode, Kind, parse, print, validate } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { expect, test } from 'vitest';
import { examples } from '../../src/server/graphiql/examples.ts';
import { Page } from '../../src/server/graphiql/page.ts';
import { useGraphiQL } from '../../src/server/plugins/use-graphiql.ts';
import { startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';

const now = new Date();
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));

test.for(examples(now))('the example is valid against schema.graphql: $query', ({ query }) => {
  expect(validate(schema, parse(query))).toEqual([]);
});

test('a transfer in the examples starts with the month after next, over the turn of the year too', () => {
  const start = (at: string) =>
    examples(new Date(at)).find(({ query }) => query.includes('InviteToTransferBilling'))?.variables?.[
      'startTimestamp'
    ];
  expect(start('2026-11-30T23:59:59.999Z')).toBe('2027-01-01T00:00:00.000Z');
  expect(start('2026-12-01T00:00:00.000Z')).toBe('2027-02-01T00:00:00.000Z');
});

test('the examples run in the demo, one after the other, and do what they say', async () => {
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

test('GraphiQL is served to browsers, compressed when they take it, and not sent twice', async () => {
  await using server = await startPlainServer();
  const headers = { accept: 'text/html,application/xhtml+xml' };
  const plain = await send(server.url, { headers });
  expect(plain.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(plain.text).toContain('<title>orgql</title>');
  const compressed = await fetch(server.url, { headers: { ...headers, 'accept-encoding': 'gzip' } });
  expect(compressed.headers.get('content-encoding')).toBe('gzip');
  expect(await compressed.text()).toBe(plain.text);
  const again = await send(server.url, { headers: { ...headers, 'if-none-match': String(plain.headers['etag']) } });
  expect(again.status).toBe(304);
});

test('a page that could not be made is made for who asks next', async () => {
  let asked = 0;
  const plugin = useGraphiQL('/graphql', async () => {
    asked += 1;
    if (asked === 1) throw new Error('no thread');
    return new Page(gzipSync('<title>here</title>'), '"1"', "default-src 'none'");
  });
  const yoga = createYoga({ schema, plugins: [plugin], graphiql: false, landingPage: false, logging: false });
  const open = () => yoga.fetch('http://localhost/graphql', { headers: { accept: 'text/html' } });
  await expect(open()).rejects.toThrow('no thread');
  expect(await (await open()).text()).toBe('<title>here</title>');
  expect((await open()).status).toBe(200);
  expect(asked).toBe(2);
});

test('GraphiQL names no other host that a browser would load from', async () => {
  await using server = await startPlainServer();
  const { text } = await send(server.url, { headers: { accept: 'text/html' } });
  const markup = text.replace(/<script>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, '');
  expect(markup).not.toMatch(/(src|href)="https?:/);
});

test('the bare address leads to GraphiQL, and GraphiQL can be off', async () => {
  await using server = await startPlainServer({ graphiql: false });
  const { status, headers } = await send(`${new URL('/', server.url)}`, { headers: { accept: 'text/html' } });
  expect([status, headers['location']]).toEqual([302, '/graphql']);
  const page = await send(server.url, { headers: { accept: 'text/html' } });
  expect(page.text).not.toContain('<title>');
});

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
