import { MemoryLevel } from 'memory-level';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { levelJournals } from '../../src/watcher/level-journals.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { FakeUpstream } from './support/fake-upstream.ts';
import { createWatched, handshake, principalOf, Reader, start } from './support/index.ts';

const list = 'ListHandshakesForOrganization';
const second = 1_000;
const hour = 3_600 * second;
const year = 365 * 24 * hour;

const steps = [
  ['back by 8 s', -8 * second],
  ['back by an hour', -hour],
  ['back to 1970', -start],
  ['forth by 8 s', 8 * second],
  ['forth by an hour', hour],
  ['forth by ten years', 10 * year],
] as const;

/** The times of the list's reads within the next `ms`, in ms from now. */
async function readTimes({ clock, upstream }: ReturnType<typeof createWatched>, ms: number): Promise<number[]> {
  const times: number[] = [];
  for (let at = 100; at <= ms; at += 100) {
    const before = upstream.count(list);
    await clock.advance(100);
    for (let n = before; n < upstream.count(list); n += 1) times.push(at);
  }
  return times;
}

describe.each(steps)('when the wall clock steps %s', (_name, stepMs) => {
  it.each([
    ['nothing is pending', 'ACCEPTED'],
    ['something is pending', 'OPEN'],
  ] as const)('polls come as if it had not, while %s', async (_pending, state) => {
    const timesWith = async (step: number) => {
      const watched = createWatched({ minIntervalMs: 2 * second, maxIntervalMs: 30 * second });
      const { clock, watcher, partner, world } = watched;
      const ExpirationTimestamp = new Date(clock.wallMs() + 100 * year);
      world.sent.set('h-00000001', handshake('h-00000001', state, { ExpirationTimestamp }));
      const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
      await clock.advance(3 * second);
      clock.stepWall(step);
      const times = await readTimes(watched, 200 * second);
      await reader.stop();
      expect(clock.pending).toBe(0);
      return times;
    };
    expect(await timesWith(stepMs)).toEqual(await timesWith(0));
  });

  it('an expiry is published at the next regular poll at the latest, with at most one more call', async () => {
    const watched = createWatched({ minIntervalMs: 20 * second, maxIntervalMs: 20 * second });
    const { clock, upstream, watcher, partner, world } = watched;
    upstream.rate = 5;
    const ExpirationTimestamp = new Date(clock.wallMs() + 30 * second);
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN', { ExpirationTimestamp }));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(5 * second);
    clock.stepWall(stepMs);
    await clock.advance(25 * second);
    world.sent.set('h-00000001', handshake('h-00000001', 'EXPIRED', { ExpirationTimestamp }));
    await clock.advance(20 * second + upstream.latencyMs);
    expect(reader.events.at(-1)).toMatchObject({ type: 'CHANGED', object: { State: 'EXPIRED' } });
    // Regular polls at 0, 20 and 40 s, and one at most that an expiry brings forward.
    expect(upstream.count(list)).toBeLessThanOrEqual(4);
    await reader.stop();
  });

  it('a stale list does not revert an own write, and a settled list does', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched({
      minIntervalMs: second,
      maxIntervalMs: second,
    });
    const named = (Notes: string) => handshake('h-00000001', 'OPEN', { Arn: `arn:${Notes}` });
    world.sent.set('h-00000001', named('before'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(2 * second);
    const canceled = handshake('h-00000001', 'CANCELED');
    upstream.wrote(partner, 'CancelHandshake', { Handshake: canceled }, { HandshakeId: 'h-00000001' });
    clock.stepWall(stepMs);
    await clock.advance(14 * second);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK CHANGED');
    world.sent.set('h-00000001', canceled);
    await clock.advance(30 * second);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK CHANGED');
    await reader.stop();
  });

  it('bookmarks are still sent, and a failing list is still retried', async () => {
    const { clock, watcher, partner, world, upstream } = createWatched({ bookmarkMs: 60 * second });
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(second);
    clock.stepWall(stepMs);
    const before = upstream.count(list);
    await clock.advance(61 * second);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK BOOKMARK');
    expect(upstream.count(list)).toBeGreaterThan(before + 20);
    await reader.stop();
  });
});

// The store deletes a log after 30 days, by date, without a subscriber.
describe.each(steps.filter(([, ms]) => ms < 30 * 24 * hour))(
  'when the wall clock steps %s before a restart',
  (_name, stepMs) => {
    it('a stored log continues after a restart, and a stale list does not revert an own write from before', async () => {
      const clock = new ManualClock(start);
      const upstream = new FakeUpstream(clock);
      const partner = principalOf('partner');
      const store = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
      const config = configSchema.parse({ watch: { minIntervalMs: second, maxIntervalMs: second } }).watch;
      const open = () => {
        const journals = levelJournals(store, { keepEvents: 5, onError: (error) => expect.fail(String(error)), clock });
        return createWatcher(upstream, config, { clock, random: () => 0, journals });
      };
      const { sent } = upstream.world(partner);
      sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
      const first = open();
      const reader = new Reader(first.watch(partner, 'organizationHandshakes'));
      await clock.advance(2 * second);
      const invited = handshake('h-00000002', 'OPEN');
      upstream.wrote(partner, 'InviteAccountToOrganization', { Handshake: invited }, { Target: undefined });
      await clock.advance(second);
      const { cursor } = reader;
      expect(reader.types).toBe('SNAPSHOT BOOKMARK ADDED');
      await first.close();
      await store.open();

      clock.stepWall(stepMs);
      const next = open();
      const back = new Reader(next.watch(partner, 'organizationHandshakes', { after: cursor }));
      // AWS's list does not show the invitation yet.
      await clock.advance(10 * second);
      expect(back.types).toBe('BOOKMARK');
      sent.set('h-00000002', invited);
      await clock.advance(30 * second);
      sent.set('h-00000001', handshake('h-00000001', 'CANCELED'));
      await clock.advance(2 * second);
      expect(back.types).toBe('BOOKMARK CHANGED');
      await next.close();
    });
  },
);
