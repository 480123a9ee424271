import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/upstream/index.ts';
import { listedAccounts, readWholeConnection, streamConnection } from '../support/listed-accounts.ts';

const cursorKey = randomBytes(32);

const id = (number: number) => `${number}`.padStart(12, '0');
/** Upstream pages of random sizes, empty ones among them. */
const lists = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }).map((sizes) => {
  let next = 0;
  return sizes.map((size) =>
    Array.from({ length: size }, () => {
      next += 1;
      return id(next);
    }),
  );
});

const twoPages = [
  [id(1), id(2)],
  [id(3), id(4)],
];

async function take<T>(items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

describe('a connection that streams', () => {
  it('has the edges, cursors, page info and reads of one that does not stream', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 100 }), fc.nat(), async (pages, first, pick) => {
        const all = listedAccounts(pages, { cursorKey });
        const { edges } = await readWholeConnection(all.context, all.source, { first: 1000 });
        const after = edges[pick % (edges.length + 1)]?.cursor ?? null;
        const plain = listedAccounts(pages, { cursorKey });
        const whole = await readWholeConnection(plain.context, plain.source, { first, after });
        const other = listedAccounts(pages, { cursorKey });
        const streamed = await streamConnection(other.context, other.source, { first, after });
        const taken = await take(streamed.edges);
        expect(taken.map(({ node, cursor }) => [node.Id, cursor])).toEqual(
          whole.edges.map(({ node, cursor }) => [node.Id, cursor]),
        );
        expect({ ...(await streamed.pageInfo) }).toEqual({ ...whole.pageInfo });
        expect(other.calls()).toBe(plain.calls());
      }),
      { numRuns: 50 },
    );
  });

  it('reads only the first page before it resolves, and each further page on demand', async () => {
    const upstream = listedAccounts(twoPages, { cursorKey });
    const { edges } = await streamConnection(upstream.context, upstream.source, { first: 4 });
    const items = edges[Symbol.asyncIterator]();
    const calls: [string | undefined, number][] = [];
    for (let { value, done } = await items.next(); !done; { value, done } = await items.next()) {
      calls.push([value?.node.Id, upstream.calls()]);
    }
    expect(calls).toEqual([
      [id(1), 1],
      [id(2), 1],
      [id(3), 2],
      [id(4), 2],
    ]);
  });

  it('stops reading when its iterator is closed', async () => {
    const upstream = listedAccounts(twoPages, { cursorKey });
    const { edges } = await streamConnection(upstream.context, upstream.source, { first: 4 });
    for await (const edge of edges) {
      expect(edge.node.Id).toBe(id(1));
      break;
    }
    expect(upstream.calls()).toBe(1);
  });

  it('is read once, however many consumers read its items and page info concurrently', async () => {
    const upstream = listedAccounts(twoPages, { cursorKey });
    const { edges, pageInfo } = await streamConnection(upstream.context, upstream.source, { first: 4 });
    const [once, again, { hasNextPage }] = await Promise.all([take(edges), take(edges), pageInfo]);
    expect(again).toEqual(once);
    expect(hasNextPage).toBe(false);
    expect(upstream.calls()).toBe(2);
  });

  it('fails at the first item of an unreadable page, with the same error for every consumer', async () => {
    const { context, source } = listedAccounts(twoPages, { cursorKey });
    const refusal = new UpstreamError('down', {
      code: 'UPSTREAM_UNAVAILABLE',
      operation: 'ListAccounts',
      retryable: true,
    });
    let asked = 0;
    const broken = {
      ...context,
      session: {
        ...context.session,
        page: ((operation, input) => {
          if (!('NextToken' in input)) return context.session.page(operation, input);
          asked += 1;
          return Promise.reject(refusal);
        }) as typeof context.session.page,
      },
    };
    const { edges, pageInfo } = await streamConnection(broken, source, { first: 4 });
    const info = expect(pageInfo).rejects.toBe(refusal);
    const items = edges[Symbol.asyncIterator]();
    await items.next();
    await items.next();
    await expect(items.next()).rejects.toBe(refusal);
    await info;
    expect(asked).toBe(1);
  });

  it.each([0, 1001])('refuses first: %i itself, before any item', async (first) => {
    const upstream = listedAccounts(twoPages, { cursorKey });
    await expect(streamConnection(upstream.context, upstream.source, { first })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(upstream.calls()).toBe(0);
  });
});
