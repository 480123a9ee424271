import type { WallMs } from '../../upstream/index.ts';
import type { EventDraft } from './event.ts';
import { describeObject, type Included, type NotifiedList, type ObjectType } from './objects.ts';

/** What a reminder announces. */
export type Deadline = 'EXPIRES' | 'STARTS' | 'ENDS';

export interface Reminder {
  readonly type: ObjectType;
  readonly list: NotifiedList;
  readonly object: unknown;
  readonly deadline: Deadline;
  readonly at: WallMs;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The same for the same deadline of an object. */
export const reminderKey = (id: string, deadline: Deadline, at: WallMs): string => `${id}:${deadline}:${at}`;

export function expiringEvent(
  { type, list, object, deadline, at }: Reminder,
  { source, include, now }: { readonly source: string; readonly include: Included; readonly now: WallMs },
): EventDraft {
  const described = describeObject(list, object, include);
  return {
    id: `expiring:${reminderKey(described.id, deadline, at)}`,
    source,
    type: `dev.orgql.${type}.expiring.v1`,
    subject: described.id,
    time: iso(now),
    data: { [type]: described, deadline, at: iso(at) },
  };
}

/** Events that a destination does not receive. */
export interface Gap {
  /** Why: its outbox was full, or the log had no longer all changes. */
  readonly reason: 'OUTBOX_FULL' | 'LOG_LOST';
  readonly since: WallMs;
  readonly until: WallMs;
  /** Null if it is not known. */
  readonly events: number | null;
  readonly firstId: string | null;
  readonly lastId: string | null;
  /** The list whose changes are lost; null for events of all lists. */
  readonly list: string | null;
}

/** The gap of two, of which `later` may overlap. */
export const mergeGaps = (earlier: Gap | undefined, later: Gap): Gap =>
  earlier === undefined
    ? later
    : {
        reason: earlier.reason === later.reason ? later.reason : 'OUTBOX_FULL',
        since: Math.min(earlier.since, later.since) as WallMs,
        until: Math.max(earlier.until, later.until) as WallMs,
        events: earlier.events === null || later.events === null ? null : earlier.events + later.events,
        firstId: earlier.firstId,
        lastId: later.lastId ?? earlier.lastId,
        list: earlier.list === later.list ? later.list : null,
      };

export const gapEvent = (gap: Gap, destination: string): EventDraft => ({
  id: `gap:${gap.since}:${gap.until}:${gap.firstId ?? ''}:${gap.lastId ?? ''}`,
  source: `orgql:notifications:${destination}`,
  type: 'dev.orgql.gap.v1',
  time: iso(gap.until),
  data: { ...gap, since: iso(gap.since), until: iso(gap.until) },
});

export const testEvent = (destination: string, now: WallMs): EventDraft => ({
  id: `test:${now}`,
  source: `orgql:notifications:${destination}`,
  type: 'dev.orgql.test.v1',
  time: iso(now),
  data: { destination, message: 'This is a sample. No object has changed.' },
});
