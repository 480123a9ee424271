import { setMaxListeners } from 'node:events';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import { accountKey } from './account-key.ts';
import { Budget, unknownOperation } from './budget.ts';
import type { StartCallSpan } from './call-span.ts';
import { Caller } from './caller.ts';
import { Client } from './client.ts';
import { type MonotonicClock, systemClock } from './clock.ts';
import { changedBy } from './invalidation.ts';
import { Lifetime } from './lifetime.ts';
import { notify } from './notify.ts';
import type { OperationName } from './operation-types.ts';
import { isReadName, isWriteName } from './operations.ts';
import { ReadCache } from './read-cache.ts';
import { Reader } from './reader.ts';
import { Session } from './session.ts';
import { type CallEvent, type OperationStats, Stats } from './stats.ts';
import type { CompletedWrite, Fellows, SessionOptions, SharedRate, Upstream, UpstreamSession } from './types.ts';
import { Writer } from './writer.ts';

export interface UpstreamOptions {
  readonly clock?: MonotonicClock;
  /** 0 to 1, as Math.random: for jitter. */
  readonly random?: () => number;
  /** Where other processes call AWS for the same accounts. */
  readonly sharedRate?: SharedRate | undefined;
  /** Other processes that read as the same principals. */
  readonly fellows?: Fellows | undefined;
  /** Makes a span of each call. */
  readonly startCallSpan?: StartCallSpan | undefined;
}

/** What operators see of the funnel. */
export interface MeteredUpstream extends Upstream {
  /** What each operation has cost since the start. */
  stats(): ReadonlyMap<OperationName, OperationStats>;
  /** Calls that wait for the rate budget now, by operation. */
  waiting(): ReadonlyMap<OperationName, number>;
  /** Calls `listener` after every call over the wire. Returns the way to stop. */
  onCall(listener: (event: CallEvent) => void): () => void;
}

/** What one principal has to itself: nothing of it is ever used for another. */
interface Funnel {
  readonly cache: ReadCache;
  readonly client: Client;
  readonly reader: Reader;
  readonly writer: Writer;
}

/**
 * The one way to AWS Organizations.
 * @throws Error when a setting names an operation that does not exist.
 */
export function createUpstream(settings: Config['upstream'], options: UpstreamOptions = {}): MeteredUpstream {
  const { clock = systemClock, random = Math.random, sharedRate, fellows, startCallSpan } = options;
  const budget = new Budget(settings, clock, random);
  const stats = new Stats();
  const closing = new AbortController();
  // Every call under way listens.
  setMaxListeners(0, closing.signal);
  const funnels = new Map<Principal, Funnel>();
  const listeners = new Set<(write: CompletedWrite) => void>();
  const ttls = new Map(Object.entries(settings.cacheMsByOperation));
  for (const name of ttls.keys()) {
    if (!isReadName(name)) throw unknownOperation('upstream.cacheMsByOperation', name);
  }

  function createFunnel(principal: Principal): Funnel {
    const client = new Client(principal);
    const account = accountKey(principal, settings.budget, clock);
    const { callTimeoutMs } = settings;
    const caller = new Caller({
      principal,
      client,
      budget,
      account,
      sharedRate,
      stats,
      clock,
      random,
      callTimeoutMs,
      startCallSpan,
    });
    const cache = new ReadCache({
      clock,
      ttlMs: (operation) => ttls.get(operation) ?? settings.cacheMs,
      entries: settings.cacheEntries,
    });
    const { cache: shared } = fellows ?? {};
    return {
      cache,
      client,
      reader: new Reader({
        caller,
        cache,
        look: shared && ((operation, key) => shared.look(principal, operation, key)),
        stats,
        closing: closing.signal,
      }),
      writer: new Writer({
        principal,
        caller,
        cache,
        closing: closing.signal,
        written: (write) => notify(listeners, write),
        tellOthers: fellows && ((operation) => fellows.wrote(principal, operation, changedBy[operation])),
      }),
    };
  }

  fellows?.onWrote((principalName, operation) => {
    for (const [principal, { cache }] of funnels) {
      // Another version may know an operation that this one does not.
      const changed = isWriteName(operation) ? changedBy[operation] : 'everything';
      if (principal.name === principalName) cache.freshness.drop(changed);
    }
  });

  return {
    session(principal: Principal, session: SessionOptions = {}): UpstreamSession {
      let funnel = funnels.get(principal);
      if (funnel === undefined) {
        funnel = createFunnel(principal);
        funnels.set(principal, funnel);
      }
      return new Session({
        principal,
        reader: funnel.reader,
        writer: funnel.writer,
        memoize: session.memoize ?? true,
        state: {
          lifetime: new Lifetime(clock, (session.deadlineMs ?? settings.deadlineMs) - (session.spentMs ?? 0), session),
          priority: session.priority ?? 'interactive',
          fresh: session.fresh ?? false,
          callerName: session.callerName,
          cost: { calls: 0, cached: 0, coalesced: 0, waitedMs: 0 },
          onWriteEnd: session.onWriteEnd,
        },
      });
    },
    onWrite(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forget(principal, changedLikeBy) {
      funnels.get(principal)?.cache.freshness.drop(changedBy[changedLikeBy]);
      fellows?.cache?.forget(principal, changedBy[changedLikeBy]);
    },
    ratePerSecond: (operation) => budget.limit(operation).rate,
    stats: () => stats.snapshot(),
    waiting: () => budget.waiting(),
    onCall: (listener) => stats.onCall(listener),
    async close() {
      closing.abort();
      await Promise.all([...funnels.values()].map(({ client }) => client.close()));
    },
  };
}
