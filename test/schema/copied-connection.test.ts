import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InventorySession } from '../../src/inventory/session.ts';
import type { GraphContext } from '../../src/schema/context.ts';
import { later, systemClock, type WallMs } from '../../src/upstream/index.ts';
import { type FakeCopy, fakeCopy } from '../support/fake-copy.ts';
import { listedAccounts, readWholeConnection } from '../support/listed-accounts.ts';

const cursorKey = randomBytes(32);
const idOf = (number: number) => `${number}`.padStart(12, '0');
const accountsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ Id: idOf(index + 1) }));

/** A list of `count` accounts in AWS's pages of 20, and their copy. */
function start(count: number, { copiedCount = count, principal = 'partner' } = {}) {
  const copy = fakeCopy(accountsOf(copiedCount));
  const ids = accountsOf(count).map(({ Id }) => Id);
  const pages = Array.from({ length: Math.ceil(count / 20) }, (_, page) => ids.slice(page * 20, page * 20 + 20));
  const upstream = listedAccounts(pages, { cursorKey, copy, principal });
  const read = (args: object, options?: { maxAgeMs?: number; onlyIfCached?: boolean }) =>
    readWholeConnection(options ? accepting(upstream.context, copy, options) : upstream.context, upstream.source, args);
  return { ...upstream, copy, read };
}

/** The context of an operation that accepts the copy's age. */
function accepting(
  context: GraphContext,
  copy: FakeCopy,
  { maxAgeMs = Number.POSITIVE_INFINITY, onlyIfCached = false },
): GraphContext {
  const reader = copy.reader((systemClock.wallMs() - maxAgeMs) as WallMs);
  return {
    ...context,
    session: new InventorySession({ session: context.session, copy: reader, onlyIfCached }),
  };
}

const ACCEPTED = { maxAgeMs: 60_000 };
const idsOf = ({ edges }: { edges: readonly { node: { Id?: string | undefined } }[] }) =>
  edges.map(({ node }) => node.Id);

describe('a connection that the copy answers', () => {
  it('is there at once, with its items, page info and count, and makes no call', async () => {
    const { read, calls } = start(45);
    const connection = read({ first: 10 }, ACCEPTED);
    if (connection instanceof Promise) throw new Error('expected no promise');
    expect(idsOf(connection)).toEqual(accountsOf(10).map(({ Id }) => Id));
    expect(connection.pageInfo.hasNextPage).toBe(true);
    expect(connection.totalCount()).toBe(45);
    expect(calls()).toBe(0);
  });

  it('returns every item once over its cursors, with or without an accepted age, whatever `first` is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.boolean()), { minLength: 1 }),
        async (count, turns) => {
          const { read, calls } = start(count);
          const seen: (string | undefined)[] = [];
          let after: string | null = null;
          for (let turn = 0; ; turn += 1) {
            const [first, accepts] = turns[turn % turns.length] ?? [1, true];
            const connection = await read({ first, after }, accepts || after === null ? ACCEPTED : undefined);
            seen.push(...idsOf(connection));
            if (!connection.pageInfo.hasNextPage) break;
            after = connection.pageInfo.endCursor;
          }
          expect(seen).toEqual(accountsOf(count).map(({ Id }) => Id));
          expect(calls()).toBe(0);
        },
      ),
    );
  });

  it('continues behind an item that is gone, and shows items that were added behind it', async () => {
    const { read, copy } = start(9);
    const { pageInfo } = await read({ first: 5 }, ACCEPTED);
    copy.accounts = [{ Id: idOf(1) }, { Id: idOf(6) }, { Id: `${idOf(6)}a` }, { Id: idOf(9) }];
    expect(idsOf(await read({ after: pageInfo.endCursor }))).toEqual([idOf(6), `${idOf(6)}a`, idOf(9)]);
  });

  it('is read from AWS if the copy is too old, is missing or does not hold the list', async () => {
    const { read, copy, calls } = start(5);
    copy.asOf = later(systemClock.wallMs(), -120_000);
    await read({}, ACCEPTED);
    expect(calls()).toBe(1);
    copy.accounts = undefined;
    await read({}, { maxAgeMs: Number.POSITIVE_INFINITY });
    expect(calls()).toBe(1);
    expect(idsOf(await read({ first: 2 }, { maxAgeMs: 300_000 }))).toEqual([idOf(1), idOf(2)]);
  });
});

describe('a cursor', () => {
  it('of AWS’s pages continues in them, although the operation accepts the copy’s age', async () => {
    const { read, calls } = start(45, { copiedCount: 3 });
    const { pageInfo, edges } = await read({ first: 20 });
    expect(calls()).toBe(1);
    expect(idsOf(await read({ first: 20, after: pageInfo.endCursor }, ACCEPTED))).toEqual(
      accountsOf(40)
        .slice(20)
        .map(({ Id }) => Id),
    );
    expect(calls()).toBe(2);
    // Inside of the first page, which is read without a token.
    expect(idsOf(await read({ first: 2, after: edges[4]?.cursor }, ACCEPTED))).toEqual([idOf(6), idOf(7)]);
  });

  it('of the copy expires with the organization, and while the copy does not hold the list', async () => {
    const { read, copy } = start(9);
    const { endCursor: after } = (await read({ first: 5 }, ACCEPTED)).pageInfo;
    copy.accounts = undefined;
    expect(() => read({ after }, ACCEPTED)).toThrow(
      expect.objectContaining({
        extensions: { code: 'INVENTORY_CURSOR_EXPIRED', reason: 'UNAVAILABLE', retryable: true },
      }),
    );
    copy.accounts = accountsOf(9);
    copy.epoch = 'o-anotherone1';
    expect(() => read({ after })).toThrow(
      expect.objectContaining({
        extensions: { code: 'INVENTORY_CURSOR_EXPIRED', reason: 'OTHER_ORGANIZATION', retryable: false },
      }),
    );
  });

  it('of the copy is rejected if it was changed, or belongs to another list or principal', async () => {
    const { read, context, source } = start(9);
    const after = (await read({ first: 5 }, ACCEPTED)).pageInfo.endCursor ?? '';
    const other = { ...source, copied: { conditions: 'NAME', list: () => undefined } };
    const tampered = `${after.slice(0, -8)}${after.at(-8) === 'A' ? 'B' : 'A'}${after.slice(-7)}`;
    const withoutPrefix = after.slice(2);
    const { endCursor: live } = (await read({ first: 5 })).pageInfo;
    for (const [reason, run] of [
      ['TAMPERED', () => read({ after: tampered })],
      ['MALFORMED', () => read({ after: withoutPrefix })],
      ['MALFORMED', () => read({ after: 'i.' })],
      ['MALFORMED', () => read({ after: `i.${live}` })],
      ['OTHER_LIST', () => readWholeConnection(context, other, { after })],
      ['OTHER_LIST', () => start(9, { principal: 'customer' }).read({ after })],
    ] as const)
      expect(run, reason).toThrow(expect.objectContaining({ extensions: expect.objectContaining({ reason }) }));
  });
});

describe('`first`', () => {
  it('may be as large as graph.inventoryMaxFirst if the copy answers, and as graph.maxFirst otherwise', async () => {
    const { read, copy } = start(3_000);
    expect((await read({ first: 3_000 }, ACCEPTED)).edges).toHaveLength(3_000);
    expect(() => read({ first: 3_001 }, ACCEPTED)).toThrow("3001 is above this gateway's maximum of 3000;");
    const both = "1001 is above this gateway's maximum of 1000, or of 3000 where the copy of the organization answers";
    expect(() => read({ first: 1_001 })).toThrow(both);
    const { endCursor: after } = (await read({ first: 1 }, ACCEPTED)).pageInfo;
    expect((await read({ first: 1_001, after })).edges).toHaveLength(1_001);
    copy.accounts = undefined;
    expect(() => read({ first: 1_001 }, ACCEPTED)).toThrow(both);
    expect(() => read({ first: 0 }, ACCEPTED)).toThrow('0 is too small');
  });
});

describe('`onlyIfCached`', () => {
  it('never calls AWS: a list that the copy does not hold fails with NOT_IN_INVENTORY', async () => {
    const { read, copy, calls } = start(5);
    copy.accounts = undefined;
    await expect(async () => read({}, { onlyIfCached: true })).rejects.toMatchObject({
      code: 'NOT_IN_INVENTORY',
      operation: 'ListAccounts',
      retryable: true,
    });
    expect(calls()).toBe(0);
    await read({});
    expect(idsOf(await read({ first: 1 }, { onlyIfCached: true }))).toEqual([idOf(1)]);
    expect(calls()).toBe(1);
  });
});
