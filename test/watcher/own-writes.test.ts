import { describe, expect, it } from 'vitest';
import { createWatched, handshake, principalOf, Reader, transfer } from './support/index.ts';

const input = { HandshakeId: 'h-00000001' };

describe('an own write', () => {
  it('is published at once, and not again by later polls', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    reader.take();
    const canceled = handshake('h-00000001', 'CANCELED');
    world.sent.set('h-00000001', canceled);
    upstream.wrote(partner, 'CancelHandshake', { Handshake: canceled }, input);
    await clock.advance(0);
    expect(reader.take()).toMatchObject([{ type: 'CHANGED', previousState: 'OPEN', object: { State: 'CANCELED' } }]);
    await clock.advance(40_000);
    expect(reader.take()).toEqual([]);
    await reader.stop();
  });

  it('is published in order, also when it follows another write to the same object within the same millisecond', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    reader.take();
    for (const id of ['h-00000001', 'h-00000002']) {
      const Target = { Type: 'EMAIL', Id: 'a@example.com' } as const;
      upstream.wrote(partner, 'InviteAccountToOrganization', { Handshake: handshake(id, 'OPEN') }, { Target });
      upstream.wrote(partner, 'CancelHandshake', { Handshake: handshake(id, 'CANCELED') }, { HandshakeId: id });
    }
    await clock.advance(0);
    expect(reader.take().map(({ type, object }) => [type, object?.Id, object?.State])).toEqual([
      ['ADDED', 'h-00000001', 'OPEN'],
      ['CHANGED', 'h-00000001', 'CANCELED'],
      ['ADDED', 'h-00000002', 'OPEN'],
      ['CHANGED', 'h-00000002', 'CANCELED'],
    ]);
    await reader.stop();
  });

  it('is published once even if AWS’s lists show the object differently', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    reader.take();
    const Handshake = handshake('h-00000001', 'OPEN', { Resources: [{ Type: 'EMAIL', Value: 'a@example.com' }] });
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const Target = { Type: 'EMAIL', Id: 'a@example.com' } as const;
    upstream.wrote(partner, 'InviteAccountToOrganization', { Handshake }, { Target });
    await clock.advance(40_000);
    expect(reader.types).toBe('ADDED');
    await reader.stop();
  });

  it('hides no later change once AWS’s lists have confirmed it', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'REQUESTED', { ActiveHandshakeId: 'h-00000001' }));
    const reader = new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers'));
    await clock.advance(1_000);
    const Name = 'new';
    const ResponsibilityTransfer = transfer('rt-00000001', 'REQUESTED', { Name, ActiveHandshakeId: 'h-00000001' });
    world.inbound.set('rt-00000001', ResponsibilityTransfer);
    upstream.wrote(partner, 'UpdateResponsibilityTransfer', { ResponsibilityTransfer }, { Id: 'rt-00000001', Name });
    await clock.advance(5_000);
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'REQUESTED', { Name }));
    await clock.advance(5_000);
    expect(reader.types).toBe('SNAPSHOT BOOKMARK CHANGED CHANGED');
    await reader.stop();
  });

  it('is not reverted by a read that began before its reply, nor by stale lists after it', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    upstream.pageSize = 1;
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED', { Name: 'old' }));
    world.inbound.set('rt-00000002', transfer('rt-00000002', 'REQUESTED'));
    const reader = new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers'));
    await clock.advance(1_000);
    reader.take();
    await clock.advance(1_160);
    expect(upstream.inFlight).toBe(1);
    const ResponsibilityTransfer = transfer('rt-00000001', 'ACCEPTED', { Name: 'new' });
    const write = { Id: 'rt-00000001', Name: 'new' };
    upstream.wrote(partner, 'UpdateResponsibilityTransfer', { ResponsibilityTransfer }, write);
    await clock.advance(10_000);
    expect(reader.take()).toMatchObject([{ type: 'CHANGED', previousState: 'ACCEPTED', object: { Name: 'new' } }]);
    world.inbound.set('rt-00000001', ResponsibilityTransfer);
    await clock.advance(60_000);
    expect(reader.take().filter(({ type }) => type !== 'BOOKMARK')).toEqual([]);
    await reader.stop();
  });

  it('is not reverted by a read from before the preceding write', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    upstream.pageSize = 1;
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED', { Name: 'first' }));
    world.inbound.set('rt-00000002', transfer('rt-00000002', 'REQUESTED'));
    const reader = new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers'));
    // The second read has received the first of its two pages.
    await clock.advance(2_160);
    for (const Name of ['second', 'third']) {
      const ResponsibilityTransfer = transfer('rt-00000001', 'ACCEPTED', { Name });
      world.inbound.set('rt-00000001', ResponsibilityTransfer);
      upstream.wrote(partner, 'UpdateResponsibilityTransfer', { ResponsibilityTransfer }, { Id: 'rt-00000001', Name });
      await clock.advance(1);
    }
    await clock.advance(30_000);
    const changes = reader.events.filter(({ type }) => type === 'CHANGED');
    expect(changes).toMatchObject([{ object: { Name: 'second' } }, { object: { Name: 'third' } }]);
    await reader.stop();
  });

  it('that creates an object causes no removal while AWS’s lists do not show it yet', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(1_000);
    const Handshake = handshake('h-00000001', 'OPEN');
    const Target = { Type: 'EMAIL', Id: 'a@example.com' } as const;
    upstream.wrote(partner, 'InviteAccountToOrganization', { Handshake }, { Target });
    await clock.advance(10_000);
    world.sent.set('h-00000001', Handshake);
    await clock.advance(40_000);
    expect(reader.types).toBe('BOOKMARK ADDED');
    await reader.stop();
  });

  it('during the first read is part of the snapshot', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched();
    world.sent.set('h-00000001', handshake('h-00000001', 'OPEN'));
    const reader = new Reader(watcher.watch(partner, 'organizationHandshakes'));
    await clock.advance(10);
    upstream.wrote(partner, 'CancelHandshake', { Handshake: handshake('h-00000001', 'CANCELED') }, input);
    await clock.advance(1_000);
    expect(reader.events).toMatchObject([{ type: 'SNAPSHOT', object: { State: 'CANCELED' } }, { type: 'BOOKMARK' }]);
    await reader.stop();
  });

  it('triggers a poll of the other lists that it changes', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched({ minIntervalMs: 20_000 });
    world.outbound.set('rt-00000001', transfer('rt-00000001', 'REQUESTED'));
    const reader = new Reader(watcher.watch(partner, 'outboundResponsibilityTransfers'));
    await clock.advance(1_000);
    reader.take();
    world.outbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED'));
    const Handshake = handshake('h-00000001', 'ACCEPTED', { Action: 'TRANSFER_RESPONSIBILITY' });
    upstream.wrote(partner, 'AcceptHandshake', { Handshake }, input);
    await clock.advance(100);
    expect(reader.take()).toMatchObject([{ type: 'CHANGED', object: { Status: 'ACCEPTED' } }]);
    await reader.stop();
  });

  it('of another principal publishes nothing, but triggers polls for the object with the watching principal’s credentials', async () => {
    const { clock, upstream, watcher, partner, world } = createWatched({ minIntervalMs: 20_000 });
    const customer = principalOf('customer', '444444444444');
    const pending = handshake('h-00000001', 'REQUESTED', {
      Action: 'TRANSFER_RESPONSIBILITY',
      Resources: [{ Type: 'RESPONSIBILITY_TRANSFER', Value: 'rt-00000001' }],
    });
    world.sent.set('h-00000001', pending);
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'REQUESTED'));
    const readers = [
      new Reader(watcher.watch(partner, 'organizationHandshakes')),
      new Reader(watcher.watch(partner, 'inboundResponsibilityTransfers')),
    ];
    const unconcerned = new Reader(watcher.watch(partner, 'outboundResponsibilityTransfers'));
    await clock.advance(1_000);
    const Handshake = { ...pending, State: 'ACCEPTED' } as const;
    upstream.wrote(customer, 'AcceptHandshake', { Handshake }, input);
    await clock.advance(100);
    // AWS does not show it to the partner yet, so neither does the watcher.
    expect(readers.map(({ types }) => types)).toEqual(['SNAPSHOT BOOKMARK', 'SNAPSHOT BOOKMARK']);
    expect(upstream.count('ListHandshakesForOrganization')).toBe(2);
    world.sent.set('h-00000001', Handshake);
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED'));
    upstream.wrote(customer, 'AcceptHandshake', { Handshake }, input);
    await clock.advance(100);
    expect(readers.map(({ types }) => types)).toEqual(['SNAPSHOT BOOKMARK CHANGED', 'SNAPSHOT BOOKMARK CHANGED']);
    expect(upstream.count('ListOutboundResponsibilityTransfers')).toBe(1);
    await Promise.all([...readers, unconcerned].map((reader) => reader.stop()));
  });

  it('that invites an account triggers a poll by that account’s own poller', async () => {
    const { clock, upstream, watcher, partner } = createWatched();
    const standalone = principalOf('standalone', '222222222222');
    const reader = new Reader(watcher.watch(standalone, 'accountHandshakes'));
    await clock.advance(20_000);
    const Handshake = handshake('h-00000001', 'OPEN');
    upstream.world(standalone).received.set('h-00000001', Handshake);
    const Target = { Type: 'ACCOUNT', Id: '222222222222' } as const;
    upstream.wrote(partner, 'InviteAccountToOrganization', { Handshake }, { Target });
    await clock.advance(100);
    expect(reader.types).toBe('BOOKMARK ADDED');
    await reader.stop();
  });
});
