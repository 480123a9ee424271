import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createWatcher, openStore, StoreError, type WatchEvent, type Watcher } from '../../src/watcher/index.ts';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

const quotas = {
  accounts: 100,
  inboundTransfers: 10,
  outboundTransfers: 1,
  transferChain: 1,
  aggregateTransfers: 1_000,
};

let aws: UpstreamWorld;
let folder: string;

beforeEach(async () => {
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  folder = await mkdtemp(join(tmpdir(), 'orgql-store-'));
});
afterEach(async () => {
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const open = () => openStore(join(folder, 'events'), { keepEvents: 5, onError: (error) => expect.fail(String(error)) });

const watching = async () => {
  const watch = { minIntervalMs: 20, maxIntervalMs: 40, keepEvents: 5 };
  return createWatcher(aws.upstream, configSchema.parse({ watch }).watch, { journals: await open() });
};

const upToBookmark = async <T>(events: AsyncIterator<WatchEvent<T>>): Promise<WatchEvent<T>[]> => {
  const received: WatchEvent<T>[] = [];
  while (received.at(-1)?.type !== 'BOOKMARK') {
    const { value, done } = await events.next();
    if (done) throw new Error('the subscription has ended');
    received.push(value);
  }
  return received;
};

const list = (watcher: Watcher, after?: string) =>
  watcher.watch(aws.principal('partner'), 'organizationHandshakes', { after });

const invite = (name: string) => inviteByEmail(aws, name);

describe('after a restart with a store', () => {
  it('a cursor replays missed events from the stored log, and changes without a gateway from the first poll', async () => {
    const first = await watching();
    const events = list(first);
    const [bookmark] = await upToBookmark(events);
    const before = await invite('before');
    await events.next();
    await first.close();
    const meanwhile = await invite('meanwhile');
    await aws.session().write('CancelHandshake', { HandshakeId: before });

    const shown = await aws.session().page('ListHandshakesForOrganization', {});
    const order = shown.items.map(({ Id }) => Id);

    const second = await watching();
    const [fromTheLog, ...fromThePoll] = await upToBookmark(list(second, bookmark?.cursor));
    expect(fromTheLog).toMatchObject({ type: 'ADDED', reset: false, object: { Id: before, State: 'OPEN' } });
    expect(fromThePoll.map(({ type, reset, object }) => [type, reset, object?.Id, object?.State])).toEqual([
      ...[
        ['CHANGED', false, before, 'CANCELED'],
        ['ADDED', false, meanwhile, 'OPEN'],
      ].sort(([, , a], [, , b]) => order.indexOf(`${a}`) - order.indexOf(`${b}`)),
      ['BOOKMARK', false, undefined, undefined],
    ]);
    await second.close();
  });

  it('so does a cursor of a single object', async () => {
    const id = await invite('one');
    const partner = aws.principal('partner');
    const first = await watching();
    const [, bookmark] = await upToBookmark(first.watchHandshake(partner, id));
    await first.close();
    await invite('another');
    await aws.session().write('CancelHandshake', { HandshakeId: id });
    const second = await watching();
    const events = second.watchHandshake(partner, id, { after: bookmark?.cursor });
    expect(await upToBookmark(events)).toMatchObject([
      { type: 'CHANGED', reset: false, previousState: 'OPEN', object: { Id: id, State: 'CANCELED' } },
      { type: 'BOOKMARK', reset: false },
    ]);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    await second.close();
  });

  it('so does a cursor of an object that is polled by its id because AWS refuses the lists', async () => {
    const failure = { kind: 'error', error: 'AccessDeniedException' } as const;
    aws.simulator.control.setFaults({
      failures: [
        { failure, operation: 'ListHandshakesForOrganization' },
        { failure, operation: 'ListHandshakesForAccount' },
      ],
    });
    const id = await invite('one');
    const partner = aws.principal('partner');
    const first = await watching();
    const [, bookmark] = await upToBookmark(first.watchHandshake(partner, id));
    await first.close();
    await aws.session().write('CancelHandshake', { HandshakeId: id });
    const second = await watching();
    const events = second.watchHandshake(partner, id, { after: bookmark?.cursor });
    const received = await upToBookmark(events);
    expect(received).toMatchObject([
      { type: 'CHANGED', reset: false, previousState: 'OPEN', object: { Id: id, State: 'CANCELED' } },
      { type: 'BOOKMARK', reset: false },
    ]);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    await second.close();
    // The log holds all events by then.
    const third = await watching();
    expect(await upToBookmark(third.watchHandshake(partner, id, { after: bookmark?.cursor }))).toEqual(
      received.map((event) =>
        expect.objectContaining({ type: event.type, cursor: event.cursor, object: event.object }),
      ),
    );
    await third.close();
  });

  it('unchanged objects of every kind cause no event', async () => {
    await invite('one');
    const now = new Date(aws.simulator.clock.now());
    await aws.session().write('CreateAccount', { AccountName: 'new', Email: 'new@example.com' });
    await aws.session({ as: 'customer' }).write('CreateOrganization', { FeatureSet: 'ALL' });
    await aws.session().write('InviteOrganizationToTransferResponsibility', {
      Type: 'BILLING',
      Target: { Type: 'ACCOUNT', Id: '444444444444' },
      StartTimestamp: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1)),
      SourceName: 'customer',
    });
    const partner = aws.principal('partner');
    const lists = ['organizationHandshakes', 'inboundResponsibilityTransfers', 'createAccountStatuses'] as const;
    const first = await watching();
    const cursors = await Promise.all(
      lists.map(async (name) => {
        const received = await upToBookmark(first.watch(partner, name));
        expect(received.length).toBeGreaterThan(1);
        return received.at(-1)?.cursor;
      }),
    );
    await first.close();
    const second = await watching();
    const received = await Promise.all(
      lists.map((name, at) => upToBookmark(second.watch(partner, name, { after: cursors[at] }))),
    );
    // The creation of the account may have succeeded meanwhile.
    expect(received.slice(0, 2)).toMatchObject([
      [{ type: 'BOOKMARK', reset: false }],
      [{ type: 'BOOKMARK', reset: false }],
    ]);
    await second.close();
  });

  it('a cursor older than the stored events gets a new snapshot with reset: true', async () => {
    const first = await watching();
    const events = list(first);
    const [bookmark] = await upToBookmark(events);
    let last: string | undefined;
    for (let n = 0; n < 12; n += 1) {
      await invite(`account-${n}`);
      last = (await events.next()).value?.cursor;
    }
    await first.close();
    const second = await watching();
    const old = await upToBookmark(list(second, bookmark?.cursor));
    expect(old.map(({ type, reset }) => [type, reset])).toEqual([
      ...Array(12).fill(['SNAPSHOT', true]),
      ['BOOKMARK', true],
    ]);
    expect(await upToBookmark(list(second, last))).toMatchObject([{ type: 'BOOKMARK', reset: false }]);
    await second.close();
  });
});

describe('the folder of a store', () => {
  it('is accessible to its owner only', async () => {
    const store = await open();
    expect((await stat(join(folder, 'events'))).mode & 0o777).toBe(0o700);
    await store.close();
  });

  it('that another gateway has open, or that is a file, is rejected with a remedy', async () => {
    const store = await open();
    await expect(open()).rejects.toThrow(StoreError);
    await expect(open()).rejects.toThrow(
      /watch\.store: .*is in use by another process; give each gateway its own folder/,
    );
    await store.close();
    await expect(openStore('/dev/null', { keepEvents: 5, onError: () => {} })).rejects.toThrow(
      /watch\.store: \/dev\/null cannot be created, as a part of its path is not a folder/,
    );
  });

  it('that is damaged is rejected with a remedy', async () => {
    await (await open()).close();
    await writeFile(join(folder, 'events', 'CURRENT'), 'garbage');
    await expect(open()).rejects.toThrow(/watch\.store: .* is corrupt \(Corruption.*; move it away/);
    await rm(join(folder, 'events'), { recursive: true });
    await (await open()).close();
  });
});
