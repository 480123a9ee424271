import { later, type MonotonicMs, type WallMs } from '../upstream/index.ts';
import { decode, encode } from './codec.ts';
import type { Change, ObservedObject } from './journal.ts';
import { isSameObject } from './kinds.ts';
import { type Now, settleMs } from './list-state.ts';
import { SectionIndex } from './section-index.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { ObjectRules, PartialRead } from './sweep-types.ts';
import type { TimeSlice } from './time-slice.ts';

/** The ids that the pages of one read have shown, and those written meanwhile. */
export interface SeenIds {
  has(id: string): boolean;
  /** What own writes have made of objects, as this read is not trusted yet, is known since this date; undefined without one. */
  readonly writtenOn: WallMs | undefined;
  /** Must be called at the end of the read. */
  stop(): void;
}

/** The published objects, which only stored batches change. */
export interface PublishedObjects<T> {
  get(id: string): ObservedObject<T> | undefined;
  /** Complete or not. */
  readonly known: ReadonlyMap<string, ObservedObject<T>>;
  /** They are complete as of this date; undefined before the first complete read. */
  readonly asOf: WallMs | undefined;
}

/** What one read has shown. */
interface Tracker {
  readonly ids: Set<string>;
  writtenOn: WallMs | undefined;
}

/** No page is in flight for as long as this, in ms. */
const maxReadMs = 120_000;

/**
 * The state of a list that is read in pages: the published objects, and the changes that are being stored. A page
 * proves that its objects exist, so that it is applied at once; `remove` is called when an absence is confirmed. An own
 * write is the truth until AWS's lists have settled.
 */
export class KeptState<T> {
  readonly #sweep: ObjectRules<T>;
  readonly #published: PublishedObjects<T>;
  /** Versions that are not published yet; undefined for removed objects. */
  readonly #pending = new Map<string, ObservedObject<T> | undefined>();
  readonly #changedIds = new Set<string>();
  readonly #reads = new Set<Tracker>();
  /**
   * When own writes to objects were answered, or this process learned of them, the oldest first. `date`: since when the
   * objects are known that they have made.
   */
  readonly #writes = new Map<string, Now>();
  /** When the reads were sent that changed or removed objects, the oldest first: earlier replies are older. */
  readonly #changes = new Map<string, MonotonicMs>();
  readonly #sections: SectionIndex<T>;
  readonly #strings: SharedStrings;

  constructor(sweep: ObjectRules<T>, published: PublishedObjects<T>, strings: SharedStrings) {
    this.#sweep = sweep;
    this.#published = published;
    this.#strings = strings;
    this.#sections = new SectionIndex((object) => sweep.sectionOf(object));
  }

  get(id: string): ObservedObject<T> | undefined {
    return this.#pending.has(id) ? this.#pending.get(id) : this.#published.get(id);
  }

  *ids(): Generator<string> {
    for (const id of this.#published.known.keys()) if (!this.#pending.has(id)) yield id;
    for (const [id, observed] of this.#pending) if (observed !== undefined) yield id;
  }

  /** Collects the ids that pages show from now on. `since`: those of objects that were read since then count, too. */
  track(since = Number.POSITIVE_INFINITY): SeenIds {
    const tracker: Tracker = { ids: new Set(), writtenOn: undefined };
    this.#reads.add(tracker);
    const wasRead = (id: string) => (this.get(id)?.observedAt ?? Number.NEGATIVE_INFINITY) >= since;
    return {
      has: (id) => tracker.ids.has(id) || wasRead(id),
      get writtenOn() {
        return tracker.writtenOn;
      },
      stop: () => this.#reads.delete(tracker),
    };
  }

  /** Applies a page whose call was sent at `sentAt`. `touch`: whether unchanged objects get a new `observedAt`, too. */
  applyPage(objects: readonly T[], sentAt: MonotonicMs, now: Now, touch = false): readonly Change<T>[] {
    const changes: Change<T>[] = [];
    for (const shown of objects) {
      const id = this.#sweep.kind.id(shown);
      if (id === undefined) continue;
      for (const { ids } of this.#reads) ids.add(id);
      const known = this.get(id)?.object;
      const object = known === undefined ? shown : (this.#sweep.complete?.(shown, known) ?? shown);
      if (!this.#isNews(id, sentAt)) {
        if (known === undefined || !isSameObject(known, object)) this.#noteContradicted(id, sentAt);
        continue;
      }
      const change = this.#applyObject(id, object, now, touch);
      if (change === undefined) continue;
      changes.push(change);
      if (change.type === 'CHANGED') this.#noteChange(id, sentAt, now);
    }
    return changes;
  }

  /** Applies an own write: the new version of an object, or undefined if it was deleted. */
  applyWrite(id: string, object: T | undefined, now: Now): readonly Change<T>[] {
    this.noteWrite(id, object, now);
    const known = this.get(id);
    if (object === undefined) return known === undefined ? [] : [this.#delete(id, known)];
    for (const { ids } of this.#reads) ids.add(id);
    if (known !== undefined && isSameObject(known.object, object)) return [];
    this.#set(id, { object, observedAt: now.date, write: { confirmed: false } });
    return this.#changeOf(id, known, object);
  }

  /** Whether the object became another one than this, or was removed, after a time. */
  isChangedSince(id: string, object: T | undefined, { date, monotonic }: Now): boolean {
    const known = this.get(id);
    const isSame = known && object ? isSameObject(known.object, object) : known?.object === object;
    if (isSame) return false;
    return (known?.observedAt ?? 0) > date || (this.#changes.get(id) ?? 0) > monotonic;
  }

  /** Notes an own write, also of another process. `date`: of the write. `monotonic`: when this process learned of it. */
  noteWrite(id: string, object: T | undefined, { date, monotonic }: Now): void {
    // The write changed some members of a known object: the others are as old as the list is.
    const isChange = object !== undefined && this.get(id) !== undefined;
    const since = isChange ? (Math.min(date, this.#published.asOf ?? date) as WallMs) : date;
    this.#writes.delete(id);
    this.#writes.set(id, { date: since, monotonic });
    for (const [old, write] of this.#writes) {
      if (monotonic - write.monotonic < settleMs + maxReadMs) break;
      this.#writes.delete(old);
    }
  }

  /** Removes an object that a read, sent at `sentAt`, has proved to be gone. Later writes of the object stand. */
  remove(id: string, sentAt: MonotonicMs, now: Now): Change<T> | undefined {
    const known = this.get(id);
    if (known === undefined || !this.#isNews(id, sentAt)) return undefined;
    this.#noteChange(id, sentAt, now);
    return this.#delete(id, known);
  }

  /** The known objects of a part that a read, from `startedAt` on, has not shown. */
  async missing(part: PartialRead<T>, seen: SeenIds, startedAt: MonotonicMs, slice: TimeSlice): Promise<string[]> {
    const missing: string[] = [];
    for await (const id of this.idsIn(part, slice)) {
      if (seen.has(id)) continue;
      if (this.#isNews(id, startedAt)) missing.push(id);
      else this.#noteContradicted(id, startedAt);
    }
    return missing;
  }

  /** The ids of the known objects of a part. */
  async *idsIn({ contains }: Pick<PartialRead<T>, 'contains'>, slice: TimeSlice): AsyncGenerator<string> {
    if ('ids' in contains) {
      yield* contains.ids.filter((id) => this.get(id) !== undefined);
      return;
    }
    if ('section' in contains) await this.#loadSections(slice);
    const ids = 'section' in contains ? this.#sections.idsOf(contains.section) : this.ids();
    for (const id of ids) {
      if (slice.isOver) await slice.next();
      const known = this.get(id);
      if (known === undefined) continue;
      if ('section' in contains || contains.matches(known.object)) yield id;
    }
  }

  /** Whether each object of the section was read since a date, and there is one. */
  async wasReadSince(section: string, date: WallMs, slice: TimeSlice): Promise<boolean> {
    await this.#loadSections(slice);
    let isAny = false;
    for (const id of this.#sections.idsOf(section)) {
      if ((this.get(id)?.observedAt ?? 0) < date) return false;
      isAny = true;
    }
    return isAny;
  }

  /** Returns the new versions of objects since the last call, published or not; undefined for removed objects. */
  takePatch(): ReadonlyMap<string, ObservedObject<T> | undefined> {
    const patch = new Map<string, ObservedObject<T> | undefined>();
    for (const id of this.#changedIds) patch.set(id, this.#pending.get(id));
    this.#changedIds.clear();
    return patch;
  }

  /** A batch of this process was published. */
  onPublished(patch: ReadonlyMap<string, ObservedObject<T> | undefined>): void {
    for (const [id, observed] of patch) {
      if (this.#pending.get(id) === observed && !this.#changedIds.has(id)) this.#pending.delete(id);
    }
  }

  /** Drops what is not published, because another process leads. */
  reset(): void {
    this.#pending.clear();
    this.#changedIds.clear();
    this.#sections.clear();
    this.#changes.clear();
    this.#reads.clear();
  }

  /** Whether a read that was sent at this time may show a newer version than the known one. */
  #isNews(id: string, sentAt: MonotonicMs): boolean {
    if (this.#standingWrite(id, sentAt) !== undefined) return false;
    const changedAt = this.#changes.get(id);
    return changedAt === undefined || sentAt >= changedAt;
  }

  #applyObject(id: string, object: T, now: Now, touch: boolean): Change<T> | undefined {
    const known = this.get(id);
    if (known !== undefined && isSameObject(known.object, object)) {
      // The mark of a write must not outlive it in the log, as the next leader would distrust its first reads.
      if (touch || known.write !== undefined) this.#set(id, { object: known.object, observedAt: now.date });
      return undefined;
    }
    const kept = this.#compact(object);
    // The copy's own id, so that it is in memory once, and found by identity.
    this.#set(this.#sweep.kind.id(kept) ?? id, { object: kept, observedAt: now.date });
    return this.#changeOf(id, known, kept)[0];
  }

  /**
   * A copy that takes less memory: parsed objects and arrays have no reserved space, which those have that the
   * SDK has filled one member after the other, and their strings are no concatenations.
   */
  #compact(object: T): T {
    const copy = decode(encode(object)) as T & object;
    this.#strings.shareIn(copy);
    return copy;
  }

  #changeOf(id: string, known: ObservedObject<T> | undefined, object: T): readonly Change<T>[] {
    const { kind } = this.#sweep;
    if (known === undefined) return [{ type: 'ADDED', id, previousState: null, object }];
    if (kind.isSameVersion(known.object, object)) return [];
    const previous = known.object;
    return [{ type: 'CHANGED', id, previousState: this.#stateOf(previous), object, previous }];
  }

  #delete(id: string, known: ObservedObject<T>): Change<T> {
    this.#set(id, undefined);
    return { type: 'REMOVED', id, previousState: this.#stateOf(known.object), object: known.object };
  }

  /** Null for objects without states. */
  #stateOf(object: T): string | null {
    return this.#sweep.kind.state(object) || null;
  }

  #set(id: string, observed: ObservedObject<T> | undefined): void {
    this.#sections.update(id, this.get(id)?.object, observed?.object);
    this.#pending.set(id, observed);
    this.#changedIds.add(id);
  }

  /** The own write of an object that a read which was sent at this time must not revert; undefined without one. */
  #standingWrite(id: string, sentAt: MonotonicMs): Now | undefined {
    const write = this.#writes.get(id);
    return write !== undefined && sentAt < later(write.monotonic, settleMs) ? write : undefined;
  }

  /** A read does not show the known version of an object. If an own write stands against it, the list is as old. */
  #noteContradicted(id: string, sentAt: MonotonicMs): void {
    const { date } = this.#standingWrite(id, sentAt) ?? {};
    if (date === undefined) return;
    for (const read of this.#reads) if (read.writtenOn === undefined || date < read.writtenOn) read.writtenOn = date;
  }

  #noteChange(id: string, sentAt: MonotonicMs, { monotonic }: Now): void {
    this.#changes.delete(id);
    this.#changes.set(id, sentAt);
    for (const [old, changedAt] of this.#changes) {
      if (monotonic - changedAt < maxReadMs) break;
      this.#changes.delete(old);
    }
  }

  async #loadSections(slice: TimeSlice): Promise<void> {
    if (this.#sections.isLoaded) return;
    const load = this.#sections.startLoad();
    for (const id of this.ids()) {
      if (slice.isOver) await slice.next();
      const known = this.get(id);
      if (known !== undefined) load.add(id, known.object);
    }
    load.end();
  }
}
