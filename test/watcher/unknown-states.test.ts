import { describe, expect, it } from 'vitest';
import type { Handshake, ResponsibilityTransfer } from '../../src/upstream/index.ts';
import {
  createAccountStatusKind,
  handshakeKind,
  type Kind,
  responsibilityTransferKind,
} from '../../src/watcher/kinds.ts';
import { createWatched, handshake, Reader, transfer } from './support/index.ts';

// States that AWS adds later: this release does not know their order.

const id = 'h-00000001';
const newState = (name: string) => handshake(id, name as Handshake['State'] & string);
const changesOf = (reader: Reader<Handshake>) =>
  reader
    .take()
    .filter(({ type }) => type !== 'BOOKMARK')
    .map(({ type, previousState, object }) => [type, previousState, object?.State]);

/** A subscriber to a list with one handshake, which has received the snapshot. */
async function watched(state: Handshake['State'] & string) {
  const parts = createWatched();
  parts.world.sent.set(id, handshake(id, state));
  const reader = new Reader(parts.watcher.watch(parts.partner, 'organizationHandshakes'));
  await parts.clock.advance(20_000);
  reader.take();
  return { ...parts, reader };
}

describe('a state that is newer than this release', () => {
  const kinds: Readonly<Record<string, readonly [Kind<never>, readonly string[]]>> = {
    handshake: [handshakeKind, ['REQUESTED', 'OPEN', 'ACCEPTED', 'CANCELED', 'DECLINED', 'EXPIRED']],
    transfer: [responsibilityTransferKind, ['REQUESTED', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED', 'WITHDRAWN']],
    'account creation': [createAccountStatusKind, ['IN_PROGRESS', 'SUCCEEDED', 'FAILED']],
  };

  it.each(Object.entries(kinds))(
    'of one %s is neither final nor pending, and has no place among the others',
    (_name, [kind, states]) => {
      for (const unknown of ['IN_REVIEW', 'constructor', '']) {
        expect(kind.isFinal(unknown)).toBe(false);
        expect(kind.isPending(unknown)).toBe(false);
        expect(kind.progress(unknown, unknown)).toBe(0);
        for (const state of states) {
          expect(kind.progress(state, unknown)).toBeUndefined();
          expect(kind.progress(unknown, state)).toBeUndefined();
        }
      }
    },
  );

  it.each(['REQUESTED', 'OPEN', 'ACCEPTED', 'EXPIRED'] as const)('is reported after %s', async (state) => {
    const { clock, world, reader } = await watched(state);
    world.sent.set(id, newState('IN_REVIEW'));
    await clock.advance(100_000);
    expect(changesOf(reader)).toEqual([['CHANGED', state, 'IN_REVIEW']]);
    await reader.stop();
  });

  it('is reported after an accepted transfer, whose only known next status is WITHDRAWN', async () => {
    const { clock, watcher, partner, world } = createWatched();
    world.inbound.set('rt-00000001', transfer('rt-00000001', 'ACCEPTED'));
    const reader = new Reader(watcher.watchResponsibilityTransfer(partner, 'rt-00000001'));
    await clock.advance(20_000);
    reader.take();
    for (const status of ['PAUSED', 'RESUMED', 'WITHDRAWN']) {
      world.inbound.set('rt-00000001', transfer('rt-00000001', status as ResponsibilityTransfer['Status'] & string));
      await clock.advance(100_000);
    }
    expect(reader.take().filter(({ type }) => type === 'CHANGED')).toMatchObject([
      { previousState: 'ACCEPTED', object: { Status: 'PAUSED' } },
      { previousState: 'PAUSED', object: { Status: 'RESUMED' } },
      { previousState: 'RESUMED', object: { Status: 'WITHDRAWN' } },
    ]);
    expect(reader.ended).toBe(true);
  });

  it.each([
    ['the state that followed it', 'IN_REVIEW', 'ACCEPTED'],
    ['the state before it', 'OPEN', 'IN_REVIEW'],
  ])('is reported once while half of the reads are stale: %s', async (_which, before, after) => {
    const { clock, upstream, world, reader } = await watched(before as Handshake['State'] & string);
    let reads = 0;
    const flap = () => {
      reads += 1;
      world.sent.set(id, newState(reads % 2 === 0 ? before : after));
    };
    upstream.answering = flap;
    // Lists settle within 15 s.
    await clock.advance(14_000);
    expect(reads).toBeGreaterThanOrEqual(3);
    expect(changesOf(reader)).toEqual([['CHANGED', before, after]]);
    upstream.answering = () => world.sent.set(id, newState(after));
    await clock.advance(100_000);
    expect(changesOf(reader)).toEqual([]);
    await reader.stop();
  });

  it('does not hide a state that AWS still shows once its lists have settled', async () => {
    const { clock, world, reader } = await watched('OPEN');
    world.sent.set(id, newState('PAUSED'));
    while (changesOf(reader).length === 0) await clock.advance(500);
    world.sent.set(id, handshake(id, 'OPEN'));
    await clock.advance(10_000);
    expect(changesOf(reader)).toEqual([]);
    await clock.advance(20_000);
    expect(changesOf(reader)).toEqual([['CHANGED', 'PAUSED', 'OPEN']]);
    await reader.stop();
  });

  it('is reported right after an own write', async () => {
    const { clock, upstream, partner, world, reader } = await watched('OPEN');
    world.sent.set(id, handshake(id, 'CANCELED'));
    upstream.wrote(partner, 'CancelHandshake', { Handshake: handshake(id, 'CANCELED') }, { HandshakeId: id });
    await clock.advance(0);
    world.sent.set(id, newState('IN_REVIEW'));
    await clock.advance(10_000);
    expect(changesOf(reader)).toEqual([
      ['CHANGED', 'OPEN', 'CANCELED'],
      ['CHANGED', 'CANCELED', 'IN_REVIEW'],
    ]);
    await reader.stop();
  });

  it('of an own write’s reply is reported at once, and not again by stale reads or the list', async () => {
    const { clock, upstream, partner, world, reader } = await watched('OPEN');
    const reply = newState('IN_REVIEW');
    upstream.wrote(partner, 'AcceptHandshake', { Handshake: reply }, { HandshakeId: id });
    await clock.advance(0);
    expect(changesOf(reader)).toEqual([['CHANGED', 'OPEN', 'IN_REVIEW']]);
    await clock.advance(10_000);
    world.sent.set(id, reply);
    await clock.advance(100_000);
    expect(changesOf(reader)).toEqual([]);
    await reader.stop();
  });
});
