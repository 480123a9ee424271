import { describe, expect, it } from 'vitest';
import { WatchError } from '../../src/watcher/index.ts';
import { createWatched, failure, handshake, principalOf, Reader, transfer } from './support/index.ts';

describe('a subscription to a list', () => {
  it('receives a snapshot, then a bookmark, then each change once', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    world.sent.set('h-00000002', handshake('h-00000002', 'ACCEPTED'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect(reader.take()).toMatchObject([
      { type: 'SNAPSHOT', previousState: null, object: { Id: 'h-00000001' } },
      { type: 'SNAPSHOT', previousState: null, object: { Id: 'h-00000002' } },
      { type: 'BOOKMARK', previousState: null, object: null },
    ]);
    world.sent.set('h-00000001', handshake('h-00000001', 'DECLINED'));
    world.sent.set('h-00000003', handshake('h-00000003', 'OPEN'));
    await clock.advance(10_000);
    expect(reader.take()).toMatchObject([
      { type: 'CHANGED', previousState: 'OPEN', object: { Id: 'h-00000001', State: 'DECLINED' } },
      { type: 'ADDED', previousState: null, object: { Id: 'h-00000003', State: 'OPEN' } },
    ]);
    await reader.stop();
  });

  it('receives the removal of a pending object, with its last version, after two complete reads without it', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    reader.take();
    world.sent.clear();
    await clock.advance(2_000);
    expect(reader.take()).toEqual([]);
    await clock.advance(3_000);
    expect(reader.take()).toMatchObject([{ type: 'REMOVED', previousState: 'OPEN', object: { Id: 'h-00000001' } }]);
    await reader.stop();
  });

  it('receives the removal of an object when AWS’s list drops it after its final state', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'ACCEPTED'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    reader.take();
    world.sent.clear();
    await clock.advance(200_000);
    expect(reader.take().filter(({ type }) => type !== 'BOOKMARK')).toMatchObject([
      { type: 'REMOVED', previousState: 'ACCEPTED', object: { Id: 'h-00000001' } },
    ]);
    const later = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1);
    expect(later.types).toBe('BOOKMARK');
    await Promise.all([reader.stop(), later.stop()]);
  });

  it('receives nothing when AWS lists objects in another order', async () => {
    const { clock, watcher, partner, world } = createWatched();
    const owner = {
      Type: 'RESPONSIBILITY_TRANSFER' as const,
      Value: 'rt-00000001',
      Resources: [
        { Type: 'MANAGEMENT_ACCOUNT' as const, Value: '111111111111' },
        { Type: 'TRANSFER_TYPE' as const, Value: 'BILLING' },
      ],
    };
    const { Parties = [], Resources = [] } = handshake('h-00000001', 'OPEN');
    const listed = { Parties, Resources: [...Resources, owner] };
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN', listed));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    reader.take();
    const reordered = { ...owner, Resources: owner.Resources.toReversed() };
    world.sent.set(
      'h-00000001',
      handshake('h-00000001', 'OPEN', { Parties: Parties.toReversed(), Resources: [reordered, ...Resources] }),
    );
    await clock.advance(60_000);
    expect(reader.take().filter(({ type }) => type !== 'BOOKMARK')).toEqual([]);
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN', { Parties, Resources: [owner] }));
    await clock.advance(60_000);
    expect(reader.take().filter(({ type }) => type !== 'BOOKMARK')).toMatchObject([{ type: 'CHANGED' }]);
    await reader.stop();
  });

  it('receives an object once that AWS’s pages show twice', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    upstream.pageSize = 1;
    for (const key of ['a', 'b']) world.sent.set(key, handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK');
    await reader.stop();
  });

  it('ignores empty pages, and reads with a failed page', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    upstream.pageSize = 2;
    upstream.emptyPages = true;
    for (const digit of [1, 2, 3, 4, 5]) world.sent.set(`h-0000000${digit}`, handshake(`h-0000000${digit}`, 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect(reader.take().map(({ type }) => type)).toEqual([...Array(5).fill('SNAPSHOT'), 'BOOKMARK']);
    let calls = 0;
    upstream.failing = (operation) => {
      calls += 1;
      return calls % 3 === 0 ? failure('TooManyRequestsException', operation, true) : undefined;
    };
    await clock.advance(100_000);
    expect(reader.events.filter(({ type }) => type !== 'BOOKMARK')).toEqual([]);
    expect(reader.ended).toBe(false);
    await reader.stop();
  });

  it('ignores a read that shows an earlier state', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    world.sent.set('h-00000001', handshake('h-00000001', 'ACCEPTED'));
    await clock.advance(5_000);
    reader.take();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    await clock.advance(50_000);
    expect(reader.take()).toEqual([]);
    await reader.stop();
  });

  it('receives a change that leaves the state as it is', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED'));
    const reader = new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers'));
    await clock.advance(1_000);
    reader.take();
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED', { Name: 'renamed' }));
    await clock.advance(30_000);
    expect(reader.take()).toMatchObject([
      { type: 'CHANGED', previousState: 'ACCEPTED', object: { Status: 'ACCEPTED', Name: 'renamed' } },
    ]);
    await reader.stop();
  });

  it('receives only objects that match its filter', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    world.sent.set('h-00000002', handshake('h-00000002', 'REQUESTED', { Action: 'TRANSFER_RESPONSIBILITY' }));
    const match = ({ Action }: { Action?: string | undefined }) => Action === 'INVITE';
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes', { match }));
    await clock.advance(1_000);
    for (const [id, { Action }] of world.sent) world.sent.set(id, handshake(id, 'CANCELED', { Action }));
    await clock.advance(10_000);
    expect(reader.events).toMatchObject([
      { type: 'SNAPSHOT', object: { Id: 'h-00000001' } },
      { type: 'BOOKMARK' },
      { type: 'CHANGED', object: { Id: 'h-00000001' } },
    ]);
    await reader.stop();
  });

  it('rejects with AWS’s error when the first read fails, and leaves no poller', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    upstream.failing = (operation) => failure('AccessDeniedException', operation, false);
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect(reader.error).toMatchObject({ name: 'UpstreamError', code: 'AccessDeniedException' });
    expect(watcher.activePollers).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('receives periodic bookmarks while nothing changes', async () => {
    const { clock, watcher, partner } = createWatched({ bookmarkMs: 60_000 });
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect(reader.types).toBe('BOOKMARK');
    await clock.advance(180_000);
    expect(reader.types).toBe('BOOKMARK BOOKMARK BOOKMARK BOOKMARK');
    await reader.stop();
  });

  it('ends by its abort signal, by return, and with a cursor to resume from when the watcher closes', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    const abort = new AbortController();
    const aborted = new Reader(watcher.watch(partner, 'organizationHandshakes', { signal: abort.signal }));
    const returned = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    const closed = new Reader(watcher.watch(partner, 'accountHandshakes'));
    await clock.advance(1_000);
    abort.abort();
    await clock.advance(0);
    expect(aborted).toMatchObject({ ended: true, error: undefined });
    expect(watcher.activePollers).toBe(2);
    await returned.stop();
    expect(returned).toMatchObject({ ended: true, error: undefined });
    expect(watcher.activePollers).toBe(1);
    await watcher.close();
    await clock.advance(0);
    expect(closed.error).toBeInstanceOf(WatchError);
    expect(closed.error).toMatchObject({ code: 'GOING_AWAY', extensions: { cursor: closed.cursor, retryable: true } });
    expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
    const late = new Reader(watcher.watch(partner, 'accountHandshakes'));
    await clock.advance(0);
    expect(late.error).toMatchObject({ code: 'GOING_AWAY' });
  });

  it('makes no call to AWS when its signal has fired before the first read', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes', { signal: AbortSignal.abort() }));
    await clock.advance(1_000);
    expect(reader).toMatchObject({ ended: true, error: undefined, types: '' });
    expect([...upstream.calls]).toEqual([]);
  });

  it('is not shared between principals', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    const customer = principalOf('customer', '444444444444');
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const one = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    const other = new Reader(watcher.watch(customer, 'organizationHandshakes'));
    await clock.advance(1_000);
    expect([one.types, other.types]).toEqual(['SNAPSHOT BOOKMARK', 'BOOKMARK']);
    expect(upstream.count('ListHandshakesForOrganization')).toBe(2);
    await Promise.all([one.stop(), other.stop()]);
  });
});
