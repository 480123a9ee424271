import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSyncAsyncIterator, Subscription } from '../../src/watcher/subscription.ts';
import type { WatchEvent } from '../../src/watcher/types.ts';

const event = (n: number): WatchEvent<number> => ({
  cursor: `c${n}`,
  type: 'CHANGED',
  reset: false,
  previousState: null,
  object: n,
  observedAt: new Date(n),
});

/** Batches of changes; each batch is published at once. */
const batches = [{}, {}, {}, {}];

type Received = string | number | null;

async function byPromises(subscription: Subscription<number>, received: Received[]): Promise<void> {
  try {
    for await (const { object } of subscription) received.push(object);
    received.push('end');
  } catch (error) {
    received.push(String(error));
  }
}

/** Takes ready events without promises. */
function asReady(subscription: Subscription<number>, received: Received[]): void {
  try {
    for (;;) {
      const next = subscription.tryNext();
      if (next === undefined) subscription.notifyWhenReady({ onReady: () => asReady(subscription, received) });
      else received.push(next.done ? 'end' : next.value.object);
      if (next === undefined || next.done) return;
    }
  } catch (error) {
    received.push(String(error));
  }
}

test('a subscription can be read without promises', () => {
  const subscription = new Subscription<number>({ open: async () => {}, maxBuffered: 1 });
  expect(isSyncAsyncIterator(subscription)).toBe(true);
  expect(isSyncAsyncIterator((async function* () {})())).toBe(false);
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('push' as const), batch: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('begin' as const), count: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('turn' as const) }) },
  fc.record({ does: fc.constantFrom('complete' as const, 'fail' as const, 'return' as const) }),
);

test('readers with and without promises receive the same events in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const open = () =>
        new Subscription<number>({ open: async () => {}, maxBuffered: 1_000, match: (n) => n % 7 !== 0 });
      const [one, other] = [open(), open()];
      const received: [Received[], Received[]] = [[], []];
      const reading = byPromises(one, received[0]);
      asReady(other, received[1]);
      let next = 0;
      for (const each of [...steps, { does: 'complete' as const }]) {
        const begun = next;
        const does = (subscription: Subscription<number>) => {
          next = begun;
          const made = () => {
            next += 1;
            return event(next);
          };
          switch (each.does) {
            case 'push':
              return subscription.push(made(), batches[each.batch] as object);
            case 'begin':
              return subscription.idle && subscription.begin(Array.from({ length: each.count }, made));
            case 'complete':
              return subscription.complete();
            case 'fail':
              return subscription.fail((cursor) => new Error(`ended behind ${cursor}`));
            case 'return':
              return void subscription.return();
            case 'turn':
              return undefined;
          }
        };
        does(one);
        does(other);
        // The reader with promises lags by a few turns; both must have received the same by then.
        for (let turn = 0; turn < 20; turn += 1) await undefined;
        expect(received[1]).toEqual(received[0]);
      }
      await reading;
      expect(received[1]).toEqual(received[0]);
    }),
    { numRuns: 300 },
  );
});

test('a subscriber without promises reads all that is published while it is being notified', () => {
  const subscription = new Subscription<number>({ open: async () => {}, maxBuffered: 10 });
  const received: Received[] = [];
  asReady(subscription, received);
  subscription.push(event(1), {});
  subscription.push(event(2), {});
  expect(received).toEqual([1, 2]);
  subscription.complete();
  expect(received).toEqual([1, 2, 'end']);
});
