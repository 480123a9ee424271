import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createWatcher, type WatchEvent, type Watcher } from '../../src/watcher/index.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

const quotas = {
  accounts: 100,
  inboundTransfers: 10,
  outboundTransfers: 1,
  transferChain: 1,
  aggregateTransfers: 1_000,
};
/** Polls only after a hint, so that calls can be counted. */
const seldom = { minIntervalMs: 600_000, maxIntervalMs: 600_000 };
const often = { minIntervalMs: 20, maxIntervalMs: 40 };

let aws: UpstreamWorld;
let watcher: Watcher;

beforeEach(async () => {
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  for (const as of ['partner', 'customer'])
    await aws.session({ as }).write('CreateOrganization', { FeatureSet: 'ALL' });
});
afterEach(async () => {
  await watcher.close();
  expect(watcher.activePollers).toBe(0);
  await aws[Symbol.asyncDispose]();
});

const watching = (settings: typeof often) => {
  watcher = createWatcher(aws.upstream, configSchema.parse({ watch: settings }).watch);
  return watcher;
};

/** The next event; fails at the end of the subscription. */
const next = async <T>(events: AsyncIterator<WatchEvent<T>>): Promise<WatchEvent<T>> => {
  const { value, done } = await events.next();
  if (done) throw new Error('the subscription has ended');
  return value;
};

const upToBookmark = async <T>(events: AsyncIterator<WatchEvent<T>>): Promise<WatchEvent<T>[]> => {
  const received: WatchEvent<T>[] = [];
  do received.push(await next(events));
  while (received.at(-1)?.type !== 'BOOKMARK');
  return received;
};

const inviteCustomer = async () => {
  const now = new Date(aws.simulator.clock.now());
  const { Handshake } = await aws.session().write('InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: '444444444444' },
    StartTimestamp: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1)),
    SourceName: 'customer',
  });
  return Handshake?.Id ?? '';
};

const inviteAccounts = async (count: number) => {
  const session = aws.session();
  for (let n = 0; n < count; n += 1) {
    await session.write('InviteAccountToOrganization', { Target: { Type: 'EMAIL', Id: `owner-${n}@example.com` } });
  }
};

describe('over AWS’s protocol', () => {
  it('the partner’s polls show the customer’s acceptance, and both sides show the transfer', async () => {
    watching(often);
    const [partner, customer] = [aws.principal('partner'), aws.principal('customer')];
    const id = await inviteCustomer();
    const handshake = watcher.watchHandshake(partner, id);
    const inbound = watcher.watch(partner, 'inboundResponsibilityTransfers');
    const outbound = watcher.watch(customer, 'outboundResponsibilityTransfers');
    expect(await upToBookmark(handshake)).toMatchObject([{ type: 'SNAPSHOT', object: { State: 'REQUESTED' } }, {}]);
    const [snapshot] = await upToBookmark(inbound);
    expect(snapshot).toMatchObject({ type: 'SNAPSHOT', object: { Status: 'REQUESTED' } });
    expect(await upToBookmark(outbound)).toHaveLength(2);
    const transfer = watcher.watchResponsibilityTransfer(partner, snapshot?.object?.Id ?? '');
    expect(await upToBookmark(transfer)).toHaveLength(2);

    await aws.session({ as: 'customer' }).write('AcceptHandshake', { HandshakeId: id });
    const accepted = { type: 'CHANGED', previousState: 'REQUESTED' };
    expect(await next(handshake)).toMatchObject({ ...accepted, object: { Id: id, State: 'ACCEPTED' } });
    expect(await handshake.next()).toEqual({ done: true, value: undefined });
    for (const events of [inbound, outbound, transfer]) {
      expect(await next(events)).toMatchObject({ ...accepted, object: { Status: 'ACCEPTED' } });
    }

    await aws.session().write('TerminateResponsibilityTransfer', { Id: snapshot?.object?.Id });
    for (const events of [inbound, outbound, transfer]) {
      expect(await next(events)).toMatchObject({ previousState: 'ACCEPTED', object: { Status: 'WITHDRAWN' } });
    }
    expect(await transfer.next()).toEqual({ done: true, value: undefined });
  });

  it('an own write is published without a call to AWS', async () => {
    watching(seldom);
    const events = watcher.watch(aws.principal(), 'organizationHandshakes');
    expect(await upToBookmark(events)).toHaveLength(1);
    const { control } = aws.simulator;
    control.resetRequests();
    const id = await inviteCustomer();
    expect(await next(events)).toMatchObject({ type: 'ADDED', object: { Id: id, State: 'REQUESTED' } });
    // The order of two writes within the same ms is unknown, and the watcher would poll.
    const receivedAt = Date.now();
    await expect.poll(() => Date.now() - receivedAt, { interval: 1 }).toBeGreaterThan(1);
    await aws.session().write('CancelHandshake', { HandshakeId: id });
    expect(await next(events)).toMatchObject({
      type: 'CHANGED',
      previousState: 'REQUESTED',
      object: { State: 'CANCELED' },
    });
    expect(control.requests().filter(({ operation }) => operation.startsWith('List'))).toEqual([]);
  });

  it('a handshake’s expiry is published, and a subscription to it completes', async () => {
    watching(often);
    const id = await inviteCustomer();
    const events = watcher.watchHandshake(aws.principal('customer'), id);
    const [snapshot] = await upToBookmark(events);
    aws.simulator.clock.set((snapshot?.object?.ExpirationTimestamp?.getTime() ?? 0) + 1_000);
    expect(await next(events)).toMatchObject({ type: 'CHANGED', object: { State: 'EXPIRED' } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('1,000 subscribers cost the same calls to AWS as one', async () => {
    await inviteAccounts(45);
    const callsFor = async (subscribers: number) => {
      watching(seldom);
      const all = Array.from({ length: subscribers }, () => watcher.watch(aws.principal(), 'organizationHandshakes'));
      aws.simulator.control.resetRequests();
      for (const events of await Promise.all(all.map(upToBookmark))) expect(events.length).toBeGreaterThan(45);
      const id = await inviteCustomer();
      for (const events of all) expect(await next(events)).toMatchObject({ type: 'ADDED', object: { Id: id } });
      await aws.session({ as: 'customer' }).write('DeclineHandshake', { HandshakeId: id });
      for (const events of all) expect(await next(events)).toMatchObject({ object: { State: 'DECLINED' } });
      await Promise.all(all.map((events) => events.return?.()));
      expect(watcher.activePollers).toBe(0);
      return aws.simulator.control.requests();
    };
    const [one, many] = [await callsFor(1), await callsFor(1_000)];
    expect(many).toEqual(one);
    expect(one).toContainEqual(expect.objectContaining({ operation: 'ListHandshakesForOrganization', count: 6 }));
  });

  it('empty, failed and truncated pages cause no event', async () => {
    watching(often);
    await inviteAccounts(45);
    const { control } = aws.simulator;
    control.setEmptyPages(true);
    const events = watcher.watch(aws.principal(), 'organizationHandshakes');
    expect(await upToBookmark(events)).toHaveLength(46);
    const failures = [{ kind: 'status', status: 503 }, { kind: 'truncate' }, { kind: 'reset' }] as const;
    for (const failure of failures) {
      control.fail({ operation: 'ListHandshakesForOrganization', failure, probability: 0.1 });
    }
    const enough = control.requestCount('ListHandshakesForOrganization') + 30;
    await expect
      .poll(() => control.requestCount('ListHandshakesForOrganization'), { timeout: 15_000 })
      .toBeGreaterThan(enough);
    control.clearFaults();
    const { Handshakes = [] } = await aws.session().read('ListHandshakesForOrganization', {});
    await aws.session().write('CancelHandshake', { HandshakeId: Handshakes[0]?.Id });
    expect(await next(events)).toMatchObject({ type: 'CHANGED', object: { Id: Handshakes[0]?.Id, State: 'CANCELED' } });
  });

  it('an unknown handshake is rejected with AWS’s own exception', async () => {
    watching(often);
    const events = watcher.watchHandshake(aws.principal(), 'h-doesnotexist');
    await expect(events.next()).rejects.toMatchObject({ code: 'HandshakeNotFoundException' });
    const transfer = watcher.watchResponsibilityTransfer(aws.principal(), 'rt-doesnotexist');
    await expect(transfer.next()).rejects.toMatchObject({ code: 'ResponsibilityTransferNotFoundException' });
  });

  it('the creation of an account is published until it has succeeded', async () => {
    watching(often);
    const { CreateAccountStatus } = await aws
      .session()
      .write('CreateAccount', { Email: 'new@example.com', AccountName: 'new' });
    const events = watcher.watchCreateAccountStatus(aws.principal(), CreateAccountStatus?.Id ?? '');
    expect(await upToBookmark(events)).toMatchObject([{ type: 'SNAPSHOT', object: { State: 'IN_PROGRESS' } }, {}]);
    aws.simulator.clock.advance(60_000);
    const { object } = await next(events);
    expect(object).toMatchObject({ State: 'SUCCEEDED', AccountId: expect.stringMatching(/^\d{12}$/) });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});
