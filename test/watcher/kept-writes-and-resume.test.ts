import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallPacer, callPriorities } from '../../src/watcher/call-pacer.ts';
import { ManualClock, settled } from '../support/manual-clock.ts';
import { runs } from '../support/runs.ts';
import { OrganizationUpstream } from './support/fake-organization.ts';
import { start } from './support/index.ts';
import { createKept, idsOf, untilComplete } from './support/kept.ts';
import { SharedJournals } from './support/shared-journals.ts';

const idOf = (number: number) => String(100_000_000_000 + number);

describe('an own write', () => {
  it('is in the copy at once, verified after 15 s, and not reverted by reads that lag', async () => {
    const { open, clock, upstream, world, principal } = createKept();
    world.addAccount(1);
    world.addPolicy('p-own');
    const copy = open();
    await untilComplete(clock, copy, 'policyAttachments', 'tags', 'accounts');
    upstream.take();
    const id = `${idOf(1)}/p-own`;
    // AWS's lists do not show the attachment yet.
    upstream.wrote(principal, 'AttachPolicy', {}, { PolicyId: 'p-own', TargetId: idOf(1) });
    expect(idsOf(copy, 'policyAttachments')).toContain(id);
    copy.refresh(['policyAttachments']);
    await clock.advance(14_000);
    expect(upstream.count('ListTargetsForPolicy')).toBeGreaterThan(1);
    expect(idsOf(copy, 'policyAttachments')).toContain(id);
    world.targets.get('p-own')?.add(idOf(1));
    upstream.take();
    await clock.advance(5_000);
    expect(upstream.calls.length).toBeGreaterThan(0);
    expect(idsOf(copy, 'policyAttachments')).toContain(id);
    copy.release();
  });

  it('that AWS has undone meanwhile is corrected when it is verified', async () => {
    const { open, clock, upstream, world, principal } = createKept();
    world.addAccount(1);
    world.addPolicy('p-own');
    const copy = open();
    await untilComplete(clock, copy, 'policyAttachments', 'tags', 'accounts');
    upstream.wrote(principal, 'AttachPolicy', {}, { PolicyId: 'p-own', TargetId: idOf(1) });
    await clock.advance(30_000);
    expect(idsOf(copy, 'policyAttachments')).not.toContain(`${idOf(1)}/p-own`);
    copy.release();
  });

  it('that deletes an object is not undone by a page that still shows it', async () => {
    const { open, clock, upstream, world, principal } = createKept();
    world.addPolicy('p-own');
    const copy = open();
    await untilComplete(clock, copy, 'policies', 'policyAttachments', 'tags');
    upstream.wrote(principal, 'DeletePolicy', {}, { PolicyId: 'p-own' });
    expect(idsOf(copy, 'policies')).not.toContain('p-own');
    copy.refresh(['policies']);
    await clock.advance(10_000);
    expect(idsOf(copy, 'policies')).not.toContain('p-own');
    copy.release();
  });
});

describe('a replica that does not lead', () => {
  it('has the same copy, and takes the first sweep over where it stopped', async () => {
    const clock = new ManualClock(start);
    const upstream = new OrganizationUpstream(clock);
    const shared = new SharedJournals();
    for (let number = 0; number < 100; number += 1) upstream.world.addAccount(number);
    const first = shared.join();
    const leader = createKept({ clock, upstream, journals: first.journals });
    const leading = leader.open();
    const follower = createKept({ clock, upstream, journals: shared.join().journals });
    const following = follower.open();
    while (upstream.count('ListAccounts') < 3) await clock.advance(10);
    expect(idsOf(following, 'accounts')).toBeUndefined();
    first.kill();
    await leader.watcher.close();
    shared.elect();
    await untilComplete(clock, following, 'accounts', 'tags');
    expect(idsOf(following, 'accounts')).toHaveLength(100);
    expect(upstream.count('ListAccounts')).toBeLessThanOrEqual(5 + 1);
    expect(leading.list('accounts').objects).toBeUndefined();
    const third = createKept({ clock, upstream, journals: shared.join().journals });
    const restored = third.open();
    await settled();
    expect(idsOf(restored, 'accounts')).toHaveLength(100);
    await Promise.all([follower.watcher.close(), third.watcher.close()]);
  });
});

describe('an own write of another replica, relayed late', () => {
  /** A replica renames a policy, and the one that leads learns of it 2 s later. Returns its copy, and its rename by others. */
  const renameElsewhere = async () => {
    const clock = new ManualClock(start);
    const shared = new SharedJournals();
    const leader = createKept({ clock, journals: shared.join().journals });
    const { world } = leader;
    world.addPolicy('p-own');
    const leading = leader.open();
    const follower = createKept({ clock, journals: shared.join().journals });
    follower.open();
    await untilComplete(clock, leading, 'policies', 'policyContents', 'policyAttachments', 'tags');
    shared.deliver = (send) => void clock.after(2_000, send);
    await clock.advance(1);
    const policy = world.policies.get('p-own');
    const rename = (Name: string) => {
      world.policies.set('p-own', { ...policy, Name });
      return { Policy: { PolicySummary: { ...policy, Name } } };
    };
    const own = rename('own');
    follower.upstream.wrote(follower.principal, 'UpdatePolicy', own, { PolicyId: 'p-own', Name: 'own' });
    const close = () => Promise.all([leader.watcher.close(), follower.watcher.close()]);
    const name = () => leading.list('policies').objects?.get('p-own')?.object.Name;
    return { clock, leading, rename, name, close };
  };

  it('does not replace what a read has shown since', async () => {
    const { clock, leading, rename, name, close } = await renameElsewhere();
    await clock.advance(1);
    rename('by others');
    leading.refresh(['policies']);
    await clock.advance(1_900);
    expect(name()).toBe('by others');
    await clock.advance(200);
    expect(name()).toBe('by others');
    await clock.advance(20_000);
    expect(name()).toBe('by others');
    await close();
  });

  it('is in the copy at once otherwise', async () => {
    const { clock, name, close } = await renameElsewhere();
    await clock.advance(1_900);
    expect(name()).toBe('p-own');
    await clock.advance(200);
    expect(name()).toBe('own');
    await close();
  });
});

describe('the budget of a copy', () => {
  it('holds in every time window', async () => {
    const { open, clock, upstream, world } = createKept({ keep: { budgetShare: 0.3 } });
    upstream.latencyMs = 700;
    for (let number = 0; number < 60; number += 1) world.addAccount(number);
    const copy = open();
    await untilComplete(clock, copy, 'accounts', 'tags');
    const intervalMs = 1000 / (upstream.rate * 0.3);
    for (const operation of new Set(upstream.calls.map((call) => call.operation))) {
      const times = upstream.calls.filter((call) => call.operation === operation).map(({ at }) => at);
      for (const [index, at] of times.entries()) {
        if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(intervalMs - 0.001);
      }
    }
    const tags = upstream.calls.filter(({ operation }) => operation === 'ListTagsForResource').map(({ at }) => at);
    const tookMs = (tags.at(-1) ?? 0) - (tags[0] ?? 0);
    expect(tookMs / (intervalMs * (tags.length - 1))).toBeLessThan(1.05);
    copy.release();
  });

  it('spaces calls of any priority and latency that wait for interactive ones', async () => {
    const call = fc.record({
      after: fc.integer({ min: 0, max: 300 }),
      waitMs: fc.integer({ min: 0, max: 400 }),
      latencyMs: fc.integer({ min: 1, max: 400 }),
      priority: fc.constantFrom(...Object.values(callPriorities)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 20 }), async (calls) => {
        const clock = new ManualClock();
        const pacer = new CallPacer(clock, 10);
        const sentAt: number[] = [];
        const sleep = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
        const make = async ({ waitMs, latencyMs, priority }: (typeof calls)[number]) => {
          const slot = await pacer.take({ priority, share: 1 }, new AbortController().signal);
          const cost = { calls: 0, waitedMs: 0 };
          slot.start(cost);
          await sleep(waitMs);
          cost.waitedMs += waitMs;
          cost.calls += 1;
          sentAt.push(clock.monotonicMs());
          await sleep(latencyMs);
          slot.end();
        };
        for (const one of calls) {
          void make(one);
          await clock.advance(one.after);
        }
        await clock.advance(60_000);
        expect(sentAt).toHaveLength(calls.length);
        for (const [index, at] of sentAt.entries())
          if (index > 0) expect(at - (sentAt[index - 1] ?? 0)).toBeGreaterThanOrEqual(100 - 1e-6);
      }),
      { numRuns: runs(200) },
    );
  });

  it('counts a call from when it is sent, also before another one that was due later', async () => {
    const clock = new ManualClock();
    const pacer = new CallPacer(clock, 10);
    const start = clock.monotonicMs();
    const sentAt: [string, number][] = [];
    const make = async (name: string, priority: number, share: number) => {
      const slot = await pacer.take({ priority, share }, new AbortController().signal);
      sentAt.push([name, clock.monotonicMs() - start]);
      slot.start({ calls: 1, waitedMs: 0 });
      slot.end();
    };
    void make('first', callPriorities.sweep, 0.1);
    void make('second', callPriorities.sweep, 0.1);
    await clock.advance(200);
    void make('urgent', callPriorities.hint, 1);
    await clock.advance(2_000);
    expect(sentAt).toEqual([
      ['first', 0],
      ['urgent', 200],
      ['second', 1_200],
    ]);
  });

  it('that cannot meet the maximum age is reported with the share that would', async () => {
    const { open, clock, world, warnings } = createKept({ keep: { tagsMaxAgeMs: 60_000, budgetShare: 0.1 } });
    for (let number = 0; number < 100; number += 1) world.addAccount(number);
    const copy = open();
    await untilComplete(clock, copy, 'tags');
    expect(warnings).toContainEqual(
      expect.objectContaining({ list: 'tags', operation: 'ListTagsForResource', neededShare: 0.18 }),
    );
    expect(copy.list('tags').neededShare).toBe(0.18);
    copy.release();
  });
});
