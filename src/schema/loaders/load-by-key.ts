import DataLoader from 'dataloader';
import { isFinal, UpstreamError, type UpstreamSession } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { ListScan, type ScanOptions, scanSizeOf } from './list-scan.ts';
import { minKeysToScan } from './scan-thresholds.ts';

/** Describes how values are read by their keys. */
export interface KeyedRead<K, V> {
  /** One DataLoader per name. Keys that one list scan cannot answer together need different names. */
  readonly name: string;
  readonly cacheKey: (key: K) => string;
  /** Returns the value if the session has it already; undefined if it must be loaded. */
  readonly known?: (session: UpstreamSession, key: K) => V | undefined;
  /** Reads the value of one key. */
  readonly read: (context: GraphContext, key: K) => Promise<V>;
  /** The source that other loaders wait for (`ScanOptions.dependsOn`) while a value is being read. */
  readonly source?: string;
  /** The lists that hold the values of many keys. */
  readonly scan?: ScanOptions<V>;
}

/**
 * Returns the value of a key, without a promise if the session knows it. All reads by key go through this function.
 * @throws UpstreamError when AWS rejects the read (the promise rejects).
 */
export function loadByKey<K, V>(context: GraphContext, read: KeyedRead<K, V>, key: K): V | Promise<V> {
  const known = read.known?.(context.session, key);
  return known === undefined ? Loaders.of(context).load(read, key) : known;
}

/** Clears the values that the operation has loaded, as its own write may have changed them. */
export function clearLoaders(context: GraphContext): void {
  context.loaders = undefined;
}

interface Loader<K, V> {
  readonly dataLoader: DataLoader<K, V, string>;
  /** DataLoader's cache. DataLoader itself returns a cached value only with its next batch, which may have to wait. */
  readonly memo: Map<string, Promise<V>>;
  readonly scan: ListScan<K, V> | undefined;
}

/** The DataLoaders of one operation or, in a subscription, of one event. */
class Loaders {
  readonly #session: UpstreamSession;
  readonly #context: GraphContext;
  readonly #loaders = new Map<string, Loader<unknown, unknown>>();
  readonly #scheduler: BatchScheduler;

  private constructor(context: GraphContext) {
    this.#context = context;
    this.#session = context.session;
    this.#scheduler = new BatchScheduler(context);
  }

  static of(context: GraphContext): Loaders {
    const known = context.loaders;
    if (known instanceof Loaders && known.#session === context.session) return known;
    const loaders = new Loaders(context);
    context.loaders = loaders;
    return loaders;
  }

  load<K, V>(read: KeyedRead<K, V>, key: K): Promise<V> {
    const { dataLoader, memo, scan } = this.#loaderOf(read);
    const cacheKey = read.cacheKey(key);
    const memoized = memo.get(cacheKey);
    if (memoized !== undefined) {
      // Only a read that the session may know calls AWS.
      if (read.known !== undefined) this.#session.cost.coalesced += 1;
      return memoized;
    }
    scan?.queue();
    const loading = dataLoader.load(key);
    // A retry may succeed, so errors are cached only if they are final.
    loading.catch((error: unknown) => {
      if (!(error instanceof UpstreamError && isFinal(error))) dataLoader.clear(key);
    });
    // Only scans wait for sources, and they need a forecast.
    if (read.source !== undefined && this.#context.forecast?.size) this.#scheduler.track(read.source, loading);
    return loading;
  }

  #loaderOf<K, V>(read: KeyedRead<K, V>): Loader<K, V> {
    let loader = this.#loaders.get(read.name) as Loader<K, V> | undefined;
    if (loader === undefined) {
      loader = this.#create(read);
      this.#loaders.set(read.name, loader as Loader<unknown, unknown>);
    }
    return loader;
  }

  #create<K, V>(read: KeyedRead<K, V>): Loader<K, V> {
    const memo = new Map<string, Promise<V>>();
    const readOne = (key: K) => read.read(this.#context, key);
    const scan = this.#createScan(read, readOne);
    const batch = (keys: readonly K[]) => (scan === undefined ? keys.map(readOne) : scan.load(keys));
    const dataLoader = new DataLoader<K, V, string>(
      // Each key resolves to a promise, so that its value does not wait for the others of the batch.
      async (keys) => batch(keys) as V[],
      {
        cacheMap: memo,
        cacheKeyFn: read.cacheKey,
        batchScheduleFn: (dispatch) => {
          if (scan === undefined) queueMicrotask(dispatch);
          else void this.#scheduler.when(() => scan.isBatchReady()).then(dispatch);
        },
      },
    );
    return { dataLoader, memo, scan };
  }

  /** Returns undefined if the operation cannot load enough keys for a scan. */
  #createScan<K, V>(read: KeyedRead<K, V>, readOne: (key: K) => Promise<V>): ListScan<K, V> | undefined {
    const { scan: options, name, cacheKey } = read;
    const { forecast, principal, settings } = this.#context;
    if (options === undefined || (forecast?.get(options.name) ?? 0) < minKeysToScan(options.name)) return undefined;
    return new ListScan({
      minKeys: minKeysToScan(options.name),
      lists: () => options.createLists(this.#context),
      cacheKey,
      readOne,
      size: scanSizeOf(principal, name),
      costRatio: costRatio(options, settings.ratePerSecond),
      hasPendingSources: () => options.dependsOn.some((source) => this.#isPending(source)),
      when: (isReady) => this.#scheduler.when(isReady),
    });
  }

  #isPending(source: string): boolean {
    return this.#scheduler.isInFlight(source) || (this.#loaders.get(source)?.scan?.isPending ?? false);
  }
}

/** How many scan calls AWS's rates allow in the time of one direct read; at most `maxCostRatio`. */
function costRatio(
  { directOperation, listOperation, maxCostRatio = 1 }: ScanOptions<unknown>,
  ratePerSecond: GraphContext['settings']['ratePerSecond'],
): number {
  const ratio = ratePerSecond(listOperation) / ratePerSecond(directOperation);
  // Without a rate budget the rates are infinite.
  return Number.isFinite(ratio) ? Math.min(maxCostRatio, ratio) : maxCostRatio;
}

interface Waiter {
  readonly isReady: () => boolean;
  readonly proceed: () => void;
}

/** Dispatches a batch when no list read in flight can add keys to it. One scheduler per operation. */
export class BatchScheduler {
  readonly #context: Pick<GraphContext, 'turns'>;
  /** How many reads of each source are in flight. */
  readonly #inFlight = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  #isScheduled = false;

  constructor(context: Pick<GraphContext, 'turns'>) {
    this.#context = context;
  }

  /** Resolves at the end of the first turn of the event loop in which `isReady` returns true. */
  when(isReady: () => boolean): Promise<void> {
    return new Promise((proceed) => {
      this.#waiters.add({ isReady, proceed });
      this.#schedule();
    });
  }

  /** Counts a read of a source until it settles. */
  track(source: string, reading: Promise<unknown>): void {
    this.#inFlight.set(source, (this.#inFlight.get(source) ?? 0) + 1);
    const end = () => {
      this.#inFlight.set(source, (this.#inFlight.get(source) ?? 1) - 1);
      this.#schedule();
    };
    reading.then(end, end);
  }

  isInFlight(source: string): boolean {
    return (this.#inFlight.get(source) ?? 0) > 0;
  }

  /** Waits for the end of the turn, so that all replies that have arrived can add their keys. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiters.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const { turns } = this.#context;
      // Paused resolvers may load keys, too.
      if (turns?.isPaused) void turns.resumed().then(() => this.#schedule());
      else this.#proceed();
    });
  }

  #proceed(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isReady()) continue;
      this.#waiters.delete(waiter);
      waiter.proceed();
      // Its reads may add keys to later batches, but are tracked only from the next turn on.
      this.#schedule();
      return;
    }
  }
}
