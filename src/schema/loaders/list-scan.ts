import type { Principal } from '../../principal/principal.ts';
import type { OperationName } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import type { ScanKind } from './scan-kinds.ts';

/** Lists that hold the values of many keys, read some calls at a time. */
export interface ScannedLists<V> {
  /** Makes one call or, where lists do not depend on each other, up to `maxCalls` side by side. */
  readNext(maxCalls: number): Promise<{ readonly calls: number; readonly isComplete: boolean }>;
  /** The value found so far; undefined while it may still come, and if the complete lists do not have it. */
  find(cacheKey: string): V | undefined;
}

export interface ScanOptions<V> {
  /** What the estimate counts such keys as. */
  readonly kind: ScanKind;
  /** The call that one key costs without a scan, and the one that a scan repeats. */
  readonly direct: OperationName;
  readonly scanned: OperationName;
  /** The most calls of a scan that are worth one direct read, whatever the rates are. Default 1. */
  readonly maxCostRatio?: number;
  /** List operations whose pages may add keys, and names of other reads that may. */
  readonly dependsOn: readonly string[];
  readonly lists: (context: GraphContext) => ScannedLists<V>;
}

interface Dependencies<K, V> {
  readonly lists: () => ScannedLists<V>;
  /** Fewer keys than this are read directly. */
  readonly minKeys: number;
  readonly cacheKey: (key: K) => string;
  readonly readOne: (key: K) => Promise<V>;
  /** How many calls of the scan are worth one direct read. */
  readonly costRatio: number;
  /** What the scan has taken before, for the same principal. */
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
 * Reads batches of keys from whole lists while that takes fewer calls than one read for each key. The length of the lists is not
 * known beforehand, so a scan may make as many calls as direct reads of its keys would, and then gives up: the worst case is
 * twice the better way, once, as the size is remembered.
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

  /** Whether keys wait for the scan, whose values may add keys to other loaders. */
  get isPending(): boolean {
    return this.#queued + this.#open.size > 0;
  }

  /** Counts a key of the next batch. */
  queue(): void {
    this.#queued += 1;
  }

  /** Whether the next batch need not wait for further keys: the scan is running or over, pays already, or no keys can come. */
  isBatchReady(): boolean {
    return this.#state !== 'idle' || this.#pays() || !this.#options.hasPendingSources();
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

  #pays(): boolean {
    return this.#queued + this.#open.size >= this.#options.minKeys && this.#allowance() > 0;
  }

  /** How many calls the scan may make now. */
  #allowance(): number {
    const { size, costRatio } = this.#options;
    const affordable = Math.floor((this.#queued + this.#open.size + this.#answered) * costRatio + 1e-9);
    if (size.isExact && size.calls <= affordable) return Number.POSITIVE_INFINITY;
    // A scan that has paid for a similar operation begins early again.
    const isPromising = size.isExact ? size.calls <= size.answered * costRatio : size.calls < affordable;
    return isPromising ? affordable - this.#calls : 0;
  }

  async #run(): Promise<void> {
    this.#state = 'running';
    const { size, hasPendingSources, when } = this.#options;
    try {
      while (this.#pays()) {
        if ((await this.#readLists()) || this.#open.size === 0) break;
        // Replies that have arrived meanwhile may add keys, once the operation has taken them.
        await when(() => this.#pays() || !hasPendingSources());
      }
      if (this.#state === 'running') this.#state = 'idle';
    } catch (error) {
      // A direct read may succeed, or reports its own error.
      if (error instanceof ScanImpossible) size.set(Number.POSITIVE_INFINITY, true);
      this.#state = 'failed';
    }
    this.#readDirectly();
  }

  /** Reads the lists until they are complete, all keys are found or the allowance is spent. Returns whether they are complete. */
  async #readLists(): Promise<boolean> {
    const { size } = this.#options;
    this.#lists ??= this.#options.lists();
    for (let left = this.#allowance(); left > 0 && this.#open.size > 0; left = this.#allowance()) {
      const { calls, isComplete } = await this.#lists.readNext(left);
      this.#calls += calls;
      // A list that has grown is not scanned endlessly for what was known of it.
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

/** AWS's replies lack what the scan goes by, as those of an emulator may. */
export class ScanImpossible extends Error {}

/** How many calls a scan takes, as far as it was seen: exactly, or more than so many. */
export class ScanSize {
  calls = 0;
  isExact = false;
  /** How many keys of one operation it answered, the last time that it was complete. */
  answered = 0;

  set(calls: number, isExact: boolean): void {
    this.calls = calls;
    this.isExact = isExact;
  }
}

const sizes = new WeakMap<Principal, Map<string, ScanSize>>();

/** Returns what is remembered of a scan for one principal. It may be out of date: it only chooses between ways to the same value. */
export function knownSize(principal: Principal, name: string): ScanSize {
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
