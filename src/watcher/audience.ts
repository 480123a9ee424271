import type { EventMaker, LogRecord, Place } from './event-log.ts';
import type { Subscription } from './subscription.ts';

/** Scope of those who watch a whole list; of a filtered list it begins with `?`, and of one object it is the id. */
export const wholeList = '';
export const isListScope = (scope: string): boolean => scope === wholeList || scope.startsWith('?');

/** The subscribers of one channel, by what they watch of it. */
export class Audience<T> {
  readonly #events: EventMaker;
  readonly #scopes = new Map<string, Set<Subscription<T>>>();
  /** Counts publications, each of which tells its changes at once. */
  #batch = 0;

  constructor(events: EventMaker) {
    this.#events = events;
  }

  add(scope: string, subscription: Subscription<T>): void {
    const others = this.#scopes.get(scope) ?? new Set();
    this.#scopes.set(scope, others.add(subscription));
    subscription.onEnd(() => {
      others.delete(subscription);
      if (others.size === 0 && this.#scopes.get(scope) === others) this.#scopes.delete(scope);
    });
  }

  *[Symbol.iterator](): Iterator<Subscription<T>> {
    for (const subscriptions of [...this.#scopes.values()]) yield* [...subscriptions];
  }

  /** Tells changes to everybody whom they concern. `isLast`: nothing will come of the object after it. */
  tell(records: readonly LogRecord<T>[], isLast: (record: LogRecord<T>) => boolean): void {
    this.#batch += 1;
    for (const record of records) {
      for (const [scope, subscriptions] of this.#scopes) {
        if (!isListScope(scope)) continue;
        const event = this.#events.change(record, scope);
        for (const subscription of subscriptions) subscription.push(event, this.#batch);
      }
      const subscriptions = this.#scopes.get(record.id);
      if (subscriptions === undefined) continue;
      const event = this.#events.change(record, record.id);
      const last = isLast(record);
      for (const subscription of [...subscriptions]) {
        subscription.push(event, this.#batch);
        if (last) subscription.complete();
      }
    }
  }

  /** Who has something to read has a fresher cursor coming anyway. */
  bookmark(place: Place, observedAt: number): void {
    for (const [scope, subscriptions] of this.#scopes) {
      const bookmark = this.#events.bookmark<T>(place, scope, observedAt, false);
      for (const subscription of subscriptions) if (subscription.idle) subscription.push(bookmark, this.#batch);
    }
  }
}
