import { describe, expect, it } from 'vitest';
import type { Replicas, SharedRead } from '../../src/upstream/index.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

/** Other processes, as a test plays them. */
class FakeReplicas implements Replicas {
  readonly notified: string[] = [];
  readonly invalidated: string[] = [];
  readonly kept: string[] = [];
  readonly dropped: string[] = [];
  readonly looks: string[] = [];
  /** What is shared of every read. */
  shared: SharedRead['answer'];
  /** Whether looking, or telling, is done. */
  looked: Promise<void> = Promise.resolve();
  heard: Promise<void> = Promise.resolve();
  write: (principalName: string, operation: string) => void = () => undefined;
  readonly cache = {
    look: async (_principal: unknown, operation: string): Promise<SharedRead> => {
      this.looks.push(operation);
      await this.looked;
      return {
        answer: this.shared,
        keep: (_output, ttlMs) => this.kept.push(`${operation} ${ttlMs}`),
        drop: () => this.dropped.push(operation),
      };
    },
    invalidate: async (_principal: unknown, operations: readonly string[] | 'everything'): Promise<void> =>
      void this.invalidated.push([operations].flat().join()),
  };

  async invalidate(_principal: unknown, operation: string): Promise<void> {
    this.notified.push(operation);
    await this.heard;
  }

  onWrite(listener: (principalName: string, operation: string) => void): void {
    this.write = listener;
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
  it('is answered when the others have heard of it', async () => {
    const { replicas, world } = await start();
    let hear = (): void => undefined;
    replicas.heard = new Promise((resolve) => {
      hear = resolve;
    });
    let answered = false;
    const write = world.session().write('EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    void write.then(() => {
      answered = true;
    });
    await expect.poll(() => replicas.notified).toEqual(['EnableAWSServiceAccess']);
    await world.session({ fresh: true }).read('ListAWSServiceAccessForOrganization', {});
    expect(answered).toBe(false);
    hear();
    await write;
    await world[Symbol.asyncDispose]();
  });

  it('that fails is news to the others as well: a refusal shows what is out of date, and of a lost answer nobody knows', async () => {
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

  it('of another process makes the principal of that name forget what it may have changed, and nothing else', async () => {
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
    // A newer version may write what this one does not know.
    replicas.write('partner', 'BefriendAccount');
    expect(await costs()).toEqual([1, 1]);
    await world[Symbol.asyncDispose]();
  });

  it('that a poller has seen is invalidated where answers are shared, too', async () => {
    const { replicas, world } = await start();
    world.upstream.forget(world.principal(), 'EnableAWSServiceAccess');
    expect(replicas.invalidated).toEqual(['ListAWSServiceAccessForOrganization']);
    await world[Symbol.asyncDispose]();
  });
});

describe('what others have read', () => {
  it('is an answer for all who wait for the same, at no cost, for as long as it may still be given', async () => {
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
    expect([roots(), replicas.looks.length, replicas.kept]).toEqual([0, 1, []]);
    await world[Symbol.asyncDispose]();
  });

  it('is none for who wants what is true now, not even for one who joins while it is looked for', async () => {
    const { replicas, world, roots } = await start();
    replicas.shared = { output: { Roots: [] }, leftMs: 60_000 };
    let found = (): void => undefined;
    replicas.looked = new Promise((resolve) => {
      found = resolve;
    });
    const first = world.session().read('ListRoots', {});
    const fresh = world.session({ fresh: true }).read('ListRoots', {});
    found();
    expect((await fresh).Roots).toHaveLength(1);
    expect((await first).Roots).toHaveLength(1);
    expect(roots()).toBe(1);
    await world[Symbol.asyncDispose]();
  });

  it('is not asked for by pollers, nor where nothing is to be kept', async () => {
    const { replicas, world } = await start({ cacheMsByOperation: { ListAccounts: 0 } });
    await world.session({ priority: 'background', fresh: true }).read('ListRoots', {});
    await world.session().read('ListAccounts', {});
    expect([replicas.looks, replicas.kept]).toEqual([[], []]);
    await world.session().read('ListPolicies', { Filter: 'TAG_POLICY' });
    expect(replicas.kept).toEqual(['ListPolicies 60000']);
    await world[Symbol.asyncDispose]();
  });

  it('is taken back when AWS says that there is no such thing', async () => {
    const { replicas, world } = await start();
    const read = world.session().read('DescribeAccount', { AccountId: '999999999999' });
    await expect(read).rejects.toMatchObject({ code: 'AccountNotFoundException' });
    expect(replicas.dropped).toEqual(['DescribeAccount']);
    await world[Symbol.asyncDispose]();
  });

  it('is not kept here when a write came in between', async () => {
    await using scripted = await startScriptedAws();
    const replicas = new FakeReplicas();
    await using world = await startUpstream({
      replicas,
      principals: [emulated('partner', '111111111111', scripted.url)],
      upstream: { cacheMs: 60_000 },
    });
    replicas.shared = { output: { EnabledServicePrincipals: [] }, leftMs: 60_000 };
    let found = (): void => undefined;
    replicas.looked = new Promise((resolve) => {
      found = resolve;
    });
    const early = world.session().read('ListAWSServiceAccessForOrganization', {});
    const write = world.session().write('EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    (await scripted.next()).reply({});
    await write;
    found();
    await early;
    replicas.shared = undefined;
    const late = world.session().read('ListAWSServiceAccessForOrganization', {});
    (await scripted.next()).reply({ EnabledServicePrincipals: [{ ServicePrincipal: 'config.amazonaws.com' }] });
    expect((await late).EnabledServicePrincipals).toHaveLength(1);
  });
});
