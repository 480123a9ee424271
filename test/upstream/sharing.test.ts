import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

describe('reads in flight', () => {
  let world: UpstreamWorld;
  const calls = () => world.simulator.control.requestCount('ListRoots');
  beforeEach(async () => {
    world = await startUpstream({ simulator: { latencyMs: 30 } });
    await world.session().write('CreateOrganization', {});
    await world.session({ as: 'customer' }).write('CreateOrganization', {});
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('are one call for all equal reads, in any sessions', async () => {
    const sessions = Array.from({ length: 50 }, () => world.session());
    const answers = await Promise.all(sessions.map((session) => session.read('ListRoots', {})));
    expect(calls()).toBe(1);
    expect(new Set(answers.map(({ Roots }) => Roots?.[0]?.Id)).size).toBe(1);
    expect(sessions.map(({ cost }) => [cost.calls, cost.coalesced])).toEqual([[1, 0], ...Array(49).fill([0, 1])]);
  });

  it('are equal with members in any order, and with absent members', async () => {
    await Promise.all([
      world.session().read('ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY', MaxResults: 5 }),
      world.session().read('ListPolicies', { MaxResults: 5, NextToken: undefined, Filter: 'SERVICE_CONTROL_POLICY' }),
    ]);
    expect(world.simulator.control.requestCount('ListPolicies')).toBe(1);
  });

  it('are never shared between principals', async () => {
    const [ours, theirs] = await Promise.all([
      world.session().read('ListRoots', {}),
      world.session({ as: 'customer' }).read('ListRoots', {}),
    ]);
    expect(calls()).toBe(2);
    expect(ours.Roots?.[0]?.Id).not.toBe(theirs.Roots?.[0]?.Id);
  });

  it('continue for the others when the first caller leaves', async () => {
    const leaving = new AbortController();
    const first = world.session({ signal: leaving.signal }).read('ListRoots', {});
    const second = world.session().read('ListRoots', {});
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(second).resolves.toHaveProperty('Roots');
    expect(calls()).toBe(1);
  });

  it('end for each caller at its own deadline', async () => {
    const hasty = world.session({ deadlineMs: 5 }).read('ListRoots', {});
    const patient = world.session().read('ListRoots', {});
    await expect(hasty).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      message: expect.stringContaining('ListRoots'),
    });
    await expect(patient).resolves.toHaveProperty('Roots');
    expect(calls()).toBe(1);
  });

  it('are canceled when the last caller leaves', async () => {
    await using aws = await startScriptedAws();
    await using alone = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const leaving = new AbortController();
    const reads = [1, 2].map(() => alone.session({ signal: leaving.signal }).read('ListRoots', {}));
    const request = await aws.next();
    leaving.abort();
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'ABORTED' });
    await request.closed;
    const again = alone.session().read('ListRoots', {});
    (await aws.next()).reply({ Roots: [] });
    await expect(again).resolves.toEqual({ Roots: [] });
  });

  it('are joined by a fresh session only before they are sent', async () => {
    await using aws = await startScriptedAws();
    await using alone = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const old = alone.session().read('ListRoots', {});
    const request = await aws.next();
    const fresh = [1, 2].map(() => alone.session({ fresh: true }).read('ListRoots', {}));
    (await aws.next()).reply({ Roots: [{ Id: 'r-1111', Name: 'new' }] });
    request.reply({ Roots: [{ Id: 'r-1111', Name: 'old' }] });
    expect(await Promise.all([old, ...fresh])).toEqual([
      { Roots: [{ Id: 'r-1111', Name: 'old' }] },
      { Roots: [{ Id: 'r-1111', Name: 'new' }] },
      { Roots: [{ Id: 'r-1111', Name: 'new' }] },
    ]);
    expect(aws.arrived).toBe(2);
  });
});
