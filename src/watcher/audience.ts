import type { WallMs } from '../upstream/index.ts';
import type { EndOf } from './errors.ts';
import type { EventMaker, LogRecord, Place } from './event-log.ts';
import type { Subscription } from './subscription.ts';

/** Scope of those who watch a whole list; of a filtered list it begins with `?`, and of one object it is the id. */
export const wholeList = '';
export const isListScope = (scope: string): boolean => scope === wholeList || scope.startsWith('?');

/** Told in place of a subscriber when AWS refuses what it is fed from: it may go on elsewhere, and ends with `endOf` where it cannot. */
export type OnRefused = (endOf: EndOf) => void;

/** The subscribers of one channel, by what they watch of it. */
export class Audience<T> {
  readonly #events: EventMaker;
  readonly #scopes = new Map<string, Map<Subscription<T>, OnRefused | undefined>>();
  /** The last publication, which told its changes at once. */
  #batch = {};

  constructor(events: EventMaker) {
    this.#events = events;
  }

  add(scope: string, subscription: Subscription<T>, onRefused?: OnRefused): void {
    const others = this.#scopes.get(scope) ?? new Map<Subscription<T>, OnRefused | undefined>();
    this.#scopes.set(scope, others.set(subscription, onRefused));
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
      for (const [subscription, onRefused] of [...subscriptions]) {
        if (!refused || onRefused === undefined) {
          subscription.fail(endOf);
          continue;
        }
        this.remove(scope, subscription);
        onRefused(endOf);
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
      for (const subscription of [...subscriptions.keys()]) {
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
