import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock, type WallMs } from '../../src/upstream/index.ts';
import { CursorKeys, decodeCursor } from '../../src/watcher/cursor.ts';
import { EventFactory, EventLog } from '../../src/watcher/event-log.ts';
import type { LogRecord } from '../../src/watcher/journal.ts';

const record = (sequence: number, epoch = 'a'): LogRecord<number> => ({
  epoch,
  sequence,
  type: 'ADDED',
  id: `h-${sequence}`,
  previousState: null,
  object: sequence,
  at: 0 as WallMs,
});

describe('an event log', () => {
  it('replays all missed events in order, or returns undefined when some are no longer stored', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat({ max: 40 }), fc.nat({ max: 45 }), (keep, events, seen) => {
        const log = new EventLog<number>({ epoch: 'a', sequence: 0 }, keep);
        for (let n = 1; n <= events; n += 1) log.append(record(n));
        const missed = log.since({ epoch: 'a', sequence: seen })?.map(({ object }) => object);
        const expected = Array.from({ length: Math.max(0, events - seen) }, (_, at) => seen + at + 1);
        expect(missed).toEqual(seen > events || events - seen > keep ? undefined : expected);
      }),
    );
  });

  it('rejects an offset of another epoch, even if its sequence number exists', () => {
    const log = new EventLog<number>({ epoch: 'a', sequence: 0 }, 10);
    log.append(record(1, 'a'));
    log.append(record(2, 'b'));
    expect(log.since({ epoch: 'a', sequence: 1 })).toHaveLength(1);
    expect(log.since({ epoch: 'b', sequence: 2 })).toEqual([]);
    expect(log.since({ epoch: 'a', sequence: 2 })).toBeUndefined();
    expect(log.since({ epoch: 'b', sequence: 0 })).toBeUndefined();
  });

  it('gives each event a cursor with its offset, list and principal', async () => {
    const name = { principal: 'partner', log: 'organizationHandshakes' };
    const keys = new CursorKeys({ clock: systemClock });
    const events = new EventFactory(name, keys);
    const decoded = ({ cursor }: { readonly cursor: string }) => decodeCursor(keys, cursor);
    const place = { ...name, epoch: 'a', sequence: 1 };
    expect(await decoded(events.change(record(1), ''))).toEqual({ ...place, scope: '', complete: true });
    expect(await decoded(events.change(record(1), 'h-1'))).toEqual({ ...place, scope: 'h-1', complete: true });
    const snapshot = events.snapshot(record(1), '', 1, 0 as WallMs);
    expect(await decoded(snapshot)).toEqual({ ...place, scope: '', complete: false });
  });
});
