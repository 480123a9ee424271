import { describe, expect, it } from 'vitest';
import { memoryJournals } from '../../src/watcher/event-log.ts';
import { createWatcher, type JournalStore } from '../../src/watcher/index.ts';
import { createWatched, failure, handshake, principalOf, Reader, transfer } from './support/index.ts';
import { positionOf } from './support/position-of.ts';

describe('a subscription to one handshake', () => {
  it('receives its state and changes, and completes with its final state', async () => {
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

  it('in its final state receives it and completes, without a poller', async () => {
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

  it('that does not exist rejects with AWS’s own exception', async () => {
    const { clock, watcher, partner } = createWatched();
    const reader = new Reader(watcher.watchHandshake(partner, 'h-00000009'));
    await clock.advance(1_000);
    expect(reader.error).toMatchObject({ name: 'UpstreamError', code: 'HandshakeNotFoundException' });
    expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
  });

  it('uses the poller of the list that holds it: the sender’s or the recipient’s', async () => {
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

  it('makes no describe call when a watched list holds it already', async () => {
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

  it('triggers a poll of its list when it is newer than the list’s last read', async () => {
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

  it('makes no describe call once a list that was read for another object shows it', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    // Like the rate budget: one describe a second.
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

  it('polls by id when no list shows it, once for all its subscribers', async () => {
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

  describe('that no list shows', () => {
    const id = 'h-00000001';
    const grantings = (settings = {}) => {
      const watched = createWatched({ minIntervalMs: 2_000, maxIntervalMs: 4_000, ...settings });
      const aws = { denied: true, gone: false };
      watched.upstream.failing = (operation) =>
        aws.denied && operation.startsWith('List') ? failure('AccessDeniedException', operation, false) : undefined;
      watched.world.sent.set(id, handshake(id, 'OPEN'));
      return { ...watched, aws };
    };
    const logOf = ({ cursor }: Reader<unknown>) => positionOf(cursor).log;

    it('moves to its list when that has a subscriber, and makes no describe calls any more', async () => {
      const { aws, clock, upstream, watcher, partner, world } = grantings();
      const readers = [1, 2, 3].map(() => new Reader(watcher.watchHandshake(partner, id)));
      await clock.advance(1_000);
      expect(readers.map(logOf)).toEqual(readers.map(() => `describe:${id}`));
      aws.denied = false;
      const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(1_000);
      expect(watcher.activePollers).toBe(1);
      const describes = upstream.count('DescribeHandshake');
      // It goes on when the list's subscriber leaves.
      await list.stop();
      await clock.advance(60_000);
      expect(upstream.count('DescribeHandshake')).toBe(describes);
      world.sent.set(id, handshake(id, 'ACCEPTED'));
      await clock.advance(5_000);
      for (const reader of readers) {
        const changes = reader.events.filter(({ type }) => type !== 'BOOKMARK');
        expect(changes).toMatchObject([{ type: 'SNAPSHOT' }, { type: 'CHANGED', previousState: 'OPEN' }]);
        expect(logOf(reader)).toBe('organizationHandshakes');
        expect(reader).toMatchObject({ ended: true, error: undefined });
      }
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    });

    it('shares the rate limit of its operation with all others that are polled by id', async () => {
      const { clock, upstream, watcher, partner, world } = grantings();
      upstream.rate = 1;
      const ids = Array.from({ length: 40 }, (_, n) => `h-10000${100 + n}`);
      for (const other of ids) world.sent.set(other, handshake(other, 'OPEN'));
      const readers = ids.map((other) => new Reader(watcher.watchHandshake(partner, other)));
      await clock.advance(1_000);
      // The first state takes no longer than the calls for it.
      for (const { types } of readers) expect(types).toBe('SNAPSHOT BOOKMARK');
      await clock.advance(400_000);
      const begun = upstream.count('DescribeHandshake');
      await clock.advance(1_000_000);
      const calls = upstream.count('DescribeHandshake') - begun;
      expect(calls).toBeLessThanOrEqual(0.2 * 1_000 + 4);
      expect(calls).toBeGreaterThan(0.2 * 1_000 - 4);
      // Each has its turn.
      for (const other of ids) world.sent.set(other, handshake(other, 'ACCEPTED'));
      await clock.advance(400_000);
      expect(readers.map(({ ended }) => ended)).toEqual(readers.map(() => true));
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    });

    it('keeps the journals of the last 500 objects for resuming subscribers', async () => {
      const { clock, upstream, config, partner, world } = grantings();
      const open = new Set<string>();
      const journals: JournalStore = {
        ...memoryJournals,
        open(principal, log, reader) {
          open.add(log);
          const journal = memoryJournals.open(principal, log, reader);
          return Object.assign(journal, { forget: () => open.delete(log) });
        },
      };
      const watcher = createWatcher(upstream, config, { clock, random: () => 0, journals });
      upstream.latencyMs = 0;
      const ids = Array.from({ length: 600 }, (_, n) => `h-1000${1000 + n}`);
      for (const other of ids) {
        world.sent.set(other, handshake(other, 'OPEN'));
        const reader = new Reader(watcher.watchHandshake(partner, other));
        await clock.advance(1);
        expect(reader.types).toBe('SNAPSHOT BOOKMARK');
        await reader.stop();
      }
      expect(open.size).toBe(500);
      expect(open.has(`describe:${ids[0]}`)).toBe(false);
      expect(open.has(`describe:${ids.at(-1)}`)).toBe(true);
    });

    it('scans its list again once AWS’s lists have settled, and then backs off', async () => {
      const { aws, clock, upstream, watcher, partner } = grantings();
      const reader = new Reader(watcher.watchHandshake(partner, id));
      await clock.advance(1_000);
      const looks: number[] = [];
      for (let second = 1; second <= 1_800; second += 1) {
        const before = upstream.count('ListHandshakesForOrganization');
        await clock.advance(1_000);
        if (upstream.count('ListHandshakesForOrganization') > before) looks.push(second);
      }
      expect(looks).toEqual([15, 45, 105, 225, 465, 945].map((at) => expect.closeTo(at, -1)));
      expect(looks.length).toBe(6);
      aws.denied = false;
      await clock.advance(900_000);
      expect(logOf(reader)).toBe('organizationHandshakes');
      expect(reader.events.filter(({ type }) => type !== 'BOOKMARK')).toHaveLength(1);
      await reader.stop();
      expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
    });

    it('receives a newer version from the list once, as a change', async () => {
      const { aws, clock, watcher, partner, world, upstream } = grantings({ minIntervalMs: 30_000 });
      upstream.latencyOf = (operation) => (operation === 'DescribeHandshake' ? 200 : 10);
      const reader = new Reader(watcher.watchHandshake(partner, id));
      await clock.advance(1_000);
      aws.denied = false;
      world.sent.set(id, handshake(id, 'ACCEPTED'));
      const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(100);
      expect(reader.events.slice(2)).toMatchObject([{ type: 'CHANGED', previousState: 'OPEN', reset: false }]);
      expect(reader).toMatchObject({ ended: true, error: undefined });
      await list.stop();
    });

    it('does not move to a list that shows an older version', async () => {
      const { aws, clock, upstream, watcher, partner, world } = grantings();
      const rt = (Name: string) => transfer('rt-00000001', 'ACCEPTED', { Name });
      world.inbound.set('rt-00000001', rt('old'));
      const reader = new Reader(watcher.watchResponsibilityTransfer(partner, 'rt-00000001'));
      await clock.advance(1_000);
      world.inbound.set('rt-00000001', rt('new'));
      await clock.advance(5_000);
      expect(reader.types).toBe('SNAPSHOT BOOKMARK CHANGED');
      aws.denied = false;
      const show = (name: string) => {
        upstream.answering = (operation) => {
          world.inbound.set('rt-00000001', rt(operation.startsWith('List') ? name : 'new'));
        };
      };
      show('old');
      const list = new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers'));
      await clock.advance(5_000);
      expect(list.events[0]?.object?.Name).toBe('old');
      expect(logOf(reader)).toBe('describe:rt-00000001');
      show('new');
      await clock.advance(5_000);
      expect(logOf(reader)).toBe('inboundResponsibilityTransfers');
      expect(reader.types).toBe('SNAPSHOT BOOKMARK CHANGED BOOKMARK');
      await Promise.all([reader.stop(), list.stop()]);
    });

    it('resumes from a cursor from before and after its move', async () => {
      const { aws, clock, watcher, partner, world } = grantings();
      const readers = [1, 2].map(() => new Reader(watcher.watchHandshake(partner, id)));
      await clock.advance(1_000);
      const before = readers[0]?.cursor;
      aws.denied = false;
      const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(1_000);
      const after = readers[0]?.cursor;
      await Promise.all(readers.map((reader) => reader.stop()));
      world.sent.set(id, handshake(id, 'ACCEPTED'));
      await clock.advance(5_000);
      for (const cursor of [before, after]) {
        const back = new Reader(watcher.watchHandshake(partner, id, { after: cursor }));
        await clock.advance(1_000);
        expect(back.events).toMatchObject([
          { type: 'CHANGED', reset: false, previousState: 'OPEN', object: { State: 'ACCEPTED' } },
          { type: 'BOOKMARK', reset: false },
        ]);
        expect(back.ended).toBe(true);
      }
      await list.stop();
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    });
  });

  describe('whose list AWS begins to refuse', () => {
    const id = 'h-00000001';
    const refused = async () => {
      const watched = createWatched({ minIntervalMs: 2_000, maxIntervalMs: 4_000 });
      const refuses = { lists: false, describes: false };
      watched.upstream.failing = (operation) =>
        refuses[operation.startsWith('List') ? 'lists' : 'describes']
          ? failure('AccessDeniedException', operation, false)
          : undefined;
      watched.world.sent.set(id, handshake(id, 'OPEN'));
      const list = new Reader(watched.watcher.watch(watched.partner, 'organizationHandshakes'));
      const reader = new Reader(watched.watcher.watchHandshake(watched.partner, id));
      await watched.clock.advance(1_000);
      return { ...watched, refuses, list, reader };
    };

    it('is polled by its id, and by the list again when AWS grants it', async () => {
      const { clock, watcher, partner, world, refuses, list, reader } = await refused();
      refuses.lists = true;
      await clock.advance(10_000);
      expect(list.error).toMatchObject({ code: 'ACCESS_LOST' });
      expect(reader).toMatchObject({ ended: false });
      expect(positionOf(reader.cursor).log).toBe(`describe:${id}`);
      refuses.lists = false;
      const again = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(5_000);
      expect(positionOf(reader.cursor).log).toBe('organizationHandshakes');
      world.sent.set(id, handshake(id, 'DECLINED'));
      await clock.advance(5_000);
      expect(reader.events.filter(({ type }) => type !== 'BOOKMARK')).toMatchObject([
        { type: 'SNAPSHOT' },
        { type: 'CHANGED', previousState: 'OPEN', object: { State: 'DECLINED' } },
      ]);
      expect(reader).toMatchObject({ ended: true, error: undefined });
      await again.stop();
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    });

    it('receives what changed meanwhile once', async () => {
      const { clock, world, refuses, reader } = await refused();
      refuses.lists = true;
      world.sent.set(id, handshake(id, 'ACCEPTED'));
      await clock.advance(10_000);
      expect(reader.events.slice(2)).toMatchObject([{ type: 'CHANGED', previousState: 'OPEN' }]);
      expect(reader).toMatchObject({ ended: true, error: undefined });
      expect(clock.pending).toBe(0);
    });

    it('ends with the list’s error and a cursor to resume from when AWS refuses the describe too', async () => {
      const { clock, watcher, partner, world, refuses, reader } = await refused();
      Object.assign(refuses, { lists: true, describes: true });
      await clock.advance(10_000);
      expect(reader.error).toMatchObject({ code: 'ACCESS_LOST', extensions: { retryable: false } });
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
      Object.assign(refuses, { lists: false, describes: false });
      world.sent.set(id, handshake(id, 'ACCEPTED'));
      const { cursor } = reader.error as { cursor?: string };
      const back = new Reader(watcher.watchHandshake(partner, id, { after: cursor }));
      await clock.advance(1_000);
      expect(back.types).toBe('CHANGED BOOKMARK');
    });
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

  describe('that its list no longer shows', () => {
    const id = 'h-00000001';
    /**
     * Reads of lists lack the handshake while `isListed` is false; DescribeHandshake shows it while `isThere` is true.
     */
    const lagging = async () => {
      const watched = createWatched();
      const { upstream, world, watcher, partner, clock } = watched;
      const aws = { object: handshake(id, 'OPEN'), isListed: true, isThere: true, failure: '' };
      upstream.answering = (operation) => {
        const shows = operation.startsWith('List') ? aws.isListed : aws.isThere;
        if (shows) world.sent.set(id, aws.object);
        else world.sent.delete(id);
      };
      upstream.failing = (operation) =>
        operation === 'DescribeHandshake' && aws.failure !== ''
          ? failure(aws.failure, operation, aws.failure === 'TooManyRequestsException')
          : undefined;
      const readers = [1, 2, 3].map(() => new Reader(watcher.watchHandshake(partner, id)));
      await clock.advance(1_000);
      upstream.calls.clear();
      const changes = () => readers.map(({ events }) => events.filter(({ type }) => type !== 'BOOKMARK'));
      return { ...watched, aws, readers, changes };
    };

    it('is not removed while AWS shows it by its id, and its changes are published', async () => {
      const { aws, clock, readers, changes, upstream, watcher } = await lagging();
      aws.isListed = false;
      await clock.advance(30_000);
      expect(upstream.count('DescribeHandshake')).toBeGreaterThan(0);
      for (const events of changes()) expect(events).toMatchObject([{ type: 'SNAPSHOT' }]);
      for (const { ended } of readers) expect(ended).toBe(false);
      aws.object = handshake(id, 'ACCEPTED');
      await clock.advance(30_000);
      for (const events of changes()) {
        expect(events.slice(1)).toMatchObject([
          { type: 'CHANGED', previousState: 'OPEN', object: { State: 'ACCEPTED' } },
        ]);
      }
      for (const reader of readers) expect(reader).toMatchObject({ ended: true, error: undefined });
      expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
    });

    it('moves back to its list when that shows it again, without an event', async () => {
      const { aws, clock, readers, changes, upstream } = await lagging();
      aws.isListed = false;
      await clock.advance(10_000);
      expect(readers.map(({ cursor }) => positionOf(cursor).log)).toEqual(readers.map(() => `describe:${id}`));
      aws.isListed = true;
      await clock.advance(60_000);
      expect(readers.map(({ cursor }) => positionOf(cursor).log)).toEqual(readers.map(() => 'organizationHandshakes'));
      for (const events of changes()) expect(events).toMatchObject([{ type: 'SNAPSHOT' }]);
      upstream.calls.clear();
      await clock.advance(60_000);
      expect(upstream.count('DescribeHandshake')).toBe(0);
      await Promise.all(readers.map((reader) => reader.stop()));
      expect([clock.pending, upstream.inFlight]).toEqual([0, 0]);
    });

    it('is removed when AWS does not show it by its id either, after one describe for all its subscribers', async () => {
      const { aws, clock, readers, upstream } = await lagging();
      Object.assign(aws, { isListed: false, isThere: false });
      await clock.advance(10_000);
      for (const reader of readers) {
        expect(reader).toMatchObject({ ended: true, error: undefined, types: 'SNAPSHOT BOOKMARK REMOVED' });
        expect(reader.events.at(-1)).toMatchObject({ previousState: 'OPEN', object: { Id: id } });
      }
      expect(upstream.count('DescribeHandshake')).toBe(1);
      expect([clock.pending, upstream.inFlight]).toEqual([0, 0]);
    });

    it('is removed where the principal may not describe it', async () => {
      const { aws, clock, readers } = await lagging();
      Object.assign(aws, { isListed: false, failure: 'AccessDeniedException' });
      await clock.advance(10_000);
      for (const reader of readers) expect(reader).toMatchObject({ ended: true, types: 'SNAPSHOT BOOKMARK REMOVED' });
    });

    it('is not removed when the describe fails, and the subscription resumes from its cursor', async () => {
      const { aws, clock, readers, watcher, partner } = await lagging();
      Object.assign(aws, { isListed: false, failure: 'TooManyRequestsException' });
      await clock.advance(10_000);
      for (const reader of readers) {
        expect(reader).toMatchObject({ ended: true, types: 'SNAPSHOT BOOKMARK' });
        expect(reader.error).toMatchObject({ code: 'UPSTREAM_FAILING', retryable: true, cursor: reader.cursor });
      }
      aws.failure = '';
      const there = new Reader(watcher.watchHandshake(partner, id, { after: readers[0]?.cursor }));
      await clock.advance(1_000);
      expect(there.types).toBe('SNAPSHOT BOOKMARK');
      await there.stop();
      aws.isThere = false;
      const gone = new Reader(watcher.watchHandshake(partner, id, { after: readers[0]?.cursor }));
      await clock.advance(10_000);
      expect(gone).toMatchObject({ ended: true, error: undefined, types: 'REMOVED BOOKMARK' });
    });

    it('resumes without a removal when the list temporarily did not show it', async () => {
      const { aws, clock, readers, watcher, partner } = await lagging();
      const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(1_000);
      const after = readers[0]?.cursor;
      await Promise.all(readers.map((reader) => reader.stop()));
      aws.isListed = false;
      await clock.advance(10_000);
      Object.assign(aws, { isListed: true, object: handshake(id, 'ACCEPTED') });
      await clock.advance(30_000);
      expect(list.types).toContain('REMOVED ADDED');
      const back = new Reader(watcher.watchHandshake(partner, id, { after }));
      await clock.advance(1_000);
      expect(back.events).toMatchObject([
        { type: 'CHANGED', previousState: 'OPEN', object: { State: 'ACCEPTED' } },
        { type: 'BOOKMARK', reset: false },
      ]);
      await Promise.all([list.stop(), back.stop()]);
    });
  });

  describe('that the gateway itself has just written', () => {
    const id = 'h-00000001';
    const Target = { Type: 'EMAIL', Id: 'a@example.com' } as const;
    const invite = (upstream: ReturnType<typeof createWatched>['upstream'], partner: ReturnType<typeof principalOf>) =>
      upstream.wrote(partner, 'InviteAccountToOrganization', { Handshake: handshake(id, 'OPEN') }, { Target });

    it.each([
      ['reads the list', false],
      ['may not read the list', true],
    ])('begins with the answer to the write while AWS shows it nowhere, for a principal that %s', async (_, denied) => {
      const { clock, upstream, watcher, partner, world } = createWatched();
      upstream.failing = (operation) =>
        denied && operation.startsWith('List') ? failure('AccessDeniedException', operation, false) : undefined;
      invite(upstream, partner);
      await clock.advance(2_000);
      const reader = new Reader(watcher.watchHandshake(partner, id));
      await clock.advance(1_000);
      expect(reader).toMatchObject({ error: undefined, types: 'SNAPSHOT BOOKMARK' });
      expect(reader.events[0]).toMatchObject({ object: { Id: id, State: 'OPEN' } });
      await clock.advance(8_000);
      world.sent.set(id, handshake(id, 'ACCEPTED'));
      await clock.advance(30_000);
      expect(reader.events.filter(({ type }) => type !== 'BOOKMARK').slice(1)).toMatchObject([
        { type: 'CHANGED', previousState: 'OPEN', object: { State: 'ACCEPTED' } },
      ]);
      expect(reader).toMatchObject({ ended: true, error: undefined });
    });

    it('begins with AWS’s version when that is newer', async () => {
      const { clock, upstream, watcher, partner, world } = createWatched();
      invite(upstream, partner);
      world.sent.set(id, handshake(id, 'DECLINED'));
      const reader = new Reader(watcher.watchHandshake(partner, id));
      await clock.advance(1_000);
      expect(reader).toMatchObject({ ended: true, types: 'SNAPSHOT BOOKMARK' });
      expect(reader.events[0]).toMatchObject({ object: { State: 'DECLINED' } });
    });

    it('is removed when AWS still does not show it after its lists have settled', async () => {
      const { clock, upstream, watcher, partner } = createWatched();
      invite(upstream, partner);
      const reader = new Reader(watcher.watchHandshake(partner, id));
      await clock.advance(14_000);
      expect(reader.types).toBe('SNAPSHOT BOOKMARK');
      await clock.advance(60_000);
      expect(reader.types.replaceAll(' BOOKMARK', '')).toBe('SNAPSHOT REMOVED');
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    });

    it('is in the first snapshot of its list, too', async () => {
      const { clock, upstream, watcher, partner, world } = createWatched();
      invite(upstream, partner);
      const list = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(5_000);
      expect(list.types).toBe('SNAPSHOT BOOKMARK');
      world.sent.set(id, handshake(id, 'OPEN'));
      await clock.advance(30_000);
      expect(list.types.replaceAll(' BOOKMARK', '')).toBe('SNAPSHOT');
      await list.stop();
    });

    it('is not visible to other principals', async () => {
      const { clock, upstream, watcher, partner } = createWatched();
      invite(upstream, partner);
      const other = new Reader(watcher.watchHandshake(principalOf('customer', '444444444444'), id));
      await clock.advance(1_000);
      expect(other.error).toMatchObject({ code: 'HandshakeNotFoundException' });
    });

    it('is searched again while AWS lags if the write’s reply has only its id', async () => {
      const { clock, upstream, watcher, partner, world } = createWatched();
      const Resources = [{ Type: 'RESPONSIBILITY_TRANSFER' as const, Value: 'rt-00000001' }];
      const Handshake = handshake(id, 'REQUESTED', { Action: 'TRANSFER_RESPONSIBILITY', Resources });
      upstream.wrote(
        partner,
        'InviteOrganizationToTransferResponsibility',
        { Handshake },
        { Type: 'BILLING', Target, StartTimestamp: new Date(0), SourceName: 'x' },
      );
      const readers = ['rt-00000001', 'rt-00000002'].map(
        (transferId) => new Reader(watcher.watchResponsibilityTransfer(partner, transferId)),
      );
      await clock.advance(10_000);
      expect(readers[0]).toMatchObject({ ended: false, types: '' });
      expect(readers[1]?.error).toMatchObject({ code: 'ResponsibilityTransferNotFoundException' });
      world.inbound.set('rt-00000001', transfer('rt-00000001', 'REQUESTED'));
      await clock.advance(2_000);
      expect(readers[0]?.types).toBe('SNAPSHOT BOOKMARK');
      await readers[0]?.stop();
      const late = new Reader(watcher.watchResponsibilityTransfer(partner, 'rt-00000003'));
      await clock.advance(20_000);
      expect(late.error).toMatchObject({ code: 'ResponsibilityTransferNotFoundException' });
      expect([watcher.activePollers, clock.pending]).toEqual([0, 0]);
    });

    it('leaves nothing behind when its subscriber leaves while AWS lags', async () => {
      const { clock, upstream, watcher, partner } = createWatched();
      const Resources = [{ Type: 'RESPONSIBILITY_TRANSFER' as const, Value: 'rt-00000001' }];
      const Handshake = handshake(id, 'REQUESTED', { Action: 'TRANSFER_RESPONSIBILITY', Resources });
      upstream.wrote(partner, 'CancelHandshake', { Handshake }, { HandshakeId: id });
      for (const wait of [0, 60, 500]) {
        const reader = new Reader(watcher.watchResponsibilityTransfer(partner, 'rt-00000001'));
        await clock.advance(wait);
        await reader.stop();
        expect([watcher.activePollers, clock.pending, upstream.inFlight]).toEqual([0, 0, 0]);
      }
    });
  });

  it('leaves nothing behind when its subscriber leaves during the search', async () => {
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
  it('continues after its acceptance, and completes when it is withdrawn', async () => {
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
