import { expect, it } from 'vitest';
import type { CallEvent } from '../../src/upstream/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

it('counts calls by operation and outcome, and reads without a call', async () => {
  await using world = await startUpstream({ random: () => 0, upstream: { cacheMs: 60_000 } });
  await world.session().write('CreateOrganization', {});
  world.simulator.control.failNext('ListRoots', { kind: 'reset' });
  await Promise.all([world.session().read('ListRoots', {}), world.session().read('ListRoots', {})]);
  await world.session().read('ListRoots', {});
  const stats = world.upstream.stats();
  expect(stats.get('CreateOrganization')?.calls).toEqual({ ok: 1 });
  expect(stats.get('ListRoots')).toMatchObject({
    calls: { ok: 1, UPSTREAM_UNAVAILABLE: 1 },
    cached: 1,
    coalesced: 1,
    waitedMs: 0,
  });
  expect(stats.get('ListRoots')?.durationMs).toBeGreaterThan(0);
  expect(stats.has('ListAccounts')).toBe(false);
});

it('notifies listeners of every HTTP request, even if one of them throws', async () => {
  await using world = await startUpstream();
  const events: CallEvent[] = [];
  world.upstream.onCall(() => {
    throw new Error('a listener that throws, on purpose');
  });
  const stop = world.upstream.onCall((event) => events.push(event));
  await expect(world.session().read('ListRoots', {})).rejects.toMatchObject({
    code: 'AWSOrganizationsNotInUseException',
  });
  stop();
  await world.session().write('CreateOrganization', {});
  expect(events).toEqual([
    {
      principal: world.principal(),
      operation: 'ListRoots',
      outcome: 'AWSOrganizationsNotInUseException',
      durationMs: expect.any(Number),
      waitedMs: 0,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  ]);
});

it('counts the calls that wait for the rate budget, and leaves no timer when none does', async () => {
  await using aws = await startScriptedAws();
  const clock = new ManualClock();
  await using world = await startUpstream({
    clock,
    principals: [emulated('partner', '111111111111', aws.url)],
    upstream: { budget: 'documented', limits: { ListRoots: { rate: 1, burst: 1 } } },
  });
  const leaving = new AbortController();
  const session = world.session({ signal: leaving.signal });
  const reads = [1, 2, 3].map((MaxResults) => session.read('ListRoots', { MaxResults }));
  const first = await aws.next();
  expect(world.upstream.waiting()).toEqual(new Map([['ListRoots', 2]]));
  first.reply({ Roots: [] });
  await reads[0];
  leaving.abort();
  for (const read of reads.slice(1)) await expect(read).rejects.toMatchObject({ code: 'ABORTED' });
  expect(world.upstream.waiting()).toEqual(new Map());
  expect(clock.pending).toBe(0);
});
