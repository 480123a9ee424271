import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ config: { graph: { maxCalls: 50 }, upstream: { cacheMs: 0 } } });
});
afterAll(() => demo.close());

const tags = (first: number) => `{ organization { accounts(first: ${first}) { nodes { tags { nodes { key } } } } } }`;

describe('an operation that can cost more than graph.maxCalls', () => {
  it('is rejected over HTTP with status 400, the estimate and the fields to make smaller, without a call', async () => {
    demo.simulator.control.resetRequests();
    const answer = await demo.query(tags(60));
    expect(answer).toEqual({
      errors: [
        {
          message:
            'This operation can cost 64 calls to AWS; the maximum is 50 (graph.maxCalls). 60 of them are for "organization.accounts.nodes.tags": make `first` of "organization.accounts" smaller (it is 60), or leave "organization.accounts.nodes.tags" out.',
          extensions: {
            code: 'COST_LIMIT_EXCEEDED',
            estimate: 64,
            maximum: 50,
            field: 'organization.accounts.nodes.tags',
            argument: 'organization.accounts(first:)',
            retryable: false,
          },
        },
      ],
      extensions: { upstream: { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 } },
    });
    expect(demo.simulator.control.requestCount()).toBe(0);
    const response = await fetch(demo.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: tags(60) }),
    });
    expect(response.status).toBe(400);
  });

  it('is rejected over WebSocket', async () => {
    await expect(demo.subscribe(tags(60)).event()).rejects.toMatchObject([
      { extensions: { code: 'COST_LIMIT_EXCEEDED', estimate: 64 } },
    ]);
  });

  it('is rejected over server-sent events', async () => {
    expect(await demo.subscribeBySse(tags(60)).event()).toMatchObject({
      errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED', estimate: 64 } }],
    });
  });

  it('is rejected if it is a subscription whose events can cost as much', async () => {
    const costly = /* GraphQL */ `
      subscription {
        organizationHandshakeChanges {
          type
          handshake { parties { account { parent { accounts(first: 30) { nodes { tags { nodes { key } } } } } } } }
        }
      }
    `;
    await expect(demo.subscribe(costly).event()).rejects.toMatchObject([
      { extensions: { code: 'COST_LIMIT_EXCEEDED', maximum: 50 } },
    ]);
    expect(await demo.subscribeBySse(costly).event()).toMatchObject({
      errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }],
    });
  });

  it('is rejected if it is a mutation, before any write', async () => {
    demo.simulator.control.resetRequests();
    const tag = 'tagResource(input: { resourceId: "r-exmp", tags: [{ key: "k", value: "v" }] }) { __typename }';
    const answer = await demo.query(`mutation { ${Array.from({ length: 51 }, (_, n) => `m${n}: ${tag}`).join(' ')} }`);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', estimate: 51 });
    expect(demo.simulator.control.requestCount()).toBe(0);
  });

  it('runs when its variables make it smaller', async () => {
    const document =
      'query ($first: Int!) { organization { accounts(first: $first) { nodes { tags { nodes { key } } } } } }';
    expect((await demo.query(document, { first: 10 })).errors).toBeUndefined();
    expect((await demo.query(document, { first: 70 })).errors?.[0]?.extensions).toMatchObject({ estimate: 75 });
  });
});

describe('the estimate alone', () => {
  const estimate = {
    calls: 64,
    maxCalls: 50,
    values: 1323,
    maxValues: 1_000_000,
    fields: [
      { path: 'organization.accounts.nodes.tags', calls: 60 },
      { path: 'organization.accounts', calls: 3 },
      { path: 'organization', calls: 1 },
    ],
  };
  const answer = {
    data: null,
    extensions: { upstream: { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0, estimate } },
  };

  it('is the response to a request with the header x-orgql-estimate, however expensive, without a call', async () => {
    demo.simulator.control.resetRequests();
    expect(await demo.query(tags(60), {}, { headers: { 'x-orgql-estimate': 'only' } })).toEqual(answer);
    expect(demo.simulator.control.requestCount()).toBe(0);
  });

  it('is the response to an operation with extensions.orgql.estimate', async () => {
    const response = await fetch(demo.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: tags(60), extensions: { orgql: { estimate: true } } }),
    });
    expect(await response.json()).toEqual(answer);
  });

  it('is not written for', async () => {
    demo.simulator.control.resetRequests();
    const document = 'mutation { leaveOrganization { __typename } }';
    const { extensions } = await demo.query(document, {}, { headers: { 'x-orgql-estimate': 'only' } });
    expect(extensions.upstream).toMatchObject({ calls: 0, estimate: { calls: 1 } });
    expect(demo.simulator.control.requestCount()).toBe(0);
  });
});
