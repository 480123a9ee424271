import type { Handshake } from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import type { Principal } from '../../src/principal/principal.ts';
import type { MonotonicMs } from '../../src/upstream/index.ts';
import { handshakeSource } from '../../src/watcher/kinds.ts';
import { RecentWrites } from '../../src/watcher/own-writes.ts';
import { ManualClock } from '../support/manual-clock.ts';

const principal = { name: 'partner' } as Principal;
const id = 'h-1';

function create() {
  const clock = new ManualClock(0);
  const writes = new RecentWrites<Handshake>(clock, handshakeSource.kind);
  return {
    clock,
    writes,
    /** Adds a write that was sent `tookMs` ago. */
    add(State: Handshake['State'], tookMs: number, isLast = true, notes: string = '') {
      const at = { date: clock.wallMs(), monotonic: clock.monotonicMs() };
      const sentAt = (at.monotonic - tookMs) as MonotonicMs;
      const object = { Id: id, State, Resources: [{ Type: 'NOTES' as const, Value: notes }] };
      writes.add(principal.name, id, { object, home: undefined, sentAt, at }, isLast);
    },
    get state() {
      return writes.get(principal, id)?.object.State;
    },
  };
}

test('the later of two writes wins', async () => {
  const { clock, add, writes } = create();
  add('OPEN', 0, true, 'first');
  await clock.advance(10);
  add('OPEN', 5, true, 'second');
  expect(writes.get(principal, id)?.object.Resources?.[0]?.Value).toBe('second');
});

test('of two concurrent writes, one wins only if its state must be the later one', async () => {
  for (const [first, second, expected] of [
    ['OPEN', 'OPEN', undefined],
    ['OPEN', 'CANCELED', 'CANCELED'],
    ['CANCELED', 'OPEN', 'CANCELED'],
  ] as const) {
    const memory = create();
    await memory.clock.advance(10);
    memory.add(first, 5);
    await memory.clock.advance(2);
    memory.add(second, 5);
    expect(memory.state).toBe(expected);
    expect(memory.writes.has(principal, id)).toBe(true);
  }
});

test('a write is ignored when a read has shown another version meanwhile', () => {
  const memory = create();
  memory.add('OPEN', 5, false);
  expect(memory.state).toBeUndefined();
  expect(memory.writes.has(principal, id)).toBe(true);
});
