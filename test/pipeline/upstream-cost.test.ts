import { expect, test } from 'vitest';
import { startDemo } from '../support/gateway.ts';

const organization = '{ organization { id } }';

test('extensions.upstream reports a call the first time, a cached read the second, and a call again with no-cache', async () => {
  await using demo = await startDemo({ config: { upstream: { cacheMs: 60_000 } } });
  const cost = async (headers: Record<string, string> = {}) =>
    (await demo.query(organization, {}, { headers })).extensions.upstream;
  expect(await cost()).toMatchObject({ calls: 1, cached: 0 });
  expect(await cost()).toMatchObject({ calls: 0, cached: 1 });
  expect(await cost({ 'cache-control': 'no-cache' })).toMatchObject({ calls: 1, cached: 0 });
});

test.for(['{ node(id: "r-zzzz") { id } }', '{ root(id: "r-zzzz") { id } }', '{ node(id: "o-zzzzzzzzzz") { id } }'])(
  'an object that is known not to exist is one cached read: %s',
  async (document) => {
    await using demo = await startDemo({ config: { upstream: { cacheMs: 60_000 } } });
    for (const cost of [
      { calls: 1, cached: 0 },
      { calls: 0, cached: 1 },
    ]) {
      const { data, extensions } = await demo.query(document);
      expect(Object.values(data)).toEqual([null]);
      expect(extensions.upstream).toMatchObject(cost);
    }
  },
);

test('principals do not share caches', async () => {
  await using demo = await startDemo({ config: { upstream: { cacheMs: 60_000 } } });
  await demo.query(organization);
  const { data, extensions } = await demo.query(organization, {}, { principal: 'customer' });
  expect(extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
  expect(data.organization.id).not.toBe('o-exampleorgid');
});

test('mutations, failed queries and subscription events report their cost, on both transports', async () => {
  await using demo = await startDemo();
  const declined = await demo.query(
    'mutation { declineHandshake(input: { handshakeId: "h-0123456789abcdef" }) { ... on Error { code } } }',
    {},
    { principal: 'standalone' },
  );
  expect(declined.data.declineHandshake.code).toBe('HandshakeNotFoundException');
  expect(declined.extensions.upstream.calls).toBe(1);
  const failed = await demo.query('{ handshake(id: "h-1") { id } }');
  expect(failed.errors).toHaveLength(1);
  expect(failed.extensions.upstream).toEqual({ calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 });

  const document = 'subscription { organizationHandshakeChanges { type handshake { id organization { id } } } }';
  for (const subscription of [demo.subscribe(document), demo.subscribeBySse(document)]) {
    const { extensions } = await subscription.event();
    expect(extensions.upstream).toEqual({
      calls: expect.any(Number),
      cached: expect.any(Number),
      coalesced: expect.any(Number),
      waitedMs: expect.any(Number),
      ageMs: expect.any(Number),
    });
    await subscription.return();
  }
});
