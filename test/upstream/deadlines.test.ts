import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { ManualClock, settled } from '../support/manual-clock.ts';
import { stalls, startStallingAws } from '../support/stalling-aws.ts';
import { startUpstream } from '../support/upstream.ts';

const silence = stalls['reads the request and says nothing'];

/** A principal whose account is known only from STS. */
const principalsOf = (sts: string, organizations?: string): NonNullable<ConfigInput['principals']> => [
  {
    name: 'partner',
    ...(organizations !== undefined && { endpoint: organizations }),
    stsEndpoint: sts,
    credentials: { type: 'static', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not looked at' },
  },
];

describe('a deadline', () => {
  it('ends calls that wait for a connection, and stalled calls do not block later ones', async () => {
    const clock = new ManualClock();
    await using world = await startUpstream({ clock, upstream: { callTimeoutMs: 60_000, deadlineMs: 5_000 } });
    await world.session().write('CreateOrganization', {});
    world.simulator.control.setFaults({ failures: [{ failure: { kind: 'hang' } }] });
    world.simulator.control.resetRequests();
    const more = 300;
    const reads = Promise.allSettled(
      Array.from({ length: more }, (_, i) =>
        world.session().read('DescribeAccount', { AccountId: String(100_000_000_000 + i) }),
      ),
    );
    // All connections are in use.
    while (world.simulator.control.requestCount('DescribeAccount') < 256) await settled();
    await clock.advance(5_000);
    for (const result of await reads) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'UPSTREAM_TIMEOUT', retryable: true } });
    }
    world.simulator.control.clearFaults();
    await expect(world.session().read('ListRoots', {})).resolves.toHaveProperty('Roots');
    expect(clock.pending).toBe(0);
  });

  it('ends a call that waits for its account from STS; a call with a later deadline is sent without it', async () => {
    await using sts = await startStallingAws(silence);
    const clock = new ManualClock();
    await using known = await startUpstream({ simulator: { account: '111111111111' } });
    await known.session().write('CreateOrganization', {});
    await using world = await startUpstream({
      clock,
      upstream: { budget: 'documented' },
      principals: principalsOf(sts.url, known.simulator.url),
    });
    const hasty = world.session({ deadlineMs: 1_000 }).read('ListAccounts', {});
    const patient = world.session().read('ListRoots', {});
    const ended = Promise.allSettled([hasty, patient]);
    await sts.reached(1);
    await clock.advance(1_000);
    await expect(hasty).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', operation: 'ListAccounts' });
    await clock.advance(1_000);
    await ended;
    await expect(patient).resolves.toHaveProperty('Roots');
    expect(known.simulator.control.requestCount('ListAccounts')).toBe(0);
  });

  it('ends a request to STS for the account of a principal', async () => {
    await using sts = await startStallingAws(silence);
    const clock = new ManualClock();
    await using world = await startUpstream({ clock, principals: principalsOf(sts.url) });
    const session = world.session({ deadlineMs: 3_000 });
    const asking = session.accountId();
    const failed = expect(asking).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      operation: 'GetCallerIdentity',
      retryable: true,
    });
    await sts.reached(1);
    await clock.advance(3_000);
    await failed;
    await expect(session.accountId()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    const leaving = new AbortController();
    const left = world.session({ signal: leaving.signal }).accountId();
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'ABORTED' });
    expect(clock.pending).toBe(0);
  });

  it('counts from the start of the operation, not of its session', async () => {
    const clock = new ManualClock();
    await using world = await startUpstream({ clock, upstream: { callTimeoutMs: 60_000, deadlineMs: 5_000 } });
    await world.session().write('CreateOrganization', {});
    world.simulator.control.setFaults({ failures: [{ failure: { kind: 'hang' } }] });
    world.simulator.control.resetRequests();
    const read = world.session({ spentMs: 4_900 }).read('ListRoots', {});
    const ended = expect(read).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    while (world.simulator.control.requestCount('ListRoots') === 0) await settled();
    await clock.advance(100);
    await ended;
    await expect(world.session({ spentMs: 5_000 }).read('ListRoots', {})).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
    expect(clock.pending).toBe(0);
  });
});
