import { describe, expect, it } from 'vitest';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

const describeAccount = (world: Awaited<ReturnType<typeof startUpstream>>, AccountId: string) =>
  world.session().read('DescribeAccount', { AccountId });

describe('the cache', () => {
  it('serves a reply until its time to live ends', async () => {
    const clock = new ManualClock();
    await using world = await startUpstream({ clock, upstream: { cacheMs: 5_000 } });
    await world.session().write('CreateOrganization', {});
    const calls = () => world.simulator.control.requestCount('ListRoots');
    await world.session().read('ListRoots', {});
    await clock.advance(4_999);
    const session = world.session();
    await session.read('ListRoots', {});
    expect([calls(), session.cost]).toEqual([1, { calls: 0, cached: 1, coalesced: 0, waitedMs: 0, ageMs: 4_999 }]);
    await clock.advance(1);
    await world.session().read('ListRoots', {});
    expect(calls()).toBe(2);
  });

  it('has a time to live per operation, and 0 turns it off', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000, cacheMsByOperation: { ListRoots: 0 } } });
    await world.session().write('CreateOrganization', {});
    for (let i = 0; i < 2; i++) {
      await world.session().read('ListRoots', {});
      await world.session().read('ListAccounts', {});
    }
    expect(world.simulator.control.requestCount('ListRoots')).toBe(2);
    expect(world.simulator.control.requestCount('ListAccounts')).toBe(1);
  });

  it('is skipped by a fresh session, whose replies it stores', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    await world.session().read('ListRoots', {});
    const fresh = world.session({ fresh: true });
    await fresh.read('ListRoots', {});
    await fresh.read('ListRoots', {});
    await world.session().read('ListRoots', {});
    expect(world.simulator.control.requestCount('ListRoots')).toBe(2);
  });

  it('evicts an object that a fresh session finds to be gone', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    const { Handshake } = await world
      .session()
      .write('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: '444444444444' } });
    await world.session({ as: 'customer' }).write('AcceptHandshake', { HandshakeId: Handshake?.Id });
    const find = (fresh: boolean) => world.session({ fresh }).read('DescribeAccount', { AccountId: '444444444444' });
    await find(false);
    await world.session({ as: 'customer' }).write('LeaveOrganization', {});
    await expect(find(true)).rejects.toMatchObject({ code: 'AccountNotFoundException' });
    await expect(find(false)).rejects.toMatchObject({ code: 'AccountNotFoundException' });
  });

  it('evicts the least recently used reply when it is full', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000, cacheEntries: 2 } });
    await world.session().write('CreateOrganization', {});
    const tags = (ResourceId: string) => world.session().read('ListTagsForResource', { ResourceId });
    const { Roots } = await world.session().read('ListRoots', {});
    const root = Roots?.[0]?.Id ?? '';
    await tags(root);
    await tags('111111111111');
    await tags(root);
    await world.session().read('ListAccounts', { MaxResults: 1 });
    world.simulator.control.resetRequests();
    await tags('111111111111');
    expect(world.simulator.control.requestCount('ListTagsForResource')).toBe(1);
  });

  it('is never shared between principals, not even of the same account', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    await world.session().read('ListRoots', {});
    await expect(world.session({ as: 'customer' }).read('ListRoots', {})).rejects.toMatchObject({
      code: 'AWSOrganizationsNotInUseException',
    });
  });

  it('serves Describe operations from the objects of a list', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    const { Accounts } = await world.session().read('ListAccounts', {});
    const { Account } = await describeAccount(world, '111111111111');
    expect(Account).toEqual(Accounts?.[0]);
    expect(world.simulator.control.requestCount('DescribeAccount')).toBe(0);
    const direct = await world.session({ fresh: true }).read('DescribeAccount', { AccountId: '111111111111' });
    expect(direct.Account).toEqual(Account);
  });

  it('keeps the latest version of an object, from a list or a Describe', async () => {
    await using aws = await startScriptedAws();
    await using world = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      upstream: { cacheMs: 60_000 },
    });
    const answered = async (read: Promise<unknown>, reply: unknown) => {
      (await aws.next()).reply(reply);
      await read;
    };
    const AccountId = '222222222222';
    const list = (Name: string) =>
      answered(world.session({ fresh: true }).read('ListAccounts', {}), { Accounts: [{ Id: AccountId, Name }] });
    const read = (fresh = false) => world.session({ fresh }).read('DescribeAccount', { AccountId });
    await list('first');
    await answered(read(true), { Account: { Id: AccountId, Name: 'second' } });
    await expect(read()).resolves.toEqual({ Account: { Id: AccountId, Name: 'second' } });
    await list('third');
    await list('fourth');
    await expect(read()).resolves.toEqual({ Account: { Id: AccountId, Name: 'fourth' } });
    expect(aws.arrived).toBe(4);
  });

  it('evicts an object of a list when it is found to be gone', async () => {
    await using aws = await startScriptedAws();
    await using world = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      upstream: { cacheMs: 60_000 },
    });
    const AccountId = '222222222222';
    const list = world.session().read('ListAccounts', {});
    (await aws.next()).reply({ Accounts: [{ Id: AccountId }] });
    await list;
    for (const fresh of [true, false]) {
      const read = world.session({ fresh }).read('DescribeAccount', { AccountId });
      (await aws.next()).reply({ __type: 'AccountNotFoundException' }, 400);
      await expect(read).rejects.toMatchObject({ code: 'AccountNotFoundException' });
    }
  });

  it.each([0, 1_000])(
    'keeps the objects of a list for their own time to live, when that of the list is %i ms',
    async (listMs) => {
      const clock = new ManualClock();
      await using world = await startUpstream({
        clock,
        upstream: { cacheMsByOperation: { ListAccounts: listMs, DescribeAccount: 5_000 } },
      });
      await world.session().write('CreateOrganization', {});
      const calls = () => world.simulator.control.requestCount('DescribeAccount');
      await world.session().read('ListAccounts', {});
      await clock.advance(4_999);
      await describeAccount(world, '111111111111');
      await world.session().read('ListAccounts', { MaxResults: 20 });
      await clock.advance(1);
      await describeAccount(world, '111111111111');
      expect(calls()).toBe(0);
      await clock.advance(5_000);
      await describeAccount(world, '111111111111');
      expect(calls()).toBe(1);
    },
  );

  it('stores no reply, and no object of a list, from a read that began before a write that may change it', async () => {
    await using aws = await startScriptedAws();
    await using world = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      upstream: { cacheMs: 60_000 },
    });
    const list = world.session().read('ListAccounts', {});
    const before = await aws.next();
    const write = world.session().write('CloseAccount', { AccountId: '222222222222' });
    (await aws.next()).reply({});
    await write;
    before.reply({ Accounts: [{ Id: '222222222222', State: 'ACTIVE' }] });
    await list;
    const after = describeAccount(world, '222222222222');
    (await aws.next()).reply({ Account: { Id: '222222222222', State: 'PENDING_CLOSURE' } });
    await expect(after).resolves.toMatchObject({ Account: { State: 'PENDING_CLOSURE' } });
    const listAgain = world.session().read('ListAccounts', {});
    (await aws.next()).reply({ Accounts: [] });
    await expect(listAgain).resolves.toEqual({ Accounts: [] });
  });

  it('does not let a read join one that was sent before a write', async () => {
    await using aws = await startScriptedAws();
    await using world = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const before = describeAccount(world, '222222222222');
    const first = await aws.next();
    const write = world.session().write('CloseAccount', { AccountId: '222222222222' });
    (await aws.next()).reply({});
    await write;
    const after = describeAccount(world, '222222222222');
    (await aws.next()).reply({ Account: { Id: '222222222222', Name: 'after' } });
    first.reply({ Account: { Id: '222222222222', Name: 'before' } });
    expect(await Promise.all([before, after])).toEqual([
      { Account: { Id: '222222222222', Name: 'before' } },
      { Account: { Id: '222222222222', Name: 'after' } },
    ]);
  });

  it('invalidates what a write may have changed when its result is unknown', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000, callTimeoutMs: 200 } });
    await world.session().write('CreateOrganization', {});
    const { Roots } = await world.session().read('ListRoots', {});
    const ResourceId = Roots?.[0]?.Id;
    const tags = async () => (await world.session().read('ListTagsForResource', { ResourceId })).Tags;
    for (const [n, failure] of [{ kind: 'reset', when: 'after' } as const, { kind: 'truncate' } as const].entries()) {
      await tags();
      world.simulator.control.failNext('TagResource', failure);
      await expect(
        world.session().write('TagResource', { ResourceId, Tags: [{ Key: 'n', Value: `${n}` }] }),
      ).rejects.toThrow('AWS may have carried it out');
      expect(await tags()).toEqual([{ Key: 'n', Value: `${n}` }]);
    }
  });

  it("invalidates what AWS's rejection of a write shows to be out of date", async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    const { Handshake } = await world
      .session()
      .write('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: '444444444444' } });
    const HandshakeId = Handshake?.Id;
    const state = async () => (await world.session().read('DescribeHandshake', { HandshakeId })).Handshake?.State;
    expect(await state()).toBe('OPEN');
    await world.session({ as: 'customer' }).write('DeclineHandshake', { HandshakeId });
    expect(await state()).toBe('OPEN');
    await expect(world.session().write('CancelHandshake', { HandshakeId })).rejects.toThrow();
    expect(await state()).toBe('DECLINED');
  });

  it('invalidates what changes together with a change that a poller has seen', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    const { Handshake } = await world
      .session()
      .write('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: '444444444444' } });
    const state = async () =>
      (await world.session().read('DescribeHandshake', { HandshakeId: Handshake?.Id })).Handshake?.State;
    await world.session({ as: 'customer' }).write('DeclineHandshake', { HandshakeId: Handshake?.Id });
    expect(await state()).toBe('OPEN');
    world.upstream.forget(world.principal(), 'DeclineHandshake');
    expect(await state()).toBe('DECLINED');
  });

  it('stores the object in the reply to a write', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    const { Handshake } = await world
      .session()
      .write('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: '444444444444' } });
    const session = world.session();
    const read = await session.read('DescribeHandshake', { HandshakeId: Handshake?.Id });
    expect(read.Handshake).toEqual(Handshake);
    expect(session.cost).toEqual({ calls: 0, cached: 1, coalesced: 0, waitedMs: 0, ageMs: expect.any(Number) });
  });
});
