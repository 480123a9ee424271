import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Subscription } from '../../src/watcher/subscription.ts';
import type { WatchEvent } from '../../src/watcher/types.ts';

const event = (n: number): WatchEvent<number> => ({
  cursor: `c${n}`,
  type: 'CHANGED',
  reset: false,
  previousState: null,
  object: n,
  observedAt: new Date(n),
});

/** Publications, each of which tells its changes at once. */
const batches = [{}, {}, {}, {}];

type Told = string | number | null;

/** Reads with promises, as `for await` does. */
async function byPromises(subscription: Subscription<number>, told: Told[]): Promise<void> {
  try {
    for await (const { object } of subscription) told.push(object);
    told.push('end');
  } catch (error) {
    told.push(String(error));
  }
}

/** Reads what is there, whenever there is something. */
function asReady(subscription: Subscription<number>, told: Told[]): void {
  try {
    for (;;) {
      const taken = subscription.tryNext();
      if (taken === undefined) subscription.whenReady({ ready: () => asReady(subscription, told) });
      else told.push(taken.done ? 'end' : taken.value.object);
      if (taken === undefined || taken.done) return;
    }
  } catch (error) {
    told.push(String(error));
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('push' as const), batch: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('begin' as const), count: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('turn' as const) }) },
  fc.record({ does: fc.constantFrom('complete' as const, 'fail' as const, 'return' as const) }),
);

test('who reads a subscription without promises is told the same as who reads it with them, in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const open = () =>
        new Subscription<number>({ open: async () => {}, maxBuffered: 1_000, match: (n) => n % 7 !== 0 });
      const [one, other] = [open(), open()];
      const told: [Told[], Told[]] = [[], []];
      const reading = byPromises(one, told[0]);
      asReady(other, told[1]);
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
        // What is read with promises lags by a few turns; what has been told by then must be equal.
        for (let turn = 0; turn < 20; turn += 1) await undefined;
        expect(told[1]).toEqual(told[0]);
      }
      await reading;
      expect(told[1]).toEqual(told[0]);
    }),
    { numRuns: 300 },
  );
});

test('a subscriber that is told at once reads all that comes while it is being told', () => {
  const subscription = new Subscription<number>({ open: async () => {}, maxBuffered: 10 });
  const told: Told[] = [];
  asReady(subscription, told);
  subscription.push(event(1), {});
  subscription.push(event(2), {});
  expect(told).toEqual([1, 2]);
  subscription.complete();
  expect(told).toEqual([1, 2, 'end']);
});
