import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/simulator/index.ts';
import { letTimeOut } from '../support/hanging-calls.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

describe('a failed call', () => {
  let world: UpstreamWorld;
  /** Calls time out only when the test advances the clock. */
  const clock = new ManualClock();
  const callTimeoutMs = 1_000;
  beforeAll(async () => {
    world = await startUpstream({ clock, upstream: { callTimeoutMs }, random: () => 0 });
    await world.session().write('CreateOrganization', {});
  });
  beforeEach(() => {
    world.simulator.control.clearFaults();
    world.simulator.control.resetRequests();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const transient: [string, Failure][] = [
    ['a reset connection', { kind: 'reset' }],
    ['half a reply', { kind: 'truncate' }],
    ['a timeout', { kind: 'hang' }],
    ["a load balancer's error page", { kind: 'status', status: 502 }],
    ['an internal error of AWS', { kind: 'error', error: 'ServiceException' }],
    ['a throttle', { kind: 'error', error: 'TooManyRequestsException' }],
    ['a concurrent change', { kind: 'error', error: 'ConcurrentModificationException' }],
    ['policy changes that are in progress', { kind: 'error', error: 'PolicyChangesInProgressException' }],
    ['an organization that is initializing', { kind: 'error', error: 'FinalizingOrganizationException' }],
  ];

  it.each(transient)('is retried after %s, if it was a read', async (_name, failure) => {
    world.simulator.control.failNext('ListRoots', failure, 2);
    const session = world.session();
    const reading = session.read('ListRoots', {});
    if (failure.kind === 'hang') await letTimeOut(world.simulator, clock, callTimeoutMs, 2);
    const { Roots } = await reading;
    expect(Roots).toHaveLength(1);
    expect(session.cost.calls).toBe(3);
  });

  it.each(transient.slice(0, 4))('is never retried after %s, if it was a write', async (_name, failure) => {
    const session = world.session();
    world.simulator.control.failNext('InviteAccountToOrganization', failure);
    const writing = expect(
      session.write('InviteAccountToOrganization', { Target: { Id: '222222222222', Type: 'ACCOUNT' } }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) });
    if (failure.kind === 'hang') await letTimeOut(world.simulator, clock, callTimeoutMs, 1);
    await writing;
    expect(session.cost.calls).toBe(1);
  });

  it.each([
    'TooManyRequestsException',
    'ConcurrentModificationException',
    'PolicyChangesInProgressException',
    'FinalizingOrganizationException',
  ] as const)('is retried after %s even if it was a write, because AWS has done nothing', async (error) => {
    world.simulator.control.failNext('TagResource', error, 2);
    const { Roots } = await world.session().read('ListRoots', {});
    const ResourceId = Roots?.[0]?.Id;
    await world.session().write('TagResource', { ResourceId, Tags: [{ Key: 'team', Value: error }] });
    const { Tags } = await world.session().read('ListTagsForResource', { ResourceId });
    expect(Tags).toEqual([{ Key: 'team', Value: error }]);
    expect(world.simulator.control.requestCount('TagResource')).toBe(3);
  });

  it.each(['ServiceException', 'InternalFailure', 'InternalServerError', 'ServiceUnavailable'])(
    'is retried after %s if it was a read, and not if it was a write, with any HTTP status',
    async (name) => {
      await using aws = await startScriptedAws();
      await using failing = await startUpstream({
        principals: [emulated('partner', '111111111111', aws.url)],
        random: () => 0,
      });
      const answer = async (times: number) => {
        for (let n = 0; n < times; n += 1) {
          (await aws.next()).reply({ __type: name, message: 'Try again later.' }, 400);
        }
      };
      const [error] = await Promise.all([
        failing
          .session()
          .read('ListRoots', {})
          .catch((caught: unknown) => caught),
        answer(4),
      ]);
      expect(error).toMatchObject({ code: name, message: 'Try again later.', retryable: true });
      expect(aws.arrived).toBe(4);
      const [once] = await Promise.all([
        failing
          .session()
          .write('DeletePolicy', { PolicyId: 'p-12345678' })
          .catch((caught: unknown) => caught),
        answer(1),
      ]);
      expect(once).toMatchObject({ code: name });
      expect(aws.arrived).toBe(5);
    },
  );

  it('fails after three retries', async () => {
    world.simulator.control.failNext('ListRoots', 'ServiceException', 100);
    await expect(world.session().read('ListRoots', {})).rejects.toMatchObject({ code: 'ServiceException' });
    expect(world.simulator.control.requestCount('ListRoots')).toBe(4);
  });

  it('is not retried after a permanent error', async () => {
    await expect(world.session().read('DescribeAccount', { AccountId: '999999999999' })).rejects.toMatchObject({
      code: 'AccountNotFoundException',
    });
    expect(world.simulator.control.requestCount('DescribeAccount')).toBe(1);
  });

  it('is not retried when the retry would come after the deadline', async () => {
    await using hasty = await startUpstream({
      clock: new ManualClock(),
      random: () => 1,
      upstream: { deadlineMs: 150 },
    });
    hasty.simulator.control.failNext('ListRoots', { kind: 'reset' }, 100);
    await expect(hasty.session().read('ListRoots', {})).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(hasty.simulator.control.requestCount('ListRoots')).toBe(1);
  });

  it('is retryable if it was a write and the endpoint refused the connection', async () => {
    await using down = await startUpstream({ random: () => 0 });
    await down.simulator.close();
    const session = down.session();
    await expect(session.write('CreateOrganization', {})).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
    });
    expect(session.cost.calls).toBe(4);
  });

  it("is retried at once, even if it was a write, when AWS rejects this machine's clock and returns its own time", async () => {
    await using aws = await startScriptedAws();
    await using skewed = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      random: () => 0,
    });
    const write = skewed.session().write('DeletePolicy', { PolicyId: 'p-12345678' });
    const refused = await aws.next();
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    refused.reply({ __type: 'InvalidSignatureException', message: 'Signature not yet current' }, 400, { date });
    (await aws.next()).reply({});
    await write;
  });
});
