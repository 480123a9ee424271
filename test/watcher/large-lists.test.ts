import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLevel } from 'memory-level';
import { describe, expect, it } from 'vitest';
import type { WallMs } from '../../src/upstream/index.ts';
import { memoryJournals } from '../../src/watcher/event-log.ts';
import { type Journal, type JournalStore, openStore } from '../../src/watcher/index.ts';
import { levelJournals } from '../../src/watcher/level-journals.ts';
import type { LevelStore, Operation } from '../../src/watcher/level-store.ts';
import { principalOf } from './support/index.ts';
import { type Account, account, batchOf, ListReader, recordsOf } from './support/large-list.ts';

const partner = principalOf('partner');
const accounts = (count: number, name?: string) => Array.from({ length: count }, (_, n) => account(n, name));
const journalOptions = { keepEvents: 10_000, onError: (error: unknown) => expect.fail(String(error)) };

interface OpenLog {
  readonly store: JournalStore;
  readonly journal: Journal<Account>;
  readonly reader: ListReader;
}

/** Opens the log of a list, and resolves when this process leads. */
async function openLog(store: JournalStore): Promise<OpenLog> {
  const reader = new ListReader();
  const journal = store.open<Account>(partner, 'accounts', reader);
  journal.start();
  await reader.leading;
  return { store, journal, reader };
}

/** A store that counts the operations of each write, and whose processes may crash. */
class ObservedStore {
  readonly level = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  readonly sizes: number[] = [];

  /** Opens it for a process that crashes before its next write but `writes`. `crashed` resolves then. */
  open(writes = Number.POSITIVE_INFINITY) {
    let left = writes;
    let onCrash = () => {};
    const crashed = new Promise<void>((resolve) => {
      onCrash = resolve;
    });
    const write = <T>(work: () => Promise<T>): Promise<T> => {
      left -= 1;
      if (left >= 0) return work();
      onCrash();
      return new Promise(() => {});
    };
    const batch = (operations: Operation[]) => {
      this.sizes.push(operations.length);
      return write(() => this.level.batch(operations as []));
    };
    const store = new Proxy(this.level, {
      get: (level, name) => {
        if (name === 'batch') return batch;
        if (name === 'clear') return (range: object) => write(() => level.clear(range));
        const value: unknown = Reflect.get(level, name);
        return typeof value === 'function' ? value.bind(level) : value;
      },
    });
    return { journals: levelJournals(store as unknown as LevelStore, journalOptions), crashed };
  }
}

describe('a long list in LevelDB', () => {
  it('is written in pages, and a changed page of it costs its own size', async () => {
    const stored = new ObservedStore();
    const first = await openLog(stored.open().journals);
    const all = accounts(3_500);
    first.journal.commit(batchOf(all, { read: 1 }));
    await first.store.close();
    expect(Math.max(...stored.sizes)).toBeLessThanOrEqual(1_001);

    await stored.level.open();
    const second = await openLog(stored.open().journals);
    expect(second.reader.state.objects?.size).toBe(3_500);
    stored.sizes.length = 0;
    const changed = Array.from({ length: 20 }, (_, n) => account(300 + n, 'renamed'));
    const records = recordsOf(changed, second.reader.last);
    second.journal.commit(batchOf(changed, { records, read: 2 }));
    await second.store.close();
    // The objects, their events and the head.
    expect(stored.sizes.filter((size) => size > 1)).toEqual([41]);

    await stored.level.open();
    const { reader, store } = await openLog(stored.open().journals);
    const objects = reader.state.objects ?? new Map<string, never>();
    expect(new Map(Array.from(objects, ([id, { object }]) => [id, object]))).toEqual(
      new Map([...all, ...changed].map((object) => [object.Id, object])),
    );
    expect(reader.last).toMatchObject({ sequence: 20 });
    await store.close();
  });

  it('of 65,000 objects is loaded from a folder while other work runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orgql-store-'));
    try {
      const open = () => openStore(join(folder, 'events'), journalOptions);
      const { journal, store } = await openLog(await open());
      const all = accounts(65_000);
      journal.commit(batchOf(all, { read: 1, progress: 'page 7', asOf: 5 as WallMs }));
      await store.close();
      let turns = 0;
      const count = () => {
        turns += 1;
        counting = setImmediate(count);
      };
      let counting = setImmediate(count);
      const back = await openLog(await open());
      clearImmediate(counting);
      expect(turns).toBeGreaterThan(20);
      expect(back.reader.state).toMatchObject({ progress: 'page 7', asOf: 5 });
      expect(back.reader.state.objects?.size).toBe(65_000);
      expect(back.reader.list.get(all[64_999]?.Id ?? '')?.object).toEqual(all[64_999]);
      await back.store.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

it('logs are loaded one after the other, in the order in which they are opened', async () => {
  const level = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  const open = () => levelJournals(level as unknown as LevelStore, journalOptions);
  const first = open();
  const names = ['short', 'long', 'last'];
  for (const [index, name] of names.entries()) {
    const reader = new ListReader();
    const journal = first.open<Account>(partner, name, reader);
    journal.start();
    await reader.leading;
    journal.commit(batchOf(accounts(index === 1 ? 5_000 : 1), { read: 1 }));
  }
  await first.close();
  await level.open();
  const order: string[] = [];
  const second = open();
  const readers = names.map((name) => {
    const reader = new ListReader();
    second.open<Account>(partner, name, reader).start();
    return reader.leading.then(() => order.push(name));
  });
  await Promise.all(readers);
  expect(order).toEqual(names);
  await second.close();
});

it('a crash before any write of a long batch leaves the log from before it or after it', async () => {
  const before = accounts(1_500);
  const after = [...accounts(700, 'renamed'), ...Array.from({ length: 2_000 }, (_, n) => account(5_000 + n))];
  const old = new ObservedStore();
  const first = await openLog(old.open().journals);
  first.journal.commit(batchOf(before, { read: 1, progress: 'before' }));
  await first.store.close();
  await old.level.open();
  const entries = await old.level.iterator().all();
  const patch = new Map(batchOf(after).patch).set(before[1_499]?.Id ?? '', undefined as never);

  const states: string[] = [];
  for (let writes = 4; ; writes += 1) {
    const stored = new ObservedStore();
    await stored.level.batch(entries.map(([key, value]) => ({ type: 'put', key, value })));
    const { journals, crashed } = stored.open(writes);
    const { reader, journal } = await openLog(journals);
    const records = recordsOf(after, reader.last);
    journal.commit({ ...batchOf([], { records, read: 2, progress: 'after' }), patch });
    const isStored = expect
      .poll(() => reader.calls, { timeout: 10_000 })
      .toEqual(['restored', `committed ${patch.size}`]);
    const isCrashed = await Promise.race([crashed.then(() => true), isStored.then(() => false)]);
    if (!isCrashed) break;
    isStored.catch(() => undefined);

    const next = await openLog(stored.open().journals);
    const { progress, objects } = next.reader.state;
    const isRenamed = Array.from(objects?.values() ?? []).some(({ object }) => object.Name === 'renamed');
    states.push(`${progress}: ${objects?.size} objects, ${next.reader.last.sequence} events, ${isRenamed}`);
    const keys = await stored.level.keys().all();
    expect(keys.filter((key) => key.includes('!redo!'))).toEqual([]);
  }
  const isOld = 'before: 1500 objects, 0 events, false';
  // 1,500 objects without the removed one, and 2,000 new ones.
  const isNew = 'after: 3499 objects, 2700 events, true';
  const olds = states.filter((state) => state === isOld).length;
  expect(olds).toBeGreaterThan(3);
  expect(states.length - olds).toBeGreaterThan(3);
  expect(states).toEqual([...Array(olds).fill(isOld), ...Array(states.length - olds).fill(isNew)]);
});

describe('the progress of a sweep, and the date since which the list is known,', () => {
  const level = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  const memory = memoryJournals;
  it.each([
    { what: 'in memory', open: () => memory, isKept: false },
    { what: 'in LevelDB', open: () => levelJournals(level as unknown as LevelStore, journalOptions), isKept: true },
  ])('are stored with a batch, and stay as they are without one, $what', async ({ open, isKept }) => {
    const { journal, store, reader } = await openLog(open());
    journal.commit(batchOf(accounts(2), { progress: 'page 1' }));
    journal.commit(batchOf([], { progress: 'page 2', asOf: 5 as WallMs }));
    journal.commit(batchOf(accounts(3)));
    await expect.poll(() => reader.calls).toEqual(['committed 2', 'committed 0', 'committed 3']);
    expect(reader.state).toMatchObject({ objects: undefined, progress: 'page 2', asOf: 5 });
    expect(reader.state.partial?.size).toBe(3);
    expect(() => journal.commit(batchOf([], { progress: 'x'.repeat(4_097) }))).toThrow(
      new RangeError('Batch.progress has 4097 bytes. Use at most 4096.'),
    );
    await store.close();
    if (!isKept) return;
    await level.open();
    const back = await openLog(open());
    // The objects of the pages so far are restored with the progress that says which pages these are.
    expect(back.reader.state).toMatchObject({ objects: undefined, progress: 'page 2', asOf: 5 });
    expect(back.reader.state.partial?.size).toBe(3);
    back.journal.commit(batchOf([], { read: 1, progress: '' }));
    await back.store.close();
    await level.open();
    const last = await openLog(open());
    expect(last.reader.state).toMatchObject({ partial: undefined, progress: '', asOf: 5 });
    expect(last.reader.state.objects?.size).toBe(3);
    await last.store.close();
  });
});
