import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createPrincipals } from '../../src/principal/index.ts';
import { type Shared, share } from '../../src/redis/index.ts';
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

const secret = 'what all of these gateways are told alike';

let redis: RedisServer;
let aws: UpstreamWorld;
let client: Redis;
const gateways: { readonly upstream: MeteredUpstream; readonly shared: Shared }[] = [];

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

/** One of several gateways, as far as it reads and writes. */
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
  const shared = await share(config.redis, config, pino({ level: 'silent' }));
  const upstream = createUpstream(config.upstream, { ...options, replicas: shared.replicas });
  gateways.push({ upstream, shared });
  const all = createPrincipals(config);
  const session = (name = 'partner', more: SessionOptions = {}) => {
    const principal = all.find((each) => each.name === name);
    if (principal === undefined) throw new Error(`no principal ${name}`);
    return upstream.session(principal, more);
  };
  // Until it is connected, and knows whose its principals are, it is on its own.
  await reached(shared);
  for (const each of all) await expect.poll(() => shared.replicas.cache?.knows(each) ?? true).toBe(true);
  return { upstream, session, principal: (name = 'partner') => session(name).principal };
};

const reached = (shared: Shared | undefined) =>
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
const answers = async () => (await cacheKeys()).filter((key) => !key.endsWith(':stamps'));
/** Keeping an answer is not waited for. */
const kept = (count: number) => expect.poll(async () => (await answers()).length).toBe(count);

describe('gateways that share what they have read', () => {
  it('call AWS once for all of them, and say that it cost nothing', async () => {
    const [one, two] = [await gateway(), await gateway()];
    const answer = await one.session().read('ListRoots', {});
    await kept(1);
    const session = two.session();
    expect(await session.read('ListRoots', {})).toEqual(answer);
    expect([roots(), session.cost]).toEqual([1, { calls: 0, cached: 1, coalesced: 0, waitedMs: 0 }]);
    expect(two.upstream.stats().get('ListRoots')).toMatchObject({ cached: 1 });
  });

  it('do so only when they are told a secret', async () => {
    const [one, two] = [await gateway({ cache: null }), await gateway({ cache: null })];
    await one.session().read('ListRoots', {});
    await two.session().read('ListRoots', {});
    expect([roots(), await cacheKeys()]).toEqual([2, []]);
  });

  it('know the objects of a list that another has read', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await one.session().read('ListAccounts', {});
    await kept(1);
    await two.session().read('ListAccounts', {});
    const session = two.session();
    const { Account } = await session.read('DescribeAccount', { AccountId: '111111111111' });
    expect([Account?.JoinedTimestamp, session.cost.calls]).toEqual([expect.any(Date), 0]);
  });

  it('keep an answer no longer than who has read it', async () => {
    const clock = new ManualClock();
    const [one, two] = [await gateway(), await gateway({ options: { clock } })];
    await one.session().read('ListRoots', {});
    await kept(1);
    const [key = ''] = await answers();
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

  it('do not share what is not to be cached, nor what is too long', async () => {
    const off = { upstream: { cacheMsByOperation: { ListRoots: 0 } } };
    const [one, two] = [await gateway(off), await gateway(off)];
    for (const { session } of [one, two]) await session().read('ListRoots', {});
    const small = { cache: { secret, maxValueBytes: 30 } };
    const [three, four] = [await gateway(small), await gateway(small)];
    for (const { session } of [three, four]) await session().read('ListRoots', {});
    expect([roots(), await answers()]).toEqual([4, []]);
  });

  it('do not share what pollers read', async () => {
    const one = await gateway();
    await one.session('partner', { priority: 'background', fresh: true }).read('ListRoots', {});
    await one.session().read('ListAccounts', {});
    await kept(1);
  });

  it('pass it over for who wants what is true now, and share that', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    await one.session().read('ListAWSServiceAccessForOrganization', {});
    await kept(1);
    const count = () => aws.simulator.control.requestCount('ListAWSServiceAccessForOrganization');
    // As by somebody else: no gateway of these hears of it.
    await aws.session().write('EnableAWSServiceAccess', { ServicePrincipal: 'config.amazonaws.com' });
    await two.session('partner', { fresh: true }).read('ListAWSServiceAccessForOrganization', {});
    expect(count()).toBe(2);
    const read = async () =>
      (await three.session().read('ListAWSServiceAccessForOrganization', {})).EnabledServicePrincipals?.length;
    await expect.poll(read).toBe(1);
    expect(count()).toBe(2);
  });

  it('take back what is found to be gone', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    const { Handshake } = await aws.session().write('InviteAccountToOrganization', {
      Target: { Type: 'ACCOUNT', Id: '444444444444' },
    });
    await aws.session({ as: 'customer' }).write('AcceptHandshake', { HandshakeId: Handshake?.Id });
    const find = { AccountId: '444444444444' };
    await one.session().read('DescribeAccount', find);
    await kept(1);
    await aws.session({ as: 'customer' }).write('LeaveOrganization', {});
    const gone = { code: 'AccountNotFoundException' };
    await expect(two.session('partner', { fresh: true }).read('DescribeAccount', find)).rejects.toMatchObject(gone);
    await kept(0);
    await expect(three.session().read('DescribeAccount', find)).rejects.toMatchObject(gone);
  });
});

describe('after a write by way of one gateway', () => {
  const enable = { ServicePrincipal: 'config.amazonaws.com' };
  const services = async ({ session }: Awaited<ReturnType<typeof gateway>>) => {
    const asked = session();
    const { EnabledServicePrincipals = [] } = await asked.read('ListAWSServiceAccessForOrganization', {});
    return [EnabledServicePrincipals.length, asked.cost.calls];
  };

  it.each([
    ['nothing', null],
    ['what they have read', { secret }],
  ])('the others forget what it may have changed, when they share %s', async (_what, cache) => {
    const [one, two] = [await gateway({ cache }), await gateway({ cache })];
    expect(await services(two)).toEqual([0, 1]);
    expect(await services(two)).toEqual([0, 0]);
    await one.session().write('EnableAWSServiceAccess', enable);
    await expect.poll(() => services(two)).toEqual([1, 1]);
    // What it cannot have changed stands.
    const session = two.session();
    await session.read('ListRoots', {});
    await one.session().write('DisableAWSServiceAccess', enable);
    await expect.poll(() => services(two)).toEqual([0, 1]);
    const again = two.session();
    await again.read('ListRoots', {});
    expect(again.cost.calls).toBe(0);
  });

  it('nobody is given what was shared before it: not from the moment at which the write is answered', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    await services(two);
    await kept(1);
    await one.session().write('EnableAWSServiceAccess', enable);
    expect(await services(three)).toEqual([1, 1]);
    expect(await services(one)).toEqual([1, 1]);
  });

  it('and for as long as AWS’s answers may lag behind it, nobody’s answer is given to others', async () => {
    const [one, two, three] = [await gateway(), await gateway(), await gateway()];
    await one.session().write('EnableAWSServiceAccess', enable);
    expect(await services(two)).toEqual([1, 1]);
    await two.session().read('ListRoots', {});
    await kept(1);
    expect(await services(three)).toEqual([1, 1]);
    // Fifteen seconds later, by Redis's own clock.
    const [stamps = ''] = (await cacheKeys()).filter((key) => key.endsWith(':stamps'));
    const until = Number(await client.hget(stamps, 'ListAWSServiceAccessForOrganization:until'));
    const [seconds] = await client.time();
    expect(until - Number(seconds) * 1_000).toBeGreaterThan(13_000);
    await client.hset(stamps, 'ListAWSServiceAccessForOrganization:until', '0');
    const [four, five] = [await gateway(), await gateway()];
    expect(await services(four)).toEqual([1, 1]);
    await kept(2);
    expect(await services(five)).toEqual([1, 0]);
  });

  it('an answer that was under way during it is not shared', async () => {
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

  it('nor is one that a poller has seen to be out of date', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await services(one);
    await kept(1);
    await aws.session().write('EnableAWSServiceAccess', enable);
    two.upstream.forget(two.principal(), 'EnableAWSServiceAccess');
    expect(await services(two)).toEqual([1, 1]);
  });
});

describe('nothing that is shared crosses principals', () => {
  /** What the second gateway calls AWS for, after the first has shared an answer. */
  const twice = async (first: Options, second: Options, as = 'partner') => {
    await client.flushdb();
    const [one, two] = [await gateway(first), await gateway(second)];
    await one.session(as).read('ListRoots', {});
    await kept(1);
    const session = two.session();
    await session.read('ListRoots', {}).catch(() => undefined);
    return session.cost.calls;
  };
  const static_ = (accessKeyId: string, secretAccessKey = 'not looked at', more = {}) => ({
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

  it('the same one at two gateways shares', async () => {
    expect(await twice(static_('111111111111'), static_('111111111111'))).toBe(0);
  });

  it('one of the same name and account with other keys does not', async () => {
    expect(await twice(static_('111111111111'), static_('AKIAIOSFODNN7EXAMPLE'))).toBe(1);
    expect(await twice(static_('111111111111', 'one'), static_('111111111111', 'two'))).toBe(1);
  });

  it('one of the same settings whose credentials are somebody else’s does not', async () => {
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
      await kept(1);
      expect(await as('111111111111')).toBe(0);
      expect(await as('444444444444')).toBe(1);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('one of the same keys under another name, in another account or region, or elsewhere does not', async () => {
    const same = static_('111111111111');
    const [principal] = same.principals;
    if (principal === undefined) throw new Error('a principal');
    const other = [
      { principals: [{ ...principal, name: 'other' }, principal] },
      static_('111111111111', undefined, { accountId: '222222222222' }),
      static_('111111111111', undefined, { region: 'eu-west-1' }),
      static_('111111111111', undefined, { endpoint: aws.simulator.url.replace('127.0.0.1', 'localhost') }),
    ];
    expect(await twice(other[0] ?? same, same, 'other')).toBe(1);
    for (const different of other.slice(1)) expect(await twice(same, different)).toBe(1);
  });

  it('gateways that are told another secret share nothing', async () => {
    expect(await twice({}, { cache: { secret: `${secret}.` } })).toBe(1);
  });

  it('what lies in Redis says nothing to who reads it there', async () => {
    const one = await gateway();
    const { Organization } = await one.session().read('DescribeOrganization', {});
    const { Accounts } = await one.session().read('ListAccounts', {});
    await kept(2);
    const dump: string[] = [];
    for (const key of await cacheKeys()) {
      dump.push(key, JSON.stringify(key.endsWith(':stamps') ? await client.hgetall(key) : await client.get(key)));
    }
    for (const told of [Organization?.Id, Organization?.MasterAccountEmail, Accounts?.[0]?.Name, '111111111111']) {
      expect(told).toBeTruthy();
      expect(dump.join()).not.toContain(told);
      expect(dump.join()).not.toContain(
        Buffer.from(told ?? '')
          .toString('base64')
          .slice(0, -4),
      );
    }
  });

  it('an answer that somebody changed in Redis, or put in another’s place, is none', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await one.session().read('ListRoots', {});
    await kept(1);
    const [key = ''] = await answers();
    const text = (await client.get(key)) ?? '';
    await client.set(key, `${text.slice(0, -8)}${text.at(-8) === 'A' ? 'B' : 'A'}${text.slice(-7)}`, 'KEEPTTL');
    const session = two.session();
    await session.read('ListRoots', {});
    expect(session.cost.calls).toBe(1);
    await one.session().read('ListAccounts', {});
    await kept(2);
    const [from = '', to = ''] = [key, ...(await answers()).filter((each) => each !== key)];
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

  it('is away, reads and writes go on as without it, and share again when it is back', async () => {
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
      return session.cost.calls === 0 && (await answers()).length > 0;
    };
    await expect.poll(shares, { timeout: 10_000 }).toBe(true);
  });

  it('is away, it is not told of a write: who made that is not given what was before it when Redis is back', async () => {
    const one = await gateway();
    expect(await services(one)).toBe(0);
    await kept(1);
    await redis.stop('SIGKILL');
    await one.session().write('EnableAWSServiceAccess', enable);
    await redis.start();
    // It has kept the answer from before, and knows nothing of the write.
    await kept(1);
    await reached(gateways[0]?.shared);
    expect(await services(one)).toBe(1);
  });

  it('hangs, they go on as well, and a gateway is not given what was before its own write afterwards', async () => {
    const [one, two] = [await gateway(), await gateway()];
    expect([await services(one), await services(two)]).toEqual([0, 0]);
    await kept(1);
    redis.hang();
    const write = one.session().write('EnableAWSServiceAccess', enable);
    await two.session().read('ListRoots', {});
    await write;
    redis.goOn();
    expect(await services(one)).toBe(1);
    await expect.poll(() => services(two)).toBe(1);
  });
});
