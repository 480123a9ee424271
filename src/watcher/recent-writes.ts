import type { Principal } from '../principal/principal.ts';
import { type Clock, later, type MonotonicMs } from '../upstream/index.ts';
import type { Kind } from './kinds.ts';
import { type Now, settleMs } from './list-state.ts';
import { describedName } from './sources.ts';
import type { WatchedList } from './types.ts';

/** What the gateway's own write answered. */
export interface RecentWrite<T> {
  readonly object: T;
  /** The list that holds the object, if the write says so. */
  readonly home: WatchedList | undefined;
  readonly sentAt: MonotonicMs;
  readonly at: Now;
}

interface Entry<T> {
  readonly principal: string;
  readonly id: string;
  readonly at: MonotonicMs;
  /**
   * Undefined where the write's answer names the object and does not hold it, and where another change happened at the
   * same time: AWS may have carried out either first, so that only a read shows how the object is.
   */
  readonly write: RecentWrite<T> | undefined;
}

/** More writes than this within `settleMs` are not remembered, the oldest first. */
const maxEntries = 10_000;

/**
 * The gateway's own writes of the last `settleMs`, whether or not their lists were watched then:
 * until AWS's reads have caught up, only the gateway knows what it has created.
 */
export class RecentWrites<T> {
  readonly #clock: Clock;
  readonly #kind: Kind<T>;
  /** By principal and id, the oldest first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock, kind: Kind<T>) {
    this.#clock = clock;
    this.#kind = kind;
  }

  /** The object's state is not part of the write's answer. That of an earlier write stays. */
  addId(principal: string, id: string): void {
    this.#set(principal, id, this.#recent(principal, id)?.write);
  }

  /** `isLast`: whether no other change can have come after it. */
  add(principal: string, id: string, write: RecentWrite<T>, isLast: boolean): void {
    const earlier = this.#recent(principal, id)?.write;
    const isApart = earlier === undefined || earlier.at.monotonic < write.sentAt;
    this.#set(principal, id, isApart && isLast ? write : this.#further(earlier, write));
  }

  /** The one whose state can only come after the other's. */
  #further(earlier: RecentWrite<T> | undefined, write: RecentWrite<T>): RecentWrite<T> | undefined {
    if (earlier === undefined) return undefined;
    const { state, progress } = this.#kind;
    const steps = progress(state(earlier.object), state(write.object)) ?? 0;
    if (steps === 0) return undefined;
    return steps > 0 ? write : earlier;
  }

  #set(principal: string, id: string, write: RecentWrite<T> | undefined): void {
    const key = keyOf(principal, id);
    this.#entries.delete(key);
    this.#entries.set(key, { principal, id, at: this.#clock.monotonicMs(), write });
    if (this.#entries.size <= maxEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  /** Whether AWS's reads may not show yet what this principal has just written. */
  has({ name }: Principal, id: string): boolean {
    return this.#recent(name, id) !== undefined;
  }

  get({ name }: Principal, id: string): RecentWrite<T> | undefined {
    return this.#recent(name, id)?.write;
  }

  /** The writes that the log of this name tells of, the oldest first. */
  ofLog({ name }: Principal, log: string): readonly RecentWrite<T>[] {
    this.#forgetOld();
    const writes: RecentWrite<T>[] = [];
    for (const { principal, id, write } of this.#entries.values()) {
      if (write !== undefined && principal === name && (write.home === log || describedName(id) === log)) {
        writes.push(write);
      }
    }
    return writes;
  }

  #recent(principal: string, id: string): Entry<T> | undefined {
    this.#forgetOld();
    return this.#entries.get(keyOf(principal, id));
  }

  #forgetOld(): void {
    const now = this.#clock.monotonicMs();
    for (const [key, { at }] of this.#entries) {
      if (now < later(at, settleMs)) return;
      this.#entries.delete(key);
    }
  }
}

const keyOf = (principal: string, id: string) => `${principal}|${id}`;
