import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';
import { post } from '../support/http.ts';
import { type Part, type Piece, queryInParts } from '../support/incremental.ts';

let demo: Demo;
beforeEach(async () => {
  // A call that hangs is given up after this, and made again.
  demo = await startDemo({ config: { upstream: { callTimeoutMs: 400, cacheMs: 60_000 } } });
});
afterEach(() => demo.close());

const accounts = (selection: string, first = 60) =>
  `query Accounts { organization { id accounts(first: ${first}) { ${selection} } } }`;
const streamed = accounts('nodes @stream(initialCount: 0) { id name }');

/** From here on the first page of ListAccounts is in the cache, and the next one is not answered at first. */
async function holdUpSecondPage(): Promise<void> {
  await demo.query(accounts('nodes { id }', 20));
  demo.simulator.control.fail({ operation: 'ListAccounts', failure: { kind: 'hang' }, times: 1 });
  demo.simulator.control.resetRequests();
}

interface Transport {
  readonly name: string;
  readonly run: (document: string) => AsyncIterable<Part>;
}
const transports: readonly Transport[] = [
  { name: 'multipart/mixed', run: (document) => queryInParts(demo.url, { document }) },
  { name: 'text/event-stream', run: (document) => demo.subscribeBySse(document) },
  { name: 'a WebSocket', run: (document) => demo.subscribe(document) },
];

/** All parts of a result; `onPart` sees each when it arrives. */
async function receive(parts: AsyncIterable<Part>, onPart: (part: Part) => void = () => {}): Promise<Part[]> {
  const received: Part[] = [];
  for await (const part of parts) {
    received.push(part);
    onPart(part);
  }
  return received;
}

const pieces = (parts: readonly Part[]): readonly Piece[] => parts.flatMap(({ incremental }) => incremental ?? []);
const items = (parts: readonly Part[]) => pieces(parts).flatMap((piece) => piece.items ?? []);
const last = (parts: readonly Part[]): Part | undefined => parts.at(-1);

describe.each(transports)('over $name', ({ run }) => {
  it('@stream sends the first items while the next page is being read, and finally all items', async () => {
    await holdUpSecondPage();
    let arrived = 0;
    let askedBefore = Number.NaN;
    const parts = await receive(run(streamed), (part) => {
      arrived += items([part]).length;
      if (arrived <= 20) askedBefore = demo.simulator.control.requestCount('ListAccounts');
    });
    // When the first page's items had arrived, the second page had been asked for at most, and was not answered.
    expect(askedBefore).toBeLessThanOrEqual(1);
    // It was given up and asked for again; and the third.
    expect(demo.simulator.control.requestCount('ListAccounts')).toBe(3);
    expect(parts[0]?.data.organization.accounts.nodes).toEqual([]);
    const plain = await demo.query(accounts('nodes { id name }'));
    expect(items(parts)).toEqual(plain.data.organization.accounts.nodes);
    expect(pieces(parts).map(({ path }) => path)).toEqual(
      items(parts).map((_item, index) => ['organization', 'accounts', 'nodes', index]),
    );
    expect(parts.map(({ hasNext }) => hasNext)).toEqual([...parts.slice(1).map(() => true), false]);
  });

  it('every part reports the cost so far in extensions.upstream, and the last one the total', async () => {
    const parts = await receive(run(streamed));
    const costs = parts.map(({ extensions }) => extensions.upstream.calls);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect(last(parts)?.extensions.upstream).toMatchObject({
      calls: demo.simulator.control.requestCount(),
      cached: 0,
    });
    expect(last(parts)?.extensions.upstream.calls).toBe(4);
  });

  it('@defer sends totalCount, which reads the rest of the list, later', async () => {
    const parts = await receive(
      run(accounts('nodes { id } ... on AccountConnection @defer(label: "count") { totalCount }', 1)),
    );
    expect(parts[0]?.data.organization.accounts.nodes).toHaveLength(1);
    expect(parts[0]?.data.organization.accounts).not.toHaveProperty('totalCount');
    expect(pieces(parts)).toEqual([
      { path: ['organization', 'accounts'], label: 'count', data: { totalCount: expect.any(Number) } },
    ]);
    const { data } = await demo.query(accounts('totalCount', 1));
    expect(pieces(parts)[0]?.data.totalCount).toBe(data.organization.accounts.totalCount);
  });

  it('streams edges as Relay expects: items first, then the page info, whose end cursor is the last item’s', async () => {
    const connection =
      'edges @stream(initialCount: 2, label: "accounts") { cursor node { id } } ... on AccountConnection @defer(label: "info") { pageInfo { hasNextPage endCursor } }';
    const parts = await receive(run(accounts(connection, 30)));
    expect(parts[0]?.data.organization.accounts.edges).toHaveLength(2);
    const { pageInfo } = pieces(parts).find(({ label }) => label === 'info')?.data ?? {};
    expect(pageInfo).toEqual({ hasNextPage: true, endCursor: items(parts).at(-1)?.cursor });
    const next = await demo.query(
      accounts('edges { node { id } }', 20).replace('first: 20', `first: 20, after: "${pageInfo.endCursor}"`),
    );
    const plain = await demo.query(accounts('nodes { id }', 50));
    expect(next.data.organization.accounts.edges.map(({ node }: { node: unknown }) => node)).toEqual(
      plain.data.organization.accounts.nodes.slice(30),
    );
  });

  it('a page that AWS refuses ends the list, after the items before it, with the error of a plain query', async () => {
    await demo.query(accounts('nodes { id }', 20));
    demo.simulator.control.failNext('ListAccounts', 'AccessDeniedException');
    const parts = await receive(run(streamed));
    expect(items(parts)).toHaveLength(20);
    const failed = pieces(parts).filter(({ errors }) => errors !== undefined);
    expect(failed).toMatchObject([
      {
        items: null,
        path: ['organization', 'accounts', 'nodes', 20],
        errors: [
          {
            path: ['organization', 'accounts', 'nodes', 20],
            extensions: { code: 'AccessDeniedException', operation: 'ListAccounts', retryable: false },
          },
        ],
      },
    ]);
    expect(last(parts)?.hasNext).toBe(false);
  });

  it('an invalid argument is an error of the list in the first part', async () => {
    const parts = await receive(run(accounts('nodes @stream(initialCount: 0) { id }', 0)));
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({
      data: { organization: { accounts: null } },
      errors: [{ path: ['organization', 'accounts'], extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }],
      extensions: { upstream: { calls: 1 } },
    });
  });

  it('lists beside a streamed one and inside its items arrive complete', async () => {
    const parts = await receive(
      run(/* GraphQL */ `
        {
          organization {
            accounts(first: 3) { nodes @stream(initialCount: 1) { id tags(first: 5) { nodes { key value } } } }
            root { organizationalUnits(first: 25) { nodes { id } pageInfo { hasNextPage } } }
          }
        }
      `),
    );
    const plain = await demo.query(/* GraphQL */ `
      {
        organization {
          accounts(first: 3) { nodes { id tags(first: 5) { nodes { key value } } } }
          root { organizationalUnits(first: 25) { nodes { id } pageInfo { hasNextPage } } }
        }
      }
    `);
    expect(parts[0]?.data.organization.root).toEqual(plain.data.organization.root);
    expect([...(parts[0]?.data.organization.accounts.nodes ?? []), ...items(parts)]).toEqual(
      plain.data.organization.accounts.nodes,
    );
  });
});

it('an internal error in a later part is masked and reveals no detail', async () => {
  await demo.query(accounts('nodes { id }', 20));
  demo.simulator.control.fail({ operation: 'ListAccounts', failure: { kind: 'truncate' } });
  const parts = await receive(queryInParts(demo.url, { document: streamed }));
  const [error] = pieces(parts).flatMap(({ errors }) => errors ?? []);
  expect(error?.extensions).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), operation: 'ListAccounts' });
  expect(error?.extensions).not.toHaveProperty('http');
  expect(error?.extensions).not.toHaveProperty('unexpected');
  expect(JSON.stringify(error)).not.toMatch(/stack|node_modules/);
});

it('`if: false` returns one part, as without the directives', async () => {
  const document = accounts(
    'nodes @stream(initialCount: 0, if: false) { id } ... on AccountConnection @defer(if: false) { totalCount }',
    25,
  );
  const { data, errors } = await demo.query(document);
  expect(errors).toBeUndefined();
  expect(data).toEqual((await demo.query(accounts('nodes { id } totalCount', 25))).data);
});

it.each([
  [
    'query ($n: Int) { organization { accounts { nodes @stream(initialCount: $n) { id } } } }',
    { n: -1 },
    /^@stream\(initialCount:\): -1 is no number of items; say 0 or more\.$/,
  ],
  [
    'query ($n: Int) { organization { accounts { nodes @stream(initialCount: $n) { id } } } }',
    { n: null },
    /^@stream\(initialCount:\): null is no/,
  ],
  [
    'query ($if: Boolean = true) { ... @defer(if: $if) { organization { id } } }',
    { if: null },
    /"if".* must not be null/,
  ],
])(
  'an invalid argument of a directive is rejected before any read: %s with %j',
  async (document, variables, message) => {
    demo.simulator.control.resetRequests();
    const parts = await receive(queryInParts(demo.url, { document, variables }));
    expect(parts).toMatchObject([
      { errors: [{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
    expect(demo.simulator.control.requestCount()).toBe(0);
  },
);

it('a client that does not accept incremental results is rejected with what to accept, and no further page is read', async () => {
  await holdUpSecondPage();
  const { status, body } = await post(demo.url, { query: streamed }, { accept: 'application/json' });
  expect(status).toBe(406);
  expect(body.errors).toMatchObject([
    { message: expect.stringContaining('multipart/mixed'), extensions: { code: 'NOT_ACCEPTABLE' } },
  ]);
  expect(demo.simulator.control.requestCount('ListAccounts')).toBeLessThanOrEqual(1);
});

it('disconnecting stops the reads', async () => {
  await holdUpSecondPage();
  const departure = new AbortController();
  const parts = queryInParts(demo.url, { document: streamed }, departure.signal);
  await parts.next();
  departure.abort();
  await expect(receive(parts)).rejects.toThrow(/abort/i);
  // A reading that went on would make this wait for the hanging call.
  await demo.close();
  expect(demo.simulator.control.requestCount('ListAccounts')).toBe(1);
});

it('an incremental query finishes while the gateway shuts down', async () => {
  await holdUpSecondPage();
  let closed: Promise<void> | undefined;
  const parts = await receive(queryInParts(demo.url, { document: streamed }), () => {
    closed ??= demo.gateway.close();
  });
  expect(pieces(parts).flatMap(({ errors }) => errors ?? [])).toEqual([]);
  expect(items(parts)).toHaveLength(60);
  await closed;
});

it('the schema defines the two directives', async () => {
  const { data } = await demo.query('{ __schema { directives { name args { name } } } }');
  expect(data.__schema.directives).toEqual(
    expect.arrayContaining([
      { name: 'defer', args: [{ name: 'if' }, { name: 'label' }] },
      { name: 'stream', args: [{ name: 'if' }, { name: 'initialCount' }, { name: 'label' }] },
    ]),
  );
});
