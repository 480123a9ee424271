import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CompletedWrite, UncertainWrite } from '../../src/upstream/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

type Write = CompletedWrite | UncertainWrite;

const alone = (url: string) => startUpstream({ principals: [emulated('partner', '111111111111', url)] });

describe('a session', () => {
  let world: UpstreamWorld;
  beforeEach(async () => {
    world = await startUpstream();
    await world.session().write('CreateOrganization', {});
    world.simulator.control.resetRequests();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('makes equal reads once, even without a cache', async () => {
    const session = world.session();
    await Promise.all([session.read('ListRoots', {}), session.read('ListRoots', {})]);
    await session.read('ListRoots', {});
    expect(session.cost).toEqual({ calls: 1, cached: 1, coalesced: 1, waitedMs: 0, ageMs: 0 });
  });

  it('remembers that an object does not exist, and retries transient failures', async () => {
    const session = world.session();
    const missing = () => session.read('DescribeAccount', { AccountId: '999999999999' });
    await expect(missing()).rejects.toMatchObject({ code: 'AccountNotFoundException' });
    await expect(missing()).rejects.toMatchObject({ code: 'AccountNotFoundException' });
    expect(world.simulator.control.requestCount('DescribeAccount')).toBe(1);
    world.simulator.control.failNext('ListRoots', 'ServiceException', 4);
    await expect(session.read('ListRoots', {})).rejects.toMatchObject({ code: 'ServiceException' });
    await expect(session.read('ListRoots', {})).resolves.toHaveProperty('Roots');
  });

  it('serves a Describe from its own lists and writes, even without a cache', async () => {
    const session = world.session();
    const { Accounts } = await session.read('ListAccounts', {});
    const { Account } = await session.read('DescribeAccount', { AccountId: '111111111111' });
    expect(Account).toBe(Accounts?.[0]);
    const { Handshake } = await session.write('InviteAccountToOrganization', {
      Target: { Type: 'ACCOUNT', Id: '444444444444' },
    });
    await session.read('DescribeHandshake', { HandshakeId: Handshake?.Id });
    expect(session.cost).toEqual({ calls: 2, cached: 2, coalesced: 0, waitedMs: 0, ageMs: 0 });
  });

  it('reads its own writes', async () => {
    const session = world.session();
    const { Roots } = await session.read('ListRoots', {});
    const ResourceId = Roots?.[0]?.Id;
    expect((await session.read('ListTagsForResource', { ResourceId })).Tags).toEqual([]);
    await session.write('TagResource', { ResourceId, Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await session.read('ListTagsForResource', { ResourceId })).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('keeps nothing with memoize: false, so that a poller sees every change', async () => {
    const session = world.session({ memoize: false, fresh: true, priority: 'background' });
    for (let i = 0; i < 3; i++) await session.read('ListRoots', {});
    expect(session.cost.calls).toBe(3);
  });

  it('rejects every read and write after its end', async () => {
    const ended = new AbortController();
    const session = world.session({ signal: ended.signal });
    await session.read('ListRoots', {});
    ended.abort();
    await expect(session.read('ListRoots', {})).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(session.write('LeaveOrganization', {})).rejects.toMatchObject({ code: 'ABORTED' });
    expect(world.simulator.control.requestCount('LeaveOrganization')).toBe(0);
  });

  it('has one listener on its signal while hundreds of calls are in flight, and none afterwards', async () => {
    const { signal } = new AbortController();
    const warned = once(process, 'warning').then(([warning]) => warning);
    const session = world.session({ signal });
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        session.read('ListAccounts', { MaxResults: 1 + (i % 20), NextToken: undefined }),
      ),
    );
    process.emitWarning('the end of the test');
    expect(String(await warned)).toContain('the end of the test');
  });
});

describe('pages', () => {
  it('are read one at a time on demand, and empty ones are skipped', async () => {
    await using world = await startUpstream();
    await world.session().write('CreateOrganization', {});
    const { Roots } = await world.session().read('ListRoots', {});
    for (let i = 0; i < 7; i++) {
      await world.session().write('CreateOrganizationalUnit', { ParentId: Roots?.[0]?.Id, Name: `ou ${i}` });
    }
    world.simulator.control.setEmptyPages(true);
    world.simulator.control.resetRequests();
    const names: string[][] = [];
    for await (const page of world
      .session()
      .pages('ListOrganizationalUnitsForParent', { ParentId: Roots?.[0]?.Id, MaxResults: 3 })) {
      names.push(page.items.map(({ Name }) => Name ?? ''));
      if (names.length === 2) break;
    }
    const read = world.simulator.control.requestCount();
    expect(names.map((page) => page.length)).toEqual([3, 3]);
    expect(read).toBeLessThanOrEqual(4);
    const rest: string[] = [];
    for await (const page of world
      .session()
      .pages('ListOrganizationalUnitsForParent', { ParentId: Roots?.[0]?.Id, MaxResults: 3 })) {
      expect(page.items.length).toBeGreaterThan(0);
      rest.push(...page.items.map(({ Name }) => Name ?? ''));
    }
    expect(rest).toEqual(Array.from({ length: 7 }, (_, i) => `ou ${i}`));
  });

  it('end with an error when a list returns the same token again', async () => {
    await using aws = await startScriptedAws();
    await using world = await alone(aws.url);
    const pages = world.session().pages('ListAccounts', {});
    const reading = (async () => {
      for await (const _page of pages);
    })();
    (await aws.next()).reply({ Accounts: [], NextToken: 'again' });
    (await aws.next()).reply({ Accounts: [], NextToken: 'again' });
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', operation: 'ListAccounts' });
  });
});

describe('a write', () => {
  it('notifies listeners, with the times of its request and reply, before its own promise resolves', async () => {
    await using world = await startUpstream();
    const order: string[] = [];
    const writes: Write[] = [];
    const stop = world.upstream.onWrite((write) => {
      order.push('listener');
      writes.push(write);
    });
    const before = performance.now();
    await world.session().write('CreateOrganization', {});
    order.push('caller');
    expect(order).toEqual(['listener', 'caller']);
    const [write] = writes as CompletedWrite[];
    expect(write).toMatchObject({ principal: world.principal(), operation: 'CreateOrganization', input: {} });
    expect(write?.output).toHaveProperty('Organization.Id');
    expect(write?.sentAt).toBeGreaterThanOrEqual(before);
    expect(write?.answeredAt).toBeGreaterThanOrEqual(write?.sentAt ?? Number.NaN);
    stop();
    await world.session().write('DeleteOrganization', {});
    expect(writes).toHaveLength(1);
  });

  it('that fails notifies no listener', async () => {
    await using world = await startUpstream();
    const writes: Write[] = [];
    world.upstream.onWrite((write) => writes.push(write));
    await expect(world.session().write('DeleteOrganization', {})).rejects.toThrow();
    expect(writes).toEqual([]);
  });

  it.each([
    ['the connection breaks', { kind: 'reset', when: 'after' }],
    ['the reply is cut off', { kind: 'truncate' }],
  ] as const)('that AWS may have carried out notifies listeners without a result: %s', async (_name, fault) => {
    await using world = await startUpstream();
    const writes: Write[] = [];
    world.upstream.onWrite((write) => writes.push(write));
    world.simulator.control.failNext('CreateOrganization', fault);
    await expect(world.session().write('CreateOrganization', {})).rejects.toThrow('AWS may have carried it out');
    expect(writes).toEqual([{ principal: world.principal(), operation: 'CreateOrganization', input: {} }]);
  });

  it('that is not answered when its session ends notifies listeners then, and of its result later', async () => {
    await using aws = await startScriptedAws();
    await using world = await alone(aws.url);
    const writes: Write[] = [];
    const stopped = new Promise<void>((resolve) => {
      world.upstream.onWrite((write) => {
        writes.push(write);
        if (writes.length === 2) resolve();
      });
    });
    const write = world.session({ deadlineMs: 50 }).write('CreateOrganization', {});
    const ended = expect(write).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    const request = await aws.next();
    await ended;
    expect(writes.map(({ output }) => output)).toEqual([undefined]);
    request.reply({ Organization: { Id: 'o-1' } });
    await stopped;
    expect(writes.map(({ output }) => output)).toEqual([undefined, { Organization: { Id: 'o-1' } }]);
  });

  it('continues when its caller leaves, so that listeners are notified of its result', async () => {
    await using aws = await startScriptedAws();
    await using world = await alone(aws.url);
    const leaving = new AbortController();
    const written = new Promise<Write>((resolve) => {
      world.upstream.onWrite((write) => write.output && resolve(write));
    });
    const write = world.session({ signal: leaving.signal }).write('CreateOrganization', {});
    const request = await aws.next();
    leaving.abort();
    await expect(write).rejects.toMatchObject({ code: 'ABORTED' });
    request.reply({ Organization: { Id: 'o-1' } });
    expect((await written).output).toEqual({ Organization: { Id: 'o-1' } });
  });

  it('that waits for the rate budget is never sent when its caller leaves', async () => {
    const clock = new ManualClock();
    await using world = await startUpstream({ clock, upstream: { budget: 'documented' } });
    await world.session().write('CreateOrganization', {});
    const leaving = new AbortController();
    const waiting = world.session({ signal: leaving.signal }).write('CreateOrganization', {});
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    await clock.advance(60_000);
    expect(world.simulator.control.requestCount('CreateOrganization')).toBe(1);
  });
});

describe('closing', () => {
  it('rejects waiting calls, calls in flight, and later calls', async () => {
    await using aws = await startScriptedAws();
    const world = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      upstream: { budget: 'documented', limits: { ListRoots: { rate: 1, burst: 1 } } },
    });
    const session = world.session();
    const work = [
      session.read('ListRoots', {}),
      session.read('ListRoots', { MaxResults: 5 }),
      session.write('LeaveOrganization', {}),
    ];
    const requests = [await aws.next(), await aws.next()];
    const ended = Promise.allSettled(work);
    await world[Symbol.asyncDispose]();
    const code = 'UPSTREAM_UNAVAILABLE';
    const read = { status: 'rejected', reason: { code, message: 'The gateway is closing.', retryable: true } };
    // AWS may have carried it out.
    const message = expect.stringMatching(/^The gateway is closing\. AWS may have carried it out/);
    const write = { status: 'rejected', reason: { code, message, retryable: false } };
    expect(await ended).toMatchObject([read, read, write]);
    await Promise.all(requests.map(({ closed }) => closed));
    await expect(world.session().read('ListRoots', {})).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(aws.arrived).toBe(2);
  });
});
