import { describe, expect, it } from 'vitest';
import { createWatched, failure, handshake, principalOf, Reader, transfer } from './support/index.ts';

describe('a subscription to one handshake', () => {
  it('tells its state, its changes, and completes with its final state', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'REQUESTED', { Action: 'ENABLE_ALL_FEATURES' }));
    world.sent.set('h-00000002', handshake('h-00000002', 'OPEN'));
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(1_000);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK');
    for (const state of ['OPEN', 'ACCEPTED'] as const) {
      world.sent.set('h-00000001', handshake('h-00000001', state, { Action: 'ENABLE_ALL_FEATURES' }));
      world.sent.set('h-00000002', handshake('h-00000002', 'CANCELED'));
      await clock.advance(5_000);
    }
    expect(reader.events.slice(2)).toMatchObject([
      { type: 'CHANGED', previousState: 'REQUESTED', object: { Id: 'h-00000001', State: 'OPEN' } },
      { type: 'CHANGED', previousState: 'OPEN', object: { Id: 'h-00000001', State: 'ACCEPTED' } },
    ]);
    expect(reader).toMatchObject({ ended: true, error: undefined });
    expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
  });

  it('that is in its final state tells it and completes, without a poller', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'DECLINED'));
    const readers = Array.from({ length: 100 }, () => new Reader(watcher.watchHandshake(partner, 'h-00000001')));
    await clock.advance(1_000);
    for (const reader of readers) {
      expect(reader.types).toBe('SNAPSHOT BOOKMARK');
      expect(reader).toMatchObject({ ended: true, error: undefined });
    }
    expect([...upstream.calls]).toEqual([['DescribeHandshake', 1]]);
    expect(clock.pending).toBe(0);
  });

  it('that nobody knows rejects with AWS’s own exception', async () => {
    const { clock, watcher, partner } = createWatched();
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000009'));
    await clock.advance(1_000);
    expect(reader.error).toMatchObject({ name: 'UpstreamError', code: 'HandshakeNotFoundException' });
    expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
  });

  it('rides on the list that holds it: the sender’s or the recipient’s', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    const standalone = principalOf('standalone', '222222222222');
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    upstream.world(standalone).received.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const sender = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(1_000);
    expect([...upstream.calls.keys()]).toEqual(['DescribeHandshake', 'ListHandshakesForOrganization']);
    await sender.stop();
    upstream.calls.clear();
    const recipient = new Reader(watcher.watchHandshake(standalone, 'h-00000001'));
    await clock.advance(1_000);
    expect([...upstream.calls.keys()]).toEqual(['DescribeHandshake', 'ListHandshakesForAccount']);
    await recipient.stop();
  });

  it('costs no describe when a watched list holds it already', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(1);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK');
    expect(upstream.count('DescribeHandshake')).toBe(0);
    await Promise.all([list.stop(), reader.stop()]);
  });

  it('that is newer than the last read of its list waits for the next read, which comes at once', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched({ minIntervalMs: 20_000 });
    const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(200);
    expect([list.types, reader.types]).toEqual(['BOOKMARK ADDED', 'SNAPSHOT BOOKMARK']);
    expect(Object.fromEntries(upstream.calls)).toEqual({ DescribeHandshake: 1, ListHandshakesForOrganization: 2 });
    expect(watcher.activePollers).toBe(1);
    await Promise.all([list.stop(), reader.stop()]);
  });

  it('needs no describe of its own once a list shows it that was read for another', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    // As the rate budget does: one describe a second.
    let describes = 0;
    upstream.latencyOf = (operation) => {
      if (!operation.startsWith('Describe')) return 50;
      describes += 1;
      return describes * 1_000;
    };
    const ids = Array.from({ length: 50 }, (_, n) => `h-10000${100 + n}`);
    for (const id of ids) world.sent.set(id, handshake(id, 'OPEN'));
    const readers = ids.map((id) => new Reader(watcher.watchHandshake(partner, id)));
    await clock.advance(1_200);
    for (const { types } of readers) expect(types).toBe('SNAPSHOT BOOKMARK');
    expect([watcher.activePollers, upstream.inFlight]).toEqual([1, 0]);
    await Promise.all(readers.map((reader) => reader.stop()));
    expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
  });

  it('that no list shows is polled by its id, once for all its subscribers', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    upstream.failing = (operation) =>
      operation.startsWith('List') ? failure('AccessDeniedException', operation, false) : undefined;
    const readers = Array.from({ length: 20 }, () => new Reader(watcher.watchHandshake(partner, 'h-00000001')));
    await clock.advance(1_000);
    expect(upstream.count('DescribeHandshake')).toBe(2);
    expect(watcher.activePollers).toBe(1);
    world.sent.set('h-00000001', handshake('h-00000001', 'ACCEPTED'));
    await clock.advance(3_000);
    for (const reader of readers) {
      expect(reader.types).toBe('SNAPSHOT BOOKMARK CHANGED');
      expect(reader.ended).toBe(true);
    }
    expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
  });

  it('resumes from its cursor, also at its end', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(1_000);
    await reader.stop();
    world.sent.set('h-00000001', handshake('h-00000001', 'ACCEPTED'));
    const back = new Reader(watcher.watchHandshake(partner, 'h-00000001', { after: reader.cursor }));
    await clock.advance(1_000);
    expect(back.events).toMatchObject([
      { type: 'CHANGED', previousState: 'OPEN', object: { State: 'ACCEPTED' } },
      { type: 'BOOKMARK' },
    ]);
    expect(back.ended).toBe(true);
    const after = new Reader(watcher.watchHandshake(partner, 'h-00000001', { after: back.cursor }));
    await clock.advance(1_000);
    expect(after).toMatchObject({ ended: true, types: 'BOOKMARK' });
    expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
  });

  it('completes when the object is removed', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000001'));
    await clock.advance(1_000);
    world.sent.clear();
    await clock.advance(10_000);
    expect(reader).toMatchObject({ ended: true, error: undefined, types: 'SNAPSHOT BOOKMARK REMOVED' });
  });

  it('that is given up while it is sought leaves nothing behind', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    for (const wait of [0, 10, 60, 110]) {
      const readers = [1, 2].map(() => new Reader(watcher.watchHandshake(partner, 'h-00000001')));
      await clock.advance(wait);
      await Promise.all(readers.map((reader) => reader.stop()));
      expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
    }
  });
});

describe('a subscription to one transfer', () => {
  it('goes on after its acceptance, and completes when it is withdrawn', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'REQUESTED'));
    const reader = new Reader(watcher.watchResponsibilityTransfer(partner, 'rt-00000001'));
    await clock.advance(1_000);
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED'));
    await clock.advance(5_000);
    expect(reader).toMatchObject({ ended: false, types: 'SNAPSHOT BOOKMARK CHANGED' });
    const ResponsibilityTransfer = transfer('rt-00000001', 'WITHDRAWN');
    upstream.wrote(partner, 'TerminateResponsibilityTransfer', { ResponsibilityTransfer }, { Id: 'rt-00000001' });
    await clock.advance(0);
    expect(reader.events.at(-1)).toMatchObject({
      type: 'CHANGED',
      previousState: 'ACCEPTED',
      object: { Status: 'WITHDRAWN' },
    });
    expect(reader).toMatchObject({ ended: true, error: undefined });
    expect(clock.pending).toBe(0);
  });
});
