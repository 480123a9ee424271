import type { WallMs } from '../upstream/index.ts';
import type { ObservedObject } from '../watcher/journal.ts';
import type { KeptList, KeptListName, KeptObjects } from '../watcher/kept-types.ts';
import type { Indexes } from './indexes.ts';
import type { ItemOrder } from './orders.ts';
import type { Dated } from './types.ts';

/**
 * One read of the copy. It finds out how old the lists and objects are that it takes, and returns undefined for those
 * that are too old.
 */
export class Reading {
  readonly indexes: Indexes;
  readonly #oldest: WallMs;
  #asOf = Number.POSITIVE_INFINITY as WallMs;

  /** `oldest`: data from before this time is not used. */
  constructor(indexes: Indexes, oldest: WallMs) {
    this.indexes = indexes;
    this.#oldest = oldest;
  }

  /** When the oldest read began whose data was taken. */
  get asOf(): WallMs {
    return this.#asOf;
  }

  /** Dates a value; undefined if there is none. */
  dated<T>(value: T | undefined): Dated<T> | undefined {
    return value === undefined ? undefined : { value, asOf: this.#asOf };
  }

  /** A complete list. */
  objects<L extends KeptListName>(name: L): ReadonlyMap<string, ObservedObject<KeptObjects[L]>> | undefined {
    const list = this.indexes.list(name);
    const objects = this.#objectsOf(name, list);
    return objects !== undefined && this.#take(list, list.asOf) ? objects : undefined;
  }

  /** The objects of a complete list in an order. */
  sorted<L extends KeptListName>(name: L, order: ItemOrder<KeptObjects[L]>): readonly KeptObjects[L][] | undefined {
    return this.objects(name) && this.indexes.sorted(name, order);
  }

  /**
   * One object of a complete list. It may have been read later than the rest of its list, but an object that is not in
   * the list is not known to be missing.
   */
  object<L extends KeptListName>(name: L, id: string | undefined): KeptObjects[L] | undefined {
    const list = this.indexes.list(name);
    const observed = id === undefined ? undefined : this.#objectsOf(name, list)?.get(id);
    if (observed === undefined) return undefined;
    const { asOf = observed.observedAt } = list;
    return this.#take(list, laterOf(asOf, observed.observedAt)) ? observed.object : undefined;
  }

  /** Undefined while AWS does not let the list be read, because the access may have been revoked. */
  #objectsOf<L extends KeptListName>(
    name: L,
    { state, objects }: KeptList<KeptObjects[L]>,
  ): ReadonlyMap<string, ObservedObject<KeptObjects[L]>> | undefined {
    return state === 'UNAVAILABLE' || !this.indexes.isReady(name) ? undefined : objects;
  }

  #take({ changedAt }: KeptList<unknown>, asOf: WallMs | undefined): boolean {
    if (asOf === undefined || asOf < this.#oldest || (changedAt !== undefined && asOf < changedAt)) return false;
    if (asOf < this.#asOf) this.#asOf = asOf;
    return true;
  }
}

const laterOf = (a: WallMs, b: WallMs): WallMs => Math.max(a, b) as WallMs;
