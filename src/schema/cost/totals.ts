import { pageSize } from '../loaders/replies.ts';
import { minKeysOf, scannedList } from '../loaders/scan-kinds.ts';
import { type Assumptions, longest } from './longest.ts';
import type { CostRule } from './rules.ts';
import type { Scope, TreeLevel } from './scope.ts';

/** What one field of an operation costs at most, over all objects that it is resolved on. */
export interface FieldCost {
  /** Response keys from the top, as in an error's path, joined with dots. */
  readonly path: string;
  readonly calls: number;
  /** The connections around it, itself included if it is one, with their `first`: what multiplies it. */
  readonly lists: Scope['lists'];
}

export interface Estimate {
  /** The most calls that the operation can make; of a subscription, for one event. Retries and empty pages come on top. */
  readonly calls: number;
  /** The fields that cost anything, the most expensive first. */
  readonly fields: readonly FieldCost[];
  /** The most values that the answer can have: those of lists one by one, objects and null among them. */
  readonly values: number;
  /** The field with the most of them. */
  readonly mostValues: { readonly path: string; readonly values: number };
  /** How many keys of each kind may be loaded that a list scan could answer. */
  readonly forecast: ReadonlyMap<string, number>;
}

/** Where in the operation a cost arises. */
type Place = Pick<FieldCost, 'path' | 'lists'>;

/** Adds up what the fields of an operation cost. */
export class CostTotals {
  readonly #fields = new Map<string, FieldCost>();
  readonly #forecast = new Map<string, number>();
  readonly #once = new Set<string>();
  readonly #sharedCalls = new SharedReads();
  readonly #sharedObjects = new SharedReads();
  readonly #treeValues = new TreeValues();
  #values = 0;
  #mostValues = { path: '', values: 0 };

  /** Values outside of trees so far. */
  get values(): number {
    return this.#values;
  }

  addCalls({ path, lists }: Place, calls: number): void {
    if (calls > 0) this.#fields.set(path, { path, calls: calls + (this.#fields.get(path)?.calls ?? 0), lists });
  }

  /** Adds a call that the operation makes once, whichever fields need it. */
  addCallOnce(place: Place, read: string): void {
    if (this.#once.has(read)) return;
    this.#once.add(read);
    this.addCalls(place, 1);
  }

  /**
   * Adds a call for each of `objects`, which are of one of these types. Several fields together read no more than
   * `maxObjects` different ones.
   */
  addObjects(place: Place, typenames: readonly string[], objects: number, maxObjects: number): void {
    const kind = typenames.join();
    const read = Number.isFinite(maxObjects) ? this.#sharedObjects.charge(kind, '', objects, maxObjects) : objects;
    for (const typename of typenames) this.expect(typename, read);
    this.addCalls(place, read);
  }

  /** Adds the calls for lists that other fields may read, too: of `maxObjects` objects, they take `maxCalls` calls. */
  addSharedLists(
    place: Place,
    { rule, variant, scan }: { readonly rule: CostRule; readonly variant: string; readonly scan: string | undefined },
    { calls, maxCalls, objects, maxObjects }: Readonly<Record<'calls' | 'maxCalls' | 'objects' | 'maxObjects', number>>,
  ): void {
    this.addCalls(place, this.#sharedCalls.charge(rule, variant, calls, maxCalls));
    if (scan !== undefined) this.expect(scan, this.#sharedObjects.charge(rule, variant, objects, maxObjects));
  }

  /** Expects so many keys of a kind to be loaded. */
  expect(kind: string, keys: number): void {
    if (keys > 0) this.#forecast.set(kind, (this.#forecast.get(kind) ?? 0) + keys);
  }

  /** Adds a value in each of so many places of the answer. */
  addValues({ path, places, treeLevel }: Pick<Scope, 'path' | 'places' | 'treeLevel'>): void {
    if (treeLevel === undefined) this.#values += places;
    else this.#treeValues.add(treeLevel, places);
    if (places > this.#mostValues.values) this.#mostValues = { path, values: places };
  }

  /** Between two writes nothing read before may be used again. */
  forgetReads(): void {
    this.#once.clear();
    this.#sharedCalls.clear();
    this.#sharedObjects.clear();
  }

  /** The objects of a mutation are each read by themselves (GraphContext.forecast). */
  clearForecast(): void {
    this.#forecast.clear();
  }

  result(assumptions: Assumptions): Estimate {
    const fields = [...this.#fields.values()].sort((a, b) => b.calls - a.calls);
    let calls = fields.reduce((sum, field) => sum + field.calls, 0);
    // A scan that gives up has made as many calls as direct reads of its keys (loaders/list-scan.ts), and never more than its lists have.
    for (const [kind, count] of this.#forecast) {
      const list = scannedList(kind);
      const pages = list === undefined ? count : Math.ceil(longest(list, assumptions) / pageSize);
      if (count >= minKeysOf(kind)) calls += Math.min(count, pages);
    }
    const values = this.#values + this.#treeValues.total;
    return { calls, fields, values, mostValues: this.#mostValues, forecast: this.#forecast };
  }
}

interface Reads {
  granted: number;
  bound: number;
}

/**
 * Counts reads that several fields of one operation make: the units at each level of a tree are different ones, and a
 * read that two fields need is made once. So the fields together are charged for no more reads than there are, whatever
 * each of them could make alone.
 */
class SharedReads {
  readonly #reads = new Map<object | string, Map<string, Reads>>();

  /** How much of `wanted` is to be charged, where reads of this kind are at most `bound` in all. */
  charge(kind: object | string, variant: string, wanted: number, bound: number): number {
    const reads = this.#of(kind, variant);
    // Of the same lists, one field may read more pages than another.
    reads.bound = Math.max(reads.bound, bound);
    const granted = Math.min(wanted, reads.bound - reads.granted);
    reads.granted += granted;
    return granted;
  }

  clear(): void {
    this.#reads.clear();
  }

  #of(kind: object | string, variant: string): Reads {
    const variants = this.#reads.get(kind) ?? new Map<string, Reads>();
    this.#reads.set(kind, variants);
    const reads = variants.get(variant) ?? { granted: 0, bound: 0 };
    variants.set(variant, reads);
    return reads;
  }
}

interface Level {
  objects: number;
  /** Values that each of them adds to the answer. */
  each: number;
}

/**
 * Values of objects in a tree. Any one level can have all objects that there are, but what is at one level is at no
 * other: the largest answer has as many as possible where each adds the most.
 */
class TreeValues {
  readonly #trees = new Map<string, { readonly together: number; readonly levels: Map<number, Level> }>();

  /** Adds `values` of all objects at a level: each has as many as the others. */
  add({ of, level, objects, together }: TreeLevel, values: number): void {
    if (objects === 0) return;
    const tree = this.#trees.get(of) ?? { together, levels: new Map<number, Level>() };
    this.#trees.set(of, tree);
    const known = tree.levels.get(level) ?? { objects: 0, each: 0 };
    tree.levels.set(level, known);
    known.objects = Math.max(known.objects, objects);
    known.each += values / objects;
  }

  get total(): number {
    let total = 0;
    for (const { together, levels } of this.#trees.values()) {
      let left = together;
      for (const { objects, each } of [...levels.values()].sort((a, b) => b.each - a.each)) {
        const most = Math.min(left, objects);
        total += most * each;
        left -= most;
      }
    }
    return Math.ceil(total);
  }
}
