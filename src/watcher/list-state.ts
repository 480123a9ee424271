import { type Clock, later, type MonotonicMs, type WallMs } from '../upstream/index.ts';
import type { Change, ObservedObject, WriteMarker } from './journal.ts';
import { isSameObject, type Kind, progressBetween } from './kinds.ts';

/** The present time on both clocks: the wall clock for dates, the monotonic clock for durations. */
export interface Now {
  readonly date: WallMs;
  readonly monotonic: MonotonicMs;
}

export const nowOf = (clock: Clock): Now => ({ date: clock.wallMs(), monotonic: clock.monotonicMs() });

/** An own write as this process knows it. */
interface TimedWrite extends WriteMarker {
  /** The time of its reply, or when this process learned of it. */
  readonly at: MonotonicMs;
  /** Whether it comes from a restored log, so that it settles later here than in the logs of other lists. */
  readonly restored?: boolean;
}

interface KnownObject<T> {
  object: T;
  observedAt: WallMs;
  /** When the present version was first read. */
  changedAt: MonotonicMs;
  leftState: string | undefined;
  /** Complete reads in a row that did not show it. */
  missing: number;
  /** The own write that produced this version. */
  write: TimedWrite | undefined;
  /** Whether the last read showed another version, too soon after that write to be trusted. */
  isDoubted: boolean;
}

/** The changes of a read or a write, in the order of the list, removals last. */
export interface Outcome<T> {
  readonly changes: readonly Change<T>[];
  /**
   * The state of an object is unknown, because it was read and written at the same time: another read should follow at
   * once.
   */
  readonly inconclusive: boolean;
}

/** The state of a list in a log, which any process may have written. */
export interface InitialState<T> {
  readonly objects: ReadonlyMap<string, ObservedObject<T>>;
  /** Whether the list was read completely once. */
  readonly isComplete: boolean;
  /** The latest time at which an object can have changed: when this process learned of it. */
  changedBy(id: string): MonotonicMs;
}

const noChange = { changes: [], inconclusive: false } as const;

/** AWS's lists may be stale for this time after a write, in ms. AWS documents eventual consistency without a limit:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_troubleshoot_general.html */
export const settleMs = 15_000;

/**
 * An object is removed after this many complete reads without it. One read may miss an object that moved between its
 * pages.
 */
const readsBeforeRemoval = 2;

/**
 * The known state of a watched list, which complete reads and own writes change. Each change is published once, stale
 * reads change nothing, and an object is removed only after two reads without it.
 */
export class ListState<T> {
  readonly #kind: Kind<T>;
  readonly #known = new Map<string, KnownObject<T>>();
  readonly #writtenDuringRead = new Set<string>();
  /** Ids of objects that have changed or were removed since the last `takePatch`. */
  readonly #changedIds = new Set<string>();
  #isComplete: boolean;

  /** `initial`: undefined when nothing is known, so that the first read causes no change. */
  constructor(kind: Kind<T>, initial?: InitialState<T>) {
    this.#kind = kind;
    this.#isComplete = initial?.isComplete ?? false;
    if (initial === undefined) return;
    for (const [id, { object, observedAt, write }] of initial.objects) {
      const at = initial.changedBy(id);
      const now = { date: observedAt, monotonic: at };
      this.#known.set(id, knownSince(now, object, write && { at, confirmed: write.confirmed, restored: true }));
    }
  }

  /** Whether the list was read completely once. Nothing is a change before. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get(id: string): ObservedObject<T> | undefined {
    return this.#known.get(id);
  }

  /** Whether the last read shows another version of an object, which may be older than a write in a restored log. */
  isDoubtful(id: string): boolean {
    const known = this.#known.get(id);
    return known?.isDoubted === true && known.write?.restored === true;
  }

  /** Returns the new versions of objects since the last call, published or not; undefined for removed objects. */
  takePatch(): ReadonlyMap<string, ObservedObject<T> | undefined> {
    const patch = new Map<string, ObservedObject<T> | undefined>();
    for (const id of this.#changedIds) {
      const known = this.#known.get(id);
      const write = known?.write && { confirmed: known.write.confirmed };
      patch.set(id, known && { object: known.object, observedAt: known.observedAt, write });
    }
    this.#changedIds.clear();
    return patch;
  }

  /** Must be called before the first page of a read is requested. */
  onReadStart(): void {
    this.#writtenDuringRead.clear();
  }

  applyRead(objects: readonly T[], now: Now): Outcome<T> {
    const seen = this.#newestById(objects);
    const changes: Change<T>[] = [];
    let inconclusive = false;
    for (const [id, object] of seen) {
      const known = this.#known.get(id);
      if (known === undefined) {
        this.#known.set(id, knownSince(now, object));
        this.#changedIds.add(id);
        changes.push({ type: 'ADDED', id, previousState: null, object });
        continue;
      }
      known.missing = 0;
      if (this.#writtenDuringRead.has(id) && !this.#isFurther(known, object)) {
        inconclusive ||= !isSameObject(known.object, object);
        continue;
      }
      const change = this.#applyObject(id, known, object, now);
      if (change !== undefined) changes.push(change);
    }
    for (const [id, known] of this.#known) {
      if (seen.has(id) || this.#writtenDuringRead.has(id) || isUnsettled(known.write, now.monotonic)) continue;
      known.missing += 1;
      if (known.missing < readsBeforeRemoval) continue;
      this.#known.delete(id);
      this.#changedIds.add(id);
      const previousState = this.#kind.state(known.object);
      changes.push({ type: 'REMOVED', id, previousState, object: known.object });
    }
    const published = this.#isComplete ? changes : [];
    this.#isComplete = true;
    return { changes: published, inconclusive };
  }

  /**
   * Applies the reply to an own write, with the times of its request and reply. Ignores a known version. Is
   * inconclusive when the object changed in between, unless the write's state is later: AWS may have carried out either
   * first.
   */
  applyWrite(object: T, sentAt: MonotonicMs, now: Now): Outcome<T> {
    const id = this.#kind.id(object);
    if (id === undefined) return noChange;
    this.#writtenDuringRead.add(id);
    const known = this.#known.get(id);
    if (known === undefined) {
      this.#known.set(id, knownSince(now, object, { at: now.monotonic, confirmed: false }));
      this.#changedIds.add(id);
      return this.#outcome({ type: 'ADDED', id, previousState: null, object });
    }
    if (this.#kind.isSameVersion(known.object, object) || this.#isStale(known, object)) return noChange;
    if (known.changedAt >= sentAt && !this.#isFurther(known, object)) return { changes: [], inconclusive: true };
    this.#known.set(id, this.#changed(known, now, object, { at: now.monotonic, confirmed: false }));
    this.#changedIds.add(id);
    const { object: previous } = known;
    return this.#outcome({ type: 'CHANGED', id, previousState: this.#kind.state(previous), object, previous });
  }

  /** Whether an object is pending, or the last read was not trusted completely. */
  get hasPendingChanges(): boolean {
    for (const { object, missing, isDoubted } of this.#known.values()) {
      const state = this.#kind.state(object);
      if (isDoubted || this.#kind.isPending(state) || (missing > 0 && !this.#kind.isFinal(state))) return true;
    }
    return false;
  }

  /** The first expiry of a pending object later than `after`. */
  nextExpiry(after: WallMs): WallMs | undefined {
    let next: WallMs | undefined;
    for (const { object } of this.#known.values()) {
      if (!this.#kind.isPending(this.#kind.state(object))) continue;
      const expiry = this.#kind.expiresAt(object);
      if (expiry !== undefined && expiry > after && (next === undefined || expiry < next)) next = expiry;
    }
    return next;
  }

  #outcome(change: Change<T>): Outcome<T> {
    return { changes: this.#isComplete ? [change] : [], inconclusive: false };
  }

  #applyObject(id: string, known: KnownObject<T>, object: T, now: Now): Change<T> | undefined {
    const { object: previous, write } = known;
    known.isDoubted = false;
    if (isSameObject(previous, object)) {
      known.observedAt = now.date;
      const isSettled = write !== undefined && !isUnsettled(write, now.monotonic);
      if (write !== undefined && (isSettled || !write.confirmed)) {
        known.write = isSettled ? undefined : { ...write, confirmed: true };
        this.#changedIds.add(id);
      }
      return undefined;
    }
    if (this.#isStale(known, object)) return undefined;
    const isSameVersion = this.#kind.isSameVersion(previous, object);
    // The version may be older, or a later change by others. The lists show which once they have settled.
    known.isDoubted = !isSameVersion && this.#mayBeOlder(known, object, now.monotonic);
    if (known.isDoubted) return undefined;
    const confirmed = write && isSameVersion ? { ...write, confirmed: true } : undefined;
    this.#known.set(id, this.#changed(known, now, object, confirmed));
    this.#changedIds.add(id);
    // The list shows the same version as the write's reply, with other members.
    if (write?.confirmed === false && isSameVersion) return undefined;
    return { type: 'CHANGED', id, previousState: this.#kind.state(previous), object, previous };
  }

  #isStale(known: KnownObject<T>, object: T): boolean {
    const before = this.#kind.state(known.object);
    const now = this.#kind.state(object);
    const progress = this.#kind.progress(before, now);
    return before !== now && progress !== undefined && (this.#kind.isFinal(before) || progress < 0);
  }

  /** A further state is newer, whenever it was read. */
  #isFurther(known: KnownObject<T>, object: T): boolean {
    return (progressBetween(this.#kind, known.object, object) ?? 0) > 0;
  }

  /**
   * Whether a version may be from before the last write or, where states have no order, from before the last change.
   */
  #mayBeOlder({ object: previous, write, changedAt, leftState }: KnownObject<T>, object: T, now: MonotonicMs): boolean {
    const progress = progressBetween(this.#kind, previous, object);
    if (progress !== undefined) return progress <= 0 && isUnsettled(write, now);
    // A state that AWS adds has no order, and is only older if it is the one that the object has just left.
    return this.#kind.state(object) === leftState && now < later(changedAt, settleMs);
  }

  #changed(known: KnownObject<T>, now: Now, object: T, write: TimedWrite | undefined): KnownObject<T> {
    const before = this.#kind.state(known.object);
    const leftState = this.#kind.state(object) === before ? known.leftState : before;
    return { ...knownSince(now, object, write), leftState };
  }

  /** Pages that shift while they are read may show an object twice: the later state wins, else the later page. */
  #newestById(objects: readonly T[]): Map<string, T> {
    const byId = new Map<string, T>();
    for (const object of objects) {
      // A malformed object throws here, before the read changes anything.
      this.#kind.expiresAt(object);
      const id = this.#kind.id(object);
      if (id === undefined) continue;
      const other = byId.get(id);
      if (other === undefined || (progressBetween(this.#kind, other, object) ?? 0) >= 0) byId.set(id, object);
    }
    return byId;
  }
}

const isUnsettled = (write: TimedWrite | undefined, now: MonotonicMs): boolean =>
  write !== undefined && now < later(write.at, settleMs);

const knownSince = <T>({ date, monotonic }: Now, object: T, write?: TimedWrite): KnownObject<T> => ({
  object,
  observedAt: date,
  changedAt: monotonic,
  leftState: undefined,
  missing: 0,
  write,
  isDoubted: false,
});
