import { pageSize } from '../loaders/replies.ts';
import { listOfScan, minKeysToScan } from '../loaders/scan-thresholds.ts';
import { type Assumptions, maxItems } from './list-bounds.ts';
import type { CostRule } from './rules.ts';
import type { SelectionScope, TreeLevel } from './selection-scope.ts';

/** The maximum cost of one field for all objects that have it. */
export interface FieldCost {
  /** Response keys from the top, as in an error's path, joined with dots. */
  readonly path: string;
  readonly calls: number;
  /** The enclosing connections, itself included, with their `first`, which multiply its cost. */
  readonly lists: SelectionScope['lists'];
}

export interface Estimate {
  /** Maximum number of calls; of a subscription, for one event. Retries and empty pages are not included. */
  readonly calls: number;
  /** The fields with calls, the most expensive first. */
  readonly fields: readonly FieldCost[];
  /** Maximum number of values in the response: each list item, object and null counts as one. */
  readonly values: number;
  /** The field with the most values. */
  readonly largestField: { readonly path: string; readonly values: number };
  /** Maximum number of keys that each list scan could load, by the scan's name. */
  readonly forecast: ReadonlyMap<string, number>;
}

/** The field that causes a cost. */
type FieldPlace = Pick<FieldCost, 'path' | 'lists'>;

/** Adds up the costs of an operation's fields. */
export class CostTotals {
  readonly #fields = new Map<string, FieldCost>();
  readonly #forecast = new Map<string, number>();
  readonly #readsOnce = new Set<string>();
  readonly #sharedCalls = new SharedReads();
  readonly #sharedObjects = new SharedReads();
  readonly #treeValues = new TreeValues();
  #values = 0;
  #largestField = { path: '', values: 0 };

  /** Values outside of trees so far. */
  get values(): number {
    return this.#values;
  }

  addCalls({ path, lists }: FieldPlace, calls: number): void {
    if (calls > 0) this.#fields.set(path, { path, calls: calls + (this.#fields.get(path)?.calls ?? 0), lists });
  }

  /** Adds calls that the operation makes once, whichever fields need them. */
  addCallsOnce(place: FieldPlace, read: string, calls = 1): void {
    if (this.#readsOnce.has(read)) return;
    this.#readsOnce.add(read);
    this.addCalls(place, calls);
  }

  /**
   * Adds a call for each of `objects`, which have one of these types. All fields together read at most `maxObjects`
   * distinct ones.
   */
  addObjects(place: FieldPlace, typenames: readonly string[], objects: number, maxObjects: number): void {
    const kind = typenames.join();
    const read = Number.isFinite(maxObjects) ? this.#sharedObjects.charge(kind, '', objects, maxObjects) : objects;
    for (const typename of typenames) this.addToForecast(typename, read);
    this.addCalls(place, read);
  }

  /**
   * Adds the calls for lists that other fields may read, too. All such fields together make at most `maxCalls` calls
   * for `maxObjects` objects.
   */
  addSharedLists(
    place: FieldPlace,
    { rule, variant, scan }: { readonly rule: CostRule; readonly variant: string; readonly scan: string | undefined },
    { calls, maxCalls, objects, maxObjects }: Readonly<Record<'calls' | 'maxCalls' | 'objects' | 'maxObjects', number>>,
  ): void {
    this.addCalls(place, this.#sharedCalls.charge(rule, variant, calls, maxCalls));
    if (scan !== undefined) this.addToForecast(scan, this.#sharedObjects.charge(rule, variant, objects, maxObjects));
  }

  /** Adds keys that a list scan could load. */
  addToForecast(scan: string, keys: number): void {
    if (keys > 0) this.#forecast.set(scan, (this.#forecast.get(scan) ?? 0) + keys);
  }

  /** Adds a value in each place. */
  addValues({ path, places, treeLevel }: Pick<SelectionScope, 'path' | 'places' | 'treeLevel'>): void {
    if (treeLevel === undefined) this.#values += places;
    else this.#treeValues.add(treeLevel, places);
    if (places > this.#largestField.values) this.#largestField = { path, values: places };
  }

  /** A mutation's field must not use data that was read before it. */
  forgetReads(): void {
    this.#readsOnce.clear();
    this.#sharedCalls.clear();
    this.#sharedObjects.clear();
  }

  /** Mutations use no list scans (GraphContext.forecast). */
  clearForecast(): void {
    this.#forecast.clear();
  }

  result(assumptions: Assumptions): Estimate {
    const fields = [...this.#fields.values()].sort((a, b) => b.calls - a.calls);
    let calls = fields.reduce((sum, field) => sum + field.calls, 0);
    // An aborted scan adds at most as many calls as direct reads of its keys, and at most its lists' pages.
    for (const [scan, keys] of this.#forecast) {
      const list = listOfScan(scan);
      const pages = list === undefined ? keys : Math.ceil(maxItems(list, assumptions) / pageSize);
      if (keys >= minKeysToScan(scan)) calls += Math.min(keys, pages);
    }
    const values = this.#values + this.#treeValues.total;
    return { calls, fields, values, largestField: this.#largestField, forecast: this.#forecast };
  }
}

interface Reads {
  charged: number;
  bound: number;
}

/**
 * Bounds reads that several fields of one operation share: an operation makes each read once, so all fields together
 * are charged at most for the reads that exist.
 */
class SharedReads {
  readonly #reads = new Map<object | string, Map<string, Reads>>();

  /** Returns how many of `wanted` reads to charge; in total at most `bound` per kind and variant. */
  charge(kind: object | string, variant: string, wanted: number, bound: number): number {
    const reads = this.#of(kind, variant);
    // Fields with a larger `first` read more pages of the same lists.
    reads.bound = Math.max(reads.bound, bound);
    const granted = Math.min(wanted, reads.bound - reads.charged);
    reads.charged += granted;
    return granted;
  }

  clear(): void {
    this.#reads.clear();
  }

  #of(kind: object | string, variant: string): Reads {
    const variants = this.#reads.get(kind) ?? new Map<string, Reads>();
    this.#reads.set(kind, variants);
    const reads = variants.get(variant) ?? { charged: 0, bound: 0 };
    variants.set(variant, reads);
    return reads;
  }
}

interface Level {
  objects: number;
  /** Values that each object adds to the response. */
  valuesPerObject: number;
}

/**
 * Values of objects in a tree. Each object is at one level, but any level may have all of them. So the maximum assigns
 * as many objects as possible to the levels where each adds the most values.
 */
class TreeValues {
  readonly #trees = new Map<string, { readonly maxTotalObjects: number; readonly levels: Map<number, Level> }>();

  /** Adds values, distributed evenly over the objects of a level. */
  add({ tree: key, level, maxObjects, maxTotalObjects }: TreeLevel, values: number): void {
    if (maxObjects === 0) return;
    const tree = this.#trees.get(key) ?? { maxTotalObjects, levels: new Map<number, Level>() };
    this.#trees.set(key, tree);
    const known = tree.levels.get(level) ?? { objects: 0, valuesPerObject: 0 };
    tree.levels.set(level, known);
    known.objects = Math.max(known.objects, maxObjects);
    known.valuesPerObject += values / maxObjects;
  }

  get total(): number {
    let total = 0;
    for (const { maxTotalObjects, levels } of this.#trees.values()) {
      let remaining = maxTotalObjects;
      const byValues = [...levels.values()].sort((a, b) => b.valuesPerObject - a.valuesPerObject);
      for (const { objects, valuesPerObject } of byValues) {
        const assigned = Math.min(remaining, objects);
        total += assigned * valuesPerObject;
        remaining -= assigned;
      }
    }
    return Math.ceil(total);
  }
}
