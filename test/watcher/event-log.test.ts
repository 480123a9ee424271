import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor } from '../../src/watcher/cursor.ts';
import { EventLog, newLogIdentity } from '../../src/watcher/event-log.ts';

describe('an event log', () => {
  it('replays all that was missed, in order, or says that it no longer can', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat({ max: 40 }), fc.nat({ max: 45 }), (keep, events, seen) => {
        const log = new EventLog<number>(newLogIdentity('partner', 'organizationHandshakes'), keep);
        for (let n = 1; n <= events; n += 1)
          log.append({ type: 'ADDED', id: `${n}`, previousState: null, object: n }, n);
        const missed = log.since(seen)?.map(({ event }) => event.object);
        const expected = Array.from({ length: Math.max(0, events - seen) }, (_, at) => seen + at + 1);
        expect(missed).toEqual(seen > events || events - seen > keep ? undefined : expected);
      }),
    );
  });

  it('marks each event with a cursor that says where it lies, and for whom', () => {
    const identity = newLogIdentity('partner', 'organizationHandshakes');
    const log = new EventLog<number>(identity, 10);
    const entry = log.append({ type: 'ADDED', id: 'h-00000001', previousState: null, object: 1 }, 0);
    expect(decodeCursor(entry.event.cursor)).toEqual({ ...identity, sequence: 1, scope: '', complete: true });
    const scoped = log.scoped(entry);
    expect(decodeCursor(scoped.cursor)).toEqual({ ...identity, sequence: 1, scope: 'h-00000001', complete: true });
  });
});
