import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, query } from '../support/client.ts';
import { type Accepted, askByWebSocket, COPY_MS, type CopiedDemo, startCopiedDemo } from '../support/copied-demo.ts';

let demo: CopiedDemo;
beforeAll(async () => {
  demo = await startCopiedDemo();
}, COPY_MS);
afterAll(() => demo.close());

const accounts = '{ organization { accounts(first: 5000) { totalCount nodes { id name parent { id } } } } }';

const bySse = async (document: string, orgql: Accepted): Promise<Answer> => {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: document, extensions: { orgql } }),
  });
  const data = /^data: (.*)$/m.exec(await response.text())?.[1];
  return JSON.parse(data ?? '{}') as Answer;
};

describe('an operation that accepts the age of the copy takes no call', () => {
  test.each<readonly [name: string, ask: () => Promise<Answer>]>([
    ['by the extension', () => demo.ask(accounts, { maxAge: 600 })],
    ['by the header', () => demo.ask(accounts, undefined, { 'cache-control': 'max-age=600' })],
    ['over a WebSocket', () => askByWebSocket(demo.url, accounts, { maxAge: 600 })],
    ['over server-sent events', () => bySse(accounts, { maxAge: 600 })],
  ])('%s', async (_name, ask) => {
    const before = demo.requests();
    const { data, errors, extensions } = await ask();
    expect(errors).toBeUndefined();
    expect(data.organization.accounts.nodes).toHaveLength(data.organization.accounts.totalCount);
    expect(extensions.upstream).toMatchObject({ calls: 0, coalesced: 0 });
    expect(extensions.upstream.ageMs).toBeGreaterThan(0);
    expect(demo.requests()).toBe(before);
  });
});

test('reports the age of the oldest data in the header Age, in whole seconds', async () => {
  const { age, extensions } = await demo.ask(accounts, { maxAge: 600 });
  expect(Number(age)).toBe(Math.floor(extensions.upstream.ageMs / 1_000));
});

test('another age for each operation of one WebSocket, and none from the connection', async () => {
  const cached = await askByWebSocket(demo.url, accounts, { maxAge: 600 });
  const fresh = await askByWebSocket(demo.url, '{ organization { accounts(first: 20) { nodes { id } } } }', {
    noCache: true,
  });
  expect(cached.extensions.upstream.calls).toBe(0);
  expect(fresh.extensions.upstream.calls).toBe(2);
});

describe('onlyIfCached', () => {
  const effective = '{ account(id: "111111111111") { effectivePolicy(type: TAG_POLICY) { policyContent } } }';

  test('answers from the copy without a call, whatever its age', async () => {
    const before = demo.requests();
    const { data, errors } = await demo.ask(accounts, { onlyIfCached: true });
    expect(errors).toBeUndefined();
    expect(data.organization.accounts.nodes.length).toBeGreaterThan(0);
    expect(demo.requests()).toBe(before);
  });

  test('rejects what neither the copy nor the cache has, without a call', async () => {
    const before = demo.requests();
    for (const answer of [
      await demo.ask(effective, { onlyIfCached: true }),
      await demo.ask(effective, undefined, { 'cache-control': 'only-if-cached, max-age=600' }),
      await askByWebSocket(demo.url, effective, { onlyIfCached: true }),
      await bySse(effective, { onlyIfCached: true }),
      await demo.ask('{ account(id: "999999999999") { name } }', { onlyIfCached: true }),
    ])
      expect(answer.errors?.[0]?.extensions?.['code']).toBe('NOT_IN_INVENTORY');
    expect(demo.requests()).toBe(before);
  });

  test('rejects data of the copy that is older than maxAge', async () => {
    const before = demo.requests();
    const { errors } = await demo.ask('{ organization { roots { nodes { name } } } }', {
      onlyIfCached: true,
      maxAge: 0,
    });
    expect(errors?.[0]?.extensions?.['code']).toBe('NOT_IN_INVENTORY');
    expect(demo.requests()).toBe(before);
  });

  test('has no effect together with noCache of the header', async () => {
    const { errors, extensions } = await demo.ask(
      '{ organization { accounts(first: 20) { nodes { id } } } }',
      { onlyIfCached: true },
      { 'cache-control': 'no-cache' },
    );
    expect(errors).toBeUndefined();
    expect(extensions.upstream).toMatchObject({ calls: 2, ageMs: 0 });
  });
});

test('data of one principal never answers another one', async () => {
  const as = { principal: 'standalone', headers: { 'cache-control': 'only-if-cached' } };
  const { errors } = await query(demo.url, { document: accounts, as });
  expect(errors?.[0]?.extensions?.['code']).toBe('NOT_IN_INVENTORY');
});

test('a mutation is seen by later reads of its principal, even if its reply was lost', async () => {
  const name = `Renamed ${Math.random()}`;
  const { data } = await demo.ask('{ organization { root { organizationalUnits(first: 1) { nodes { id name } } } } }');
  const { id } = data.organization.root.organizationalUnits.nodes[0];
  const read = `{ organizationalUnit(id: "${id}") { name } }`;
  expect((await demo.ask(read, { maxAge: 600 })).extensions.upstream.calls).toBe(0);
  demo.simulator.control.failNext('UpdateOrganizationalUnit', { kind: 'reset', when: 'after' });
  const { errors } = await demo.ask(`mutation { updateOrganizationalUnit(input: {
    organizationalUnitId: "${id}", name: "${name}" }) { ... on UpdateOrganizationalUnitPayload { organizationalUnit { name } } } }`);
  expect(errors?.[0]?.message).toContain('AWS may have carried it out');
  const after = await demo.ask(read, { maxAge: 600 });
  expect(after.data.organizationalUnit.name).toBe(name);
});
