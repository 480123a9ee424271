import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createUpstream, operationNames } from '../../src/upstream/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

/** Reads `count` different accounts, which need not exist: the calls count all the same. */
const readAccounts = (world: UpstreamWorld, count: number, as = 'partner', from = 0) =>
  Array.from({ length: count }, (_, i) => {
    const AccountId = String(700_000_000_000 + from + i);
    return world
      .session({ as })
      .read('DescribeAccount', { AccountId })
      .catch((error: { code: string }) => error.code);
  });

const throttles = ({ simulator }: UpstreamWorld) =>
  simulator.control.requests().reduce((sum, { errors }) => sum + (errors['TooManyRequestsException'] ?? 0), 0);

const faults = { throttle: true, latencyMs: { min: 0, max: 40 } } as const;
const documented = { budget: 'documented', deadlineMs: 30_000 } as const;

describe('the rate budget', () => {
  it("stays within AWS's documented limit without a throttle, even if the network changes the calls' spacing", async () => {
    await using world = await startUpstream({ simulator: faults, upstream: documented });
    const answers = await Promise.all(readAccounts(world, 45));
    expect(new Set(answers)).toEqual(new Set(['AWSOrganizationsNotInUseException']));
    expect(throttles(world)).toBe(0);
  });

  it('is shared by principals of the same account, however their account is known', async () => {
    const known = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x', type: 'static' as const };
    await using world = await startUpstream({
      simulator: { ...faults, account: '111111111111' },
      upstream: documented,
    });
    const { url } = world.simulator;
    const config = configSchema.parse({
      principals: [
        emulated('digits', '111111111111', url),
        { name: 'fromSts', endpoint: url, stsEndpoint: url, credentials: known },
        { name: 'configured', endpoint: url, accountId: '111111111111', credentials: known },
      ],
    });
    await using three = await startUpstream({
      upstream: documented,
      principals: config.principals.map((p) => ({ ...p })),
    });
    await Promise.all(['digits', 'fromSts', 'configured'].flatMap((as, n) => readAccounts(three, 13, as, n * 100)));
    expect(world.simulator.control.requestCount('DescribeAccount', '111111111111')).toBe(39);
    expect(throttles(world)).toBe(0);
  });

  it('is separate for a principal while STS cannot return its account', async () => {
    await using world = await startUpstream({ simulator: { account: '111111111111' } });
    await using lost = await startUpstream({
      upstream: documented,
      principals: [
        {
          name: 'lost',
          endpoint: world.simulator.url,
          stsEndpoint: 'http://127.0.0.1:1',
          credentials: { type: 'static', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
        },
      ],
    });
    const [answer] = await Promise.all(readAccounts(lost, 1, 'lost'));
    expect(answer).toBe('AWSOrganizationsNotInUseException');
  });

  it('hides throttles from callers when another client uses the same limit', async () => {
    await using world = await startUpstream({ simulator: faults, upstream: documented });
    await using other = await startUpstream({
      upstream: documented,
      principals: [emulated('partner', '111111111111', world.simulator.url)],
    });
    const answers = await Promise.all([...readAccounts(world, 22), ...readAccounts(other, 22)]);
    expect(new Set(answers)).toEqual(new Set(['AWSOrganizationsNotInUseException']));
    expect(throttles(world)).toBeGreaterThan(0);
  });

  it('fails at once, with numbers and a remedy, when the wait would pass the deadline', async () => {
    const clock = new ManualClock();
    await using world = await startUpstream({ clock, upstream: { ...documented, deadlineMs: 2_500 } });
    await world.session().write('CreateOrganization', {});
    const read = (n: number) => world.session().read('DescribeHandshake', { HandshakeId: `h-${n}0000000` });
    const first = [1, 2, 3, 4].map((n) => read(n).catch(() => undefined));
    await expect(read(5)).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      retryable: true,
      message: expect.stringMatching(
        /^AWS allows 1 DescribeHandshake call a second, so this one would have to wait 3(\.\d)? s, longer than the 2\.5 s .*upstream\.deadlineMs.*upstream\.limits/,
      ),
    });
    await Promise.all(first.slice(0, 2));
    await clock.advance(2_499);
    await Promise.all(first);
    expect(world.simulator.control.requestCount('DescribeHandshake')).toBe(4);
  });

  it('sends interactive calls before those of pollers, and reports the wait', async () => {
    await using aws = await startScriptedAws();
    const clock = new ManualClock();
    await using world = await startUpstream({
      clock,
      principals: [emulated('partner', '111111111111', aws.url)],
      upstream: { ...documented, limits: { ListRoots: { rate: 1, burst: 1 } } },
    });
    const first = world.session().read('ListRoots', {});
    (await aws.next()).reply({ Roots: [] });
    await first;
    const poll = world.session({ priority: 'background' }).read('ListRoots', { MaxResults: 1 });
    const session = world.session();
    const query = session.read('ListRoots', { MaxResults: 2 });
    await clock.advance(1_000);
    const next = await aws.next();
    expect(next.input).toEqual({ MaxResults: 2 });
    next.reply({ Roots: [] });
    await query;
    expect(session.cost).toEqual({ calls: 1, cached: 0, coalesced: 0, waitedMs: 1_000, ageMs: 0 });
    await clock.advance(1_300);
    (await aws.next()).reply({ Roots: [] });
    await poll;
  });

  it('follows the configuration: documented, changed per operation, or off', () => {
    const rateOf = (upstream: object) => {
      const settings = configSchema.parse({ upstream }).upstream;
      return createUpstream(settings).ratePerSecond('ListAccounts');
    };
    expect(rateOf({})).toBe(8);
    expect(rateOf({ limits: { ListAccounts: { rate: 40, burst: 60 } } })).toBe(40);
    expect(rateOf({ budget: 'off' })).toBe(Number.POSITIVE_INFINITY);
  });

  it('has a limit for every operation', () => {
    const upstream = createUpstream(configSchema.parse({}).upstream);
    for (const name of operationNames) expect(upstream.ratePerSecond(name), name).toBeGreaterThan(0);
    expect(operationNames.length).toBeGreaterThanOrEqual(63);
  });

  it('rejects a setting for an operation that does not exist', () => {
    const start = (upstream: object) => () => createUpstream(configSchema.parse({ upstream }).upstream);
    expect(start({ limits: { listAccounts: { rate: 1, burst: 1 } } })).toThrow(
      'upstream.limits names "listAccounts", which is no operation of AWS Organizations; did you mean "ListAccounts"?',
    );
    expect(start({ cacheMsByOperation: { ListAcounts: 1 } })).toThrow(
      'upstream.cacheMsByOperation names "ListAcounts"',
    );
    expect(start({ cacheMsByOperation: { CreateAccount: 1 } })).toThrow('CreateAccount');
  });
});
