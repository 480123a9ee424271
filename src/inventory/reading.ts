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
    const objects = objectsOf(list);
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
    const observed = id === undefined ? undefined : objectsOf(list)?.get(id);
    if (observed === undefined) return undefined;
    const { asOf = observed.observedAt } = list;
    return this.#take(list, laterOf(asOf, observed.observedAt)) ? observed.object : undefined;
  }

  #take({ changedAt }: KeptList<unknown>, asOf: WallMs | undefined): boolean {
    if (asOf === undefined || asOf < this.#oldest || (changedAt !== undefined && asOf < changedAt)) return false;
    if (asOf < this.#asOf) this.#asOf = asOf;
    return true;
  }
}

const laterOf = (a: WallMs, b: WallMs): WallMs => Math.max(a, b) as WallMs;

/** The objects of a list; undefined while AWS does not let it be read, because their access may have been revoked. */
const objectsOf = <T>(list: KeptList<T>): ReadonlyMap<string, ObservedObject<T>> | undefined =>
  list.state === 'UNAVAILABLE' ? undefined : list.objects;
