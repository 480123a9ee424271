import { beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../src/principal/index.ts';
import { createGatewayMonitor, type GatewayMonitor, type GatewayStatus } from '../../src/schema/gateway-monitor.ts';
import type { PrincipalUsage, WallMs } from '../../src/upstream/index.ts';
import type { PollerStatus } from '../../src/watcher/index.ts';
import { ManualClock } from '../support/manual-clock.ts';

const payer = { name: 'payer' } as Principal;
const acme = { name: 'acme' } as Principal;

let clock: ManualClock;
let calls: number;
let reads: number;
let pollers: readonly PollerStatus[];
let failure: string | undefined;
let monitor: GatewayMonitor;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2027, 0, 1));
  calls = 0;
  reads = 0;
  pollers = [];
  failure = undefined;
  monitor = createGatewayMonitor({
    clock,
    copyOf: () => undefined,
    watcher: {
      pollersOf() {
        reads += 1;
        return pollers;
      },
    },
    upstream: {
      usageOf: ({ name }): PrincipalUsage => ({
        minutes: [{ minute: 0 as WallMs, calls, cached: 0, throttled: 0 }],
        budget: [],
        accountId: undefined,
        failure: name === 'acme' ? failure : undefined,
      }),
    },
  });
});

/** Collects what a subscriber receives while it reads at once. */
function collect(events: AsyncIterableIterator<GatewayStatus>): GatewayStatus[] {
  const received: GatewayStatus[] = [];
  void (async () => {
    for await (const event of events) received.push(event);
  })();
  return received;
}

const callsOf = ({ usage }: GatewayStatus) => usage.minutes[0]?.calls;

test('sends the state at once, then only when it has changed', async () => {
  const received = collect(monitor.changes(payer, [payer]));
  await clock.advance(60_000);
  expect(received.map(callsOf)).toEqual([0]);
  calls = 1;
  await clock.advance(10_000);
  expect(received.map(callsOf)).toEqual([0, 1]);
});

test('sends at most one state a second, also to a subscriber that joins between two', async () => {
  const first = collect(monitor.changes(payer, [payer]));
  await clock.advance(900);
  const second = collect(monitor.changes(payer, [payer]));
  for (let step = 0; step < 10; step += 1) {
    calls += 1;
    await clock.advance(100);
  }
  // The first subscriber's second ends at 1,000 ms; the second one has had its first state for 100 ms then.
  expect(first.map(callsOf)).toEqual([0, 1]);
  expect(second.map(callsOf)).toEqual([0]);
  await clock.advance(100);
  expect(first.map(callsOf)).toEqual([0, 1, 10]);
  expect(second.map(callsOf)).toEqual([0, 10]);
});

test('a slow reader receives the latest state alone', async () => {
  const events = monitor.changes(payer, [payer]);
  for (let second = 0; second < 5; second += 1) {
    calls += 1;
    await clock.advance(1_000);
  }
  expect(callsOf((await events.next()).value)).toBe(5);
  const next = events.next();
  await events.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('reads the state once a second for all subscribers with the same principals, and not after the last has left', async () => {
  const subscriptions = Array.from({ length: 100 }, () => monitor.changes(payer, [payer]));
  const received = subscriptions.map(collect);
  reads = 0;
  calls = 1;
  await clock.advance(1_000);
  expect(reads).toBe(1);
  expect(new Set(received.map((events) => events[1])).size).toBe(1);
  for (const subscription of subscriptions) await subscription.return?.();
  expect(clock.pending).toBe(0);
});

test('a change of a principal concerns the callers that may use it', async () => {
  const both = collect(monitor.changes(payer, [payer, acme]));
  const one = collect(monitor.changes(payer, [payer]));
  failure = 'UPSTREAM_UNAVAILABLE';
  await clock.advance(1_000);
  expect(both.map(({ principals }) => principals.map(({ code }) => code))).toEqual([
    [undefined, undefined],
    [undefined, 'UPSTREAM_UNAVAILABLE'],
  ]);
  expect(one).toHaveLength(1);
});

test('a poller’s read is a change', async () => {
  const poller = { list: 'accountHandshakes', intervalMs: 1_000, subscribers: 1, error: undefined };
  pollers = [{ ...poller, lastReadOn: undefined }];
  const received = collect(monitor.changes(payer, [payer]));
  pollers = [{ ...poller, lastReadOn: clock.wallMs() }];
  await clock.advance(1_000);
  expect(received.map((status) => status.pollers[0]?.lastReadOn)).toEqual([undefined, clock.wallMs() - 1_000]);
});
