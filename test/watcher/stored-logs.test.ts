import { MemoryLevel } from 'memory-level';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { later } from '../../src/upstream/index.ts';
import { CursorKeys, encodeCursor } from '../../src/watcher/cursor.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { unwatchedLogTtlMs } from '../../src/watcher/journal.ts';
import { levelJournals } from '../../src/watcher/level-journals.ts';
import { cursorKeyKey, UnwatchedLogs } from '../../src/watcher/level-store.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { FakeUpstream } from './support/fake-upstream.ts';
import { failure, principalOf, Reader, settled, start, transfer } from './support/index.ts';

const dayMs = 86_400_000;
const id = 'rt-00000001';
const partner = principalOf('partner');

/** A store that successive gateways use, and an AWS that may refuse lists. */
class Stored {
  readonly clock = new ManualClock(start);
  readonly upstream = new FakeUpstream(this.clock);
  readonly world = this.upstream.world(partner);
  readonly store = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  readonly #config;
  #versions = 0;

  constructor({ listsAreRefused = true, intervalMs = 60_000 } = {}) {
    const watch = { minIntervalMs: intervalMs, maxIntervalMs: intervalMs, bookmarkMs: 30 * dayMs };
    this.#config = configSchema.parse({ watch }).watch;
    this.upstream.failing = (operation) =>
      listsAreRefused && operation.startsWith('List') ? failure('AccessDeniedException', operation, false) : undefined;
    this.change();
  }

  /** Starts a gateway, which opens the store. */
  gateway(cursorSecret?: string) {
    const { clock } = this;
    const journals = levelJournals(this.store, {
      keepEvents: 5,
      onError: (error) => expect.fail(String(error)),
      clock,
    });
    const watcher = createWatcher(this.upstream, this.#config, { clock, random: () => 0, journals, cursorSecret });
    return {
      watch: (object = id, after?: string) =>
        new Reader(watcher.watchResponsibilityTransfer(partner, object, { after })),
      watchList: (after?: string) => new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers', { after })),
      /** Stops it with a clean shutdown. */
      close: async () => {
        await watcher.close();
        await this.store.open();
      },
    };
  }

  change(object = id): void {
    this.#versions += 1;
    this.world.inbound.set(object, transfer(object, 'ACCEPTED', { Name: String(this.#versions) }));
  }

  async keys(): Promise<string[]> {
    await settled();
    const keys = await this.store.keys().all();
    return keys.filter((key) => key !== cursorKeyKey);
  }
}

const names = ({ events }: Reader<{ readonly Name?: string | undefined }>) =>
  events.map(({ type, reset, object }) => [type, reset, object?.Name]);

describe('the log of an object that is polled by its id', () => {
  it('survives a restart, after which changes from the time without a gateway are published', async () => {
    const stored = new Stored();
    const first = stored.gateway();
    const reader = first.watch();
    await stored.clock.advance(1_000);
    const { cursor } = reader;
    for (const _ of [2, 3]) {
      stored.change();
      await stored.clock.advance(120_000);
    }
    expect(names(reader).slice(2)).toEqual([
      ['CHANGED', false, '2'],
      ['CHANGED', false, '3'],
    ]);
    await first.close();
    expect(reader.error).toMatchObject({ code: 'GOING_AWAY', cursor: reader.cursor });
    stored.change();
    const second = stored.gateway();
    const [back, last] = [second.watch(id, cursor), second.watch(id, reader.cursor)];
    await stored.clock.advance(1_000);
    expect(names(back)).toEqual([
      ['CHANGED', false, '2'],
      ['CHANGED', false, '3'],
      ['CHANGED', false, '4'],
      ['BOOKMARK', false, undefined],
    ]);
    expect(names(last)).toEqual([
      ['CHANGED', false, '4'],
      ['BOOKMARK', false, undefined],
    ]);
    expect(stored.upstream.count('DescribeResponsibilityTransfer')).toBeGreaterThan(0);
    await second.close();
  });

  it('gives an older cursor a new snapshot with reset: true, also after a restart', async () => {
    const stored = new Stored();
    const first = stored.gateway();
    const reader = first.watch();
    await stored.clock.advance(1_000);
    const { cursor } = reader;
    for (let n = 0; n < 12; n += 1) {
      stored.change();
      await stored.clock.advance(120_000);
    }
    await first.close();
    const second = stored.gateway();
    const back = second.watch(id, cursor);
    await stored.clock.advance(1_000);
    expect(names(back)).toEqual([
      ['SNAPSHOT', true, '13'],
      ['BOOKMARK', true, undefined],
    ]);
    expect((await stored.keys()).filter((key) => key.includes('!event!')).length).toBeLessThan(10);
    await second.close();
  });

  it('is loaded from the store again after 500 other objects were watched', async () => {
    const stored = new Stored();
    const gateway = stored.gateway();
    const reader = gateway.watch();
    await stored.clock.advance(1_000);
    await reader.stop();
    stored.upstream.latencyMs = 0;
    for (let n = 0; n < 501; n += 1) {
      const other = `rt-1000${1000 + n}`;
      stored.change(other);
      const passing = gateway.watch(other);
      await stored.clock.advance(1);
      expect(passing.types).toBe('SNAPSHOT BOOKMARK');
      await passing.stop();
    }
    stored.change();
    const back = gateway.watch(id, reader.cursor);
    await stored.clock.advance(1_000);
    expect(names(back)).toEqual([
      ['CHANGED', false, expect.any(String)],
      ['BOOKMARK', false, undefined],
    ]);
    await gateway.close();
  });

  it('is not stored for an object that does not exist, even with a cursor', async () => {
    const stored = new Stored();
    const secret = 'a secret of these tests';
    const gateway = stored.gateway(secret);
    const scope = 'rt-99999999';
    const place = { epoch: 'whatever', sequence: 3, complete: true };
    const reader = gateway.watch(
      scope,
      encodeCursor(new CursorKeys({ clock: stored.clock, secret }), {
        principal: 'partner',
        log: `describe:${scope}`,
        scope,
        ...place,
      }),
    );
    await stored.clock.advance(10_000);
    expect(reader.error).toMatchObject({ code: 'ResponsibilityTransferNotFoundException' });
    expect(await stored.keys()).toEqual([]);
    await gateway.close();
  });
});

describe.each([
  ['an object', true],
  ['a list', false],
])('a stored log of %s', (_name, listsAreRefused) => {
  const watched = (gateway: ReturnType<Stored['gateway']>, after?: string) =>
    listsAreRefused ? gateway.watch(id, after) : gateway.watchList(after);

  it('stays stored while it has a subscriber, however long nothing changes', async () => {
    const stored = new Stored({ listsAreRefused, intervalMs: dayMs });
    const gateway = stored.gateway();
    const reader = watched(gateway);
    await stored.clock.advance(unwatchedLogTtlMs + dayMs);
    await gateway.close();
    const second = stored.gateway();
    const back = watched(second, reader.cursor);
    await stored.clock.advance(1_000);
    expect(back.types).toBe('BOOKMARK');
    await second.close();
  });

  it('is deleted after 30 days without a subscriber, and created again for the next one', async () => {
    const stored = new Stored({ listsAreRefused });
    const gateway = stored.gateway();
    const reader = watched(gateway);
    await stored.clock.advance(1_000);
    await reader.stop();
    await stored.clock.advance(unwatchedLogTtlMs - 1_000);
    expect((await stored.keys()).length).toBeGreaterThan(2);
    await stored.clock.advance(1_000);
    expect(await stored.keys()).toEqual([]);
    const again = watched(gateway);
    await stored.clock.advance(1_000);
    await gateway.close();
    stored.change();
    const second = stored.gateway();
    const back = watched(second, again.cursor);
    await stored.clock.advance(1_000);
    expect(names(back)).toEqual([
      ['CHANGED', false, '2'],
      ['BOOKMARK', false, undefined],
    ]);
    await second.close();
    expect(stored.clock.pending).toBe(0);
  });

  it('is deleted at the start of a gateway, 30 days after its last subscriber left a gateway that was stopped', async () => {
    const stored = new Stored({ listsAreRefused });
    const first = stored.gateway();
    const reader = watched(first);
    await stored.clock.advance(1_000);
    await first.close();
    await stored.clock.advance(unwatchedLogTtlMs / 2);
    await stored.gateway().close();
    expect((await stored.keys()).length).toBeGreaterThan(2);
    await stored.clock.advance(unwatchedLogTtlMs / 2);
    const left = await stored.store.iterator().all();
    const cleared = stored.gateway();
    expect(await stored.keys()).toEqual([]);
    await cleared.close();
    // Also with a subscriber from the start.
    await stored.store.batch(left.map(([key, value]) => ({ type: 'put', key, value })));
    const last = stored.gateway();
    const back = watched(last, reader.cursor);
    await stored.clock.advance(1_000);
    expect(back.events.map(({ type, reset }) => [type, reset])).toEqual([
      ['SNAPSHOT', true],
      ['BOOKMARK', true],
    ]);
    await last.close();
  });

  it('is deleted 30 days after the restart of a gateway that was killed while it had subscribers', async () => {
    const stored = new Stored({ listsAreRefused });
    const killed = stored.gateway();
    watched(killed);
    await stored.clock.advance(1_000);
    const left = await stored.store.iterator().all();
    await killed.close();
    await stored.store.batch(left.map(([key, value]) => ({ type: 'put', key, value })));
    await stored.clock.advance(unwatchedLogTtlMs + dayMs);
    const next = stored.gateway();
    await stored.clock.advance(unwatchedLogTtlMs - 1_000);
    expect((await stored.keys()).length).toBeGreaterThan(2);
    await stored.clock.advance(1_000);
    expect(await stored.keys()).toEqual([]);
    await next.close();
  });
});

it('the store keeps at most 10,000 logs without subscribers, and deletes those first that were unwatched for longest', () => {
  const clock = new ManualClock(start);
  const dropped: string[] = [];
  const unwatched = new UnwatchedLogs(clock, (log) => dropped.push(log));
  unwatched.add('first', clock.wallMs());
  unwatched.add('second', clock.wallMs());
  unwatched.addStored(new Map([['before', later(clock.wallMs(), -1)]]));
  unwatched.remove('second');
  for (let n = 0; n < 10_000; n += 1) unwatched.add(`other ${n}`, clock.wallMs());
  expect(dropped).toEqual(['before', 'first']);
  unwatched.close();
  expect(clock.pending).toBe(0);
});

it('a change that is being written when the last subscriber leaves keeps its sequence number for the next one', async () => {
  const stored = new Stored({ listsAreRefused: false });
  const writes: (() => void)[] = [];
  const gateway = stored.gateway();
  const first = gateway.watchList();
  await stored.clock.advance(1_000);
  const write = stored.store.batch.bind(stored.store) as (operations: []) => Promise<void>;
  Object.assign(stored.store, {
    batch: async (operations: []) => {
      await new Promise<void>((resolve) => writes.push(resolve));
      await write(operations);
    },
  });
  const rename = (Name: string) => {
    const ResponsibilityTransfer = transfer(id, 'ACCEPTED', { Name });
    stored.world.inbound.set(id, ResponsibilityTransfer);
    stored.upstream.wrote(partner, 'UpdateResponsibilityTransfer', { ResponsibilityTransfer }, { Id: id, Name });
  };
  rename('a');
  await stored.clock.advance(1);
  await first.stop();
  const second = gateway.watchList(first.cursor);
  await settled();
  rename('b');
  const finish = async () => {
    await settled();
    while (writes.length > 0) {
      writes.shift()?.();
      await settled();
    }
  };
  await finish();
  await stored.clock.advance(1_000);
  await finish();
  expect(names(second)).toEqual([
    ['CHANGED', false, 'a'],
    ['CHANGED', false, 'b'],
    ['BOOKMARK', false, undefined],
  ]);
  const third = gateway.watchList(second.cursor);
  await finish();
  expect(names(third)).toEqual([['BOOKMARK', false, undefined]]);
  await Promise.all([second.stop(), third.stop()]);
  await finish();
  await gateway.close();
});
