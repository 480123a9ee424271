import { beforeEach, describe, expect, it } from 'vitest';
import type { GraphContext } from '../../../src/schema/context.ts';
import { clearLoaders, type KeyedRead, loadByKey } from '../../../src/schema/loaders/load-by-key.ts';
import { UpstreamError } from '../../../src/upstream/index.ts';

/** Sessions that know nothing but these keys. */
const known = new Map<string, string>();
let read: string[];
let fail: UpstreamError | undefined;
let cost: { coalesced: number };
beforeEach(() => {
  known.clear();
  read = [];
  fail = undefined;
  cost = { coalesced: 0 };
});

const words: KeyedRead<string, string> = {
  name: 'words',
  cacheKey: (key) => key,
  known: (_session, key) => known.get(key),
  read: async ({ principal }, key) => {
    read.push(key);
    if (fail !== undefined) throw fail;
    return `${key} of ${principal.name}`;
  },
};

const newSession = () => ({ cost });
const operation = (principal = 'partner') =>
  ({ principal: { name: principal }, session: newSession() }) as GraphContext;
const refusal = (retryable: boolean) =>
  new UpstreamError('refused', { code: 'ServiceException', operation: 'DescribeAccount', retryable });

describe('a read by key', () => {
  it('returns a value that the session has without a promise', () => {
    known.set('a', 'known');
    expect(loadByKey(operation(), words, 'a')).toBe('known');
    expect(read).toEqual([]);
  });

  it('reads each key once per operation', async () => {
    const context = operation();
    const [a, b, again] = await Promise.all([
      loadByKey(context, words, 'a'),
      loadByKey(context, words, 'b'),
      loadByKey(context, words, 'a'),
    ]);
    expect([a, b, again]).toEqual(['a of partner', 'b of partner', 'a of partner']);
    expect(await loadByKey(context, words, 'a')).toBe(a);
    expect(read).toEqual(['a', 'b']);
    expect(cost.coalesced).toBe(2);
  });

  it('is shared neither with another operation nor with another principal', async () => {
    await loadByKey(operation(), words, 'a');
    await loadByKey(operation(), words, 'a');
    expect(await loadByKey(operation('customer'), words, 'a')).toBe('a of customer');
    expect(read).toEqual(['a', 'a', 'a']);
  });

  it('is repeated after a write of the operation, and in the next event of a subscription', async () => {
    const context = operation();
    await loadByKey(context, words, 'a');
    clearLoaders(context);
    await loadByKey(context, words, 'a');
    // An event has a session of its own.
    Object.assign(context, { session: newSession() });
    await loadByKey(context, words, 'a');
    expect(read).toEqual(['a', 'a', 'a']);
  });

  it.each([
    ['is repeated after an error that a retry may avoid', true, 2],
    ['is not repeated after an error that AWS would repeat', false, 1],
  ])('%s', async (_, retryable, reads) => {
    const context = operation();
    fail = refusal(retryable);
    await expect(loadByKey(context, words, 'a')).rejects.toBe(fail);
    await Promise.resolve(loadByKey(context, words, 'a')).catch(() => undefined);
    expect(read).toHaveLength(reads);
  });
});
