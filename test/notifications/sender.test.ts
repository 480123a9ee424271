import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { DeliveryResult } from '../../src/notifications/delivery.ts';
import type { EventDraft } from '../../src/notifications/events/event.ts';
import { Outbox } from '../../src/notifications/outbox.ts';
import { Sender } from '../../src/notifications/sender.ts';
import { DestinationStatus } from '../../src/notifications/status.ts';
import { type Clock, later } from '../../src/upstream/index.ts';
import { MemoryOutboxStore } from '../../src/watcher/index.ts';
import { ManualClock, settled } from '../support/manual-clock.ts';
import { runs } from '../support/runs.ts';

/** Takes the values over and over. */
const cycle = <T>(values: readonly T[]) => {
  let taken = 0;
  return () => {
    taken += 1;
    return values[(taken - 1) % values.length] as T;
  };
};

/** Takes each value once, then `last` for ever. */
const takeEach = <T>(values: readonly T[], last: T) => {
  const left = [...values];
  return () => left.shift() ?? last;
};

type CommitResult = 'stored' | 'not stored' | 'stored without a reply';

/** Its replies take some turns of the event loop, and it fails sometimes. */
class UnreliableStore extends MemoryOutboxStore {
  readonly #turns: () => number;
  readonly #nextResult: () => CommitResult;

  constructor(turns: () => number, nextResult: () => CommitResult) {
    super();
    this.#turns = turns;
    this.#nextResult = nextResult;
  }

  override async read(...request: Parameters<MemoryOutboxStore['read']>) {
    const found = await super.read(...request);
    await this.#wait();
    return found;
  }

  override async commit(...request: Parameters<MemoryOutboxStore['commit']>) {
    const result = this.#nextResult();
    if (result !== 'not stored') await super.commit(...request);
    await this.#wait();
    if (result !== 'stored') throw new Error(result);
    return true;
  }

  async #wait(): Promise<void> {
    for (let turns = this.#turns(); turns > 0; turns -= 1) await settled();
  }
}

const failed: DeliveryResult = { kind: 'failed', reason: 'down' };
const deliveryResult = fc.constantFrom<DeliveryResult>(
  { kind: 'delivered' },
  failed,
  { ...failed, retryAfterMs: 1 },
  { ...failed, retryAfterMs: 1_500 },
);
const commitResult = fc.constantFrom<CommitResult>('stored', 'stored', 'not stored', 'stored without a reply');
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), objects: fc.array(fc.nat(9), { minLength: 1, maxLength: 10 }) }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  fc.constant({ kind: 'restart' as const }),
);
const world = fc.record({
  deliveries: fc.array(deliveryResult, { maxLength: 20 }),
  commits: fc.array(commitResult, { maxLength: 10 }),
  turns: fc.array(fc.nat(4), { minLength: 1, maxLength: 20 }),
  ticks: fc.array(fc.constantFrom(0, 0.4, 1), { minLength: 1, maxLength: 20 }),
});

it('delivers every event, those of an object in order, whatever fails and however clock and store are timed', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), world, async (steps, options) => {
    const manual = new ManualClock(Date.UTC(2027, 0, 1));
    const nextTick = cycle(options.ticks);
    let passedMs = 0;
    // Time passes between two looks at it, and timers fire early.
    const clock: Clock = {
      monotonicMs() {
        passedMs += nextTick();
        return later(manual.monotonicMs(), passedMs);
      },
      wallMs: () => manual.wallMs(),
      after: (ms, task) => manual.after(ms - 0.5, task),
    };
    const log = pino({ level: 'silent' });
    const status = new DestinationStatus({ name: 'desk', principal: 'payer', format: 'cloudevents', clock, log });
    const store = new UnreliableStore(cycle(options.turns), takeEach(options.commits, 'stored'));
    const nextResult = takeEach<DeliveryResult>(options.deliveries, { kind: 'delivered' });
    const changes: EventDraft[] = [];
    const received: { readonly object: string; readonly number: number }[] = [];
    let session: { readonly outbox: Outbox; readonly sender: Sender } | undefined;

    const unexpected = () => expect.fail('Events are dropped.');
    let ended = 0;
    const end = () => {
      ended += session === undefined ? 0 : 1;
      session?.sender.stop();
      session?.outbox.fail(new Error('the session has ended'));
      session = undefined;
    };
    const start = async () => {
      const outbox = await Outbox.open({
        store,
        maxBytes: 1e6,
        onDropped: unexpected,
        onDeadLettersDropped: unexpected,
      });
      await outbox.check();
      const sender = new Sender({
        ...{ name: 'desk', outbox, clock, status, random: () => 0.5, mayISend: () => true, onError: end },
        retry: { forMs: 1e9, minDelayMs: 1, maxDelayMs: 2_000 },
        async deliver({ subject = '', id }) {
          const result = nextResult();
          if (result.kind === 'delivered') received.push({ object: subject, number: Number(id) });
          return result;
        },
      });
      session = { outbox, sender };
      sender.wake();
    };
    /** As the reader of a list does: from its cursor, with a new session after an error. */
    const addChanges = async () => {
      for (;;) {
        try {
          if (session === undefined) await start();
          const { outbox, sender } = session as NonNullable<typeof session>;
          const events = changes.slice(Number(outbox.cursor('list') ?? 0));
          const cursor = { list: 'list', text: String(changes.length) };
          if (events.length > 0) await outbox.add({ events, at: clock.wallMs(), cursor });
          sender.wake();
          if (session !== undefined) return;
        } catch {
          end();
        }
      }
    };

    for (const one of steps) {
      if (one.kind === 'advance') await manual.advance(one.ms);
      if (one.kind === 'restart') end();
      for (const object of one.kind === 'add' ? one.objects : []) {
        const id = String(changes.length + 1);
        changes.push({ id, source: 's', type: 't', subject: `h-${object}`, time: 'now', data: {} });
      }
      await addChanges();
    }
    for (let minutes = 0; minutes < 60 && session?.outbox.state.pending.events !== 0; minutes += 1) {
      await addChanges();
      await manual.advance(60_000);
    }
    expect(session?.outbox.state.pending.events).toBe(0);
    expect(new Set(received.map(({ number }) => number)).size).toBe(changes.length);
    // At most four deliveries are in flight.
    expect(received.length - changes.length).toBeLessThanOrEqual(4 * ended);
    const firsts = new Map<string, number[]>();
    for (const { object, number } of received) {
      const numbers = firsts.get(object) ?? [];
      firsts.set(object, numbers);
      if (!numbers.includes(number)) numbers.push(number);
    }
    for (const numbers of firsts.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    end();
    expect(manual.pending).toBe(0);
  });
  await fc.assert(property, { numRuns: runs(2_000, 300) });
});

it('sends events of other objects, however many are rejected before them', async () => {
  const clock = new ManualClock(Date.UTC(2027, 0, 1));
  const log = pino({ level: 'silent' });
  const status = new DestinationStatus({ name: 'desk', principal: 'payer', format: 'cloudevents', clock, log });
  const unexpected = () => expect.fail('Events are dropped.');
  const store = new MemoryOutboxStore();
  const options = { store, maxBytes: 1e6, onDropped: unexpected, onDeadLettersDropped: unexpected };
  const outbox = await Outbox.open(options);
  const event = (subject: string, index: number): EventDraft => ({
    ...{ id: `${subject}:${index}`, source: 's', type: 't', subject, time: 'now', data: {} },
  });
  const eventsOf = (count: number, subject: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => event(subject(index), index));
  const events = [...eventsOf(600, () => 'rejected'), ...eventsOf(600, (index) => `rejected-${index}`)];
  await outbox.add({ events: [...events, event('accepted', 0)], at: clock.wallMs() });
  const received: string[] = [];
  let isRejecting = true;
  const sender = new Sender({
    ...{ name: 'desk', outbox, clock, status, random: () => 0.5, mayISend: () => true },
    retry: { forMs: 1e9, minDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
    async deliver({ id, subject = '' }) {
      if (isRejecting && subject.startsWith('rejected')) return { kind: 'failed', reason: 'not known' };
      received.push(id);
      return { kind: 'delivered' };
    },
    onError: (error) => expect.fail(String(error)),
  });
  sender.wake();
  // While a destination fails, one event a minute or more is tried.
  for (let minutes = 0; received.length === 0 && minutes < 5_000; minutes += 1) await clock.advance(60_000);
  expect(received).toEqual(['accepted:0']);
  isRejecting = false;
  await clock.advance(7_200_000);
  expect(new Set(received).size).toBe(1_201);
  const ofOne = received.filter((id) => id.startsWith('rejected:'));
  expect(ofOne).toEqual(eventsOf(600, () => 'rejected').map(({ id }) => id));
  expect(outbox.state.pending).toEqual({ events: 0, bytes: 0 });
  sender.stop();
  expect(clock.pending).toBe(0);
});
