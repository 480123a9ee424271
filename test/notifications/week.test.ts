import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { NotificationEvent } from '../../src/notifications/events/event.ts';
import { Outbox } from '../../src/notifications/outbox.ts';
import { Sender } from '../../src/notifications/sender.ts';
import { DestinationStatus } from '../../src/notifications/status.ts';
import { MemoryOutboxStore, type OutboxQueue } from '../../src/watcher/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { schemaErrors } from '../support/webhook-receiver.ts';

const hourMs = 3_600_000;
const maxBytes = 131_072;

const sizeOf = async (store: MemoryOutboxStore, queue: OutboxQueue) => {
  const items = await store.read(queue, 0, Number.POSITIVE_INFINITY);
  return { events: items.length, bytes: items.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) };
};

it.each([
  ['before they are dead letters', 72 * hourMs],
  ['as dead letters', 2 * hourMs],
])(
  'a destination that is down for a week takes no more than its bounds, and learns of the gap: events are dropped %s',
  {
    timeout: 120_000,
  },
  async (_name, forMs) => {
    const clock = new ManualClock(Date.UTC(2027, 0, 1));
    const log = pino({ level: 'silent' });
    const status = new DestinationStatus({ name: 'desk', principal: 'payer', format: 'cloudevents', clock, log });
    const store = new MemoryOutboxStore();
    const received: NotificationEvent[] = [];
    let attempts = 0;
    let isDown = true;
    let droppedDeadLetters = 0;
    const outbox = await Outbox.open({
      store,
      maxBytes,
      onDropped: (upTo) => sender.dropUpTo(upTo),
      onDeadLettersDropped: (events) => {
        droppedDeadLetters += events;
      },
    });
    const sender: Sender = new Sender({
      ...{ name: 'desk', outbox, clock, status, random: () => 0.5, mayISend: () => true },
      retry: { forMs, minDelayMs: 1_000, maxDelayMs: 600_000 },
      async deliver(event) {
        attempts += 1;
        if (isDown) return { kind: 'failed', reason: 'down' };
        received.push(event);
        return { kind: 'delivered' };
      },
      onError: (error) => expect.fail(String(error)),
    });
    let made = 0;
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      const events = Array.from({ length: 20 }, () => {
        made += 1;
        const id = `h-${made % 300}`;
        return {
          id: `e:${made}`,
          source: 'arn:aws:organizations::111111111111:organization/o-1#organizationHandshakes',
          type: 'dev.orgql.handshake.changed.v1',
          subject: id,
          time: new Date(clock.wallMs()).toISOString(),
          data: { handshake: { id, arn: 'x'.repeat(500) }, members: [] },
        };
      });
      await outbox.add({ events, at: clock.wallMs() });
      sender.wake();
      await clock.advance(hourMs);
      expect((await sizeOf(store, 'pending')).bytes).toBeLessThanOrEqual(maxBytes);
      expect((await sizeOf(store, 'dead')).bytes).toBeLessThanOrEqual(maxBytes);
    }
    // About one delivery a minute finds out whether it works again.
    expect(attempts).toBeLessThan(2.5 * 7 * 24 * 60);
    expect(outbox.state.pending).toEqual(await sizeOf(store, 'pending'));
    expect(outbox.state.dead).toEqual(await sizeOf(store, 'dead'));
    const dead = outbox.state.dead.events;
    isDown = false;
    await clock.advance(hourMs);
    expect(outbox.state.pending).toEqual({ events: 0, bytes: 0 });
    const gap = received.find(({ type }) => type === 'dev.orgql.gap.v1');
    const dropped = (gap?.data['events'] ?? 0) as number;
    expect(received.filter((event) => event !== gap).length + dead + droppedDeadLetters + dropped).toBe(made);
    if (gap !== undefined) {
      expect(received.indexOf(gap)).toBe(0);
      expect(schemaErrors(gap)).toEqual([]);
      expect(gap.data).toMatchObject({ reason: 'OUTBOX_FULL', firstId: 'e:1', lastId: `e:${dropped}` });
    }
    expect(dropped + droppedDeadLetters).toBeGreaterThan(1_000);
    expect(received.flatMap(schemaErrors)).toEqual([]);
    sender.stop();
    expect(clock.pending).toBe(0);
  },
);
