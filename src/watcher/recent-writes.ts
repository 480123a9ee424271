import type { Principal } from '../principal/principal.ts';
import { type Clock, later, type MonotonicMs } from '../upstream/index.ts';
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
  /** Undefined where the write's answer names the object, and does not hold it. */
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
  /** By principal and id, the oldest first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `write`: undefined where the object's state is not part of the answer; an earlier one that is stays. */
  add(principal: string, id: string, write: RecentWrite<T> | undefined): void {
    this.#forgetOld();
    const key = keyOf(principal, id);
    const known = this.#entries.get(key)?.write;
    this.#entries.delete(key);
    this.#entries.set(key, { principal, id, at: this.#clock.monotonicMs(), write: write ?? known });
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
