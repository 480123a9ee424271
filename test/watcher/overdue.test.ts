import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import type { Clock } from '../../src/upstream/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { FakeUpstream } from './support/fake-upstream.ts';
import { handshake, principalOf, Reader, start } from './support/index.ts';

const list = 'ListHandshakesForOrganization';
const partner = principalOf('partner');

/** A clock whose timers a test can stop from firing. */
class StuckClock implements Clock {
  readonly #clock: ManualClock;
  isStuck = false;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  monotonicMs = () => this.#clock.monotonicMs();
  wallMs = () => this.#clock.wallMs();
  after = (ms: number, task: () => void) => (this.isStuck ? () => undefined : this.#clock.after(ms, task));
}

function createWatched() {
  const clock = new ManualClock(start);
  const stuckClock = new StuckClock(clock);
  const upstream = new FakeUpstream(clock);
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  const config = configSchema.parse({ watch: { minIntervalMs: 2_000, maxIntervalMs: 30_000 } }).watch;
  const watcher = createWatcher(upstream, config, { clock: stuckClock, random: () => 0, log });
  const world = upstream.world(partner);
  world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
  return { clock, stuckClock, upstream, watcher, lines, world };
}

const readers: Reader<unknown>[] = [];
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.stop()));
});

describe('a poller whose read gets stuck', () => {
  it('is overdue after a minute, which is logged once at its beginning and once at its end', async () => {
    const { clock, upstream, watcher, lines } = createWatched();
    readers.push(new Reader(watcher.watch(partner, 'organizationHandshakes')));
    await clock.advance(1_000);
    upstream.latencyMs = Number.POSITIVE_INFINITY;
    await clock.advance(61_000);
    expect([watcher.overduePollers, lines]).toEqual([[], []]);
    await clock.advance(5_000);
    expect(watcher.overduePollers).toEqual([
      { principal: 'partner', list: 'organizationHandshakes', overdueMs: expect.any(Number) },
    ]);
    await clock.advance(300_000);
    expect(lines).toEqual([expect.stringMatching(/"level":50.*"list":"organizationHandshakes".*A poller is overdue/)]);
    upstream.latencyMs = 50;
    await clock.advance(300_000);
    expect(watcher.overduePollers).toEqual([]);
    expect(lines).toEqual([expect.any(String), expect.stringContaining('No poller is overdue any more')]);
    expect(clock.pending).toBeGreaterThan(0);
  });

  it('cancels the read after watch.pollDeadlineMs and reads again; no event is lost or sent twice', async () => {
    const { clock, upstream, watcher, world } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    readers.push(reader);
    await clock.advance(1_000);
    upstream.latencyMs = Number.POSITIVE_INFINITY;
    await clock.advance(10_000);
    expect(upstream.inFlight).toBe(1);
    upstream.latencyMs = 50;
    world.sent.set('h-00000001', handshake('h-00000001', 'CANCELED'));
    await clock.advance(610_000);
    expect(upstream.inFlight).toBe(0);
    expect(reader.events.filter(({ type }) => type !== 'BOOKMARK').map(({ type }) => type)).toEqual([
      'SNAPSHOT',
      'CHANGED',
    ]);
  });

  it('ends its subscriptions with an error after two such reads in a row, or after the first read of all', async () => {
    const { clock, upstream, watcher } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    upstream.latencyMs = Number.POSITIVE_INFINITY;
    await clock.advance(1_300_000);
    expect(reader.error).toMatchObject({ code: 'UPSTREAM_FAILING', reason: 'UPSTREAM_TIMEOUT', retryable: true });
    expect(String(reader.error)).toContain(`${list} is not complete after 600 s (watch.pollDeadlineMs)`);
    const late = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(601_000);
    expect(late.error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'POLL_DEADLINE' });
    expect([watcher.activePollers, watcher.overduePollers, clock.pending]).toEqual([0, [], 0]);
  });

  it('is not overdue while a long list is read page by page', async () => {
    const { clock, upstream, watcher, world, lines } = createWatched();
    for (let n = 1_000; n < 1_020; n += 1) world.sent.set(`h-0000${n}`, handshake(`h-0000${n}`, 'OPEN'));
    upstream.pageSize = 1;
    upstream.latencyMs = 20_000;
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    readers.push(reader);
    for (let passed = 0; passed < 420; passed += 10) {
      await clock.advance(10_000);
      expect(watcher.overduePollers).toEqual([]);
    }
    await clock.advance(10_000);
    expect(reader.types).toContain('SNAPSHOT');
    expect(lines).toEqual([]);
  });
});

it('a poller whose timer never fires is overdue', async () => {
  const { clock, stuckClock, watcher } = createWatched();
  readers.push(new Reader(watcher.watch(partner, 'organizationHandshakes')));
  await clock.advance(1_000);
  stuckClock.isStuck = true;
  await clock.advance(120_000);
  expect(watcher.overduePollers).toMatchObject([{ principal: 'partner', list: 'organizationHandshakes' }]);
});

it('a list that is read regularly is never overdue, whatever AWS replies', async () => {
  const { clock, upstream, watcher, lines } = createWatched();
  readers.push(new Reader(watcher.watch(partner, 'organizationHandshakes')));
  await clock.advance(1_000);
  upstream.failing = () => new Error('no error of the upstream') as never;
  for (let passed = 0; passed < 200; passed += 10) {
    await clock.advance(10_000);
    expect(watcher.overduePollers).toEqual([]);
  }
  expect(lines.filter((line) => line.includes('is overdue'))).toEqual([]);
});
