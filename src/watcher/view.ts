import type { WallMs } from '../upstream/index.ts';
import { EventLog, type EventMaker, type LogRecord, type Place } from './event-log.ts';
import { type Batch, type Kept, newEpoch, type Sighted } from './journal.ts';
import type { WatchEvent } from './types.ts';

/** What has been told of a watched list: the objects as they are at the end of its log, and the log. */
export class View<T> {
  readonly events: EventMaker;
  readonly #keepEvents: number;
  #log: EventLog<T>;
  #objects = new Map<string, Sighted<T>>();
  #complete = false;
  #snapshot: { readonly place: Place; readonly all: readonly WatchEvent<T>[] } | undefined;

  constructor(events: EventMaker, keepEvents: number) {
    this.events = events;
    this.#keepEvents = keepEvents;
    this.#log = new EventLog({ epoch: newEpoch(), sequence: 0 }, keepEvents);
  }

  /** Whether the whole list has been seen once. */
  get complete(): boolean {
    return this.#complete;
  }

  get last(): Place {
    return this.#log.last;
  }

  get objects(): ReadonlyMap<string, Sighted<T>> {
    return this.#objects;
  }

  get(id: string): Sighted<T> | undefined {
    return this.#objects.get(id);
  }

  since(place: Place): readonly LogRecord<T>[] | undefined {
    return this.#log.since(place);
  }

  replace({ base, records, objects }: Kept<T>): void {
    this.#log = new EventLog(base, this.#keepEvents);
    for (const record of records) this.#log.append(record);
    this.#objects = new Map(objects);
    this.#complete = objects !== undefined;
    this.#snapshot = undefined;
  }

  apply({ records, patch, read }: Batch<T>): void {
    for (const record of records) this.#log.append(record);
    for (const [id, sighted] of patch) {
      if (sighted === undefined) this.#objects.delete(id);
      else this.#objects.set(id, sighted);
    }
    if (read !== undefined) this.#complete = true;
    this.#snapshot = undefined;
  }

  /** One array for all who come between two changes. `seenAt`: when an object was last seen as it is known. */
  snapshot(scope: string, seenAt: (id: string, sighted: Sighted<T>) => WallMs): readonly WatchEvent<T>[] {
    if (scope === '' && this.#snapshot !== undefined) return this.#snapshot.all;
    const place = this.last;
    const all = Array.from(this.#objects, ([id, sighted]) =>
      this.events.snapshot(place, scope, sighted.object, seenAt(id, sighted)),
    );
    if (scope === '') this.#snapshot = { place, all };
    return all;
  }

  /** The next snapshot says anew when its objects were seen. */
  seenAgain(): void {
    this.#snapshot = undefined;
  }
}
