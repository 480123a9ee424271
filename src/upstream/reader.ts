import { UpstreamError } from '../principal/upstream-error.ts';
import type { AwsCallExecutor } from './aws-call-executor.ts';
import type { Deadline } from './clock.ts';
import { canceledError, closingError, isFinal } from './errors.ts';
import type { TokenRequest } from './rate-limiter.ts';
import type { ReadCache, Version } from './read-cache.ts';
import type { Input, Output, Priority, ReadName, SharedCacheEntry, UpstreamCost, WriteEnd } from './types.ts';

/** What reads and writes depend on of their session. */
export interface SessionState {
  readonly deadline: Deadline;
  readonly priority: Priority;
  readonly fresh: boolean;
  /** In ms. */
  readonly maxAgeMs: number;
  readonly callerName: string | undefined;
  readonly cost: UpstreamCost;
  readonly onWriteEnd: ((end: WriteEnd) => void) | undefined;
}

class InFlightRead implements TokenRequest {
  priority: Priority;
  deadline: number;
  /** Whether the request has left: a session that wants fresh data must not join any more. */
  sent = false;
  /** Whether a session wants fresh data, and none from a cache. */
  fresh: boolean;
  /** How old a reply of a cache may be for all sessions that wait, in ms. */
  maxAgeMs: number;
  /** How old the reply is, in ms; 0 if it is AWS's own. */
  ageMs = 0;
  readonly operation: ReadName;
  readonly version: Version;
  settled = false;
  output: object | undefined;
  error: unknown;
  readonly controller = new AbortController();
  /** Called for each session that waits. */
  readonly listeners = new Set<() => void>();

  constructor(operation: ReadName, version: Version, { priority, deadline, fresh, maxAgeMs }: SessionState) {
    this.operation = operation;
    this.version = version;
    this.fresh = fresh;
    this.maxAgeMs = maxAgeMs;
    this.priority = priority;
    this.deadline = deadline.at;
  }
}

export interface ReaderOptions {
  readonly executor: AwsCallExecutor;
  readonly cache: ReadCache;
  /** Looks up what replicas have read as the same principal. */
  readonly findShared?: ((operation: ReadName, key: string) => Promise<SharedCacheEntry | undefined>) | undefined;
  readonly countRead: (operation: ReadName, outcome: 'cached' | 'coalesced') => void;
  /** Fires when the gateway closes. */
  readonly closing: AbortSignal;
}

/** Reads as one principal: from its cache, by joining the same read in flight, or by a call. Keys are `readKey`s. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #joinable = new Map<string, InFlightRead>();
  readonly #inFlight = new Set<InFlightRead>();

  constructor(options: ReaderOptions) {
    this.#options = options;
    options.closing.addEventListener('abort', () => {
      for (const read of this.#inFlight) read.controller.abort(closingError(read.operation));
    });
  }

  cached(operation: ReadName, key: string, session: SessionState): object | undefined {
    const { cache, countRead } = this.#options;
    const cached = session.fresh ? undefined : cache.get(operation, key);
    if (cached === undefined || cached.ageMs > session.maxAgeMs) return undefined;
    session.cost.cached += 1;
    addAge(session.cost, cached.ageMs);
    countRead(operation, 'cached');
    return cached.output;
  }

  /** Joins the same read in flight, or calls. */
  read<O extends ReadName>(operation: O, input: Input<O>, key: string, session: SessionState): Promise<object> {
    const { countRead } = this.#options;
    let read = this.#findJoinable(operation, key, session);
    if (read === undefined) {
      read = this.#start(operation, input, key, session);
    } else {
      session.cost.coalesced += 1;
      countRead(operation, 'coalesced');
      read.fresh ||= session.fresh;
      read.maxAgeMs = Math.min(read.maxAgeMs, session.maxAgeMs);
      this.#promote(read, session);
    }
    return this.#wait(operation, key, read, session);
  }

  #findJoinable(operation: ReadName, key: string, { fresh }: SessionState): InFlightRead | undefined {
    const read = this.#joinable.get(key);
    if (read === undefined || (fresh && read.sent)) return undefined;
    return this.#options.cache.freshness.isCurrent(operation, read.version) ? read : undefined;
  }

  #start<O extends ReadName>(operation: O, input: Input<O>, key: string, session: SessionState): InFlightRead {
    const { cache, closing } = this.#options;
    const read = new InFlightRead(operation, cache.freshness.version, session);
    this.#inFlight.add(read);
    this.#joinable.set(key, read);
    if (closing.aborted) read.controller.abort(closingError(operation));
    void this.#run(operation, input, key, read, session);
    return read;
  }

  /** Never rejects. */
  async #run<O extends ReadName>(
    operation: O,
    input: Input<O>,
    key: string,
    read: InFlightRead,
    session: SessionState,
  ): Promise<void> {
    // Others that read the same in this turn can join before it leaves.
    await undefined;
    try {
      read.output = await this.#fetch(operation, input, key, read, session);
    } catch (error) {
      read.error = error;
    }
    this.#inFlight.delete(read);
    this.#forget(key, read);
    read.settled = true;
    notifyOnePerTick(read.listeners);
  }

  /** From the replicas' cache, or by a call. */
  async #fetch<O extends ReadName>(
    operation: O,
    input: Input<O>,
    key: string,
    read: InFlightRead,
    session: SessionState,
  ): Promise<object> {
    const { executor, cache, countRead } = this.#options;
    // Pollers need fresh replies, and replicas do not use their pages.
    const findShared =
      session.priority === 'interactive' && cache.ttlMs(operation) > 0 ? this.#options.findShared : undefined;
    let shared: SharedCacheEntry | undefined;
    try {
      if (findShared !== undefined) shared = await findShared(operation, key);
      const sharedAgeMs = shared?.reply === undefined ? 0 : Math.max(0, cache.ttlMs(operation) - shared.reply.leftMs);
      if (shared?.reply !== undefined && !read.fresh && sharedAgeMs <= read.maxAgeMs) {
        read.ageMs = sharedAgeMs;
        session.cost.cached += 1;
        countRead(operation, 'cached');
        const output = shared.reply.output as Output<O>;
        cache.set(operation, key, output, read.version, shared.reply.leftMs);
        return output;
      }
      const { output } = await executor.call(operation, input, {
        request: read,
        cost: session.cost,
        waiting: read.controller.signal,
        calling: read.controller.signal,
        onSend: () => {
          read.sent = true;
        },
      });
      cache.set(operation, key, output, read.version);
      shared?.store(output, cache.ttlMs(operation));
      return output;
    } catch (error) {
      // After a fresh read that failed for good, the cached reply is out of date.
      if (error instanceof UpstreamError && isFinal(error)) {
        cache.delete(operation, key);
        shared?.delete();
      }
      throw error;
    }
  }

  #promote(read: InFlightRead, { priority, deadline }: SessionState): void {
    read.deadline = Math.max(read.deadline, deadline.at);
    if (priority !== 'interactive' || read.priority === 'interactive') return;
    read.priority = 'interactive';
    this.#options.executor.promote(read);
  }

  /** The reply for one session, which may end before it comes. The call is canceled when the last session has ended. */
  #wait(operation: ReadName, key: string, read: InFlightRead, { deadline, cost }: SessionState): Promise<object> {
    return new Promise((resolve, reject) => {
      const stop = deadline.onEnd((reason) => {
        read.listeners.delete(settle);
        // The reply is here and was only waiting for its tick.
        if (read.settled && reason === 'deadline') return settle();
        const error = canceledError(reason, operation, read.sent);
        reject(error);
        if (read.settled || read.listeners.size > 0) return;
        this.#forget(key, read);
        read.controller.abort(error);
      });
      const settle = (): void => {
        stop();
        addAge(cost, read.ageMs);
        if (read.output !== undefined) resolve(read.output);
        else reject(read.error);
      };
      read.listeners.add(settle);
    });
  }

  #forget(key: string, read: InFlightRead): void {
    if (this.#joinable.get(key) === read) this.#joinable.delete(key);
  }
}

/** Counts data of this age. */
export function addAge(cost: UpstreamCost, ageMs: number): void {
  if (ageMs > cost.ageMs) cost.ageMs = ageMs;
}

/**
 * Calls one listener now and each other in its own turn of the event loop: each may run for a millisecond or more, and
 * hundreds in one turn would delay timers and requests. New connections would wait longest, as Node accepts one per
 * turn (https://github.com/libuv/libuv/pull/3696). Listeners that have been removed from the set meanwhile are not
 * called.
 */
function notifyOnePerTick(listeners: Set<() => void>): void {
  const [first] = listeners;
  if (first === undefined) return;
  listeners.delete(first);
  first();
  if (listeners.size > 0) setImmediate(notifyOnePerTick, listeners);
}
