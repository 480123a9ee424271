import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ config: { inventory: [{ principal: 'partner', maxAgeMs: 600_000, budgetShare: 0.8 }] } });
  await vi.waitFor(
    async () => {
      const { body } = await ask('{ organization { accounts(first: 5000) { totalCount } } }', { maxAge: 600 });
      // AWS's pages answer a smaller `first` only.
      expect(body.errors).toBeUndefined();
    },
    { timeout: 30_000, interval: 100 },
  );
}, 40_000);
afterAll(() => demo.close());

async function ask(query: string, orgql?: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, ...(orgql && { extensions: { orgql } }) }),
  });
  return { age: response.headers.get('age'), body: await response.json() };
}

test('a list and an object of the copy take no call, by the extension and by the header', async () => {
  const query = '{ organization { accounts(first: 5000) { totalCount nodes { id name } pageInfo { endCursor } } } }';
  for (const { age, body } of [
    await ask(query, { maxAge: 600 }),
    await ask(query, undefined, { 'cache-control': 'max-age=600' }),
  ]) {
    expect(body.errors).toBeUndefined();
    const { totalCount, nodes } = body.data.organization.accounts;
    expect(nodes).toHaveLength(totalCount);
    expect(body.extensions.upstream.calls).toBe(0);
    expect(body.extensions.upstream.ageMs).toBeGreaterThan(0);
    expect(age).toMatch(/^\d+$/);
  }
});

test('a mutation is seen by later reads of its principal, whatever age they accept', async () => {
  const name = `Renamed ${Math.random()}`;
  const { body } = await ask('{ organization { root { organizationalUnits(first: 1) { nodes { id name } } } } }');
  const { id } = body.data.organization.root.organizationalUnits.nodes[0];
  await ask(`mutation { updateOrganizationalUnit(input: { organizationalUnitId: "${id}", name: "${name}" }) {
    ... on UpdateOrganizationalUnitPayload { organizationalUnit { name } } } }`);
  const after = await ask(`{ organizationalUnit(id: "${id}") { name } }`, { maxAge: 600 });
  expect(after.body.data.organizationalUnit.name).toBe(name);
});
