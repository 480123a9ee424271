import { setMaxListeners } from 'node:events';
import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import { AwsCallExecutor, accountKey } from './aws-call-executor.ts';
import type { StartCallSpan } from './call-span.ts';
import { Client } from './client.ts';
import { Deadline, type MonotonicClock, systemClock } from './clock.ts';
import { isOperationName, isReadName, isWriteName, operationNames, operations } from './operations.ts';
import { RateBudget } from './rate-budget.ts';
import { ReadCache } from './read-cache.ts';
import { Reader } from './reader.ts';
import { Session } from './session.ts';
import type {
  CallEvent,
  OperationName,
  OperationStats,
  Replicas,
  SessionOptions,
  SharedRate,
  Upstream,
  UpstreamSession,
  WriteListener,
} from './types.ts';
import { type PrincipalUsage, UsageRecorder } from './usage.ts';
import { Writer } from './writer.ts';

export interface UpstreamOptions {
  readonly clock?: MonotonicClock;
  /** 0 to 1, as Math.random: for jitter. */
  readonly random?: () => number;
  /** The rate that replicas share. */
  readonly sharedRate?: SharedRate | undefined;
  /** Other processes that read AWS as the same principals. */
  readonly replicas?: Replicas | undefined;
  readonly startCallSpan?: StartCallSpan | undefined;
}

/** Upstream with metrics. */
export interface MeteredUpstream extends Upstream {
  /** The cost of each operation since the start. */
  stats(): ReadonlyMap<OperationName, OperationStats>;
  /** Calls that wait for the rate budget now, by operation. */
  waiting(): ReadonlyMap<OperationName, number>;
  /** What a principal has used of AWS in the last hour. Costs no call. */
  usageOf(principal: Principal): PrincipalUsage;
  /** Calls `listener` after every call. Returns the function that removes it. */
  onCall(listener: (event: CallEvent) => void): () => void;
}

/** The components of one principal, never used for another. */
interface PrincipalParts {
  readonly cache: ReadCache;
  readonly client: Client;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly usage: UsageRecorder;
}

/**
 * Creates the only way to AWS Organizations.
 * @throws ConfigError when a setting names an unknown operation.
 */
export function createUpstream(settings: Config['upstream'], options: UpstreamOptions = {}): MeteredUpstream {
  const { clock = systemClock, random = Math.random, sharedRate, replicas, startCallSpan } = options;
  const budget = new RateBudget(settings, clock, random);
  const stats = new Stats();
  const { callTimeoutMs } = settings;
  const callOptions = { budget, sharedRate, clock, random, callTimeoutMs, startCallSpan };
  const closing = new AbortController();
  // Every call in flight listens.
  setMaxListeners(0, closing.signal);
  const byPrincipal = new Map<Principal, PrincipalParts>();
  const listeners = new Set<WriteListener>();
  const ttls = new Map(Object.entries(settings.cacheMsByOperation));
  for (const name of ttls.keys()) {
    if (!isReadName(name)) throw unknownOperation('upstream.cacheMsByOperation', name);
  }
  for (const name of Object.keys(settings.limits)) {
    if (!isOperationName(name)) throw unknownOperation('upstream.limits', name);
  }

  function createParts(principal: Principal): PrincipalParts {
    const client = new Client(principal);
    const account = accountKey(principal, settings.budget, clock);
    const onCallEnd = (event: CallEvent, isThrottled: boolean) => {
      usage.addCall(event, isThrottled);
      stats.addCall(event);
    };
    const executor = new AwsCallExecutor({ ...callOptions, principal, client, account, onCallEnd });
    const usage = new UsageRecorder({ principal, budget, clock, account: () => executor.account });
    const cache = new ReadCache({
      clock,
      ttlMs: (operation) => ttls.get(operation) ?? settings.cacheMs,
      entries: settings.cacheEntries,
    });
    const { cache: shared } = replicas ?? {};
    return {
      usage,
      cache,
      client,
      reader: new Reader({
        executor,
        cache,
        findShared: shared && ((operation, key) => shared.find(principal, operation, key)),
        countRead(operation, outcome) {
          if (outcome === 'cached') usage.addCached();
          stats.count(operation, outcome);
        },
        closing: closing.signal,
      }),
      writer: new Writer({
        principal,
        executor,
        cache,
        closing: closing.signal,
        onWrite: (write) => notify(listeners, write),
        notifyReplicas:
          replicas && ((operation) => replicas.invalidate(principal, operation, operations[operation].invalidates)),
      }),
    };
  }

  function partsOf(principal: Principal): PrincipalParts {
    let parts = byPrincipal.get(principal);
    if (parts === undefined) {
      parts = createParts(principal);
      byPrincipal.set(principal, parts);
    }
    return parts;
  }

  replicas?.onWrite((principalName, operation) => {
    for (const [principal, { cache }] of byPrincipal) {
      // A replica of another version may know further operations.
      const changed = isWriteName(operation) ? operations[operation].invalidates : 'everything';
      if (principal.name === principalName) cache.freshness.invalidate(changed);
    }
  });

  replicas?.onGap(() => {
    for (const { cache } of byPrincipal.values()) cache.freshness.invalidate('everything');
  });

  return {
    session(principal: Principal, session: SessionOptions = {}): UpstreamSession {
      const { onWriteEnd } = session;
      const { reader, writer } = partsOf(principal);
      return new Session({
        principal,
        reader,
        writer,
        memoize: session.memoize ?? true,
        state: {
          deadline: new Deadline(clock, (session.deadlineMs ?? settings.deadlineMs) - (session.spentMs ?? 0), session),
          priority: session.priority ?? 'interactive',
          fresh: session.fresh ?? false,
          maxAgeMs: session.maxAgeMs ?? Number.POSITIVE_INFINITY,
          callerName: session.callerName,
          cost: { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 },
          onWriteEnd: onWriteEnd && ((end) => void notify([onWriteEnd], end)),
        },
      });
    },
    onWrite(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forget(principal, changedLikeBy) {
      byPrincipal.get(principal)?.cache.freshness.invalidate(operations[changedLikeBy].invalidates);
      void replicas?.cache?.invalidate(principal, operations[changedLikeBy].invalidates);
    },
    ratePerSecond: (operation) => budget.limit(operation).rate,
    stats: () => stats.snapshot(),
    waiting: () => budget.waiting(),
    usageOf: (principal) => partsOf(principal).usage.usage,
    onCall: (listener) => stats.onCall(listener),
    async close() {
      closing.abort();
      await Promise.all([...byPrincipal.values()].map(({ client }) => client.close()));
    },
  };
}

/** The error of a setting that is keyed by operation and names an unknown one. */
function unknownOperation(setting: string, name: string): Error {
  const similar = operationNames.find((known) => known.toLowerCase() === name.toLowerCase());
  const hint =
    similar === undefined ? '; names are spelled as AWS does, e.g. "DescribeAccount".' : `; did you mean "${similar}"?`;
  return new ConfigError(`${setting} names "${name}", which is no operation of AWS Organizations${hint}`);
}

interface Counters {
  calls: Record<string, number>;
  cached: number;
  coalesced: number;
  durationMs: number;
  waitedMs: number;
}

class Stats {
  readonly #operations = new Map<OperationName, Counters>();
  readonly #listeners = new Set<(event: CallEvent) => void>();

  snapshot(): ReadonlyMap<OperationName, OperationStats> {
    return new Map([...this.#operations].map(([name, stats]) => [name, { ...stats, calls: { ...stats.calls } }]));
  }

  onCall(listener: (event: CallEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  count(operation: OperationName, outcome: 'cached' | 'coalesced'): void {
    this.#of(operation)[outcome] += 1;
  }

  addCall(event: CallEvent): void {
    const stats = this.#of(event.operation);
    stats.calls[event.outcome] = (stats.calls[event.outcome] ?? 0) + 1;
    stats.durationMs += event.durationMs;
    stats.waitedMs += event.waitedMs;
    notify(this.#listeners, event);
  }

  #of(operation: OperationName): Counters {
    let stats = this.#operations.get(operation);
    if (stats === undefined) {
      stats = { calls: {}, cached: 0, coalesced: 0, durationMs: 0, waitedMs: 0 };
      this.#operations.set(operation, stats);
    }
    return stats;
  }
}

/**
 * Calls every listener. An error of a listener becomes a warning, as the call that it is about has not failed. Returns
 * a promise of the asynchronous listeners; undefined if there are none.
 */
function notify<T>(listeners: Iterable<(event: T) => unknown>, event: T): Promise<unknown> | undefined {
  const warn = (error: unknown) => process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  const processed: Promise<unknown>[] = [];
  for (const listener of listeners) {
    try {
      const result = listener(event);
      if (result instanceof Promise) processed.push(result.catch(warn));
    } catch (error) {
      warn(error);
    }
  }
  return processed.length === 0 ? undefined : Promise.all(processed);
}
