import { isDeepStrictEqual } from 'node:util';
import type { Sighted, Written } from './journal.ts';
import type { Kind } from './kinds.ts';

/** One change of a watched list. */
export interface Change<T> {
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly id: string;
  readonly previousState: string | null;
  readonly object: T;
}

/** What is known of one object. */
interface Known<T> {
  object: T;
  observedAt: number;
  /** When it was last found to differ from what was known before. */
  changedAt: number;
  /** Complete reads in a row that did not show it. */
  missing: number;
  /** The own write that made it so. */
  write: Written | undefined;
  /** Whether the last read showed it otherwise, and too soon after that write to be believed. */
  doubted: boolean;
}

/** What a read or a write told: changes in the order of the list, then what is gone. */
export interface Outcome<T> {
  readonly changes: readonly Change<T>[];
  /** It cannot be said how an object stands that was read and written at the same time: another read should follow at once. */
  readonly inconclusive: boolean;
}

/** A list as a log tells it, whoever has read it. */
export interface Inherited<T> {
  /** What is known of the whole list. */
  readonly objects: ReadonlyMap<string, Sighted<T>>;
  /** The latest time at which an object can have changed, by the clock of this process, in ms since the epoch. */
  changedBy(id: string): number;
  /** In ms since the epoch. */
  readonly now: number;
}

const nothingNew = { changes: [], inconclusive: false } as const;

/** How long after a write AWS's lists may still show what was before it. AWS documents eventual consistency, and no bound:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_troubleshoot_general.html */
export const settleMs = 15_000;

/** How far the clocks of two gateways may be apart, in ms. */
const clocksApartMs = 300_000;

/** Complete reads in a row that an object must be missing from: one may lose an object that moved between its pages. */
const readsToBelieveAbsence = 2;

/**
 * A watched list as it is known, and the rules by which a complete read or an own write changes that:
 * each change is told once, stale reads tell nothing, and an object is only gone when AWS has twice not shown it.
 */
export class ListState<T> {
  readonly #kind: Kind<T>;
  readonly #known = new Map<string, Known<T>>();
  readonly #writtenDuringRead = new Set<string>();
  /** Ids of what is known otherwise, or no longer, since the last `takePatch`. */
  readonly #touched = new Set<string>();
  #complete: boolean;

  /** `inherited`: undefined when nothing is known, so that the first read tells no change. */
  constructor(kind: Kind<T>, inherited?: Inherited<T>) {
    this.#kind = kind;
    this.#complete = inherited !== undefined;
    if (inherited === undefined) return;
    for (const [id, { object, observedAt, write }] of inherited.objects) {
      const known = knownSince(observedAt, object, write && takenOver(write, inherited.now));
      this.#known.set(id, { ...known, changedAt: inherited.changedBy(id) });
    }
  }

  /** Whether the whole list has been read once: before that nothing is a change. */
  get complete(): boolean {
    return this.#complete;
  }

  get(id: string): Sighted<T> | undefined {
    return this.#known.get(id);
  }

  /** What is known otherwise than at the last call, whether it was told as a change or not; undefined for what is known no longer. */
  takePatch(): ReadonlyMap<string, Sighted<T> | undefined> {
    const patch = new Map<string, Sighted<T> | undefined>();
    for (const id of this.#touched) {
      const known = this.#known.get(id);
      patch.set(id, known && { object: known.object, observedAt: known.observedAt, write: known.write });
    }
    this.#touched.clear();
    return patch;
  }

  /** Must be called before the first page of a read is asked for. */
  readStarts(): void {
    this.#writtenDuringRead.clear();
  }

  /** Takes in a complete read. `at`: ms since the epoch. */
  applyRead(objects: readonly T[], at: number): Outcome<T> {
    const seen = this.#newestById(objects);
    const changes: Change<T>[] = [];
    let inconclusive = false;
    for (const [id, object] of seen) {
      const known = this.#known.get(id);
      if (known === undefined) {
        this.#known.set(id, knownSince(at, object));
        this.#touched.add(id);
        changes.push({ type: 'ADDED', id, previousState: null, object });
        continue;
      }
      known.missing = 0;
      if (this.#writtenDuringRead.has(id) && !this.#isFurther(known, object)) {
        inconclusive ||= !isDeepStrictEqual(known.object, object);
        continue;
      }
      const change = this.#applySight(id, known, object, at);
      if (change !== undefined) changes.push(change);
    }
    for (const [id, known] of this.#known) {
      if (seen.has(id) || this.#writtenDuringRead.has(id) || isUnsettled(known.write, at)) continue;
      known.missing += 1;
      if (known.missing < readsToBelieveAbsence) continue;
      this.#known.delete(id);
      this.#touched.add(id);
      const state = this.#kind.state(known.object);
      if (!this.#kind.isFinal(state)) changes.push({ type: 'REMOVED', id, previousState: state, object: known.object });
    }
    const told = this.#complete ? changes : [];
    this.#complete = true;
    return { changes: told, inconclusive };
  }

  /**
   * Takes in the reply to an own write, sent and answered at these times. It is passed over when it tells nothing new, and inconclusive
   * when the object changed in between, and is in no further state now: AWS may have carried out either first.
   */
  applyWrite(object: T, sentAt: number, at: number): Outcome<T> {
    const id = this.#kind.id(object);
    if (id === undefined) return nothingNew;
    this.#writtenDuringRead.add(id);
    const known = this.#known.get(id);
    if (known === undefined) {
      this.#known.set(id, knownSince(at, object, { at, confirmed: false }));
      this.#touched.add(id);
      return this.#told({ type: 'ADDED', id, previousState: null, object });
    }
    if (this.#kind.isSameVersion(known.object, object) || this.#isStale(known, object)) return nothingNew;
    if (known.changedAt >= sentAt && !this.#isFurther(known, object)) return { changes: [], inconclusive: true };
    this.#known.set(id, knownSince(at, object, { at, confirmed: false }));
    this.#touched.add(id);
    return this.#told({ type: 'CHANGED', id, previousState: this.#kind.state(known.object), object });
  }

  /** Whether anything awaits an answer, or the last read was not believed in all. */
  get restless(): boolean {
    for (const { object, missing, doubted } of this.#known.values()) {
      const state = this.#kind.state(object);
      if (doubted || this.#kind.isPending(state) || (missing > 0 && !this.#kind.isFinal(state))) return true;
    }
    return false;
  }

  /** The first expiry of a pending object later than `after`; both in ms since the epoch. */
  nextExpiry(after: number): number | undefined {
    let next: number | undefined;
    for (const { object } of this.#known.values()) {
      if (!this.#kind.isPending(this.#kind.state(object))) continue;
      const expiry = this.#kind.expiresAt(object);
      if (expiry !== undefined && expiry > after && (next === undefined || expiry < next)) next = expiry;
    }
    return next;
  }

  #told(change: Change<T>): Outcome<T> {
    return { changes: this.#complete ? [change] : [], inconclusive: false };
  }

  #applySight(id: string, known: Known<T>, object: T, at: number): Change<T> | undefined {
    const { object: previous, write } = known;
    known.doubted = false;
    if (isDeepStrictEqual(previous, object)) {
      known.observedAt = at;
      if (write?.confirmed === false) {
        known.write = { ...write, confirmed: true };
        this.#touched.add(id);
      }
      return undefined;
    }
    if (this.#isStale(known, object)) return undefined;
    const isSameVersion = this.#kind.isSameVersion(previous, object);
    // It may be what was before the write, or what others have made of it since: AWS's lists will tell when they have settled.
    known.doubted = isUnsettled(write, at) && !isSameVersion && !this.#isFurther(known, object);
    if (known.doubted) return undefined;
    this.#known.set(id, knownSince(at, object, write && isSameVersion ? { ...write, confirmed: true } : undefined));
    this.#touched.add(id);
    // The list's own wording of what a write's reply has told already.
    if (write?.confirmed === false && isSameVersion) return undefined;
    return { type: 'CHANGED', id, previousState: this.#kind.state(previous), object };
  }

  #isStale(known: Known<T>, object: T): boolean {
    const before = this.#kind.state(known.object);
    const now = this.#kind.state(object);
    return before !== now && (this.#kind.isFinal(before) || this.#kind.rank(now) < this.#kind.rank(before));
  }

  /** A further state is newer, whenever it was read. */
  #isFurther(known: Known<T>, object: T): boolean {
    return this.#kind.rank(this.#kind.state(object)) > this.#kind.rank(this.#kind.state(known.object));
  }

  /** Pages that shift while they are read may show an object twice: the further state counts, else the later sight. */
  #newestById(objects: readonly T[]): Map<string, T> {
    const byId = new Map<string, T>();
    for (const object of objects) {
      const id = this.#kind.id(object);
      if (id === undefined) continue;
      const other = byId.get(id);
      const rank = this.#kind.rank(this.#kind.state(object));
      if (other === undefined || this.#kind.rank(this.#kind.state(other)) <= rank) byId.set(id, object);
    }
    return byId;
  }
}

const isUnsettled = (write: Written | undefined, at: number): boolean =>
  write !== undefined && at < write.at + settleMs;

/**
 * A write as whoever takes the list over has to take it: not knowing by whose clock it was, it lets AWS's lists settle from now on, unless it is long past.
 */
const takenOver = (write: Written, now: number): Written => {
  const isRecent = Math.abs(now - write.at) < settleMs + clocksApartMs;
  return { ...write, at: isRecent ? now : now - settleMs };
};

/** What is known from a time on, in ms since the epoch. */
const knownSince = <T>(at: number, object: T, write?: Written): Known<T> => ({
  object,
  observedAt: at,
  changedAt: at,
  missing: 0,
  write,
  doubted: false,
});
