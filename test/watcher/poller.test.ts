import { describe, expect, it } from 'vitest';
import { createWatched, failure, handshake, principalOf, Reader } from './support/index.ts';

const list = 'ListHandshakesForOrganization';

/** The times of the list's reads within the next `ms`, in ms from now. */
const readTimes = async ({ clock, upstream }: ReturnType<typeof createWatched>, ms: number, step = 100) => {
  const times: number[] = [];
  for (let at = 0; at < ms; at += step) {
    const before = upstream.count(list);
    await clock.advance(step);
    if (upstream.count(list) > before) times.push(at + step);
  }
  return times;
};

describe('the poller of a list', () => {
  it('makes the same calls for 1,000 subscribers with any filters as for one', async () => {
    const callsFor = async (subscribers: number) => {
      const { clock, upstream, watcher, partner, world } = createWatched();
      for (let n = 100; n < 150; n += 1) world.sent.set(`h-10000${n}`, handshake(`h-10000${n}`, 'OPEN'));
      const readers = Array.from({ length: subscribers }, (_, n) => {
        if (n % 3 === 1) return new Reader(watcher.watchHandshake(partner, `h-10000${100 + (n % 50)}`));
        const match = n % 3 === 2 ? ({ Id }: { Id?: string | undefined }) => Id === 'h-10000100' : undefined;
        return new Reader(watcher.watch(partner, 'organizationHandshakes', { match }));
      });
      await clock.advance(600);
      world.sent.set('h-10000100', handshake('h-10000100', 'ACCEPTED'));
      await clock.advance(30_000);
      for (const { events } of readers) expect(events.length).toBeGreaterThan(0);
      expect(watcher.activePollers).toBe(1);
      const calls = upstream.count(list);
      await Promise.all(readers.map((reader) => reader.stop()));
      expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
      return calls;
    };
    expect(await callsFor(1_000)).toBe(await callsFor(1));
  });

  it('stops with its last subscriber, even during a read', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(10);
    expect(upstream.inFlight).toBe(1);
    await reader.stop();
    expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
    const again = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect(again.types).toBe('BOOKMARK');
    await again.stop();
  });

  it('polls once when it is stopped and restarted in the same tick, and ignores the canceled read', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(10);
    const stopped = reader.stop();
    const again = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await stopped;
    await clock.advance(100);
    expect(again).toMatchObject({ types: 'BOOKMARK', ended: false, error: undefined });
    expect([watcher.activePollers, upstream.count(list)]).toEqual([1, 2]);
    await again.stop();
  });

  it('polls often while an object is pending, and backs off while none is', async () => {
    const watched = createWatched({ minIntervalMs: 2_000, maxIntervalMs: 30_000 });
    watched.upstream.latencyMs = 0;
    const { watcher, partner, world } = watched;
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    expect(await readTimes(watched, 100_000)).toEqual([100, 4_000, 12_000, 28_000, 58_000, 88_000]);
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    expect(await readTimes(watched, 30_000)).toEqual([18_000, 20_000, 22_000, 24_000, 26_000, 28_000, 30_000]);
    await reader.stop();
  });

  it('stays within its share of the operation’s rate limit, counting every page, empty ones too', async () => {
    const watched = createWatched({ minIntervalMs: 100, budgetShare: 0.2 });
    const { clock, upstream, watcher, partner, world } = watched;
    upstream.rate = 5;
    upstream.pageSize = 20;
    upstream.emptyPages = true;
    for (let n = 100; n < 140; n += 1) world.sent.set(`h-10000${n}`, handshake(`h-10000${n}`, 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(100_000);
    // Two pages and two empty ones, at one page a second.
    expect(upstream.count(list)).toBeLessThanOrEqual(104);
    expect(upstream.count(list)).toBeGreaterThanOrEqual(92);
    await reader.stop();
  });

  it('polls again after a hint that arrives during a read', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched({ minIntervalMs: 20_000 });
    const customer = principalOf('customer', '444444444444');
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(20_080);
    expect([upstream.count(list), upstream.inFlight]).toEqual([2, 1]);
    const Handshake = handshake('h-00000001', 'ACCEPTED');
    upstream.wrote(customer, 'AcceptHandshake', { Handshake }, { HandshakeId: 'h-00000001' });
    await clock.advance(50);
    expect(upstream.count(list)).toBe(3);
    await reader.stop();
  });

  it('polls when the next pending object expires', async () => {
    const watched = createWatched({ minIntervalMs: 20_000 });
    const { clock, watcher, partner, world } = watched;
    const ExpirationTimestamp = new Date(clock.wallMs() + 5_000);
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN', { ExpirationTimestamp }));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(5_000);
    world.sent.set('h-00000001', handshake('h-00000001', 'EXPIRED', { ExpirationTimestamp }));
    await clock.advance(500);
    expect(reader.events.at(-1)).toMatchObject({ type: 'CHANGED', object: { State: 'EXPIRED' } });
    await reader.stop();
  });

  it('backs off while reads fail, and hides transient failures from subscribers', async () => {
    const watched = createWatched({ minIntervalMs: 2_000, maxIntervalMs: 30_000 });
    watched.upstream.latencyMs = 0;
    const { clock, upstream, watcher, partner, world } = watched;
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(100);
    upstream.failing = (operation) => failure('TooManyRequestsException', operation, true);
    expect(await readTimes(watched, 65_000)).toEqual([1_900, 5_900, 13_900, 29_900, 59_900]);
    upstream.failing = () => undefined;
    world.sent.set('h-00000001', handshake('h-00000001', 'DECLINED'));
    await clock.advance(30_000);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK BOOKMARK CHANGED');
    await reader.stop();
  });

  it.each([
    ['ServiceException', true, 'UPSTREAM_FAILING'],
    ['AccessDeniedException', false, 'ACCESS_LOST'],
    ['UPSTREAM_CREDENTIALS', false, 'ACCESS_LOST'],
    ['AWSOrganizationsNotInUseException', false, 'NOT_IN_ORGANIZATION'],
  ])('ends subscriptions that AWS keeps refusing with %s, saying what to do', async (code, retryable, expected) => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    const single = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(1_000);
    upstream.failing = (operation) => failure(code, operation, retryable);
    await clock.advance(300_000);
    for (const { error, cursor } of [reader, single]) {
      expect(error).toMatchObject({ name: 'WatchError', code: expected, reason: code, retryable, cursor });
      expect(String(error)).toContain('Subscribe again with `after`');
    }
    expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    upstream.failing = () => undefined;
    world.sent.set('h-00000001', handshake('h-00000001', 'CANCELED'));
    const back = new Reader(watcher.watch(partner, 'organizationHandshakes', { after: reader.cursor }));
    await clock.advance(30_000);
    expect(back.types).toBe('CHANGED BOOKMARK');
    await back.stop();
  });
});
