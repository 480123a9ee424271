import { describe, expect, it } from 'vitest';
import type { Replicas, SharedCacheEntry } from '../../src/upstream/index.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

/** A fake of the other processes. */
class FakeReplicas implements Replicas {
  readonly notified: string[] = [];
  readonly invalidated: string[] = [];
  readonly kept: string[] = [];
  readonly dropped: string[] = [];
  readonly lookups: string[] = [];
  /** The shared reply to every read. */
  shared: SharedCacheEntry['reply'];
  /** Delay a lookup in the shared cache, and a notification of the other processes. */
  lookup: Promise<void> = Promise.resolve();
  notification: Promise<void> = Promise.resolve();
  write: (principalName: string, operation: string) => void = () => undefined;
  gap: () => void = () => undefined;
  readonly cache = {
    find: async (_principal: unknown, operation: string): Promise<SharedCacheEntry> => {
      this.lookups.push(operation);
      await this.lookup;
      return {
        reply: this.shared,
        store: (_output, ttlMs) => this.kept.push(`${operation} ${ttlMs}`),
        delete: () => this.dropped.push(operation),
      };
    },
    invalidate: async (_principal: unknown, operations: readonly string[] | 'everything'): Promise<void> =>
      void this.invalidated.push([operations].flat().join()),
  };

  async invalidate(_principal: unknown, operation: string): Promise<void> {
    this.notified.push(operation);
    await this.notification;
  }

  onWrite(listener: (principalName: string, operation: string) => void): void {
    this.write = listener;
  }

  onGap(listener: () => void): void {
    this.gap = listener;
  }
}

const start = async (upstream = {}) => {
  const replicas = new FakeReplicas();
  const world = await startUpstream({ replicas, upstream: { cacheMs: 60_000, ...upstream } });
  await world.session().write('CreateOrganization', {});
  replicas.notified.length = 0;
  return { replicas, world, roots: () => world.simulator.control.requestCount('ListRoots') };
};

describe('a write', () => {
  it('returns after the other processes were notified of it', async () => {
    const { replicas, world } = await start();
    let finishNotification = (): void => undefined;
    replicas.notification = new Promise((resolve) => {
      finishNotification = resolve;
    });
    let answered = false;
    const write = world.session().write('EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    void write.then(() => {
      answered = true;
    });
    await expect.poll(() => replicas.notified).toEqual(['EnableAWSServiceAccess']);
    await world.session({ fresh: true }).read('ListAWSServiceAccessForOrganization', {});
    expect(answered).toBe(false);
    finishNotification();
    await write;
    await world[Symbol.asyncDispose]();
  });

  it('that fails notifies the others, too, because it may have been carried out or show stale replies', async () => {
    const { replicas, world } = await start();
    const refused = world.session().write('EnableAWSServiceAccess', { ServicePrincipal: '' });
    await expect(refused).rejects.toMatchObject({ code: 'InvalidInputException' });
    expect(replicas.notified).toEqual(['EnableAWSServiceAccess']);
    world.simulator.control.failNext('DisableAWSServiceAccess', { kind: 'reset', when: 'after' });
    const lost = world.session().write('DisableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    await expect(lost).rejects.toThrow('AWS may have carried it out');
    expect(replicas.notified).toEqual(['EnableAWSServiceAccess', 'DisableAWSServiceAccess']);
    await world[Symbol.asyncDispose]();
  });

  it('of another process invalidates only what it may have changed, for the principal of that name', async () => {
    const { replicas, world } = await start();
    const cost = async (operation: 'ListRoots' | 'ListAWSServiceAccessForOrganization') => {
      const session = world.session();
      await session.read(operation, {});
      return session.cost.calls;
    };
    const costs = async () => [await cost('ListRoots'), await cost('ListAWSServiceAccessForOrganization')];
    expect(await costs()).toEqual([1, 1]);
    replicas.write('partner', 'EnableAWSServiceAccess');
    expect(await costs()).toEqual([0, 1]);
    replicas.write('customer', 'EnableAWSServiceAccess');
    expect(await costs()).toEqual([0, 0]);
    // A newer version may write with operations that this one does not know.
    replicas.write('partner', 'BefriendAccount');
    expect(await costs()).toEqual([1, 1]);
    await world[Symbol.asyncDispose]();
  });

  it('of another process that may not have been reported invalidates everything, for all principals', async () => {
    const { replicas, world } = await start();
    const costs = async () => {
      const sessions = [world.session(), world.session()];
      await sessions[0]?.read('ListRoots', {});
      await sessions[1]?.read('ListAWSServiceAccessForOrganization', {});
      return sessions.map(({ cost }) => cost.calls);
    };
    expect(await costs()).toEqual([1, 1]);
    expect(await costs()).toEqual([0, 0]);
    replicas.gap();
    expect(await costs()).toEqual([1, 1]);
    await world[Symbol.asyncDispose]();
  });

  it('that a poller has seen invalidates shared replies, too', async () => {
    const { replicas, world } = await start();
    world.upstream.forget(world.principal(), 'EnableAWSServiceAccess');
    expect(replicas.invalidated).toEqual(['ListAWSServiceAccessForOrganization']);
    await world[Symbol.asyncDispose]();
  });
});

describe('a reply that another process has shared', () => {
  it('serves all waiting equal reads, at no cost, for its remaining time to live', async () => {
    const { replicas, world, roots } = await start();
    replicas.shared = { output: { Roots: [{ Id: 'r-abcd' }] }, leftMs: 60_000 };
    const sessions = [world.session(), world.session()];
    const answers = await Promise.all(sessions.map((session) => session.read('ListRoots', {})));
    expect(answers.map(({ Roots }) => Roots?.[0]?.Id)).toEqual(['r-abcd', 'r-abcd']);
    expect(sessions.map(({ cost }) => [cost.calls, cost.cached, cost.coalesced])).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    await world.session().read('ListRoots', {});
    expect([roots(), replicas.lookups.length, replicas.kept]).toEqual([0, 1, []]);
    await world[Symbol.asyncDispose]();
  });

  it('is not used by a fresh session, not even by one that joins during the lookup', async () => {
    const { replicas, world, roots } = await start();
    replicas.shared = { output: { Roots: [] }, leftMs: 60_000 };
    let finishLookup = (): void => undefined;
    replicas.lookup = new Promise((resolve) => {
      finishLookup = resolve;
    });
    const first = world.session().read('ListRoots', {});
    const fresh = world.session({ fresh: true }).read('ListRoots', {});
    finishLookup();
    expect((await fresh).Roots).toHaveLength(1);
    expect((await first).Roots).toHaveLength(1);
    expect(roots()).toBe(1);
    await world[Symbol.asyncDispose]();
  });

  it('is not looked up by pollers, nor for operations without a cache', async () => {
    const { replicas, world } = await start({ cacheMsByOperation: { ListAccounts: 0 } });
    await world.session({ priority: 'background', fresh: true }).read('ListRoots', {});
    await world.session().read('ListAccounts', {});
    expect([replicas.lookups, replicas.kept]).toEqual([[], []]);
    await world.session().read('ListPolicies', { Filter: 'TAG_POLICY' });
    expect(replicas.kept).toEqual(['ListPolicies 60000']);
    await world[Symbol.asyncDispose]();
  });

  it('is evicted when AWS returns that the object does not exist', async () => {
    const { replicas, world } = await start();
    const read = world.session().read('DescribeAccount', { AccountId: '999999999999' });
    await expect(read).rejects.toMatchObject({ code: 'AccountNotFoundException' });
    expect(replicas.dropped).toEqual(['DescribeAccount']);
    await world[Symbol.asyncDispose]();
  });

  it('is not cached when a write began meanwhile', async () => {
    await using scripted = await startScriptedAws();
    const replicas = new FakeReplicas();
    await using world = await startUpstream({
      replicas,
      principals: [emulated('partner', '111111111111', scripted.url)],
      upstream: { cacheMs: 60_000 },
    });
    replicas.shared = { output: { EnabledServicePrincipals: [] }, leftMs: 60_000 };
    let finishLookup = (): void => undefined;
    replicas.lookup = new Promise((resolve) => {
      finishLookup = resolve;
    });
    const early = world.session().read('ListAWSServiceAccessForOrganization', {});
    const write = world.session().write('EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    (await scripted.next()).reply({});
    await write;
    finishLookup();
    await early;
    replicas.shared = undefined;
    const late = world.session().read('ListAWSServiceAccessForOrganization', {});
    (await scripted.next()).reply({ EnabledServicePrincipals: [{ ServicePrincipal: 'config.amazonaws.com' }] });
    expect((await late).EnabledServicePrincipals).toHaveLength(1);
  });
});
