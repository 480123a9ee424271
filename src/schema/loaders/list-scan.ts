import type { Principal } from '../../principal/principal.ts';
import type { OperationName } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import type { ScanName } from './scan-thresholds.ts';

/** Lists that hold the values of many keys, read some calls at a time. */
export interface ScannedLists<V> {
  /** Makes one call or, where lists do not depend on each other, up to `maxCalls` concurrent calls. */
  readNext(maxCalls: number): Promise<{ readonly calls: number; readonly isComplete: boolean }>;
  /** Returns the value of a key; undefined if no page so far has it. */
  find(cacheKey: string): V | undefined;
}

export interface ScanOptions<V> {
  /** The estimate counts the keys of an operation by this name. */
  readonly name: ScanName;
  /** The call that one key costs without a scan. */
  readonly directOperation: OperationName;
  /** The call that a scan repeats. */
  readonly listOperation: OperationName;
  /** Maximum number of scan calls that replace one direct read, whatever the rates are. Default 1. */
  readonly maxCostRatio?: number;
  /** List operations whose pages may add keys, and names of other keyed reads that may. */
  readonly dependsOn: readonly string[];
  readonly createLists: (context: GraphContext) => ScannedLists<V>;
}

interface Dependencies<K, V> {
  readonly lists: () => ScannedLists<V>;
  /** Fewer keys than this are read directly. */
  readonly minKeys: number;
  readonly cacheKey: (key: K) => string;
  readonly readOne: (key: K) => Promise<V>;
  /** How many scan calls may replace one direct read. */
  readonly costRatio: number;
  /** The size of the same principal's previous scans. */
  readonly size: ScanSize;
  /** Whether list reads in flight may add keys. */
  readonly hasPendingSources: () => boolean;
  readonly when: (isReady: () => boolean) => Promise<void>;
}

interface OpenKey<K, V> {
  readonly key: K;
  readonly resolve: (value: V | Promise<V>) => void;
}

/**
 * Reads batches of keys from whole lists while that takes fewer calls than one read for each key. The length of the
 * lists is unknown at first, so a scan stops after as many calls as direct reads would take. Its size is remembered, so
 * the calls double at most once.
 */
export class ListScan<K, V> {
  readonly #options: Dependencies<K, V>;
  /** By cache key. */
  readonly #open = new Map<string, OpenKey<K, V>>();
  /** Keys that DataLoader has not dispatched yet. */
  #queued = 0;
  #lists: ScannedLists<V> | undefined;
  #state: 'idle' | 'running' | 'complete' | 'failed' = 'idle';
  #calls = 0;
  /** How many keys the scan has answered. Each would have cost a direct read without it. */
  #answered = 0;

  constructor(options: Dependencies<K, V>) {
    this.#options = options;
  }

  /** Whether keys wait for the scan. Their values may add keys to other loaders. */
  get isPending(): boolean {
    return this.#queued + this.#open.size > 0;
  }

  /** Counts a key of the next batch. */
  queue(): void {
    this.#queued += 1;
  }

  /** Whether the next batch can run: the scan has started or is worthwhile already, or no list read can add keys. */
  isBatchReady(): boolean {
    return this.#state !== 'idle' || this.#isWorthwhile() || !this.#options.hasPendingSources();
  }

  /** The batch function. The promises settle one by one, as their values are found. */
  load(keys: readonly K[]): Promise<V>[] {
    this.#queued -= keys.length;
    const values = keys.map(
      (key) => new Promise<V>((resolve) => this.#open.set(this.#options.cacheKey(key), { key, resolve })),
    );
    this.#resolveFound();
    if (this.#state === 'idle') void this.#run();
    else if (this.#state !== 'running') this.#readDirectly();
    return values;
  }

  #isWorthwhile(): boolean {
    return this.#queued + this.#open.size >= this.#options.minKeys && this.#allowance() > 0;
  }

  /** How many calls the scan may make now. */
  #allowance(): number {
    const { size, costRatio } = this.#options;
    const affordable = Math.floor((this.#queued + this.#open.size + this.#answered) * costRatio + 1e-9);
    if (size.isExact && size.calls <= affordable) return Number.POSITIVE_INFINITY;
    // A scan that has saved calls in an earlier operation may start with fewer keys.
    const isPromising = size.isExact ? size.calls <= size.answered * costRatio : size.calls < affordable;
    return isPromising ? affordable - this.#calls : 0;
  }

  async #run(): Promise<void> {
    this.#state = 'running';
    const { size, hasPendingSources, when } = this.#options;
    try {
      while (this.#isWorthwhile()) {
        if ((await this.#readLists()) || this.#open.size === 0) break;
        // Replies that have arrived meanwhile may add keys.
        await when(() => this.#isWorthwhile() || !hasPendingSources());
      }
      if (this.#state === 'running') this.#state = 'idle';
    } catch (error) {
      // A direct read may succeed; otherwise it reports its own error.
      if (error instanceof ScanNotPossibleError) size.set(Number.POSITIVE_INFINITY, true);
      this.#state = 'failed';
    }
    this.#readDirectly();
  }

  /**
   * Reads the lists until they are complete, all keys are found or the allowance is used up. Returns true if complete.
   */
  async #readLists(): Promise<boolean> {
    const { size } = this.#options;
    this.#lists ??= this.#options.lists();
    for (let left = this.#allowance(); left > 0 && this.#open.size > 0; left = this.#allowance()) {
      const { calls, isComplete } = await this.#lists.readNext(left);
      this.#calls += calls;
      // If the list has grown, the known size is too small, and later scans must not rely on it.
      if (isComplete || this.#calls > size.calls) size.set(this.#calls, isComplete);
      if (isComplete) this.#state = 'complete';
      this.#resolveFound();
      if (isComplete) return true;
    }
    return false;
  }

  #resolveFound(): void {
    if (this.#lists === undefined) return;
    for (const [cacheKey, { resolve }] of this.#open) {
      const value = this.#lists.find(cacheKey);
      if (value === undefined) continue;
      this.#open.delete(cacheKey);
      this.#answered += 1;
      resolve(value);
    }
    if (this.#state === 'complete') this.#options.size.answered = this.#answered;
  }

  #readDirectly(): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { key, resolve } of open) resolve(this.#options.readOne(key));
  }
}

/** The replies lack the members that the scan needs, as those of some emulators do. */
export class ScanNotPossibleError extends Error {}

/** How many calls a scan takes, or a lower bound if no scan has been complete. */
export class ScanSize {
  calls = 0;
  isExact = false;
  /** How many keys the last complete scan answered. */
  answered = 0;

  set(calls: number, isExact: boolean): void {
    this.calls = calls;
    this.isExact = isExact;
  }
}

const sizes = new WeakMap<Principal, Map<string, ScanSize>>();

/** Returns the remembered size of a principal's scan. It may be out of date, as it only chooses the cheaper way. */
export function scanSizeOf(principal: Principal, name: string): ScanSize {
  let ofPrincipal = sizes.get(principal);
  if (ofPrincipal === undefined) {
    ofPrincipal = new Map();
    sizes.set(principal, ofPrincipal);
  }
  let size = ofPrincipal.get(name);
  if (size === undefined) {
    size = new ScanSize();
    ofPrincipal.set(name, size);
  }
  return size;
}
