import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createPrincipals } from '../../src/principal/index.ts';
import { createSharedState, type SharedState } from '../../src/redis/index.ts';
import {
  createUpstream,
  type MeteredUpstream,
  type SessionOptions,
  type UpstreamOptions,
} from '../../src/upstream/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { RedisServer } from './redis-server.ts';

const secret = 'the secret that all of these gateways share';

let redis: RedisServer;
let aws: UpstreamWorld;
let client: Redis;
const gateways: { readonly upstream: MeteredUpstream; readonly shared: SharedState }[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  aws = await startUpstream();
  client = new Redis(redis.url);
  client.on('error', () => undefined);
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  aws.simulator.control.resetRequests();
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).flatMap(({ upstream, shared }) => [upstream.close(), shared.journals.close()]));
  client.disconnect();
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

interface Options {
  readonly cache?: NonNullable<ConfigInput['redis']>['cache'] | null;
  readonly principals?: NonNullable<ConfigInput['principals']>;
  readonly upstream?: NonNullable<ConfigInput['upstream']>;
  readonly options?: UpstreamOptions;
}

/** The upstream of one of several gateways. */
const gateway = async ({ cache = { secret }, principals, upstream: settings, options }: Options = {}) => {
  const config = configSchema.parse({
    principals: principals ?? [
      emulated('partner', '111111111111', aws.simulator.url),
      emulated('customer', '444444444444', aws.simulator.url),
    ],
    upstream: { budget: 'off', cacheMs: 60_000, ...settings },
    redis: { url: redis.url, ...(cache !== null && { cache }) },
  });
  if (config.redis === undefined) throw new Error('no redis');
  const shared = await createSharedState(config.redis, config, pino({ level: 'silent' }));
  const upstream = createUpstream(config.upstream, { ...options, replicas: shared.replicas });
  gateways.push({ upstream, shared });
  const all = createPrincipals(config);
  const session = (name = 'partner', more: SessionOptions = {}) => {
    const principal = all.find((each) => each.name === name);
    if (principal === undefined) throw new Error(`no principal ${name}`);
    return upstream.session(principal, more);
  };
  // It shares nothing until it is connected and knows the identities of its principals.
  await expectConnected(shared);
  for (const each of all) await expect.poll(() => shared.replicas.cache?.isIdentified(each) ?? true).toBe(true);
  return { upstream, session, principal: (name = 'partner') => session(name).principal };
};

const expectConnected = (shared: SharedState | undefined) =>
  expect
    .poll(() =>
      shared?.ping().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);

const roots = () => aws.simulator.control.requestCount('ListRoots');
const cacheKeys = () => client.keys('orgql:cache:*');
const storedReplies = async () => (await cacheKeys()).filter((key) => !key.endsWith(':stamps'));
/** A read does not wait until its reply is stored. */
const expectStored = (count: number) => expect.poll(async () => (await storedReplies()).length).toBe(count);

describe('gateways with redis.cache and the same secret', () => {
  it('call AWS once for all of them, and report a cost of 0 for shared replies', async () => {
    const [one, two] = [await gateway(), await gateway()];
    const answer = await one.session().read('ListRoots', {});
    await expectStored(1);
    const session = two.session();
    expect(await session.read('ListRoots', {})).toEqual(answer);
    expect([roots(), session.cost]).toEqual([
      1,
      { calls: 0, cached: 1, coalesced: 0, waitedMs: 0, ageMs: expect.any(Number) },
    ]);
    expect(two.upstream.stats().get('ListRoots')).toMatchObject({ cached: 1 });
  });

  it('share nothing without redis.cache', async () => {
    const [one, two] = [await gateway({ cache: null }), await gateway({ cache: null })];
    await one.session().read('ListRoots', {});
    await two.session().read('ListRoots', {});
    expect([roots(), await cacheKeys()]).toEqual([2, []]);
  });

  it('serve a Describe from a list that another gateway has read', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await one.session().read('ListAccounts', {});
    await expectStored(1);
    await two.session().read('ListAccounts', {});
    const session = two.session();
    const { Account } = await session.read('DescribeAccount', { AccountId: '111111111111' });
    expect([Account?.JoinedTimestamp, session.cost.calls]).toEqual([expect.any(Date), 0]);
  });

  it('keep a reply no longer than the gateway that read it', async () => {
    const clock = new ManualClock();
    const [one, two] = [await gateway(), await gateway({ options: { clock } })];
    await one.session().read('ListRoots', {});
    await expectStored(1);
    const [key = ''] = await storedReplies();
    expect(await client.pttl(key)).toBeLessThanOrEqual(60_000);
    await client.pexpire(key, 30_000);
    await two.session().read('ListRoots', {});
    await client.del(key);
    await clock.advance(29_000);
    await two.session().read('ListRoots', {});
    expect(roots()).toBe(1);
    await clock.advance(1_000);
    await two.session().read('ListRoots', {});
    expect(roots()).toBe(2);
  });

  it('do not share replies that are not cached or longer than maxValueBytes', async () => {
    const off = { upstream: { cacheMsByOperation: { ListRoots: 0 } } };
    const [one, two] = [await gateway(off), await gateway(off)];
    for (const { session } of [one, two]) await session().read('ListRoots', {});
    const small = { cache: { secret, maxValueBytes: 30 } };
    const [three, four] = [await gateway(small), await gateway(small)];
    for (const { session } of [three, four]) await session().read('ListRoots', {});
    expect([roots(), await storedReplies()]).toEqual([4, []]);
  });

  it('do not share the replies of pollers', async () => {
    const one = await gateway();
    await one.session('partner', { priority: 'background', fresh: true }).read('ListRoots', {});
    await one.session().read('ListAccounts', {});
    await expectStored(1);
  });

  it('skip shared replies for a fresh session, and share its replies', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    await one.session().read('ListAWSServiceAccessForOrganization', {});
    await expectStored(1);
    const count = () => aws.simulator.control.requestCount('ListAWSServiceAccessForOrganization');
    // A write from outside, of which these gateways receive no message.
    await aws.session().write('EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    await two.session('partner', { fresh: true }).read('ListAWSServiceAccessForOrganization', {});
    expect(count()).toBe(2);
    const read = async () =>
      (await three.session().read('ListAWSServiceAccessForOrganization', {})).EnabledServicePrincipals?.length;
    await expect.poll(read).toBe(1);
    expect(count()).toBe(2);
  });

  it('evict the shared reply of an object that AWS no longer has', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    const { Handshake } = await aws.session().write('InviteAccountToOrganization', {
      Target: { Type: 'ACCOUNT', Id: '444444444444' },
    });
    await aws.session({ as: 'customer' }).write('AcceptHandshake', { HandshakeId: Handshake?.Id });
    const find = { AccountId: '444444444444' };
    await one.session().read('DescribeAccount', find);
    await expectStored(1);
    await aws.session({ as: 'customer' }).write('LeaveOrganization', {});
    const gone = { code: 'AccountNotFoundException' };
    await expect(two.session('partner', { fresh: true }).read('DescribeAccount', find)).rejects.toMatchObject(gone);
    await expectStored(0);
    await expect(three.session().read('DescribeAccount', find)).rejects.toMatchObject(gone);
  });
});

describe('after a write through one gateway', () => {
  const enable = { ServicePrincipal: 'config.amazonaws.com' };
  const services = async ({ session }: Awaited<ReturnType<typeof gateway>>) => {
    const current = session();
    const { EnabledServicePrincipals = [] } = await current.read('ListAWSServiceAccessForOrganization', {});
    return [EnabledServicePrincipals.length, current.cost.calls];
  };

  it.each([
    ['nothing', null],
    ['replies', { secret }],
  ])('the others invalidate the replies that it may have changed, when they share %s', async (_what, cache) => {
    const [one, two] = [await gateway({ cache }), await gateway({ cache })];
    expect(await services(two)).toEqual([0, 1]);
    expect(await services(two)).toEqual([0, 0]);
    await one.session().write('EnableAWSServiceAccess', enable);
    await expect.poll(() => services(two)).toEqual([1, 1]);
    // Other replies stay cached.
    const session = two.session();
    await session.read('ListRoots', {});
    await one.session().write('DisableAWSServiceAccess', enable);
    await expect.poll(() => services(two)).toEqual([0, 1]);
    const again = two.session();
    await again.read('ListRoots', {});
    expect(again.cost.calls).toBe(0);
  });

  it('no gateway uses an older shared reply from the moment when the write returns', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    await services(two);
    await expectStored(1);
    await one.session().write('EnableAWSServiceAccess', enable);
    expect(await services(three)).toEqual([1, 1]);
    expect(await services(one)).toEqual([1, 1]);
  });

  it('replies that it may have changed are not shared while AWS may lag behind it', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    await one.session().write('EnableAWSServiceAccess', enable);
    expect(await services(two)).toEqual([1, 1]);
    await two.session().read('ListRoots', {});
    await expectStored(1);
    expect(await services(three)).toEqual([1, 1]);
    // Simulates that fifteen seconds have passed on Redis's clock.
    const [stamps = ''] = (await cacheKeys()).filter((key) => key.endsWith(':stamps'));
    const until = Number(await client.hget(stamps, 'ListAWSServiceAccessForOrganization:until'));
    const [seconds] = await client.time();
    expect(until - Number(seconds) * 1_000).toBeGreaterThan(13_000);
    await client.hset(stamps, 'ListAWSServiceAccessForOrganization:until', '0');
    const [four, five] = [await gateway(), await gateway()];
    expect(await services(four)).toEqual([1, 1]);
    await expectStored(2);
    expect(await services(five)).toEqual([1, 0]);
  });

  it('the reply of a read that was in flight during the write is not shared', async () => {
    await using scripted = await startScriptedAws();
    const principals = [emulated('partner', '111111111111', scripted.url)];
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => gateway({ principals })));
    if (one === undefined || two === undefined || three === undefined) throw new Error('three gateways');
    const slow = services(two);
    const read = await scripted.next();
    const write = one.session().write('EnableAWSServiceAccess', enable);
    (await scripted.next()).reply({});
    await write;
    read.reply({ EnabledServicePrincipals: [] });
    expect(await slow).toEqual([0, 1]);
    const last = services(three);
    (await scripted.next()).reply({ EnabledServicePrincipals: [enable] });
    expect(await last).toEqual([1, 1]);
  });

  it('a shared reply that a poller has found to be out of date is not used', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await services(one);
    await expectStored(1);
    await aws.session().write('EnableAWSServiceAccess', enable);
    two.upstream.forget(two.principal(), 'EnableAWSServiceAccess');
    expect(await services(two)).toEqual([1, 1]);
  });
});

describe('shared replies are separate for each principal', () => {
  /** The calls of the second gateway for a reply that the first has shared. */
  const callsOfSecond = async (first: Options, second: Options, as = 'partner') => {
    await client.flushdb();
    const [one, two] = [await gateway(first), await gateway(second)];
    await one.session(as).read('ListRoots', {});
    await expectStored(1);
    const session = two.session();
    await session.read('ListRoots', {}).catch(() => undefined);
    return session.cost.calls;
  };
  const withKeys = (accessKeyId: string, secretAccessKey = 'not looked at', more = {}) => ({
    principals: [
      {
        name: 'partner',
        accountId: '111111111111',
        endpoint: aws.simulator.url,
        stsEndpoint: aws.simulator.url,
        credentials: { type: 'static' as const, accessKeyId, secretAccessKey },
        ...more,
      },
    ],
  });

  it('a principal with equal settings at two gateways shares its replies', async () => {
    expect(await callsOfSecond(withKeys('111111111111'), withKeys('111111111111'))).toBe(0);
  });

  it('a principal of the same name and account with other keys does not', async () => {
    expect(await callsOfSecond(withKeys('111111111111'), withKeys('AKIAIOSFODNN7EXAMPLE'))).toBe(1);
    expect(await callsOfSecond(withKeys('111111111111', 'one'), withKeys('111111111111', 'two'))).toBe(1);
  });

  it('a principal of the same settings whose credentials belong to another account does not', async () => {
    const principals = [
      {
        name: 'partner',
        accountId: '111111111111',
        endpoint: aws.simulator.url,
        stsEndpoint: aws.simulator.url,
        credentials: { type: 'default' as const },
      },
    ];
    const as = async (accessKeyId: string) => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not looked at');
      const session = (await gateway({ principals })).session();
      await session.read('ListRoots', {}).catch(() => undefined);
      return session.cost.calls;
    };
    try {
      expect(await as('111111111111')).toBe(1);
      await expectStored(1);
      expect(await as('111111111111')).toBe(0);
      expect(await as('444444444444')).toBe(1);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('a principal of the same keys with another name, account, region or endpoint does not', async () => {
    const same = withKeys('111111111111');
    const [principal] = same.principals;
    if (principal === undefined) throw new Error('a principal');
    const other = [
      { principals: [{ ...principal, name: 'other' }, principal] },
      withKeys('111111111111', undefined, { accountId: '222222222222' }),
      withKeys('111111111111', undefined, { region: 'eu-west-1' }),
      withKeys('111111111111', undefined, { endpoint: aws.simulator.url.replace('127.0.0.1', 'localhost') }),
    ];
    expect(await callsOfSecond(other[0] ?? same, same, 'other')).toBe(1);
    for (const different of other.slice(1)) expect(await callsOfSecond(same, different)).toBe(1);
  });

  it('gateways with different secrets share nothing', async () => {
    expect(await callsOfSecond({}, { cache: { secret: `${secret}.` } })).toBe(1);
  });

  it('the data in Redis reveal no account, name or email address', async () => {
    const one = await gateway();
    const { Organization } = await one.session().read('DescribeOrganization', {});
    const { Accounts } = await one.session().read('ListAccounts', {});
    await expectStored(2);
    const dump: string[] = [];
    for (const key of await cacheKeys()) {
      dump.push(key, JSON.stringify(key.endsWith(':stamps') ? await client.hgetall(key) : await client.get(key)));
    }
    for (const secretText of [
      Organization?.Id,
      Organization?.MasterAccountEmail,
      Accounts?.[0]?.Name,
      '111111111111',
    ]) {
      expect(secretText).toBeTruthy();
      expect(dump.join()).not.toContain(secretText);
      expect(dump.join()).not.toContain(
        Buffer.from(secretText ?? '')
          .toString('base64')
          .slice(0, -4),
      );
    }
  });

  it('a reply that was modified in Redis, or moved to another key, is not used', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await one.session().read('ListRoots', {});
    await expectStored(1);
    const [key = ''] = await storedReplies();
    const text = (await client.get(key)) ?? '';
    await client.set(key, `${text.slice(0, -8)}${text.at(-8) === 'A' ? 'B' : 'A'}${text.slice(-7)}`, 'KEEPTTL');
    const session = two.session();
    await session.read('ListRoots', {});
    expect(session.cost.calls).toBe(1);
    await one.session().read('ListAccounts', {});
    await expectStored(2);
    const [from = '', to = ''] = [key, ...(await storedReplies()).filter((each) => each !== key)];
    await client.set(to, (await client.get(from)) ?? '', 'KEEPTTL');
    const three = await gateway();
    const other = three.session();
    expect((await other.read('ListAccounts', {})).Accounts).toHaveLength(1);
    expect(other.cost.calls).toBe(1);
  });
});

describe('while Redis', () => {
  const enable = { ServicePrincipal: 'config.amazonaws.com' };
  const services = async ({ session }: Awaited<ReturnType<typeof gateway>>) =>
    (await session().read('ListAWSServiceAccessForOrganization', {})).EnabledServicePrincipals?.length;

  it('is unreachable, reads and writes continue, and are shared again once it works', async () => {
    const [one, two] = [await gateway({ upstream: { cacheMs: 200 } }), await gateway({ upstream: { cacheMs: 200 } })];
    await redis.stop();
    await one.session().read('ListRoots', {});
    await two.session().read('ListRoots', {});
    expect(roots()).toBe(2);
    await one.session().write('EnableAWSServiceAccess', enable);
    expect(await services(one)).toBe(1);
    await redis.start();
    const shares = async () => {
      const session = two.session();
      await one.session('partner', { fresh: true }).read('ListRoots', {});
      await session.read('ListRoots', {});
      return session.cost.calls === 0 && (await storedReplies()).length > 0;
    };
    await expect.poll(shares, { timeout: 10_000 }).toBe(true);
  });

  it('is unreachable during a write, the gateway that wrote does not use older shared replies afterwards', async () => {
    const one = await gateway();
    expect(await services(one)).toBe(0);
    await expectStored(1);
    await redis.stop('SIGKILL');
    await one.session().write('EnableAWSServiceAccess', enable);
    await redis.start();
    // Redis still has the older reply, and no record of the write.
    await expectStored(1);
    await expectConnected(gateways[0]?.shared);
    expect(await services(one)).toBe(1);
  });

  it('has closed the Pub/Sub connections during a write, the other gateway drops its replies from before it', async () => {
    const [one, two] = [await gateway(), await gateway()];
    expect(await services(two)).toBe(0);
    // They reconnect after a pause of 100 ms.
    expect(await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBe(2);
    await one.session().write('EnableAWSServiceAccess', enable);
    await expect.poll(() => services(two)).toBe(1);
  });

  it('hangs, reads and writes continue, and a gateway does not use replies from before its own write', async () => {
    const [one, two] = [await gateway(), await gateway()];
    expect([await services(one), await services(two)]).toEqual([0, 0]);
    await expectStored(1);
    redis.hang();
    const write = one.session().write('EnableAWSServiceAccess', enable);
    await two.session().read('ListRoots', {});
    await write;
    redis.goOn();
    expect(await services(one)).toBe(1);
    await expect.poll(() => services(two)).toBe(1);
  });
});
