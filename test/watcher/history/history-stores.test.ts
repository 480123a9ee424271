import { MemoryLevel } from 'memory-level';
import { expect, it } from 'vitest';
import { dayMs, expiryIntervalMs } from '../../../src/watcher/history/history-types.ts';
import { LevelHistories } from '../../../src/watcher/history/level-histories.ts';
import { MemoryHistory } from '../../../src/watcher/history/memory-history.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { Appender, changeOf, describeHistoryStore, retentionMs } from '../support/history-stores.ts';
import { principalOf, start } from '../support/index.ts';

const noon = Math.floor(start / dayMs) * dayMs + dayMs / 2;
const principal = principalOf('partner');

const openLevel = (store: MemoryLevel<string, string>, clock: ManualClock, errors: unknown[] = []) =>
  new LevelHistories(store, { clock, retentionMs, onError: (error) => void errors.push(error) });

describeHistoryStore('in memory', async () => {
  const clock = new ManualClock(noon);
  const open = () => new MemoryHistory({ clock, retentionMs });
  return { clock, open, isKept: false, [Symbol.asyncDispose]: async () => undefined };
});

describeHistoryStore('in LevelDB', async () => {
  const clock = new ManualClock(noon);
  const store = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  const histories: LevelHistories[] = [];
  return {
    clock,
    isKept: true,
    open() {
      const opened = openLevel(store, clock);
      histories.push(opened);
      return opened.open(principal, 'history@o-1');
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(histories.map((one) => one.close()));
      await store.close();
    },
  };
});

it('in memory, drops the oldest changes when they take too much space, and reports the gap', async () => {
  const clock = new ManualClock(noon);
  const store = new MemoryHistory({ clock, retentionMs, maxLength: 5_000 });
  const appender = new Appender(store);
  for (let number = 0; number < 100; number += 1) await appender.append(changeOf(noon + number, `object ${number}`));
  const entries = await store.read({ limit: 1_000 });
  expect(entries.length).toBeGreaterThan(5);
  expect(entries.length).toBeLessThan(30);
  expect(entries[0]?.objectId).toBe('object 99');
  const dropped = 100 - entries.length;
  expect(await store.gaps(clock.wallMs(), clock.wallMs(), undefined)).toMatchObject([{ missing: dropped }]);
  expect(await store.read({ objectIds: ['object 0'], limit: 1 })).toEqual([]);
});

it('in LevelDB, deletes what has expired from the store, also of histories that are not used any more', async () => {
  const clock = new ManualClock(noon);
  const store = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  const errors: unknown[] = [];
  const first = openLevel(store, clock, errors);
  const used = first.open(principal, 'history@o-used');
  const unused = first.open(principal, 'history@o-unused');
  const appender = new Appender(used);
  for (let number = 0; number < 1_000; number += 1)
    await appender.append(changeOf(noon + number, `object ${number % 9}`, { relatedIds: ['policy'] }));
  await new Appender(unused).append(changeOf(noon, 'a'));
  await first.close();
  const second = openLevel(store, clock, errors);
  const again = second.open(principal, 'history@o-used');
  expect(await again.read({ limit: 2_000 })).toHaveLength(1_000);
  await clock.advance(retentionMs - expiryIntervalMs);
  const before = await again.offset('accounts');
  const after = { epoch: 'e', sequence: 5_000 };
  const changes = [changeOf(clock.wallMs(), 'young', { relatedIds: ['policy'] })];
  expect(await again.append({ list: 'accounts', before, after, changes })).toBe(true);
  const untilExpired = async () => {
    await clock.advance(expiryIntervalMs);
    const keys = await store.keys().all();
    return keys.filter((key) => key.includes('o-used!entry!')).length;
  };
  await expect.poll(untilExpired).toBe(1);
  // The rest of the hourly work is done when the histories are closed.
  await second.close();
  const keys = await store.keys().all();
  expect(keys.filter((key) => key.includes('o-unused'))).toEqual([]);
  expect(keys.filter((key) => key.includes('object'))).toEqual([]);
  expect(keys.filter((key) => key.includes('!of!'))).toHaveLength(2);
  expect(errors).toEqual([]);
  await store.close();
});
