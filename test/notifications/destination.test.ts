import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { NotificationConfig } from '../../src/config/index.ts';
import { Destination } from '../../src/notifications/destination.ts';
import { Outbox } from '../../src/notifications/outbox.ts';
import { DestinationStatus } from '../../src/notifications/status.ts';
import { MemoryOutboxStore } from '../../src/watcher/index.ts';
import { ManualClock } from '../support/manual-clock.ts';

const config = {
  name: 'desk',
  principal: 'payer',
  events: [],
  include: [],
  filter: {},
  webhook: { url: 'https://hooks.example.com/' },
  retry: { forMs: 1_000, minDelayMs: 100, maxDelayMs: 100 },
  maxBytes: 1e6,
} as unknown as NotificationConfig;

const unused = () => expect.fail('This destination has no lists.');

/** A destination without lists: what it sends is in its store. */
const startDestination = (store: MemoryOutboxStore, deliver: () => 'delivered' | 'failed') => {
  const clock = new ManualClock(Date.UTC(2027, 0, 1));
  const log = pino({ level: 'silent' });
  const status = new DestinationStatus({ name: 'desk', principal: 'payer', format: 'cloudevents', clock, log });
  const destination = new Destination({
    ...{ config, store, clock, status, random: () => 1 },
    watcher: { watch: unused, watchList: unused },
    upstream: { session: unused },
    principal: { name: 'payer' } as never,
    async deliver() {
      const kind = deliver();
      return kind === 'failed' ? { kind, reason: 'down' } : { kind };
    },
  });
  destination.start();
  return { clock, destination };
};

const withEvents = async <T extends MemoryOutboxStore>(store: T, count: number): Promise<T> => {
  const outbox = await Outbox.open({ store, maxBytes: 1e6, onDropped: unused, onDeadLettersDropped: unused });
  const events = Array.from({ length: count }, (_, index) => ({
    ...{ id: `h-${index}`, source: 's', type: 't', subject: `h-${index}`, time: '2027-01-01T00:00:00Z', data: {} },
  }));
  await outbox.add({ events, at: Date.UTC(2027, 0, 1) as never });
  return store;
};

it('dead letters are sent again although the store fails after the request was taken', async () => {
  class FailingOnce extends MemoryOutboxStore {
    failures = 0;
    override async read(...request: Parameters<MemoryOutboxStore['read']>) {
      if (request[0] === 'dead' && this.failures > 0) {
        this.failures -= 1;
        throw new Error('the disk is full');
      }
      return super.read(...request);
    }
  }
  const store = await withEvents(new FailingOnce(), 3);
  let isDown = true;
  let delivered = 0;
  const { clock, destination } = startDestination(store, () => {
    if (isDown) return 'failed';
    delivered += 1;
    return 'delivered';
  });
  for (let minutes = 0; destination.status.deadLetters < 3 && minutes < 60; minutes += 1) await clock.advance(60_000);
  expect(destination.status).toMatchObject({ deadLetters: 3, pending: 0 });
  isDown = false;
  store.failures = 2;
  expect(await destination.retry()).toBe(3);
  await clock.advance(60_000);
  expect(delivered).toBe(3);
  expect(destination.status).toMatchObject({ state: 'ACTIVE', deadLetters: 0, pending: 0 });
  await destination.close();
  expect(clock.pending).toBe(0);
});

it.each([
  ['reads', 1],
  ['longer reads', 2],
])('a store whose %s fail is tried again more and more rarely, and works again', async (_name, minLength) => {
  class Unreadable extends MemoryOutboxStore {
    reads = 0;
    isReadable = false;
    override async read(...request: Parameters<MemoryOutboxStore['read']>) {
      if (request[2] < minLength) return super.read(...request);
      this.reads += 1;
      if (!this.isReadable) throw new Error('the disk is broken');
      return super.read(...request);
    }
  }
  const store = await withEvents(new Unreadable(), 1);
  const { clock, destination } = startDestination(store, () => 'delivered');
  await clock.advance(600_000);
  // 0.5 s, 1 s, 2 s … up to 30 s.
  expect(store.reads).toBeGreaterThan(15);
  expect(store.reads).toBeLessThan(30);
  expect(destination.status).toMatchObject({ state: 'UNAVAILABLE', pending: 1, error: 'the disk is broken' });
  store.isReadable = true;
  await clock.advance(30_000);
  expect(destination.status).toMatchObject({ state: 'ACTIVE', pending: 0, sent: 1 });
  await destination.close();
  expect(clock.pending).toBe(0);
});
