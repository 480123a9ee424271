import type { WallMs } from '../upstream/index.ts';
import type { EndOf } from './errors.ts';
import type { EventMaker, LogRecord, Place } from './event-log.ts';
import type { Subscription } from './subscription.ts';

/** Scope of those who watch a whole list; of a filtered list it begins with `?`, and of one object it is the id. */
export const wholeList = '';
export const isListScope = (scope: string): boolean => scope === wholeList || scope.startsWith('?');

/**
 * What happens to a subscriber to one object when the list that feeds it has nothing more for it. It is detached from
 * the list before.
 */
export interface Handover<T> {
  /** AWS refuses the list: the subscriber may go on elsewhere, and ends with `endOf` where it cannot. */
  onRefused(endOf: EndOf): void;
  /** The list does not show the object any more: a REMOVED would be its last event, so that has to be confirmed. */
  onRemoved(record: LogRecord<T>): void;
}

/** The subscribers of one channel, by what they watch of it. */
export class Audience<T> {
  readonly #events: EventMaker;
  readonly #scopes = new Map<string, Map<Subscription<T>, Handover<T> | undefined>>();
  /** The last publication, which told its changes at once. */
  #batch = {};

  constructor(events: EventMaker) {
    this.#events = events;
  }

  add(scope: string, subscription: Subscription<T>, handover?: Handover<T>): void {
    const others = this.#scopes.get(scope) ?? new Map<Subscription<T>, Handover<T> | undefined>();
    this.#scopes.set(scope, others.set(subscription, handover));
    subscription.onEnd(() => this.remove(scope, subscription));
  }

  remove(scope: string, subscription: Subscription<T>): void {
    const others = this.#scopes.get(scope);
    others?.delete(subscription);
    if (others?.size === 0) this.#scopes.delete(scope);
  }

  /** Ends all. `refused`: whether it is AWS that refuses what they are fed from. */
  fail(endOf: EndOf, refused: boolean): void {
    for (const [scope, subscriptions] of [...this.#scopes]) {
      for (const [subscription, handover] of [...subscriptions]) {
        if (!refused || handover === undefined) {
          subscription.fail(endOf);
          continue;
        }
        this.remove(scope, subscription);
        handover.onRefused(endOf);
      }
    }
  }

  /** Tells changes to everybody whom they concern. `isLast`: nothing will come of the object after it. */
  tell(records: readonly LogRecord<T>[], isLast: (record: LogRecord<T>) => boolean): void {
    this.#batch = {};
    for (const record of records) {
      for (const [scope, subscriptions] of this.#scopes) {
        if (!isListScope(scope)) continue;
        const event = this.#events.change(record, scope);
        for (const subscription of subscriptions.keys()) subscription.push(event, this.#batch);
      }
      const subscriptions = this.#scopes.get(record.id);
      if (subscriptions === undefined) continue;
      const event = this.#events.change(record, record.id);
      const last = isLast(record);
      for (const [subscription, handover] of [...subscriptions]) {
        if (record.type === 'REMOVED' && handover !== undefined) {
          this.remove(record.id, subscription);
          handover.onRemoved(record);
          continue;
        }
        subscription.push(event, this.#batch);
        if (last) subscription.complete();
      }
    }
  }

  /** Who has something to read has a fresher cursor coming anyway. */
  bookmark(place: Place, observedAt: WallMs): void {
    for (const [scope, subscriptions] of this.#scopes) {
      const bookmark = this.#events.bookmark<T>(place, scope, observedAt, false);
      for (const subscription of subscriptions.keys()) {
        if (subscription.idle) subscription.push(bookmark, this.#batch);
      }
    }
  }
}
