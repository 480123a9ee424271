import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createPrincipals, type Principal } from '../../src/principal/index.ts';
import { createUpstream, type MeteredUpstream } from '../../src/upstream/index.ts';
import { createWatcher, type WatchEvent, type Watcher } from '../../src/watcher/index.ts';
import { startRewritingProxy } from '../support/rewriting-proxy.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { Reader } from './support/reader.ts';

type Json = Readonly<Record<string, unknown>>;
type Events = AsyncIterableIterator<WatchEvent<unknown>>;

const quotas = {
  accounts: 100,
  inboundTransfers: 10,
  outboundTransfers: 1,
  transferChain: 1,
  aggregateTransfers: 1_000,
};

/** The fault in replies to lists and describes; undefined while there is none. */
let spoil: ((reply: Json) => unknown) | undefined;
/** The number of faulty replies since the last change of `spoil`, by operation. */
let spoiled = new Map<string, number>();

let aws: UpstreamWorld;
let proxy: Awaited<ReturnType<typeof startRewritingProxy>>;
let upstream: MeteredUpstream;
let principals: readonly Principal[];
let watcher: Watcher;

/** Whether lists have endless pages. None is empty, because empty pages have a limit of their own. */
let endless = false;
let pages = 0;

const count = (operation: string) => spoiled.set(operation, (spoiled.get(operation) ?? 0) + 1);
const rewrite = (operation: string, reply: unknown) => {
  if (spoil === undefined || !/^(List|Describe)(Handshake|.*Responsibility|CreateAccount)/.test(operation))
    return reply;
  count(operation);
  return spoil(reply as Json);
};
const nextPage = (operation: string) => {
  if (!endless || !operation.startsWith('List')) return undefined;
  count(operation);
  pages += 1;
  const number = String(pages).padStart(12, '0');
  return {
    Handshakes: [{ Id: `h-${number}`, State: 'OPEN' }],
    ResponsibilityTransfers: [{ Id: `rt-${number}`, Status: 'REQUESTED' }],
    CreateAccountStatuses: [{ Id: `car-${number}`, State: 'IN_PROGRESS' }],
    NextToken: `page ${pages}`,
  };
};

beforeEach(async () => {
  spoil = undefined;
  endless = false;
  spoiled = new Map();
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  for (const as of ['partner', 'customer'])
    await aws.session({ as }).write('CreateOrganization', { FeatureSet: 'ALL' });
  proxy = await startRewritingProxy(aws.simulator.url, rewrite, nextPage);
  const config = configSchema.parse({
    principals: [emulated('partner', '111111111111', proxy.url), emulated('customer', '444444444444', proxy.url)],
    upstream: { budget: 'off', cacheMs: 0 },
    watch: { minIntervalMs: 20, maxIntervalMs: 40, pollDeadlineMs: 500 },
  });
  principals = createPrincipals(config);
  upstream = createUpstream(config.upstream);
  watcher = createWatcher(upstream, config.watch);
});
afterEach(async () => {
  await watcher.close();
  await upstream.close();
  await proxy[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
});

/** The principal, whose endpoint is the proxy that returns faulty replies. */
const spoiledPrincipal = (name: string): Principal => {
  const found = principals.find((principal) => principal.name === name);
  if (found === undefined) throw new Error(`no principal ${name}`);
  return found;
};

const spoilWith = (how: typeof spoil) => {
  spoiled = new Map();
  spoil = how;
};

const inviteCustomer = async () => {
  const now = new Date(aws.simulator.clock.now());
  const { Handshake } = await aws.session().write('InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: '444444444444' },
    StartTimestamp: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1)),
    SourceName: 'customer',
  });
  const transfer = Handshake?.Resources?.find(({ Type }) => Type === 'RESPONSIBILITY_TRANSFER')?.Value;
  return { handshake: Handshake?.Id ?? '', transfer: transfer ?? '' };
};
const createAccount = async () => {
  const input = { AccountName: 'new', Email: 'new@example.com' };
  return (await aws.session().write('CreateAccount', input)).CreateAccountStatus?.Id ?? '';
};

interface Subject {
  /** Creates the object that the test watches. */
  make(): Promise<string>;
  watch(id: string): Events;
  change(id: string): Promise<unknown>;
}

const decline = (id: string) => aws.session({ as: 'customer' }).write('DeclineHandshake', { HandshakeId: id });
const declineLast = async () => {
  const { Handshakes } = await aws.session({ as: 'customer' }).read('ListHandshakesForAccount', {});
  await decline(Handshakes?.at(-1)?.Id ?? '');
};
const handshakeId = async () => (await inviteCustomer()).handshake;
const transferId = async () => (await inviteCustomer()).transfer;

const subjects: Readonly<Record<string, Subject>> = {
  organizationHandshakes: {
    make: handshakeId,
    watch: () => watcher.watch(spoiledPrincipal('partner'), 'organizationHandshakes'),
    change: decline,
  },
  accountHandshakes: {
    make: handshakeId,
    watch: () => watcher.watch(spoiledPrincipal('customer'), 'accountHandshakes'),
    change: decline,
  },
  inboundResponsibilityTransfers: {
    make: transferId,
    watch: () => watcher.watch(spoiledPrincipal('partner'), 'inboundResponsibilityTransfers'),
    change: declineLast,
  },
  outboundResponsibilityTransfers: {
    make: transferId,
    watch: () => watcher.watch(spoiledPrincipal('customer'), 'outboundResponsibilityTransfers'),
    change: declineLast,
  },
  createAccountStatuses: {
    make: createAccount,
    watch: () => watcher.watch(spoiledPrincipal('partner'), 'createAccountStatuses'),
    change: async () => aws.simulator.clock.advance(3_600_000),
  },
  'one handshake': {
    make: handshakeId,
    watch: (id) => watcher.watchHandshake(spoiledPrincipal('partner'), id),
    change: decline,
  },
  'one transfer': {
    make: transferId,
    watch: (id) => watcher.watchResponsibilityTransfer(spoiledPrincipal('partner'), id),
    change: declineLast,
  },
  'one account creation': {
    make: createAccount,
    watch: (id) => watcher.watchCreateAccountStatus(spoiledPrincipal('partner'), id),
    change: async () => aws.simulator.clock.advance(3_600_000),
  },
};

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
/** Replaces the members of a reply that hold its data. */
const mapMembers = (reply: Json, map: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(reply).map(([name, value]) => [name, name === 'NextToken' ? value : map(value)]));

const wrong = {
  'null in place of an object': (reply: Json) =>
    mapMembers(reply, (value) => (isList(value) ? [...value.slice(0, -1), null] : null)),
  'a null behind the objects': (reply: Json) => mapMembers(reply, (value) => (isList(value) ? [...value, null] : null)),
} as const;

const shown = ({ events }: Reader<unknown>) => events.map(({ type }) => type).filter((type) => type !== 'BOOKMARK');

describe.each(Object.keys(subjects))('a subscription to %s', (name) => {
  const subject = () => {
    const found = subjects[name];
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };

  it.each(Object.entries(wrong))('ends with UPSTREAM_BAD_RESPONSE when its first read gets %s', async (_what, how) => {
    const id = await subject().make();
    spoilWith(how);
    const reader = new Reader(subject().watch(id));
    await expect.poll(() => reader.ended).toBe(true);
    expect(reader.error).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', operation: [...spoiled.keys()][0] });
    expect([watcher.activePollers, reader.events]).toEqual([0, []]);
  });

  it.each(Object.entries(wrong))(
    'misses nothing and gets nothing twice when later reads get %s for a while',
    async (_what, how) => {
      const id = await subject().make();
      const reader = new Reader(subject().watch(id));
      await expect.poll(() => reader.types).toContain('BOOKMARK');
      spoilWith(how);
      await expect.poll(() => Math.max(...spoiled.values())).toBeGreaterThanOrEqual(3);
      await subject().change(id);
      spoilWith(undefined);
      await expect.poll(() => shown(reader)).toEqual(['SNAPSHOT', 'CHANGED']);
      expect(reader.error).toBeUndefined();
      expect(watcher.overduePollers).toEqual([]);
      await reader.stop();
    },
  );

  it('ends with UPSTREAM_FAILING after ten reads in a row with null in place of an object', async () => {
    const id = await subject().make();
    const reader = new Reader(subject().watch(id));
    await expect.poll(() => reader.types).toContain('BOOKMARK');
    spoilWith(wrong['null in place of an object']);
    await expect.poll(() => reader.ended, { timeout: 10_000 }).toBe(true);
    expect(reader.error).toMatchObject({
      code: 'UPSTREAM_FAILING',
      reason: 'UPSTREAM_BAD_RESPONSE',
      retryable: true,
      cursor: reader.cursor,
    });
    expect(shown(reader)).toEqual(['SNAPSHOT']);
    expect(watcher.activePollers).toBe(0);
  });
});

describe.each(Object.keys(subjects).slice(0, 5))('when %s has endless pages', (name) => {
  it('the first read ends its subscription with an error', async () => {
    endless = true;
    const reader = new Reader(subjects[name]?.watch('') ?? expect.fail());
    await expect.poll(() => reader.ended, { timeout: 10_000 }).toBe(true);
    expect(reader.error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'POLL_DEADLINE', retryable: true });
    expect(String(reader.error)).toMatch(/is not complete after 0.5 s \(watch.pollDeadlineMs\) and \d+ calls/);
    expect(watcher.activePollers).toBe(0);
  });

  it('a later read is canceled without removals, and later reads publish what changed meanwhile', async () => {
    const subject = subjects[name] ?? expect.fail();
    const id = await subject.make();
    const reader = new Reader(subject.watch(id));
    await expect.poll(() => reader.types).toContain('BOOKMARK');
    endless = true;
    await expect.poll(() => spoiled.size).toBe(1);
    await subject.change(id);
    endless = false;
    await expect.poll(() => shown(reader), { timeout: 10_000 }).toEqual(['SNAPSHOT', 'CHANGED']);
    await reader.stop();
  });

  it('subscriptions end with UPSTREAM_FAILING after two such reads in a row', async () => {
    const subject = subjects[name] ?? expect.fail();
    const reader = new Reader(subject.watch(await subject.make()));
    await expect.poll(() => reader.types).toContain('BOOKMARK');
    endless = true;
    await expect.poll(() => reader.ended, { timeout: 10_000 }).toBe(true);
    expect(reader.error).toMatchObject({
      code: 'UPSTREAM_FAILING',
      reason: 'UPSTREAM_TIMEOUT',
      cursor: reader.cursor,
    });
    expect(shown(reader)).toEqual(['SNAPSHOT']);
  });
});
