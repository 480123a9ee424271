import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { createWatched, handshake, principalOf, Reader } from './support/index.ts';

const resumable = async (settings = {}) => {
  const watched = createWatched(settings);
  const { world, watcher, partner, clock } = watched;
  world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
  const first = new Reader(watcher.watch(partner, 'organizationHandshakes'));
  await clock.advance(1_000);
  const resume = (after: string | undefined) => new Reader(watcher.watch(partner, 'organizationHandshakes', { after }));
  return { ...watched, first, resume };
};

describe('a subscriber that resumes with a cursor', () => {
  it('receives missed events, then a bookmark, then new events', async () => {
    const { clock, world, first, resume } = await resumable();
    const { cursor } = first;
    const other = resume(undefined);
    await first.stop();
    for (const state of ['ACCEPTED', 'DECLINED'] as const) {
      world.sent.set(`h-${state.toLowerCase()}`, handshake(`h-${state.toLowerCase()}`, state));
      await clock.advance(5_000);
    }
    const back = resume(cursor);
    await clock.advance(1);
    expect(back.take()).toMatchObject([
      { type: 'ADDED', object: { Id: 'h-accepted' } },
      { type: 'ADDED', object: { Id: 'h-declined' } },
      { type: 'BOOKMARK' },
    ]);
    world.sent.set('h-00000001', handshake('h-00000001', 'CANCELED'));
    await clock.advance(5_000);
    expect(back.take()).toMatchObject([{ type: 'CHANGED', previousState: 'OPEN', object: { State: 'CANCELED' } }]);
    await Promise.all([back.stop(), other.stop()]);
  });

  it('receives changes from a time without subscribers after the next complete read', async () => {
    const { clock, world, first, resume, watcher } = await resumable();
    await first.stop();
    expect(watcher.activePollers).toBe(0);
    world.sent.set('h-00000001', handshake('h-00000001', 'DECLINED'));
    await clock.advance(600_000);
    const back = resume(first.cursor);
    await clock.advance(1_000);
    expect(back.events).toMatchObject([
      { type: 'CHANGED', previousState: 'OPEN', object: { State: 'DECLINED' } },
      { type: 'BOOKMARK' },
    ]);
    await back.stop();
  });

  it('receives only a bookmark when it missed nothing', async () => {
    const { clock, first, resume } = await resumable();
    const back = resume(first.cursor);
    await clock.advance(1);
    expect(back.events).toMatchObject([{ type: 'BOOKMARK', reset: false }]);
    await Promise.all([first.stop(), back.stop()]);
  });

  it('receives reset: true when the missed events are no longer stored, even if the list is empty', async () => {
    const { clock, world, first, resume } = await resumable({ keepEvents: 1 });
    const { cursor } = first;
    expect(first.take()).toMatchObject([
      { type: 'SNAPSHOT', reset: true },
      { type: 'BOOKMARK', reset: true },
    ]);
    for (const state of ['ACCEPTED', 'DECLINED'] as const) {
      world.sent.set('h-00000002', handshake('h-00000002', 'OPEN'));
      world.sent.set('h-00000001', handshake('h-00000001', state));
      await clock.advance(5_000);
    }
    world.sent.clear();
    await clock.advance(60_000);
    expect(first.take().every(({ reset }) => !reset)).toBe(true);
    const back = resume(cursor);
    await clock.advance(1);
    expect(back.events).toMatchObject([{ type: 'BOOKMARK', reset: true, object: null }]);
    await Promise.all([first.stop(), back.stop()]);
  });

  it('receives a new snapshot when it disconnected during one', async () => {
    const { clock, first, resume } = await resumable();
    const back = resume(first.events[0]?.cursor);
    await clock.advance(1);
    expect(back.types).toBe('SNAPSHOT BOOKMARK');
    await Promise.all([first.stop(), back.stop()]);
  });

  it('receives a new snapshot when it missed more events than are stored', async () => {
    const { clock, world, first, resume } = await resumable({ keepEvents: 3 });
    const { cursor } = first;
    for (let n = 0; n < 10; n += 1) world.sent.set(`h-1000000${n}`, handshake(`h-1000000${n}`, 'CANCELED'));
    await clock.advance(5_000);
    const back = resume(cursor);
    const near = resume(first.events.at(-3)?.cursor);
    await clock.advance(1);
    expect(back.types.split(' ')).toEqual([...Array(11).fill('SNAPSHOT'), 'BOOKMARK']);
    expect(near.types).toBe('ADDED ADDED BOOKMARK');
    await Promise.all([first.stop(), back.stop(), near.stop()]);
  });

  it('receives a new snapshot without removals after 30 days without subscribers, in which AWS drops final objects', async () => {
    for (const [days, types] of [
      [29, 'CHANGED BOOKMARK'],
      [30, 'BOOKMARK'],
    ] as const) {
      const { clock, world, first, resume } = await resumable();
      await first.stop();
      await clock.advance(days * 86_400_000);
      if (days < 30) world.sent.set('h-00000001', handshake('h-00000001', 'EXPIRED'));
      else world.sent.clear();
      const back = resume(first.cursor);
      await clock.advance(30_000);
      expect(back.types).toBe(types);
      expect(back.events.at(-1)).toMatchObject({ type: 'BOOKMARK', reset: days === 30 });
      await back.stop();
    }
  });

  it('receives a new snapshot from a gateway that was restarted without a store', async () => {
    const { clock, upstream, config, partner, watcher, first } = await resumable();
    await watcher.close();
    const restarted = createWatcher(upstream, config, { clock });
    const back = new Reader(restarted.watch(partner, 'organizationHandshakes', { after: first.cursor }));
    await clock.advance(1_000);
    expect(back.types).toBe('SNAPSHOT BOOKMARK');
    await restarted.close();
  });
});

describe('a cursor', () => {
  it('of another list, object or principal is rejected, and the error says what it belongs to', async () => {
    const { clock, watcher, partner, first } = await resumable();
    const after = first.cursor;
    const otherList = new Reader(watcher.watch(partner, 'accountHandshakes', { after }));
    const oneObject = new Reader(watcher.watchHandshake(partner, 'h-00000001', { after }));
    const otherPrincipal = new Reader(watcher.watch(principalOf('customer'), 'organizationHandshakes', { after }));
    await clock.advance(1);
    expect(otherList.error).toMatchObject({ code: 'INVALID_CURSOR', reason: 'OTHER_SUBSCRIPTION' });
    expect(String(otherList.error)).toContain('made for the list organizationHandshakes');
    expect(oneObject.error).toMatchObject({ code: 'INVALID_CURSOR', reason: 'OTHER_SUBSCRIPTION' });
    expect(otherPrincipal.error).toMatchObject({ code: 'INVALID_CURSOR', reason: 'OTHER_PRINCIPAL' });
    expect(String(otherPrincipal.error)).toContain('principal partner');
    expect(watcher.activePollers).toBe(1);
    await first.stop();
  });

  it('of the same list with another filter is rejected', async () => {
    const { clock, watcher, partner, first } = await resumable();
    const filtered = (filter: string | undefined, after?: string) =>
      new Reader(watcher.watch(partner, 'organizationHandshakes', { match: () => true, filter, after }));
    const invites = filtered('INVITE');
    await clock.advance(1);
    const readers = [
      filtered('INVITE', invites.cursor),
      filtered('OTHER', invites.cursor),
      filtered(undefined, invites.cursor),
    ];
    const fromAll = filtered('INVITE', first.cursor);
    await clock.advance(1);
    expect(readers[0]?.events).toMatchObject([{ type: 'BOOKMARK', reset: false }]);
    for (const refused of [readers[1], readers[2], fromAll]) {
      expect(refused?.error).toMatchObject({ code: 'INVALID_CURSOR', reason: 'OTHER_SUBSCRIPTION' });
    }
    await Promise.all([first, invites, ...readers].map((reader) => reader.stop()));
  });

  it('with any changed character is rejected', async () => {
    const { clock, watcher, partner, first } = await resumable();
    const cursor = first.cursor ?? '';
    const changed = Array.from(cursor, (character, at) => {
      return cursor.slice(0, at) + (character === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    });
    const readers = [...changed, '', 'x', `${cursor}=`, `${cursor}A`, cursor.slice(1)].map(
      (after) => new Reader(watcher.watch(partner, 'organizationHandshakes', { after })),
    );
    await clock.advance(1);
    const reason = expect.stringMatching(/^(MALFORMED|TAMPERED)$/);
    for (const { error } of readers) expect(error).toMatchObject({ code: 'INVALID_CURSOR', reason });
    expect(watcher.activePollers).toBe(1);
    await first.stop();
  });
});

describe('a slow subscriber', () => {
  it('ends when its queue is full, loses nothing by resuming, and delays no other subscriber', async () => {
    const { clock, watcher, partner, world, first } = await resumable({ maxBuffered: 5 });
    const slow = watcher.watch(partner, 'organizationHandshakes');
    const opened = [slow.next(), slow.next()];
    await clock.advance(1);
    const [, bookmark] = await Promise.all(opened);
    for (let n = 0; n < 9; n += 1) world.sent.set(`h-1000000${n}`, handshake(`h-1000000${n}`, 'CANCELED'));
    await clock.advance(5_000);
    // Nine changes at once exceed the limit, which must not end a subscriber that reads.
    expect(first.take()).toHaveLength(11);
    world.sent.set('h-20000000', handshake('h-20000000', 'CANCELED'));
    await clock.advance(30_000);
    expect(first.take()).toHaveLength(1);
    await expect(slow.next()).rejects.toMatchObject({
      code: 'SUBSCRIBER_TOO_SLOW',
      extensions: { code: 'SUBSCRIBER_TOO_SLOW', retryable: true, cursor: bookmark?.value?.cursor },
    });
    expect(await slow.next()).toEqual({ done: true, value: undefined });
    const back = new Reader(watcher.watch(partner, 'organizationHandshakes', { after: bookmark?.value?.cursor }));
    await clock.advance(1);
    expect(back.types.split(' ')).toEqual([...Array(10).fill('ADDED'), 'BOOKMARK']);
    await Promise.all([first.stop(), back.stop()]);
  });

  it('may read a snapshot slowly, even one that is larger than the queue limit', async () => {
    const config = configSchema.parse({ watch: { maxBuffered: 5 } }).watch;
    const { clock, upstream, partner, world } = createWatched();
    const watcher = createWatcher(upstream, config, { clock });
    for (let n = 100; n < 200; n += 1) world.sent.set(`h-10000${n}`, handshake(`h-10000${n}`, 'CANCELED'));
    const slow = watcher.watch(partner, 'organizationHandshakes');
    const first = slow.next();
    await clock.advance(1_000);
    await first;
    world.sent.set('h-20000000', handshake('h-20000000', 'CANCELED'));
    await clock.advance(40_000);
    const types: (string | undefined)[] = [];
    for (let n = 0; n < 101; n += 1) types.push((await slow.next()).value?.type);
    expect(types).toEqual([...Array(99).fill('SNAPSHOT'), 'BOOKMARK', 'ADDED']);
    await watcher.close();
  });
});
