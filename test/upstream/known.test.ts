import { getActiveResourcesInfo } from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import type { SessionOptions } from '../../src/upstream/index.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

const alone = (url: string, cacheMs = 0) =>
  startUpstream({ principals: [emulated('partner', '111111111111', url)], upstream: { cacheMs } });
/** Does not copy `options`, which would read the signal. */
const open = (world: UpstreamWorld, options: SessionOptions) => world.upstream.session(world.principal(), options);
const timers = () => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('a known value of a session', () => {
  it('is what it has read', async () => {
    await using aws = await startScriptedAws();
    await using world = await alone(aws.url);
    const session = world.session();
    expect(session.known('ListRoots', {})).toBeUndefined();
    const read = session.read('ListRoots', {});
    expect(session.known('ListRoots', {})).toBeUndefined();
    (await aws.next()).reply({ Roots: [{ Id: 'r-1' }] });
    const output = await read;
    expect(session.known('ListRoots', {})).toBe(output);
    expect(session.cost).toEqual({ calls: 1, cached: 1, coalesced: 0, waitedMs: 0, ageMs: 0 });
    expect(world.session().known('ListRoots', {})).toBeUndefined();
  });

  it("is in the principal's cache, for a session that may use it, and counts as cached", async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    const { Accounts } = await world.session().read('ListAccounts', {});
    const session = world.session();
    const input = { AccountId: '111111111111' };
    expect(session.known('DescribeAccount', input)?.Account).toBe(Accounts?.[0]);
    await session.read('DescribeAccount', input);
    expect(session.cost).toEqual({ calls: 0, cached: 2, coalesced: 0, waitedMs: 0, ageMs: expect.any(Number) });
    expect(world.session({ fresh: true }).known('DescribeAccount', input)).toBeUndefined();
    expect(world.upstream.stats().get('DescribeAccount')?.cached).toBe(1);
  });

  it('is undefined after a failed read, after a write that may have changed it, and after the session’s end', async () => {
    await using world = await startUpstream();
    await world.session().write('CreateOrganization', {});
    const leaving = new AbortController();
    const session = world.session({ signal: leaving.signal });
    const missing = { AccountId: '999999999999' };
    await expect(session.read('DescribeAccount', missing)).rejects.toThrow();
    expect(session.known('DescribeAccount', missing)).toBeUndefined();
    const { Roots } = await session.read('ListRoots', {});
    const tags = { ResourceId: Roots?.[0]?.Id };
    await session.read('ListTagsForResource', tags);
    expect(session.known('ListTagsForResource', tags)).toEqual({ Tags: [] });
    await session.write('TagResource', { ...tags, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(session.known('ListTagsForResource', tags)).toBeUndefined();
    expect(session.known('ListRoots', {})).toEqual({ Roots });
    leaving.abort();
    expect(session.known('ListRoots', {})).toBeUndefined();
  });
});

describe('a session without pending reads', () => {
  it('has no timer and no listener, and does not read its signal, even when it reads known values', async () => {
    await using world = await startUpstream({ upstream: { cacheMs: 60_000 } });
    await world.session().write('CreateOrganization', {});
    await world.session().read('ListRoots', {});
    const { signal } = new AbortController();
    const listened = vi.spyOn(signal, 'addEventListener');
    const { options, asked } = lateSignal(signal);
    const before = timers();
    await Promise.all([{ signal }, options].map((session) => open(world, session).read('ListRoots', {})));
    expect([timers(), listened.mock.calls.length, asked()]).toEqual([before, 0, 0]);
  });

  it('reads its signal once a read waits, and ends with it', async () => {
    await using aws = await startScriptedAws();
    await using world = await alone(aws.url);
    const leaving = new AbortController();
    const { options, asked } = lateSignal(leaving.signal);
    const session = open(world, options);
    const reads = [session.read('ListRoots', {}), session.read('ListAccounts', {})];
    await Promise.all([aws.next(), aws.next()]);
    leaving.abort();
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(session.read('ListPolicies', { Filter: 'TAG_POLICY' })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(session.write('LeaveOrganization', {})).rejects.toMatchObject({ code: 'ABORTED' });
    expect(asked()).toBe(1);
    await expect(open(world, options).read('ListRoots', {})).rejects.toMatchObject({ code: 'ABORTED' });
    expect(aws.arrived).toBe(2);
  });
});

/** Session options with a lazy signal, and a count of its reads. */
function lateSignal(signal: AbortSignal) {
  let times = 0;
  const options: SessionOptions = {
    get signal() {
      times += 1;
      return signal;
    },
  };
  return { options, asked: () => times };
}
