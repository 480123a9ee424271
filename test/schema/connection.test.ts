import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/schema/connection.ts';
import type { UpstreamSession } from '../../src/upstream/index.ts';
import { listedAccounts, readWholeConnection as readConnection } from '../support/listed-accounts.ts';

const cursorKey = randomBytes(32);

/** Lists of accounts in upstream pages of random sizes, empty ones among them, as AWS gives them. */
const lists = fc.array(fc.array(fc.constant(null), { maxLength: 20 }), { minLength: 1, maxLength: 12 }).map((sizes) => {
  let next = 0;
  const accountId = () => {
    next += 1;
    return `${next}`.padStart(12, '0');
  };
  return sizes.map((page) => page.map(accountId));
});

const ids = (connection: Connection<{ Id?: string | undefined }>) => connection.edges.map(({ node }) => node.Id);

describe('a connection over NextToken', () => {
  it('returns every item once and in order, whatever the pages and `first` are, and reads no unneeded page', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), async (pages, firsts) => {
        const all = pages.flat();
        const seen: (string | undefined)[] = [];
        let after: string | null = null;
        for (let turn = 0; ; turn += 1) {
          const first = firsts[turn % firsts.length] ?? 1;
          const upstream = listedAccounts(pages, { cursorKey });
          const connection: Connection<{ Id?: string | undefined }> = await readConnection(
            upstream.context,
            upstream.source,
            { first, after },
          );
          expect(connection.edges.length).toBeLessThanOrEqual(first);
          expect(upstream.calls()).toBe(neededPages(pages, seen.length, first));
          seen.push(...ids(connection));
          if (!connection.pageInfo.hasNextPage) break;
          after = connection.pageInfo.endCursor;
          // An answer without edges has no cursor of its own to go on from; it can only be the last.
          expect(connection.edges.length).toBe(first);
        }
        expect(seen).toEqual(all);
      }),
    );
  });

  it('returns and counts an item once that pages contain twice', async () => {
    const repeated = fc
      .array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), { minLength: 1, maxLength: 8 })
      .map((pages) => pages.map((page) => page.map((id) => `${id}`.padStart(12, '0'))));
    await fc.assert(
      fc.asyncProperty(repeated, fc.integer({ min: 1, max: 40 }), fc.nat(), async (pages, first, pick) => {
        const all = [...new Set(pages.flat())];
        const { context, source } = listedAccounts(pages, { cursorKey });
        const some = await readConnection(context, source, { first });
        expect(ids(some)).toEqual(all.slice(0, first));
        expect(some.pageInfo.hasNextPage || some.edges.length === all.length).toBe(true);
        expect(await some.totalCount()).toBe(all.length);
        // One that goes on from a cursor knows what its own pages show, and nothing of earlier ones.
        const whole = await readConnection(context, source, { first: 1000 });
        const after = whole.edges[pick % (whole.edges.length + 1)]?.cursor;
        const rest = ids(await readConnection(context, source, { first: 1000, after: after ?? null }));
        expect(new Set(rest).size).toBe(rest.length);
      }),
    );
  });

  it('resumes after the item of the cursor, wherever in a page it is', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(), async (pages, pick) => {
        const all = pages.flat();
        fc.pre(all.length > 0);
        const upstream = listedAccounts(pages, { cursorKey });
        const whole = await readConnection(upstream.context, upstream.source, { first: 1000 });
        const index = pick % all.length;
        const after = whole.edges[index]?.cursor ?? null;
        const rest = await readConnection(upstream.context, upstream.source, { first: 1000, after });
        expect(ids(rest)).toEqual(all.slice(index + 1));
        expect(rest.pageInfo.hasPreviousPage).toBe(true);
      }),
    );
  });

  it('is the same however many pages are cached, is synchronous if all are, and reads only the others', async () => {
    await fc.assert(
      fc.asyncProperty(
        lists,
        fc.nat({ max: 12 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        async (pages, knownPages, first, pick) => {
          const all = listedAccounts(pages, { cursorKey, knownPages: pages.length });
          const whole = readConnection(all.context, all.source, { first: 1000 });
          if (whole instanceof Promise) throw new Error('all pages are known, and it was waited for');
          const after = whole.edges[pick % (whole.edges.length + 1)]?.cursor ?? null;
          const cold = listedAccounts(pages, { cursorKey });
          const warm = listedAccounts(pages, { cursorKey, knownPages });
          const read = await readConnection(cold.context, cold.source, { first, after });
          const given = readConnection(warm.context, warm.source, { first, after });
          const connection = await given;
          expect(given instanceof Promise).toBe(warm.calls() > 0);
          expect(connection.edges.map(({ node, cursor }) => [node.Id, cursor])).toEqual(
            read.edges.map(({ node, cursor }) => [node.Id, cursor]),
          );
          expect({ ...connection.pageInfo }).toEqual({ ...read.pageInfo });
          expect(await connection.totalCount()).toBe(pages.flat().length);
          expect(all.calls()).toBe(0);
        },
      ),
    );
  });

  it.each([
    ['known', 9],
    ['read', 0],
  ])('ends with an error when AWS returns to a page that was %s', async (_how, knownPages) => {
    const upstream = listedAccounts([['000000000001'], [], [], []], { cursorKey, knownPages });
    const { context, source } = upstream;
    const loops = <T extends { nextToken: string | undefined }>(page: T): T =>
      page.nextToken === undefined ? { ...page, nextToken: '1' } : page;
    const session = {
      ...context.session,
      knownPage: ((...asked) => {
        const known = context.session.knownPage(...asked);
        return known && loops(known);
      }) as UpstreamSession['knownPage'],
      page: (async (...asked) => loops(await context.session.page(...asked))) as UpstreamSession['page'],
    };
    const reading = async () => readConnection({ ...context, session }, source, { first: 2 });
    await expect(reading()).rejects.toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      message: expect.stringMatching(/^ListAccounts answered with a NextToken .* would never end/),
    });
  });

  it('finds its position again after items before it were added or removed', async () => {
    const upstream = listedAccounts([['000000000001', '000000000002', '000000000003', '000000000004']], { cursorKey });
    const start = await readConnection(upstream.context, upstream.source, { first: 2 });
    for (const now of [
      ['000000000002', '000000000003', '000000000004'],
      ['000000000000', '000000000001', '000000000002', '000000000003', '000000000004'],
    ]) {
      const later = listedAccounts([now], { cursorKey });
      const rest = await readConnection(later.context, later.source, { first: 2, after: start.edges[1]?.cursor });
      expect(ids(rest)).toEqual(['000000000003', '000000000004']);
    }
  });

  it('loses no item if the item of the cursor was removed or the page boundaries have changed', async () => {
    const upstream = listedAccounts([['000000000001', '000000000002', '000000000003', '000000000004']], { cursorKey });
    const start = await readConnection(upstream.context, upstream.source, { first: 2 });
    for (const pages of [
      [['000000000001', '000000000003', '000000000004']],
      [[], ['000000000001'], [], ['000000000002', '000000000003'], ['000000000004']],
    ]) {
      const later = listedAccounts(pages, { cursorKey });
      const rest = await readConnection(later.context, later.source, { after: start.edges[1]?.cursor });
      expect(ids(rest)).toEqual(['000000000003', '000000000004']);
    }
  });

  it('counts the whole list only for totalCount, without reading a page twice', async () => {
    const pages = [['000000000001', '000000000002'], [], ['000000000003']];
    const upstream = listedAccounts(pages, { cursorKey });
    const connection = await readConnection(upstream.context, upstream.source, { first: 1 });
    expect(upstream.calls()).toBe(1);
    expect(await connection.totalCount()).toBe(3);
    expect(upstream.calls()).toBe(3);
  });

  it.each([
    [0, /first: 0 is too small; request 1 to 1000 items/],
    [-1, /first: -1 is too small/],
    [1001, /first: 1001 is above this gateway's maximum of 1000/],
  ])('rejects first: %i with the allowed range, without a call', async (first, message) => {
    const upstream = listedAccounts([['000000000001']], { cursorKey });
    const attempt = async () => readConnection(upstream.context, upstream.source, { first });
    await expect(attempt()).rejects.toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    });
    expect(upstream.calls()).toBe(0);
  });
});

/** How many upstream pages a request cannot do without: from the first with anything behind the cursor to the one where `first` is reached. */
function neededPages(pages: readonly string[][], skipped: number, first: number): number {
  let start = 0;
  let read = 0;
  for (const page of pages) {
    const end = start + page.length;
    const liesBefore = start < skipped && end <= skipped;
    start = end;
    if (liesBefore) continue;
    read += 1;
    if (end - skipped >= first) break;
  }
  return read;
}
